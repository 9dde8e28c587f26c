package words

import (
	"math"

	"taskbench/compare"
	"taskbench/compare/sentences"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/internal/plain"
)

// column is a metric of the table with a row for each scenario.
type column struct {
	metric   *figure.Figure
	name     string
	interval bool
}

var (
	answers      = column{figure.Throughput, "good answers", false}
	p50          = column{figure.P50, "p50", false}
	p95          = column{figure.P95, "p95", false}
	p99          = column{figure.P99, "p99", false}
	cpu          = column{figure.CPUPerAnswer, "CPU per answer", false}
	instructions = column{figure.InstructionsPer, "instructions per answer", false}
	resident     = column{figure.Resident, "memory", false}
)

func (c column) withInterval() column { c.interval = true; return c }

// layout is how much of a table there is.
type layout struct {
	columns             []column
	baseline, candidate bool // their figures
	label               int  // how wide their names may be
}

// layouts are from the richest to the barest, and the one for who has no width.
func layouts() (list []layout, usual int) {
	three, wide := []column{answers, p95, cpu}, []column{answers.withInterval(), p95.withInterval(), cpu.withInterval()}
	return []layout{
		{append(wide, p50, p99, instructions, resident), true, true, 16},
		{append(wide, p50, p99), true, true, 16},
		{append(wide, instructions), true, true, 16},
		{append(three, instructions), true, true, 16},
		{three, true, true, 16},
		{three, true, true, 10},
		{three, true, true, 7},
		{three, false, true, 10},
		{three, false, true, 6},
		{three, false, false, 6},
	}, 4
}

// tellable are the candidates whose figures are speeds; of one target alone, that.
func tellable(c *compare.Comparison) []int {
	if len(c.Targets) == 1 {
		if c.Summary.Scenarios[compare.Failed] > 0 {
			return nil
		}
		return []int{0}
	}
	var list []int
	for i, h := range c.Summary.Headline {
		if h.Word != compare.IsWrong || comparedIn(h) > 0 {
			list = append(list, i+1)
		}
	}
	return list
}

// answerTable has a row for each scenario, and the means over them.
func answerTable(c *compare.Comparison, shown []int) page.Table {
	if len(c.Targets) == 1 {
		return page.Simple(aloneForm(c))
	}
	var t page.Table
	all, usual := layouts()
	t.Usual = usual
	for _, l := range all {
		t.Forms = append(t.Forms, answerForm(c, shown, l))
	}
	if len(shown) < 2 {
		t.Apart = tablesApart(c, shown)
		return t
	}
	t.Forms = t.Forms[:usual+2]
	for _, i := range shown {
		t.Apart = append(t.Apart, answerTable(c, []int{i}))
	}
	return t
}

// tablesApart are one for each metric, where they do not fit beside each other.
func tablesApart(c *compare.Comparison, shown []int) []page.Table {
	var list []page.Table
	for _, one := range measuredColumns(c, []column{answers, p95, cpu}) {
		list = append(list, page.Table{Forms: []page.Form{
			answerForm(c, shown, layout{[]column{one}, true, true, 10}),
			answerForm(c, shown, layout{[]column{one}, true, true, 6}),
			answerForm(c, shown, layout{[]column{one}, false, false, 6}),
		}})
	}
	return list
}

// measuredColumns are those that any scenario has figures of.
func measuredColumns(c *compare.Comparison, columns []column) []column {
	var list []column
	for _, one := range columns {
		for _, s := range c.Scenarios {
			if r, ok := s.Row(one.metric); ok && measuredRow(r) {
				list = append(list, one)
				break
			}
		}
	}
	return list
}

func measuredRow(r verdict.Row) bool {
	for _, c := range r.Cells {
		if c.Median != nil {
			return true
		}
	}
	return false
}

// A scenario's name may take so many columns, and is cut to fewer only where
// nothing else can be left out.
const leastScenario, mostScenario = 20, 30

