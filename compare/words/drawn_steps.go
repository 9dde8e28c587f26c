package words

import (
	"slices"

	"taskbench/compare"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/page"
	"taskbench/internal/plain"
)

// stepTables are every candidate's changes step by step.
func stepTables(c *compare.Comparison, s compare.Scenario) []page.Block {
	var list []page.Block
	for i := range c.Targets {
		if i == 0 && len(c.Targets) > 1 {
			continue
		}
		f := stepsForm(s, i)
		if len(f.Rows) == 0 {
			continue
		}
		t := page.Table{Forms: []page.Form{f}, Leads: true}
		if t.Title = "Steps"; len(c.Targets) > 2 {
			t.Title += " of " + plain.Clean(c.Targets[i].Label)
		}
		list = append(list, t)
	}
	return list
}

// stepsForm has a row for each step, a column for each of its metrics that has
// something to say; of one target alone plain figures.
func stepsForm(s compare.Scenario, target int) page.Form {
	f := page.Form{Columns: []page.Column{{Name: "step", Words: true}}}
	at := map[string]int{}
	for _, r := range s.Rows {
		if r.Step == "" || !shows(s, r) {
			continue
		}
		column := slices.IndexFunc(f.Columns, func(c page.Column) bool { return c.Name == r.Metric.Name })
		if column < 0 {
			column = len(f.Columns)
			f.Columns = append(f.Columns, page.Column{Name: r.Metric.Name, Note: wayText(r.Metric), Changes: target > 0})
			for n := range f.Rows {
				f.Rows[n].Cells = append(f.Rows[n].Cells, page.Cell{})
			}
		}
		n, known := at[r.Step]
		if !known {
			n = len(f.Rows)
			at[r.Step] = n
			f.Rows = append(f.Rows, page.Row{Key: r.Step, Cells: make([]page.Cell, len(f.Columns))})
			f.Rows[n].Cells[0].Text = plain.OneLine(r.Step, 80)
		}
		f.Rows[n].Cells[column] = stepCell(r, target)
		f.Band = max(f.Band, marginOf(r, target))
	}
	return f
}

func stepCell(r verdict.Row, target int) page.Cell {
	if target == 0 {
		return valueCell(r.Cells[0], r.Metric.Texts([]*float64{r.Cells[0].Median})[0])
	}
	cell := changed(r, target)
	if x := r.Cells[target].Ratio; x != nil && x.Verdict != nil {
		cell.Text = changeCell(x.Ratio, x.Verdict.CI, x.Verdict.Verdict, x.Verdict.Verdict == stats.Indicative, alone).Text
	}
	cell.From = fromCells(r, target)
	return cell
}
