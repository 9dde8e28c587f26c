package report

import (
	"taskbench/compare"
	"taskbench/internal/figure"
)

// table is a comparison's rows with a forest plot beside them: the drawing's
// text alternative is the row it stands in.
type table struct {
	Scenario    string
	Connections int
	Baseline    string
	Candidates  []string
	Forest      *axis // nil without any ratio
	Groups      []group
	Columns     int
}

// group is the rows of the whole scenario (Title "") or of one step.
type group struct {
	Title string
	Rows  []row
}

type row struct {
	Label, Step, Metric string
	Base                printed
	Candidates          []held
}

// printed is a value beside the value it was printed from.
type printed struct {
	Target string
	compare.Phrase
	Value *float64
}

// held is a candidate's figure, held against the baseline's.
type held struct {
	printed
	Ratio, Verdict compare.Phrase
	RatioValue     *float64
	Mark           *mark
}

// newTable has a group for each step.
func newTable(targets []compare.Target, lines []compare.Line) table {
	t := emptyTable(targets, lines)
	for _, l := range lines {
		t.add(l.Step, newRow(l, l.Name, t.Forest))
	}
	return t
}

// emptyTable has the columns that lines will need.
func emptyTable(targets []compare.Target, lines []compare.Line) table {
	t := table{Baseline: targets[0].Label, Forest: newAxis(lines), Columns: 2}
	for _, target := range targets[1:] {
		t.Candidates = append(t.Candidates, target.Label)
		if t.Columns += 3; t.Forest != nil {
			t.Columns++
		}
	}
	return t
}

func (t *table) add(title string, r row) {
	if n := len(t.Groups); n == 0 || t.Groups[n-1].Title != title {
		t.Groups = append(t.Groups, group{Title: title})
	}
	last := &t.Groups[len(t.Groups)-1]
	last.Rows = append(last.Rows, r)
}

func newRow(l compare.Line, label string, forest *axis) row {
	r := row{Label: label, Step: l.Step, Metric: l.Metric.Key, Base: newFigure(l, 0)}
	for i := 1; i < len(l.Figures); i++ {
		h := held{printed: newFigure(l, i), Ratio: l.Ratios[i], Verdict: l.Verdicts[i]}
		if x := l.Cells[i].Ratio; x != nil {
			h.RatioValue = &x.Ratio
			if forest != nil && x.Verdict != nil {
				h.Mark = forest.mark(x)
			}
		}
		r.Candidates = append(r.Candidates, h)
	}
	return r
}

func newFigure(l compare.Line, i int) printed {
	return printed{l.Cells[i].Target, l.Figures[i], l.Cells[i].Median}
}

// glance is the verdicts on all scenarios in one table.
type glance struct {
	Metrics    []string
	Candidates []glanceTarget
}

// glanceTarget is one candidate's rows.
type glanceTarget struct {
	Label string
	Rows  []glanceRow
}

type glanceRow struct {
	ID, Name string
	State    compare.State
	Cells    []glanceCell // one a metric
}

// glanceCell is empty where the metric was not measured or compared.
type glanceCell struct{ Ratio, Verdict compare.Phrase }

func newGlance(c *compare.Comparison, scenarios []scenario) glance {
	metrics := primaryMetrics(scenarios)
	var g glance
	for _, m := range metrics {
		g.Metrics = append(g.Metrics, m.Name)
	}
	for i, t := range c.Targets[1:] {
		target := glanceTarget{Label: t.Label}
		for _, s := range scenarios {
			r := glanceRow{ID: s.ID, Name: s.Name, State: s.State}
			for _, m := range metrics {
				r.Cells = append(r.Cells, glanceAt(s, m, i+1))
			}
			target.Rows = append(target.Rows, r)
		}
		g.Candidates = append(g.Candidates, target)
	}
	return g
}

// primaryMetrics are those that decide, as far as they were measured.
func primaryMetrics(scenarios []scenario) []*figure.Figure {
	var list []*figure.Figure
	seen := make(map[*figure.Figure]bool)
	for _, s := range scenarios {
		for _, l := range s.Lines {
			if l.Step == "" && l.Metric.Primary && !seen[l.Metric] {
				seen[l.Metric] = true
				list = append(list, l.Metric)
			}
		}
	}
	return list
}

func glanceAt(s scenario, m *figure.Figure, target int) glanceCell {
	for _, l := range s.Lines {
		if l.Step == "" && l.Metric.Equal(m) {
			return glanceCell{l.Ratios[target], l.Verdicts[target]}
		}
	}
	return glanceCell{}
}