// meanName is the row of the means.
const meanName = "geometric mean"

// longest is how wide the names of the rows are.
func longest(c *compare.Comparison) int {
	width := plain.Width(meanName)
	for _, s := range c.Scenarios {
		width = max(width, plain.Width(c.Level(s)))
	}
	return width
}

func answerForm(c *compare.Comparison, shown []int, l layout) page.Form {
	f := page.Form{Columns: []page.Column{{Name: "scenario", Words: true, Least: min(longest(c), leastScenario), Most: mostScenario}}}
	for _, s := range c.Scenarios {
		f.Rows = append(f.Rows, page.Row{Key: s.Name, Cells: []page.Cell{{Text: c.Level(s)}}})
	}
	if hasMeans(c) {
		f.Rows = append(f.Rows, page.Row{Cells: []page.Cell{{Text: meanName}}})
	}
	for _, one := range measuredColumns(c, l.columns) {
		one.add(&f, c, shown, l)
	}
	return f
}

// hasMeans reports whether there is a mean over several scenarios.
func hasMeans(c *compare.Comparison) bool {
	for _, o := range c.Summary.Overall {
		if o.Scenarios > 1 {
			return true
		}
	}
	return false
}

// add adds a metric's columns to the table.
func (one column) add(f *page.Form, c *compare.Comparison, shown []int, l layout) {
	texts, unit := one.texts(c, append([]int{0}, shown...))
	group := sentences.Join(", ", one.name, unit)
	among := labels(c)
	put := func(name string, fit int, cell func(row int) page.Cell) {
		f.Columns = append(f.Columns, page.Column{Name: plain.Clean(name), Group: group, Fit: fit, Among: among})
		for n := range f.Rows {
			f.Rows[n].Cells = append(f.Rows[n].Cells, cell(n))
		}
	}
	value := func(target int) func(int) page.Cell {
		return func(n int) page.Cell {
			if n >= len(c.Scenarios) {
				return page.Cell{}
			}
			cell := page.Cell{Text: texts[target][n], Of: c.Targets[target].Label}
			cell.Value = one.value(c.Scenarios[n], target)
			return cell
		}
	}
	if l.baseline {
		put(c.Targets[0].Label, l.label, value(0))
	}
	for _, i := range shown {
		if l.candidate || len(shown) > 1 {
			put(c.Targets[i].Label, l.label, value(i))
		}
		if one.interval && one.hasIntervals(c, i) {
			put("change", 0, func(n int) page.Cell { return one.change(c, i, n, itself) })
			put("95 %", 0, func(n int) page.Cell { return one.change(c, i, n, interval) })
			continue
		}
		put("change", 0, func(n int) page.Cell { return one.change(c, i, n, alone) })
	}
}

// labels are the names of all targets.
func labels(c *compare.Comparison) []string {
	list := make([]string, len(c.Targets))
	for i, t := range c.Targets {
		list[i] = plain.Clean(t.Label)
	}
	return list
}

// hasIntervals reports whether there is any to show.
func (one column) hasIntervals(c *compare.Comparison, target int) bool {
	for n := range c.Scenarios {
		if one.change(c, target, n, interval).Text != "" {
			return true
		}
	}
	return false
}

// value is a target's figure; nil where there is none, and where its answers were
// wrong: they have no speed.
func (one column) value(s compare.Scenario, target int) *float64 {
	r, ok := s.Row(one.metric)
	if !ok || s.Sides[target].State == compare.Failed {
		return nil
	}
	return r.Cells[target].Median
}

// texts are the figures of some targets, scenario by scenario, all in one unit.
func (one column) texts(c *compare.Comparison, targets []int) (map[int][]string, string) {
	var values []*float64
	for _, i := range targets {
		for _, s := range c.Scenarios {
			values = append(values, one.value(s, i))
		}
	}
	printed, unit := one.metric.Unit.Column(values)
	texts := map[int][]string{}
	for k, i := range targets {
		texts[i] = printed[k*len(c.Scenarios) : (k+1)*len(c.Scenarios)]
	}
	return texts, unit
}

