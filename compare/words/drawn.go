package words

import (
	"slices"
	"strings"

	"taskbench/compare"
	"taskbench/compare/sentences"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/internal/plain"
)

// Drawn is the answer for a page that is drawn: the headlines, every candidate's
// changes scenario by scenario, and what else there is to know first. link is the
// section of the n-th scenario.
func Drawn(c *compare.Comparison, link func(n int) string) []page.Block {
	p := page.Page{Blocks: headlineBlocks(c)}
	if shown := tellable(c); len(shown) > 0 {
		p.Add(drawnAnswer(c, shown, link)...)
		p.Add(page.Lines{Mood: page.Faint, Items: answerLegend(c)})
	} else {
		p.Add(wrongAnswers(c)...)
	}
	said := slices.DeleteFunc(remarks(c), func(text string) bool { return text == referenceLine(c) }) // the page has it
	p.Add(page.Lines{Items: page.Sentences(said)}, page.Lines{Mark: "⚠", Items: page.Sentences(onceEach(c, allFlags))}, page.Lines{Mark: "!", Items: page.Sentences(onceEach(c, allNotes))})
	p.Add(advices(c))
	return p.Blocks
}

// Extent is how much was measured, and when.
func Extent(c *compare.Comparison) string { return extent(c) }

// drawnAnswer is a table for each candidate, or that of one target alone.
func drawnAnswer(c *compare.Comparison, shown []int, link func(int) string) []page.Block {
	if len(c.Targets) == 1 {
		return []page.Block{page.Table{Forms: []page.Form{figuresForm(c, link)}, Leads: true}}
	}
	var list []page.Block
	for _, i := range shown {
		if c.Summary.Headline[i-1].Word == compare.IsNotThere {
			continue
		}
		list = append(list, page.Table{Forms: []page.Form{changesForm(c, allOf(c), i, link)}, Leads: true, Title: against(c, i)})
	}
	return list
}

// figuresForm is one target's figures, printed as everywhere on the page.
func figuresForm(c *compare.Comparison, link func(int) string) page.Form {
	f := page.Form{Columns: []page.Column{{Name: "scenario", Words: true}}}
	for n, s := range c.Scenarios {
		f.Rows = append(f.Rows, page.Row{Key: s.Name, Cells: []page.Cell{{Text: c.Level(s), Link: link(n)}}})
	}
	for _, one := range measuredColumns(c, []column{answers, p50, p95, p99, cpu, instructions, resident}) {
		f.Columns = append(f.Columns, page.Column{Name: one.name})
		for n, s := range c.Scenarios {
			var cell page.Cell
			if r, ok := s.Row(one.metric); ok {
				cell = valueCell(r.Cells[0], r.Metric.Texts([]*float64{r.Cells[0].Median})[0])
			}
			f.Rows[n].Cells = append(f.Rows[n].Cells, cell)
		}
	}
	return f
}

func allOf(c *compare.Comparison) []int {
	list := make([]int, len(c.Scenarios))
	for n := range list {
		list[n] = n
	}
	return list
}

// changesForm is a candidate's changes of the metrics that matter in some
// scenarios, and the means where these are all.
func changesForm(c *compare.Comparison, scenarios []int, candidate int, link func(int) string) page.Form {
	f := page.Form{Columns: []page.Column{{Name: "scenario", Words: true}}}
	for _, n := range scenarios {
		s := c.Scenarios[n]
		first := page.Cell{Text: c.Level(s), Link: link(n)}
		if s.State == compare.Failed {
			first.Mood = page.Bad
		}
		f.Rows = append(f.Rows, page.Row{Key: s.Name, Cells: []page.Cell{first}})
	}
	means := len(scenarios) == len(c.Scenarios) && hasMeans(c)
	if means {
		f.Rows = append(f.Rows, page.Row{Cells: []page.Cell{{Text: meanName, Mood: page.Strong}}})
	}
	for _, one := range measuredColumns(c, []column{answers, p95, cpu}) {
		f.Columns = append(f.Columns, page.Column{Name: one.name, Changes: true, Note: wayText(one.metric)})
		for k, n := range scenarios {
			cell := one.change(c, candidate, n, alone)
			if r, ok := c.Scenarios[n].Row(one.metric); ok {
				cell.From = fromCells(r, candidate)
				f.Band = max(f.Band, marginOf(r, candidate))
			}
			f.Rows[k].Cells = append(f.Rows[k].Cells, cell)
		}
		if means {
			last := len(f.Rows) - 1
			f.Rows[last].Cells = append(f.Rows[last].Cells, one.change(c, candidate, len(c.Scenarios), alone))
		}
	}
	return f
}

// wayText says which way is better.
func wayText(m *figure.Figure) string {
	return map[stats.Direction]string{stats.HigherIsBetter: "more is better", stats.LowerIsBetter: "less is better"}[m.Better]
}

func marginOf(r verdict.Row, target int) float64 {
	if x := r.Cells[target].Ratio; x != nil && x.Verdict != nil {
		return x.Verdict.Margin
	}
	return 0
}

