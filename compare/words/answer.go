package words

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"taskbench/compare"
	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/compare/sentences"
	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/internal/page"
)

// Answer is the page of load tests for who wants to know how they ended: the
// answer, a row for each scenario, what was not as it should be, and how to
// know more. Its records and data are those of Load.
func Answer(c *compare.Comparison) page.Page {
	p := page.Page{Headline: sentences.Join(" · ", headline(c.Targets), extent(c)), Records: loadRecords(c), Data: comparisonData(c)}
	if p.Add(first(c)...); len(c.Summary.Headline) == 0 {
		p.Add(page.Space{})
	}
	if shown := tellable(c); len(shown) > 0 {
		p.Add(answerTable(c, shown))
		p.Add(page.Space{}, page.Lines{Items: answerLegend(c)})
	}
	p.Add(wrongAnswers(c)...)
	p.Add(page.Lines{Items: page.Sentences(remarks(c))})
	p.Add(page.Lines{Mark: "⚠", Items: page.Sentences(onceEach(c, allFlags))}, page.Lines{Mark: "!", Items: page.Sentences(onceEach(c, allNotes))})
	p.Add(advices(c), page.Lines{Items: page.Sentences([]string{more(c)})})
	return p
}

// advices are what would decide what is not decided; no lines where all is.
func advices(c *compare.Comparison) page.Lines {
	for _, h := range c.Summary.Headline {
		if line := adviceLine(h); line != "" {
			return page.Lines{Items: page.Sentences([]string{line})}
		}
	}
	return page.Lines{}
}

// extent is how much was measured: "6 scenarios, 9 pairs each, 2 min 20 s".
func extent(c *compare.Comparison) string {
	least, most := 0, 0
	for i, s := range c.Scenarios {
		n := len(s.Pairs)
		if i == 0 || n < least {
			least = n
		}
		most = max(most, n)
	}
	pairs := figure.Count(most, "pair")
	if least != most {
		pairs = fmt.Sprintf("%d to %d pairs", least, most)
	}
	if len(c.Scenarios) > 1 {
		pairs += " each"
	}
	if len(c.Scenarios) == 0 {
		return "nothing was measured"
	}
	pairs += waysText(c.Scenarios)
	pairs += modelsText(c.Scenarios)
	by := c.Scenarios[0].Sender
	if !slices.ContainsFunc(c.Scenarios, func(s compare.Scenario) bool { own, one := sentBy(s); return own != by || !one }) {
		pairs += sentWith(", ", by)
	}
	parts := []string{measurements(c, len(c.Scenarios))}
	if len(c.Scenarios) == 1 {
		parts[0] = c.Scenarios[0].Name
	}
	if most > 0 {
		parts = append(parts, pairs)
	}
	if c.ElapsedS > 0 {
		parts = append(parts, figure.Lasting(c.ElapsedS))
	}
	newest := slices.MaxFunc(c.Targets, func(a, b lineup.Target) int { return a.Created.Compare(b.Created) })
	return strings.Join(parts, ", ") + " · " + newest.Created.Format("2006-01-02 15:04")
}

// modelsText is how load was sent, as far as it was the same in all scenarios.
func modelsText(list []compare.Scenario) string {
	texts, open := map[string]bool{}, map[bool]bool{}
	for _, s := range list {
		texts[modelText(s)], open[s.Load.Open()] = true, true
	}
	switch {
	case len(texts) == 1:
		return ", " + modelText(list[0])
	case len(open) == 2:
		return ", open and closed"
	case open[true]:
		return ", open"
	}
	return ", closed"
}

// waysText is how servers shared the time, where it was the same in all
// scenarios but for the length of their slots.
func waysText(list []compare.Scenario) string {
	list = slices.DeleteFunc(slices.Clone(list), func(s compare.Scenario) bool { return slotsText(s) == "" })
	if len(list) == 0 {
		return ""
	}
	length := func(a, b compare.Scenario) int { return cmp.Compare(a.SlotS, b.SlotS) }
	least, most := slices.MinFunc(list, length), slices.MaxFunc(list, length)
	switch {
	case slotsText(least) == slotsText(most):
		return slotsText(most)
	case least.SlotS == 0:
		return ""
	}
	return fmt.Sprintf(" in slots of %.0f to %.0f ms", least.SlotS*1000, most.SlotS*1000)
}

// wrongAnswers are what was wrong, with an answer of the server that gave it.
func wrongAnswers(c *compare.Comparison) []page.Block {
	var list []page.Block
	for _, s := range c.Scenarios {
		if s.State != compare.Failed {
			continue
		}
		list = append(list, page.Lines{Items: []page.Line{{Parts: []page.Cell{{Text: c.Level(s), Mood: page.Strong}}}}})
		list = append(list, problems(s)...)
	}
	return list
}

// problems are what speaks against a scenario's targets.
func problems(s compare.Scenario) []page.Block {
	var list []page.Block
	for _, side := range s.Sides {
		for _, problem := range side.Problems() {
			list = append(list, page.Lines{Mark: "✗", Mood: page.Bad, Items: []page.Line{{Text: sentences.Of(problem.Finding)}}})
			if text := below(problem); text != "" {
				list = append(list, page.Lines{Quoted: true, Items: []page.Line{{Text: text}}})
			}
		}
	}
	return list
}

