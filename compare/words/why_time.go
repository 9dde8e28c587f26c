package words

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"taskbench/compare/sentences"
	"taskbench/compare/stats"
	"taskbench/compare/why"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/internal/plain"
)

// whyTime is the gap in CPU time, beside the one in instructions.
func whyTime(c *why.Breakdown) []page.Block {
	t := c.Time
	if t == nil {
		if c.NoTime.IsZero() {
			return nil // nobody looked
		}
		return []page.Block{page.Lines{Items: page.Sentences([]string{sentences.Of(c.NoTime)})}}
	}
	base, candidate := c.Targets[0].Label, c.Targets[1].Label
	texts := figure.Time.Texts([]*float64{&t.Whole.Base, &t.Whole.Candidate})
	title := fmt.Sprintf("CPU time of %s, an answer: %s and %s, %s %s", c.Scenario, texts[0], texts[1], candidate, sentences.Join(" ", signedTime(t.Whole.Difference), timeInterval(t.Whole)))
	about := fmt.Sprintf("all steps together, sampled under %s, run %s of %s: functions' shares of the samples, times what an answer took; means over %s", figure.Count(t.Connections, "connection"), t.Session, t.Created.Format("2006-01-02"), figure.Count(t.Pairs, "pair"))
	interval := "each interval holds by itself in 95 of 100 such runs"
	if t.Pairs < 2 {
		interval = "one pair has no interval: taskbench cpu --recordings 5"
	} else {
		interval += "; " + judgedTogether(t)
	}
	all := timeForm(t, base, candidate)
	return []page.Block{page.Heading{Text: title, Of: c.Scenario}, page.Lines{Items: page.Sentences([]string{about, interval})}, page.Table{Forms: []page.Form{all, withoutShares(all)}}}
}

// judgedTogether says what the order of functions is worth: of many intervals some
// have no zero in them by chance.
func judgedTogether(t *why.Time) string {
	shown := 0
	for _, p := range t.Parts {
		if p.Shown {
			shown++
		}
	}
	all := figure.Count(t.Judged, "function") + " of 1 % and more"
	if shown == 0 {
		return fmt.Sprintf("no difference is shown where %s are judged together: they stand by size", all)
	}
	return fmt.Sprintf("%s on top also where %s are judged together (Holm)", map[bool]string{true: "the one", false: fmt.Sprintf("the %d", shown)}[shown == 1], all)
}

// notSampled is the side that has no sample of what has some on the other: too few to
// say that it does not run there.
func notSampled(onlyIn int, base, candidate string) string {
	return map[int]string{1: candidate, 2: base}[onlyIn]
}

func timeForm(t *why.Time, base, candidate string) page.Form {
	f := page.Form{Columns: []page.Column{{Name: "function", Words: true, Least: 20, Most: 70}, {Name: plain.Clean(base)}, {Name: plain.Clean(candidate)}, {Name: "difference"}, {Name: "[95 % CI]"}, {Name: "of the gap"}, {Words: true}}}
	rest := t.Rest
	rest.Name = everythingElse
	for _, p := range append(append([]why.TimePart{}, t.Parts...), rest) {
		note := ""
		if side := notSampled(p.OnlyIn, base, candidate); side != "" {
			note = "not sampled in " + side
		}
		texts := figure.Time.Texts([]*float64{&p.Base, &p.Candidate})
		f.Rows = append(f.Rows, page.Row{Cells: []page.Cell{{Text: plain.Clean(p.Name)}, {Text: texts[0]}, {Text: texts[1]},
			{Text: signedTime(p.Difference), Mood: moodOfTime(p)}, {Text: timeInterval(p)}, {Text: timeShare(p, t.Whole)}, {Text: note, Mood: page.Faint}}})
	}
	return f
}

// withoutShares is the table without the column that says least, for where there is
// no room for all.
func withoutShares(f page.Form) page.Form {
	const shares = 5
	out := page.Form{Columns: slices.Delete(slices.Clone(f.Columns), shares, shares+1)}
	for _, r := range f.Rows {
		r.Cells = slices.Delete(slices.Clone(r.Cells), shares, shares+1)
		out.Rows = append(out.Rows, r)
	}
	return out
}

// timeInterval is "[+0.90 to +1.60 µs]"; "" where there is none.
func timeInterval(p why.TimePart) string {
	if p.CI == nil {
		return ""
	}
	low, high := signedTime(p.CI.Low), signedTime(p.CI.High)
	if n, unit, ok := strings.Cut(low, " "); ok && strings.HasSuffix(high, " "+unit) {
		low = n
	}
	return fmt.Sprintf("[%s to %s]", low, high)
}

func signedTime(us float64) string {
	text := figure.Time.Print(math.Abs(us))
	switch {
	case us > 0:
		return "+" + text
	case us < 0:
		return "−" + text
	}
	return text
}

// moodOfTime colours what the interval shows to differ.
func moodOfTime(p why.TimePart) page.Mood {
	if !p.Shown {
		return page.Usual
	}
	return moodOfDifference(int64(math.Copysign(1, p.Difference)))
}

// timeShare is a part of the gap in percent; "" where no gap is shown.
func timeShare(p, whole why.TimePart) string {
	if !whole.Shown {
		return ""
	}
	return percentOf(p.Difference / whole.Difference)
}

func timeRecords(t *table, c *why.Breakdown) {
	if c.Time == nil {
		return
	}
	where := fields{"scenario": c.Scenario, "by": "cpu_time", "unit": "us", "baseline": c.Targets[0].Label, "target": c.Targets[1].Label}
	whole, rest := c.Time.Whole, c.Time.Rest
	whole.Name, rest.Name = "all", everythingElse
	for _, p := range append(append([]why.TimePart{whole}, c.Time.Parts...), rest) {
		t.add(where, fields{"name": p.Name, "baseline_count": figure.Plain(p.Base), "count": figure.Plain(p.Candidate), "difference": figure.Plain(p.Difference)}, intervalFields(p.CI))
	}
}

func intervalFields(ci *stats.Interval) fields {
	if ci == nil {
		return fields{}
	}
	return fields{"difference_low": figure.Plain(ci.Low), "difference_high": figure.Plain(ci.High)}
}