// fromCells are the two figures behind a change.
func fromCells(r verdict.Row, candidate int) []page.Cell {
	values := make([]*float64, len(r.Cells))
	for i, c := range r.Cells {
		values[i] = c.Median
	}
	printed := r.Metric.Texts(values)
	if number, unit, has := strings.Cut(printed[0], " "); has && strings.HasSuffix(printed[candidate], " "+unit) {
		printed[0] = number
	}
	var list []page.Cell
	for _, i := range []int{0, candidate} {
		if values[i] != nil {
			list = append(list, page.Cell{Text: printed[i], Value: values[i], Of: r.Cells[i].Target})
		}
	}
	return list
}

// ScenarioDrawn is the part of a drawn page about one scenario at one load: its
// heading, and what there is to say.
func ScenarioDrawn(c *compare.Comparison, s compare.Scenario) (page.Heading, []page.Block) {
	said := Scenario(c, s)
	var blocks []page.Block
	for _, b := range said[1:] {
		switch b := b.(type) {
		case page.Curves: // charts have them
		case page.Table:
			blocks = slices.Concat(blocks, metricTables(c, s), stepTables(c, s))
		default:
			blocks = append(blocks, b)
		}
	}
	return said[0].(page.Heading), blocks
}

// metricTables are every candidate's figures beside the baseline's; of one target
// alone, its own.
func metricTables(c *compare.Comparison, s compare.Scenario) []page.Block {
	if len(c.Targets) == 1 {
		return []page.Block{page.Table{Forms: []page.Form{metricsForm(c, s, nil)}}}
	}
	var list []page.Block
	for _, i := range candidates(c.Targets) {
		list = append(list, page.Table{Forms: []page.Form{metricsForm(c, s, []int{i})}, Title: against(c, i)})
	}
	return list
}

// against is whom a table is about, where there are several; else "".
func against(c *compare.Comparison, candidate int) string {
	if len(c.Targets) < 3 {
		return ""
	}
	return plain.Clean(c.Targets[candidate].Label) + " against " + plain.Clean(c.Baseline)
}

// metricsForm is a row for every metric of a whole scenario, with candidates'
// figures, their changes, and what is stated of these.
func metricsForm(c *compare.Comparison, s compare.Scenario, candidates []int) page.Form {
	f := page.Form{Columns: []page.Column{{Words: true}, {Name: plain.Clean(c.Targets[0].Label)}}}
	for _, i := range candidates {
		f.Columns = append(f.Columns, page.Column{Name: plain.Clean(c.Targets[i].Label)}, page.Column{Name: "change (95 %)", Changes: true})
	}
	for _, r := range s.Rows {
		if r.Step != "" || !shows(s, r) {
			continue
		}
		printed := row(r.Metric.Name, s.Sides, r, candidates, detail{})
		one := page.Row{Key: printed.Key, Cells: slices.Clone(printed.Cells[:2])}
		for k, i := range candidates {
			one.Cells = append(one.Cells, printed.Cells[k+2], changed(r, i))
			f.Band = max(f.Band, marginOf(r, i))
		}
		f.Rows = append(f.Rows, one)
	}
	return f
}

// changed is a candidate's change with its interval, the sign of what is stated
// of it, and the word.
func changed(r verdict.Row, target int) page.Cell {
	ratio, verdict := Against(r, target)
	x := r.Cells[target].Ratio
	switch {
	case x == nil && verdict.Text != "": // a difference of fractions
		ratio.Text, ratio.Mood = sentences.Join(" ", ratio.Text, verdict.Text), verdict.Mood
		return ratio
	case x == nil || x.Verdict == nil:
		return ratio
	}
	v := x.Verdict
	hint := v.Verdict == stats.Indicative
	cell := changeCell(x.Ratio, v.CI, v.Verdict, hint, itself)
	cell.Of, cell.Notes = ratio.Of, verdict.Notes
	cell.Text = figure.Change(x.Ratio, v.CI)
	if !hint {
		cell.Text += bracketed(v.CI)
	}
	if word := (map[stats.Verdict]string{stats.Inconclusive: "undecided", stats.Parity: "same", stats.Indicative: "a hint"})[v.Verdict]; word != "" {
		cell.Text += ", " + word
	} else {
		cell.Text += ", " + r.Metric.Word(v.Verdict)
	}
	return cell
}

// SweepDrawn is what there is to say of how a scenario scales: every candidate's
// changes level by level, or the figures of one target alone.
func SweepDrawn(c *compare.Comparison, s compare.Sweep, link func(n int) string) (page.Heading, []page.Block) {
	said := Sweep(c, s)
	var levels []int
	for n, one := range c.Scenarios {
		if one.Name == s.Scenario {
			levels = append(levels, n)
		}
	}
	var blocks []page.Block
	for _, b := range said[1:] {
		if _, is := b.(page.Table); !is || len(c.Targets) == 1 {
			blocks = append(blocks, b)
			continue
		}
		for _, i := range candidates(c.Targets) {
			blocks = append(blocks, page.Table{Forms: []page.Form{changesForm(c, levels, i, link)}, Leads: true, Title: against(c, i)})
		}
	}
	return said[0].(page.Heading), blocks
}
