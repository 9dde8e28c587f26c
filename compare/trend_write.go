package compare

import (
	"taskbench/internal/figure"

	"fmt"
	"io"
	"slices"
	"strconv"
)

// leastRuns is how many runs make a course worth drawing.
const leastRuns = 3

// TrendTable writes a trend for people at a terminal: a line of bars and a
// table for each series, the steps marked.
func TrendTable(w io.Writer, trend *Trend, o TextOptions) error {
	t := newTextWriter(w, o)
	for i, words := range DescribeTrend(trend) {
		s := trend.Series[i]
		if i > 0 {
			t.line("")
		}
		t.line(t.paint.as(strong, oneLine(fmt.Sprintf("%s, %s: %s", s.Scenario, figure.Count(s.Connections, "connection"), words.Title), t.width)))
		t.course(trend.Metric, s)
		if t.err == nil {
			t.err = s.listing(trend.Metric, words).Text(w, o)
		}
	}
	t.notes(trend.Notes)
	return t.err
}

// course draws a series' figures from run to run.
func (t *textWriter) course(m *figure.Figure, s TrendSeries) {
	if len(s.Points) < leastRuns {
		return
	}
	var medians []float64
	for _, p := range s.Points {
		medians = append(medians, p.Median)
	}
	low, high := slices.Min(medians), slices.Max(medians)
	t.curves([]curve{{"from run to run", medians}}, func(_, _ float64) string {
		ends := m.Texts([]*float64{&low, &high})
		return ends[0] + " to " + ends[1]
	})
}

func (s TrendSeries) listing(m *figure.Figure, words TrendText) Listing {
	l := Listing{Columns: []string{"run", "session", "pairs", m.Name}, Figures: []string{"pairs", m.Name, "ratio"}}
	if s.Control != "" {
		l.Columns = append(l.Columns, "ratio")
	}
	l.Columns = append(l.Columns, "step")
	for i, p := range s.Points {
		row := []string{p.Created.Local().Format("2006-01-02 15:04"), p.Session, strconv.Itoa(p.Pairs), words.Figures[i]}
		if s.Control != "" {
			row = append(row, words.Ratios[i])
		}
		remark := words.Remarks[i]
		if p.Step {
			remark = "◀ " + remark
		}
		l.Rows = append(l.Rows, append(row, remark))
	}
	return l
}