// answerLegend explains the signs that were used.
func answerLegend(c *compare.Comparison) []page.Line {
	used, margins := map[stats.Verdict]bool{}, map[float64]bool{}
	for _, s := range c.Scenarios {
		for _, r := range s.Rows {
			for _, cell := range r.Cells {
				if r.Step == "" && cell.Ratio != nil && cell.Ratio.Verdict != nil {
					used[cell.Ratio.Verdict.Verdict], margins[cell.Ratio.Verdict.Margin] = true, true
				}
			}
		}
	}
	for _, o := range c.Summary.Overall {
		if o.Scenarios > 1 && o.Ratio > 0 {
			used[o.Claim.Verdict] = true
		}
	}
	var parts []string
	if used[stats.Faster] || used[stats.Slower] {
		parts = append(parts, "▲ ▼ proven better, worse")
	}
	if used[stats.Parity] {
		within := "within its margin"
		if len(margins) == 1 {
			for m := range margins {
				within = "within " + figure.Round(m)
			}
		}
		parts = append(parts, "= proven "+within)
	}
	if used[stats.Inconclusive] {
		parts = append(parts, "~ undecided: its 95 % interval")
	}
	if used[stats.Indicative] {
		parts = append(parts, "? a hint, no verdict")
	}
	if used[stats.Faster] || used[stats.Slower] || used[stats.Parity] {
		parts = append(parts, "at most 1 run in 20 says anything false")
	}
	if len(parts) == 0 {
		return nil
	}
	return []page.Line{{Parts: []page.Cell{{Text: strings.Join(parts, " · "), Mood: page.Faint}}}}
}

func allFlags(c *compare.Comparison, s *compare.Scenario) []finding.Finding {
	if s == nil {
		return c.Flags
	}
	return s.Flags
}

func allNotes(c *compare.Comparison, s *compare.Scenario) []finding.Finding {
	if s == nil {
		return c.Notes
	}
	// What is of one trial its scenario's page has. Requests that were sent again are a
	// load that the figures do not show.
	return slices.DeleteFunc(slices.Clone(s.Notes), func(f finding.Finding) bool { return !ofTheWay(f) && f.Code != finding.Retried })
}

// ofTheWay reports whether a note says in which way was measured, and why.
func ofTheWay(f finding.Finding) bool {
	return slices.Contains([]finding.Code{finding.InTurn, finding.RateDiffers, finding.WaitDiffers, finding.ErrorsDiffer, finding.Batches}, f.Code)
}

// onceEach says what there is to warn of once, the worst of each kind, of which
// other targets and in how many scenarios it is so.
func onceEach(c *compare.Comparison, of func(*compare.Comparison, *compare.Scenario) []finding.Finding) []string {
	type kind struct {
		worst      finding.Finding
		where, who []string
	}
	var order []string
	kinds := map[string]*kind{}
	add := func(f finding.Finding, where string) {
		if f.Code == finding.AnswersDiffer {
			return // which has a line of its own
		}
		key := string(f.Code)
		if where == "" || ofTheWay(f) { // there are several
			key = sentences.Of(f)
		}
		k := kinds[key]
		if k == nil {
			k = &kind{worst: f}
			kinds[key], order = k, append(order, key)
		}
		if weight(f) > weight(k.worst) {
			k.worst = f
		}
		if where != "" && !slices.Contains(k.where, where) {
			k.where = append(k.where, where)
		}
		if f.Target != "" && !slices.Contains(k.who, f.Target) {
			k.who = append(k.who, f.Target)
		}
	}
	for _, f := range of(c, nil) {
		add(f, "")
	}
	for _, s := range c.Scenarios {
		for _, f := range of(c, &s) {
			add(f, c.Level(s))
		}
	}
	var list []string
	for _, key := range order {
		text := sentences.Of(kinds[key].worst)
		if others := slices.DeleteFunc(kinds[key].who, func(who string) bool { return who == kinds[key].worst.Target }); len(others) > 0 {
			text += " · " + strings.Join(others, ", ") + ", too"
		}
		if where := kinds[key].where; len(where) > 0 && len(where) < len(c.Scenarios) {
			text += " · in " + outOf(c, len(where))
			if len(where) <= 3 {
				text += " (" + strings.Join(where, ", ") + ")"
			}
		}
		list = append(list, text)
	}
	return list
}

// weight is how bad a finding of a kind is: by the figure that it is about.
func weight(f finding.Finding) float64 {
	switch f.Code {
	case finding.LongTail:
		return f.Values["p99_us"] / f.Values["p95_us"]
	case finding.Falling:
		return f.Values["fall_fraction"]
	case finding.Failing:
		return f.Values["worst_fraction"]
	case finding.Steal:
		return f.Values["fraction"]
	}
	return f.Values["cores"]
}

// more is how to see what was left out.
func more(c *compare.Comparison) string {
	parts := []string{"taskbench compare --all (every metric of every scenario)"}
	if name := interesting(c); name != "" {
		parts[0] = fmt.Sprintf("taskbench compare %s (every metric; --steps, --all)", name)
	}
	parts = append(parts, "taskbench report (charts)")
	if len(c.Targets) > 1 {
		parts = append(parts, "taskbench gate")
	}
	return "More: " + strings.Join(parts, " · ")
}

// interesting is the first scenario with wrong answers, else the one whose
// throughput differs most.
func interesting(c *compare.Comparison) string {
	name, most := "", -1.0
	for _, s := range c.Scenarios {
		if s.State == compare.Failed {
			return s.Name
		}
		size := 0.0
		if r, ok := s.Row(figure.Throughput); ok && len(r.Cells) > 1 && r.Cells[1].Ratio != nil {
			size = distance(r.Cells[1].Ratio.Ratio)
		}
		if size > most {
			name, most = s.Name, size
		}
	}
	return name
}
