package charts

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"taskbench/compare"
	"taskbench/compare/history"
	"taskbench/compare/lineup"
	"taskbench/compare/sentences"
	"taskbench/compare/stats"
	"taskbench/compare/words"
	"taskbench/internal/figure"
	"taskbench/internal/page"
)

// historyTable has the figures of the charts of stored runs.
const historyTable = "history"

// overRuns is what the trends say of the targets in one scenario at one load;
// nothing when no series has two runs. Every run's figures stand apart.
func overRuns(s compare.Scenario, targets []lineup.Target, trends []*history.Trend) (drawn, runs []page.Block) {
	var said []string
	var charts, tables []page.Block
	for _, t := range trends {
		var own []history.Series
		for _, x := range t.Series {
			if x.Of(s) && len(x.Points) > 1 && measures(targets, x.Target) {
				own = append(own, x)
				table := words.SeriesTable(t, x)
				table.Key = t.Metric.Key + " of " + x.Target
				tables = append(tables, page.Heading{Text: words.SeriesTitle(t, x)}, table)
				said = append(said, steps(t, x)...)
			}
		}
		if len(own) > 0 {
			charts = append(charts, historyCharts(t.Metric, own)...)
		}
	}
	if len(tables) == 0 {
		return nil, nil
	}
	blocks := []page.Block{page.Heading{Text: "History"}, page.Lines{Mark: "!", Items: page.Sentences(said)}}
	if len(said) == 0 {
		blocks = append(blocks, remark("No step that is more than noise."))
	}
	return append(blocks, charts...), []page.Block{page.Aside{Key: historyTable, Title: "Every run's figures", Long: true, Blocks: tables}}
}

func measures(targets []lineup.Target, implementation string) bool {
	return slices.ContainsFunc(targets, func(t lineup.Target) bool { return t.Implementation == implementation })
}

const minute = "2006-01-02 15:04"

func steps(t *history.Trend, s history.Series) []string {
	var list []string
	for _, p := range s.Points {
		if !p.Step.IsZero() {
			list = append(list, fmt.Sprintf("step: %s, %s: %s", words.SeriesTitle(t, s), p.Created.Format(minute), sentences.Of(p.Step)))
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

func newRunAxis(list []history.Series) runAxis {
	runs := map[string]history.Point{}
	for _, s := range list {
		for _, p := range s.Points {
			runs[p.Session] = p
		}
	}
	sorted := slices.SortedFunc(maps.Values(runs), func(a, b history.Point) int {
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
func historyCharts(m *figure.Figure, list []history.Series) []page.Block {
	axis := newRunAxis(list)
	figures, ratios := axis.chart("history-"+m.Key, "History of "+m.Name), axis.chart("history-"+m.Key+"-ratio", "History of "+m.Name+": ratio")
	figures.Y.Print, ratios.Y.Print, ratios.Line = m.Unit.Texts, ratioTexts, 1
	for _, s := range list {
		figures.Series = append(figures.Series, axis.medians(s))
		if s.Control != "" {
			ratios.Series = append(ratios.Series, axis.ratios(s))
		}
	}
	if len(ratios.Series) == 0 {
		return []page.Block{figures}
	}
	return []page.Block{figures, ratios}
}

// ratioTexts is how charts print ratios.
func ratioTexts(values []*float64) []string {
	texts := make([]string, len(values))
	for i, v := range values {
		if texts[i] = figure.None; v != nil {
			texts[i] = figure.Ratio(*v)
		}
	}
	return texts
}

func (a runAxis) chart(key, title string) page.Chart {
	ch := page.Chart{Key: key, Title: title, X: page.Axis{Name: "run", Scale: page.Whole}}
	ch.Table, ch.Points, ch.Gaps, ch.X.Values, ch.X.Names = historyTable, true, true, a.x, a.names
	return ch
}

func (a runAxis) medians(s history.Series) page.Series {
	line := series(s.Target, make([]*float64, len(a.x)))
	for i, p := range s.Points {
		n := a.place[p.Session]
		line.Y[n] = &s.Points[i].Median
		if !p.Step.IsZero() && s.Control == "" {
			line.Steps = append(line.Steps, n)
		}
	}
	return line
}

// ratios have their intervals, and the steps: those are found in the ratio.
func (a runAxis) ratios(s history.Series) page.Series {
	line := page.Series{Label: s.Target + " / " + s.Control, Of: s.Target,
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
		if !p.Step.IsZero() {
			line.Steps = append(line.Steps, n)
		}
	}
	return line
}