// change is how a candidate's figure stands to the baseline's in a row, or its
// interval.
func (one column) change(c *compare.Comparison, target, n int, of aspect) page.Cell {
	if n >= len(c.Scenarios) {
		for _, o := range c.Summary.Overall {
			if o.Target == c.Targets[target].Label && o.Metric.Equal(one.metric) && o.Ratio > 0 {
				cell := changeCell(o.Ratio, o.CI, o.Claim.Verdict, o.Verdicts[stats.Indicative] > 0, of)
				cell.Of = o.Target
				return cell
			}
		}
		return page.Cell{}
	}
	r, ok := c.Scenarios[n].Row(one.metric)
	if !ok {
		return page.Cell{}
	}
	x := r.Cells[target].Ratio
	if x == nil || x.Verdict == nil {
		return page.Cell{Text: map[bool]string{false: figure.None, true: ""}[of == interval]}
	}
	v := x.Verdict
	cell := changeCell(x.Ratio, v.CI, v.Verdict, v.Verdict == stats.Indicative, of)
	cell.Of = c.Targets[target].Label
	return cell
}

var signs = map[stats.Verdict]string{stats.Faster: "▲", stats.Slower: "▼", stats.Parity: "=", stats.Inconclusive: "~"}

// drawnSign is how a plot marks what is stated.
func drawnSign(v stats.Verdict) string {
	if v == stats.Indicative {
		return "?"
	}
	return signs[v]
}

// aspect is what a cell has of a change.
type aspect int

const (
	alone    aspect = iota // all that there is of it: where nothing is stated its interval
	itself                 // the change, whose interval stands beside it
	interval               // that interval
)

// changeCell is a change with the sign of what is stated of it.
func changeCell(ratio float64, ci stats.Interval, v stats.Verdict, hint bool, of aspect) page.Cell {
	cell := page.Cell{Mark: signs[v], Text: figure.Change(ratio, ci), Mood: moodOf(v), Value: &ratio}
	if ci.Known() && !hint {
		cell.Low, cell.High = &ci.Low, &ci.High
	}
	switch {
	case of == interval && (hint || !ci.Known()):
		return page.Cell{}
	case of == interval:
		return page.Cell{Text: figure.Signed(ci), Mood: cell.Mood}
	case hint:
		cell.Mark, cell.Text, cell.Mood = "?", figure.Change(ratio, stats.Interval{}), page.Usual
	case v == stats.Inconclusive && ci.Known() && of == alone:
		cell.Text = figure.Signed(ci) // a change alone would be taken for one that is there
	}
	return cell
}

// aloneForm is one target's figures.
func aloneForm(c *compare.Comparison) page.Form {
	f := page.Form{Columns: []page.Column{{Name: "scenario", Words: true, Least: min(longest(c), leastScenario), Most: mostScenario}}}
	for _, s := range c.Scenarios {
		f.Rows = append(f.Rows, page.Row{Key: s.Name, Cells: []page.Cell{{Text: c.Level(s)}}})
	}
	for _, one := range measuredColumns(c, []column{answers, p50, p95, p99, cpu, instructions, resident}) {
		texts, unit := one.texts(c, []int{0})
		f.Columns = append(f.Columns, page.Column{Name: sentences.Join(", ", one.name, unit)})
		for n, s := range c.Scenarios {
			r, _ := s.Row(one.metric)
			cell := page.Cell{Text: texts[0][n], Of: c.Targets[0].Label}
			if len(r.Cells) > 0 {
				cell.Value = r.Cells[0].Median
			}
			f.Rows[n].Cells = append(f.Rows[n].Cells, cell)
		}
	}
	return f
}

// distance is how far a ratio is from 1, the same both ways.
func distance(ratio float64) float64 { return math.Abs(math.Log(ratio)) }
