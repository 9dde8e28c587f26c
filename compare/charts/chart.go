// Package charts adds to the pages of package words what only a page that is
// drawn has room for: distributions, courses over time, every pair's figures, how
// all of it was measured. Comparisons leave that out; it comes from the stored
// documents that they were made of. It prints no figure in another way than words
// does, and draws nothing itself: charts are data of a page.
package charts

import (
	"taskbench/internal/figure"
	"taskbench/internal/page"
)

// newChart is a chart without series, of values of a unit over an axis.
func newChart(key, title string, unit figure.Unit, over string, scale page.Scale) page.Chart {
	return page.Chart{Key: key, Title: title, X: page.Axis{Name: over, Scale: scale}, Y: page.Axis{Print: unit.Texts}}
}

// series is a target's line in its own colour.
func series(target string, y []*float64) page.Series {
	return page.Series{Label: target, Of: target, Y: y}
}

// evened makes all series as long as the longest; places are counted from 1 where
// the axis has none.
func evened(ch page.Chart) page.Chart {
	n := len(ch.X.Values)
	for _, s := range ch.Series {
		n = max(n, len(s.Y))
	}
	for len(ch.X.Values) < n {
		ch.X.Values = append(ch.X.Values, float64(len(ch.X.Values)+1))
	}
	for i, s := range ch.Series {
		ch.Series[i].Y = append(s.Y[:len(s.Y):len(s.Y)], make([]*float64, n-len(s.Y))...)
	}
	return ch
}

func numbers(list []int) []float64 {
	x := make([]float64, len(list))
	for i, n := range list {
		x[i] = float64(n)
	}
	return x
}

func pointers(values []float64) []*float64 {
	list := make([]*float64, len(values))
	for i := range values {
		list[i] = &values[i]
	}
	return list
}

// remark is a sentence beside what is shown.
func remark(text string) page.Lines {
	return page.Lines{Mood: page.Faint, Items: page.Sentences([]string{text})}
}

// bare is a table of printed figures; the first of a row is its name.
func bare(header []string, rows [][]string) page.Table {
	f := page.Form{Columns: []page.Column{{Words: true}}}
	for _, name := range header {
		f.Columns = append(f.Columns, page.Column{Name: name})
	}
	for _, texts := range rows {
		var r page.Row
		for _, text := range texts {
			r.Cells = append(r.Cells, page.Cell{Text: text})
		}
		f.Rows = append(f.Rows, r)
	}
	return page.Table{Forms: []page.Form{f}, Bare: true}
}
