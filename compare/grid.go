package compare

import (
	"taskbench/internal/figure"

	"slices"

	"taskbench/compare/stats"
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
	rows   [][]box  // as long as header; a step's title has only its first box filled
	texts  []string // columns of text, besides the first and verdicts: they start at the left
}

// detail says how much a candidate's columns tell.
type detail struct {
	interval bool // the ratio with its confidence interval
	words    int  // of the verdict: 2 all, 1 without what the interval says, 0 the bare one
	columns  int  // beside the figure: 2 ratio and verdict, 1 ratio, 0 none
}

// details from the richest to the barest.
var details = []detail{{true, 2, 2}, {true, 1, 2}, {true, 0, 2}, {false, 0, 2}, {false, 0, 0}}

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
	g := grid{header: header(c, s.Rows, candidates, &d)}
	step := ""
	for _, r := range s.Rows {
		if !s.shows(r) {
			continue
		}
		if r.Step != step {
			step = r.Step
			g.title(oneLine(step, 40))
		}
		g.rows = append(g.rows, line(metricLabel(r), s, r, candidates, d, notes))
	}
	return g
}

// header names the columns, and takes from d what no row could fill.
func header(c *Comparison, rows []Row, candidates []int, d *detail) []string {
	interval, ratio := false, false
	for _, r := range rows {
		for _, i := range candidates {
			if x := r.Cells[i].Ratio; x != nil {
				ratio, interval = true, interval || x.interval()
			}
		}
	}
	d.interval = d.interval && interval
	if !ratio {
		d.columns = min(d.columns, 1) // its dash has the footnote
	}
	beside := []string{"ratio", verdictColumn}
	if d.interval {
		beside[0] = "ratio [95 % CI]"
	}
	names := []string{"", c.Targets[0].Label}
	for _, i := range candidates {
		names = append(append(names, c.Targets[i].Label), beside[:d.columns]...)
	}
	return names
}

// title starts a block of rows.
func (g *grid) title(text string) {
	row := make([]box, len(g.header))
	row[0] = box{text, strong}
	g.rows = append(g.rows, row)
}

// shows reports whether a row is worth a line for people; JSON and CSV have
// them all. In a flow every step is run as often as the others, so their
// throughputs are the scenario's. Answers a CPU second are CPU time an answer,
// turned round.
func (s Scenario) shows(r Row) bool {
	switch {
	case r.Metric.Hidden, r.Step != "" && r.Metric.Equal(figure.Throughput) && s.Mode == flowMode:
		return false
	case r.Step != "" && r.Metric.Equal(figure.Errors):
		return !spotless(r) // else the scenario's own row says it
	}
	return true
}

const flowMode = "flow"

// spotless reports a row of errors without any.
func spotless(r Row) bool {
	for _, c := range r.Cells {
		if c.Median != nil && *c.Median != 0 {
			return false
		}
	}
	return true
}

func line(label string, s Scenario, r Row, candidates []int, d detail, notes *footnotes) []box {
	values := make([]*float64, len(r.Cells))
	for i, c := range r.Cells {
		values[i] = c.Median
	}
	printed := r.Metric.Texts(values)
	boxes := []box{{label, usual}, figureBox(s.Sides[0], r.Cells[0], printed[0], notes)}
	for _, i := range candidates {
		boxes = append(boxes, figureBox(s.Sides[i], r.Cells[i], printed[i], notes))
		boxes = append(boxes, compared(r, r.Cells[i], d, notes)...)
	}
	return boxes
}

func metricLabel(r Row) string {
	if r.Step != "" {
		return "  " + r.Metric.Name
	}
	return r.Metric.Name
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
	ratio, verdict := box{figure.None, faint}, box{}
	switch {
	case c.Ratio != nil && c.Ratio.Verdict == nil: // not judged
		ratio = box{}
	case c.Ratio != nil:
		v := c.Ratio.Verdict
		mood := moodOf(v.Verdict)
		ratio = box{ratioText(c.Ratio.Ratio), mood}
		if d.interval && c.Ratio.interval() {
			ratio.text = intervalText(c.Ratio.Ratio, v.CI)
		}
		verdict = box{verdictText(r.Metric, v, d.words) + marks(v, notes), mood}
	case c.Difference != nil:
		points, words := differenceText(*c.Difference)
		mood := map[bool]style{true: bad, false: usual}[*c.Difference > 0]
		ratio, verdict = box{points, mood}, box{words, mood}
	case c.Median != nil || c.NoRatio != c.Missing:
		ratio.text += notes.mark(c.NoRatio)
	}
	return []box{ratio, verdict}[:d.columns]
}

// interval reports whether there is one worth showing: two pairs have one that
// spans worlds.
func (r *Ratio) interval() bool {
	return r.Verdict != nil && r.Verdict.CI.Known() && r.Verdict.Verdict != stats.Indicative
}

// left reports whether a column is text, not figures.
func (g grid) left(column int) bool {
	return column == 0 || g.header[column] == verdictColumn || slices.Contains(g.texts, g.header[column])
}

const verdictColumn = "verdict"

func moodOf(v stats.Verdict) style {
	switch v {
	case stats.Faster:
		return good
	case stats.Slower:
		return bad
	case stats.Inconclusive, stats.Indicative:
		return faint
	}
	return usual
}
