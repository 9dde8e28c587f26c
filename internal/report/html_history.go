package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"taskbench/compare"
	"taskbench/compare/stats"
	"taskbench/compare/words"
	"taskbench/internal/figure"
	"taskbench/internal/plain"
)

// history is the trend of a scenario over stored runs.
type history struct {
	ID     string
	Steps  []string // what is more than noise, one sentence each
	Charts []chart
	Tables []*table
}

// newHistory is what the trends say of the targets in one scenario at one load;
// nil when no series has two runs.
func newHistory(id string, s compare.Scenario, targets []compare.Target, trends []*compare.Trend, colours palette) *history {
	h := &history{ID: id + "-history"}
	for _, t := range trends {
		var own []compare.TrendSeries
		for _, x := range t.Series {
			if x.Scenario == s.Name && x.Connections == s.Load.Connections && len(x.Points) > 1 && measures(targets, x.Target) {
				own = append(own, x)
				drawn := newTable(words.SeriesTitle(t, x), words.SeriesTable(t, x))
				drawn.Metric, drawn.Target = t.Metric.Key, x.Target
				h.Tables = append(h.Tables, drawn)
				h.Steps = append(h.Steps, steps(t, x)...)
			}
		}
		if len(own) > 0 {
			h.Charts = append(h.Charts, historyCharts(id, t.Metric, own, colours)...)
		}
	}
	if len(h.Tables) == 0 {
		return nil
	}
	return h
}

func measures(targets []compare.Target, implementation string) bool {
	return slices.ContainsFunc(targets, func(t compare.Target) bool { return t.Implementation == implementation })
}

const minute = "2006-01-02 15:04"

func steps(t *compare.Trend, s compare.TrendSeries) []string {
	var list []string
	for _, p := range s.Points {
		if p.Step {
			list = append(list, plain.Clean(fmt.Sprintf("%s, %s: %s", words.SeriesTitle(t, s), p.Created.Format(minute), p.Change.Text())))
		}
	}
	return list
}

// runAxis is the runs that any of some series has, by time.
type runAxis struct {
	x     []float64
	names []string
	place map[string]int // of a session
}

func newRunAxis(list []compare.TrendSeries) runAxis {
	runs := map[string]compare.TrendPoint{}
	for _, s := range list {
		for _, p := range s.Points {
			runs[p.Session] = p
		}
	}
	sorted := slices.SortedFunc(maps.Values(runs), func(a, b compare.TrendPoint) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.Session, b.Session))
	})
	axis := runAxis{place: map[string]int{}}
	for n, p := range sorted {
		axis.x, axis.names = append(axis.x, float64(n+1)), append(axis.names, p.Created.Format(minute))
		axis.place[p.Session] = n
	}
	return axis
}

// historyCharts are a chart of figures and, where there is a control, one of
// ratios. A run that lacks a series leaves a gap.
func historyCharts(id string, m *figure.Figure, list []compare.TrendSeries, colours palette) []chart {
	axis := newRunAxis(list)
	prefix, name := fmt.Sprintf("%s-history-%s", id, m.Key), m.Name
	figures := chart{ID: prefix, Title: "History of " + name, Table: id + "-history", Kind: "history", Unit: m.Unit.Axis, X: axis.x, Names: axis.names}
	ratios := chart{ID: prefix + "-ratio", Title: "History of " + name + ": ratio", Table: id + "-history", Kind: "history", Unit: "ratio", X: axis.x, Names: axis.names}
	for _, s := range list {
		colour := colours.of(s.Target)
		figures.Series = append(figures.Series, axis.medians(s, colour))
		if s.Control != "" {
			ratios.Series = append(ratios.Series, axis.ratios(s, colour))
		}
	}
	if len(ratios.Series) == 0 {
		return []chart{figures}
	}
	return []chart{figures, ratios}
}

func (a runAxis) medians(s compare.TrendSeries, colour int) series {
	line := series{Label: s.Target, Target: colour, Y: make([]*float64, len(a.x))}
	for i, p := range s.Points {
		n := a.place[p.Session]
		line.Y[n] = &s.Points[i].Median
		if p.Step && s.Control == "" {
			line.Steps = append(line.Steps, n)
		}
	}
	return line
}

// ratios have their intervals, and the steps: those are found in the ratio.
func (a runAxis) ratios(s compare.TrendSeries, colour int) series {
	line := series{Label: s.Target + " / " + s.Control, Target: colour,
		Y: make([]*float64, len(a.x)), Low: make([]*float64, len(a.x)), High: make([]*float64, len(a.x))}
	for _, p := range s.Points {
		n, r := a.place[p.Session], p.Ratio
		if r == nil {
			continue
		}
		line.Y[n] = &r.Ratio
		if r.Verdict != nil && r.Verdict.CI.Known() && r.Verdict.Verdict != stats.Indicative {
			line.Low[n], line.High[n] = &r.Verdict.CI.Low, &r.Verdict.CI.High
		}
		if p.Step {
			line.Steps = append(line.Steps, n)
		}
	}
	return line
}
