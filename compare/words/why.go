package words

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"taskbench/compare/sentences"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/compare/why"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/internal/plain"
)

const whyReading = "figures are of one answer, from the middle recording of each target; the differences of all rows add up to the gap"

// Why is the page of what a gap is made of.
func Why(c *why.Breakdown) page.Page {
	p := opening(c.Targets, whyReading, notes(c.Notes, true))
	p.Records, p.Data = whyRecords(c), sentences.WithTexts(c)
	for i, s := range c.Steps {
		if i > 0 {
			p.Add(page.Space{})
		}
		p.Add(whyParts(c, s)...)
	}
	p.Add(page.Space{})
	p.Add(whyTime(c)...)
	return p
}

// gapOf is one way to take a gap apart, as it is called in tables.
type gapOf struct {
	key, by, counted string
	gap              why.Gap
	unproven         bool // the recordings do not show that there is a gap: no part of it is a share
}

func gapsOf(s why.Step) []gapOf {
	open := s.Verdict != nil && s.Verdict.Verdict == stats.Inconclusive
	return []gapOf{
		{"functions", "function", "instructions", s.Functions, open}, {"modules", "module", "instructions", s.Modules, open},
		{"allocations", "asked for by", "allocations", s.Allocations, false}, {"system_calls", "made by", "system calls", s.SystemCalls, false},
	}
}

func whyParts(c *why.Breakdown, s why.Step) []page.Block {
	base, candidate := c.Targets[0].Label, c.Targets[1].Label
	title := fmt.Sprintf("why %s, step %s: %s", c.Scenario, s.Step, gapText(s.Functions, s.Answers, "instructions", base, candidate))
	list := []page.Block{page.Heading{Text: title, Of: c.Scenario}, page.Lines{Items: page.Sentences(append([]string{whyStated(s)}, splitTexts(s, base, candidate)...))}}
	for _, g := range gapsOf(s) {
		if len(g.gap.Parts) == 0 {
			continue // the same everywhere
		}
		if g.key == "allocations" || g.key == "system_calls" {
			list = append(list, page.Space{}, page.Lines{Items: page.Sentences([]string{gapText(g.gap, s.Answers, g.counted, base, candidate)})})
		}
		list = append(list, page.Simple(gapForm(g, s.Answers, base, candidate)))
	}
	return list
}

// splitTexts say how stack and application divide both sides and the gap.
func splitTexts(s why.Step, base, candidate string) []string {
	if s.Floor == nil {
		return nil
	}
	f := s.Floor
	application := gapText(why.Gap{Whole: f.Application}, s.Answers, "instructions", base, candidate)
	return []string{
		fmt.Sprintf("the stack is %s of them, as the floor counts; the application has %s", countText(f.Stack, s.Answers), application),
		fmt.Sprintf("of the gap %s is in functions that the floor runs too, and %s in others", differenceText(f.Shared.Difference, s.Answers), differenceText(f.Own.Difference, s.Answers)),
	}
}

// gapText is "97.9 k and 101.9 k instructions an answer: windjammer +4.00 k (+4.1 %)".
func gapText(g why.Gap, answers int64, what, base, candidate string) string {
	a, b := each(g.Whole.Base, answers), each(g.Whole.Candidate, answers)
	texts := figure.Instructions.Texts([]*float64{&a, &b})
	text := fmt.Sprintf("%s and %s %s an answer: %s %s", texts[0], texts[1], what, candidate, differenceText(g.Whole.Difference, answers))
	if a > 0 && b > 0 {
		text += fmt.Sprintf(" (%s)", figure.Change(b/a, stats.Interval{}))
	}
	return text
}

func each(n, answers int64) float64 { return float64(n) / float64(answers) }

// differenceText is a signed count of one answer.
func differenceText(n, answers int64) string {
	if n == 0 {
		return "0"
	}
	if n < 0 {
		return "−" + figure.Instructions.Print(each(-n, answers))
	}
	return "+" + figure.Instructions.Print(each(n, answers))
}

func whyStated(s why.Step) string {
	v := s.Verdict
	switch {
	case v == nil:
		return "no verdict: too few recordings of both"
	case v.Verdict == stats.Indicative:
		return fmt.Sprintf("no verdict: %s of each, and a verdict takes %d", figure.Count(v.Pairs, "recording"), verdict.FewestRecordings)
	case v.Verdict == stats.Slower || v.Verdict == stats.Faster:
		return fmt.Sprintf("the ledger states this gap: ratio %s over %s", figure.Interval(v.Ratio, v.CI), figure.Count(v.Pairs, "recording"))
	case v.Verdict == stats.Parity:
		return "at parity: the gap is smaller than what builds of one text may differ by"
	}
	return "the ledger does NOT state this gap: recordings differ by as much; look at rows that are larger than it"
}

