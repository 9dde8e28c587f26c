package compare

import (
	"strings"
)

// style is a meaning that colour may underline; the text says it too.
type style int

const (
	usual style = iota
	good
	bad
	faint
	strong
)

// box is one cell of a table.
type box struct {
	text  string
	style style
}

// grid is a table before anybody decided how it looks.
type grid struct {
	header []string
	rows   [][]box // as long as header; a step's title has only its first box filled
}

// detail says which columns a candidate has beside its figure.
type detail struct{ ratio, span, change bool }

// details from the richest to the barest.
var details = []detail{{true, true, true}, {true, false, true}, {true, false, false}, {}}

// footnotes numbers reasons in the order in which they are first met.
type footnotes struct{ reasons []string }

// mark gives a reason's superscript; "" for no reason.
func (f *footnotes) mark(reason string) string {
	if reason == "" {
		return ""
	}
	for i, r := range f.reasons {
		if r == reason {
			return superscript(i + 1)
		}
	}
	f.reasons = append(f.reasons, reason)
	return superscript(len(f.reasons))
}

// layout puts the baseline and the named candidates (indexes of Targets) of
// one scenario into a grid.
func layout(c *Comparison, s Scenario, candidates []int, d detail, notes *footnotes) grid {
	if !s.hasRatios(candidates) {
		d = detail{ratio: d.ratio} // a column of dashes says it once
	}
	g := grid{header: []string{"", columnName(c.Targets[0], notes)}}
	for _, i := range candidates {
		g.header = append(g.header, columnName(c.Targets[i], notes))
		for _, column := range d.columns() {
			g.header = append(g.header, column)
		}
	}
	step := ""
	for _, r := range s.Rows {
		if r.Metric == Errors && r.Step != "" && spotless(r) {
			continue // the scenario's own row says it
		}
		if r.Step != step {
			step = r.Step
			title := make([]box, len(g.header))
			title[0] = box{oneLine(step, 40), strong}
			g.rows = append(g.rows, title)
		}
		g.rows = append(g.rows, line(s, r, candidates, d, notes))
	}
	return g
}

func (s Scenario) hasRatios(candidates []int) bool {
	for _, r := range s.Rows {
		for _, i := range candidates {
			if r.Cells[i].Ratio != nil {
				return true
			}
		}
	}
	return false
}

// columnName marks the reference server at every table: tables are cut out and
// passed on.
func columnName(t Target, notes *footnotes) string {
	if t.Reference == "" {
		return t.Label
	}
	return t.Label + notes.mark(referenceNote)
}

func (d detail) columns() []string {
	var names []string
	for _, c := range []struct {
		on   bool
		name string
	}{{d.ratio, "ratio"}, {d.span, "range"}, {d.change, "change"}} {
		if c.on {
			names = append(names, c.name)
		}
	}
	return names
}

// spotless reports a row of errors without any.
func spotless(r Row) bool {
	for _, c := range r.Cells {
		if c.Median != nil && *c.Median != 0 {
			return false
		}
	}
	return true
}

func line(s Scenario, r Row, candidates []int, d detail, notes *footnotes) []box {
	values := make([]*float64, len(r.Cells))
	for i, c := range r.Cells {
		values[i] = c.Median
	}
	printed := figures(r.Metric, values)
	boxes := []box{{metricLabel(r), usual}, figureBox(s.Sides[0], r.Cells[0], printed[0], notes)}
	for _, i := range candidates {
		boxes = append(boxes, figureBox(s.Sides[i], r.Cells[i], printed[i], notes))
		boxes = append(boxes, compared(r, r.Cells[i], d, notes)...)
	}
	return boxes
}

func metricLabel(r Row) string {
	name := map[Metric]string{Throughput: "throughput", FlowP95: "flow p95", Errors: "errors"}[r.Metric]
	if name == "" {
		name = strings.TrimSuffix(string(r.Metric), "_us")
	}
	if r.Step != "" {
		return "  " + name
	}
	return name
}

// figureBox dims what has no speed.
func figureBox(s Side, c Cell, printed string, notes *footnotes) box {
	b := box{text: printed}
	if s.State == Failed || s.State == Refused {
		b.style = faint
	}
	if c.Median == nil {
		b.text += notes.mark(c.Missing)
	}
	return b
}

// compared fills the columns beside a candidate's figure.
func compared(r Row, c Cell, d detail, notes *footnotes) []box {
	all := [3]box{{none, faint}, {none, faint}, {none, faint}} // ratio, range, change
	switch {
	case c.Ratio != nil:
		words, mood := changeText(c.Ratio, r.Better), moodOf(c.Ratio.Ratio, r.Better)
		if v := c.Ratio.Verdict; v != nil {
			words = string(v.Verdict) + notes.mark(v.Reason)
		}
		all = [3]box{{ratioText(c.Ratio.Ratio), mood}, {rangeText(c.Ratio), usual}, {words, mood}}
		if c.Ratio.Pairs < 2 && d.span {
			all[1].text += notes.mark("a range takes two pairs")
		}
	case c.Difference != nil:
		points, words := differenceText(*c.Difference)
		all = [3]box{{points, moodOf(1+*c.Difference, r.Better)}, {}, {words, moodOf(1+*c.Difference, r.Better)}}
	case c.Median != nil || c.NoRatio != c.Missing:
		all[0].text += notes.mark(c.NoRatio)
	}
	var boxes []box
	for i, on := range []bool{d.ratio, d.span, d.change} {
		if on {
			boxes = append(boxes, all[i])
		}
	}
	return boxes
}

func moodOf(ratio float64, better Direction) style {
	switch {
	case ratio == 1:
		return usual
	case (ratio > 1) == (better == Higher):
		return good
	}
	return bad
}
