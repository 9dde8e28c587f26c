package report

import (
	"fmt"

	"taskbench/internal/page"
	"taskbench/internal/plain"
)

// chart is one drawing by assets/report.js, and its JSON.
type chart struct {
	page.Chart
	ID     string   `json:"id"`
	Series []series `json:"series"`
	Place  string   `json:"-"` // id of the table with its figures
}

// series is one line with its colour.
type series struct {
	page.Series
	Colour int `json:"target"`
}

// drawCharts draws charts side by side, and folds below them the figures of those
// that have no table.
func (d *document) drawCharts(where drawing, list []page.Block) []block {
	charts := block{}
	var figures []block
	for _, b := range list {
		c := chart{Chart: b.(page.Chart)}
		c.ID = where.id(c.Key)
		for _, s := range c.Chart.Series {
			c.Series = append(c.Series, series{s, d.colours.of(s.Of)})
		}
		place := where.id(c.Table)
		if place == "" {
			place = c.ID + "-table"
			table := newTable(drawing{name: plain.Clean(c.Title)}, c.figures())
			figures = append(figures, block{Aside: &aside{place, table.Name + ": the figures", true, []block{{Table: table}}}})
		}
		c.Place = place
		charts.Charts = append(charts.Charts, c)
	}
	d.charts = append(d.charts, charts.Charts...)
	return append([]block{charts}, figures...)
}

// figures are the chart's values as a table, for those who do not see it.
func (c chart) figures() page.Table {
	f := page.Form{Columns: []page.Column{{Words: true}}}
	for _, s := range c.Series {
		f.Columns = append(f.Columns, page.Column{Name: s.Label})
	}
	for i, x := range c.X.Values {
		values := make([]*float64, len(c.Series))
		for k, s := range c.Series {
			values[k] = s.Y[i]
		}
		r := page.Row{Cells: []page.Cell{{Text: fmt.Sprint(x)}}}
		for _, text := range c.Print(values) {
			r.Cells = append(r.Cells, page.Cell{Text: text})
		}
		f.Rows = append(f.Rows, r)
	}
	return page.Table{Forms: []page.Form{f}, Bare: true}
}