var (
	waits  = regexp.MustCompile(`futex|epoll_wait|epoll_pwait|(^|_)p?poll|select|nanosleep|cond_(timed|clock)?wait|sem_wait|_wait$|\bpark\b`)
	onlyIn = map[int]func(base, candidate string) string{
		1: func(base, _ string) string { return "only " + base },
		2: func(_, candidate string) string { return "only " + candidate },
	}
)

func gapForm(g gapOf, answers int64, base, candidate string) page.Form {
	f := page.Form{Columns: []page.Column{{Name: g.by, Words: true, Least: 20, Most: 70}, {Name: plain.Clean(base)}, {Name: plain.Clean(candidate)}, {Name: "difference"}, {Name: "of the gap"}, {Words: true}}}
	functions, floor := g.key == "functions", g.gap.Rest.Floor != nil
	if functions {
		f.Columns = append(f.Columns[:5], page.Column{Name: "inclusive"})
		if floor {
			f.Columns = append(f.Columns, page.Column{Name: "floor"})
		}
		f.Columns = append(f.Columns, page.Column{Name: "module", Words: true, Least: 8, Most: 24}, page.Column{Words: true})
	}
	for _, p := range append(append([]why.Part{}, g.gap.Parts...), named(g.gap.Rest)) {
		note := ""
		if say := onlyIn[p.OnlyIn]; say != nil {
			note = say(base, candidate)
		}
		if g.key == "system_calls" && waits.MatchString(p.Name) {
			note = sentences.Join(", ", "waits", note)
		}
		name := p.Name
		if g.key == "modules" && name == "" {
			name = p.Module
		}
		row := page.Row{Cells: []page.Cell{{Text: plain.Clean(name)}, {Text: countText(p.Base, answers)}, {Text: countText(p.Candidate, answers)},
			{Text: differenceText(p.Difference, answers), Mood: moodOfDifference(p.Difference)}, {Text: g.share(p.Difference)}}}
		if functions {
			row.Cells = append(row.Cells, page.Cell{Text: differenceText(p.CandidateInclusive-p.BaseInclusive, answers)})
			if floor {
				row.Cells = append(row.Cells, page.Cell{Text: countText(*p.Floor, answers)})
			}
			row.Cells = append(row.Cells, page.Cell{Text: plain.Clean(p.Module)})
		}
		f.Rows = append(f.Rows, page.Row{Cells: append(row.Cells, page.Cell{Text: note, Mood: page.Faint})})
	}
	return f
}

// everythingElse is the last row: what is in no other.
const everythingElse = "everything else"

func named(rest why.Part) why.Part {
	rest.Name = everythingElse
	return rest
}

func countText(n, answers int64) string { return figure.Instructions.Print(each(n, answers)) }

func moodOfDifference(n int64) page.Mood {
	switch {
	case n > 0:
		return page.Bad
	case n < 0:
		return page.Good
	}
	return page.Usual
}

// share is a part of the gap in percent; "" where there is none, or none is proven.
func (g gapOf) share(n int64) string {
	if g.unproven {
		return ""
	}
	return partText(n, g.gap.Whole.Difference)
}

// percentOf is "−1.5 %"; what rounds to 0 has no sign.
func percentOf(part float64) string {
	text := strconv.FormatFloat(100*part, 'f', 1, 64) + " %"
	if text == "-0.0 %" {
		return text[1:]
	}
	return strings.Replace(text, "-", "−", 1)
}

// partText is a part of the gap in percent; "" where there is no gap.
func partText(n, whole int64) string {
	if whole == 0 {
		return ""
	}
	return percentOf(float64(n) / float64(whole))
}

var whyColumns = []string{
	"scenario", "step", "by", "name", "module", "unit", "answers", "baseline", "target", "baseline_count", "count", "difference",
	"baseline_inclusive", "inclusive", "baseline_calls", "calls", "floor_count", "difference_low", "difference_high", "ratio", "ci_low", "ci_high", "reason",
}

// whyRecords are one line for each part of each gap, in counts of all answers.
func whyRecords(c *why.Breakdown) page.Records {
	t := newTable(whyColumns...)
	t.warn(fields{"scenario": c.Scenario}, c.Notes...)
	for _, s := range c.Steps {
		for _, g := range gapsOf(s) {
			where := fields{"scenario": c.Scenario, "step": s.Step, "by": g.key, "unit": g.counted, "answers": fmt.Sprint(s.Answers), "baseline": c.Targets[0].Label, "target": c.Targets[1].Label}
			if whole := g.gap.Whole; g.key == "functions" {
				t.add(where, fields{"name": "all", "baseline_count": fmt.Sprint(whole.Base), "count": fmt.Sprint(whole.Candidate), "difference": fmt.Sprint(whole.Difference)}, verdictFields(s))
			}
			gapRecords(t, where, g.gap)
		}
		if f := s.Floor; f != nil {
			where := fields{"scenario": c.Scenario, "step": s.Step, "by": "floor", "unit": "instructions", "answers": fmt.Sprint(s.Answers), "baseline": c.Targets[0].Label, "target": c.Targets[1].Label}
			for _, part := range []struct {
				name string
				why.Part
			}{{"stack", why.Part{Base: f.Stack, Candidate: f.Stack}}, {"application", f.Application}, {"shared_functions", f.Shared}, {"own_functions", f.Own}} {
				t.add(where, fields{"name": part.name, "baseline_count": fmt.Sprint(part.Base), "count": fmt.Sprint(part.Candidate), "difference": fmt.Sprint(part.Difference)})
			}
		}
	}
	timeRecords(t, c)
	return t.Records
}

func verdictFields(s why.Step) fields {
	f := fields{"reason": whyStated(s)}
	if v := s.Verdict; v != nil {
		f["ratio"] = figure.Plain(v.Ratio)
		if v.CI.Known() {
			f["ci_low"], f["ci_high"] = figure.Plain(v.CI.Low), figure.Plain(v.CI.High)
		}
	}
	return f
}

func gapRecords(t *table, where fields, g why.Gap) {
	for _, p := range append(append([]why.Part{}, g.Parts...), named(g.Rest)) {
		f := fields{"name": p.Name, "module": p.Module, "baseline_count": fmt.Sprint(p.Base), "count": fmt.Sprint(p.Candidate), "difference": fmt.Sprint(p.Difference)}
		if p.BaseCalls != 0 || p.CandidateCalls != 0 {
			f["baseline_inclusive"], f["inclusive"] = fmt.Sprint(p.BaseInclusive), fmt.Sprint(p.CandidateInclusive)
			f["baseline_calls"], f["calls"] = fmt.Sprint(p.BaseCalls), fmt.Sprint(p.CandidateCalls)
		}
		if p.Floor != nil {
			f["floor_count"] = fmt.Sprint(*p.Floor)
		}
		t.add(where, f)
	}
}

// WhyChange is the page of what became of a gap.
func WhyChange(c *why.Change) page.Page {
	p := opening(c.After, "figures are differences of one answer, before and after; what all rows changed by adds up to the whole change")
	p.Data = sentences.WithTexts(c)
	t := newTable(whyColumns...)
	for i, s := range c.Steps {
		if i > 0 {
			p.Add(page.Space{})
		}
		w := s.Functions.Whole
		title := fmt.Sprintf("why %s, step %s: the gap was %s instructions an answer, and is %s", c.Scenario, s.Step, differenceText(w.Base, s.Answers), differenceText(w.Candidate, s.Answers))
		p.Add(page.Heading{Text: title, Of: c.Scenario})
		for _, g := range []gapOf{{"functions", "function", "", s.Functions, false}, {"modules", "module", "", s.Modules, false}} {
			p.Add(page.Simple(changeForm(g, s.Answers)))
			where := fields{"scenario": c.Scenario, "step": s.Step, "by": g.key, "unit": "instructions", "answers": fmt.Sprint(s.Answers), "baseline": "before", "target": "after"}
			gapRecords(t, where, g.gap)
		}
	}
	p.Records = t.Records
	return p
}

func changeForm(g gapOf, answers int64) page.Form {
	f := page.Form{Columns: []page.Column{{Name: g.by, Words: true, Least: 20, Most: 70}, {Name: "gap before"}, {Name: "gap after"}, {Name: "change"}, {Name: "of the change"}}}
	for _, p := range append(append([]why.Part{}, g.gap.Parts...), named(g.gap.Rest)) {
		name := p.Name
		if name == "" {
			name = p.Module
		}
		f.Rows = append(f.Rows, page.Row{Cells: []page.Cell{{Text: plain.Clean(name)}, {Text: differenceText(p.Base, answers)}, {Text: differenceText(p.Candidate, answers)},
			{Text: differenceText(p.Difference, answers), Mood: moodOfDifference(p.Difference)}, {Text: partText(p.Difference, g.gap.Whole.Difference)}}})
	}
	return f
}
