package words

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"taskbench/compare/history"
	"taskbench/compare/sentences"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/internal/page"
)

// leastRuns is how many runs make a course worth drawing.
const leastRuns = 3

// Trend is the page of one metric over stored runs: a course and a table for each
// series, the steps marked.
func Trend(t *history.Trend) page.Page {
	p := page.Page{Records: trendRecords(t), Data: sentences.WithTexts(t)}
	p.Add(notes(t.Notes, true))
	for i, s := range t.Series {
		if i > 0 {
			p.Add(page.Space{})
		}
		p.Add(page.Heading{Text: fmt.Sprintf("%s, %s%s: %s", s.Scenario, loadOf(t, s), sentWith(", ", s.Sender), SeriesTitle(t, s))})
		if len(s.Points) >= leastRuns {
			p.Add(page.Curves{Items: []page.Curve{seriesCurve(t, s)}})
		}
		p.Add(SeriesTable(t, s))
		if !s.Reason.IsZero() {
			p.Add(page.Lines{Items: page.Sentences([]string{sentences.Of(s.Reason)})})
		}
	}
	return p
}

// trendRecords are one line for each run of each series, unrounded. A step says
// its change where others say why they are not compared.
func trendRecords(t *history.Trend) page.Records {
	out := newTable("scenario", "connections", "target", "baseline", "metric", "run", "session", "machine", "pairs", "median",
		"ratio", "ci_low", "ci_high", "change", "change_low", "change_high", "step", "sender", "reason")
	out.warn(nil, t.Notes...)
	for _, s := range t.Series {
		for _, p := range s.Points {
			f := fields{"scenario": s.Scenario, "connections": strconv.Itoa(s.Connections), "target": s.Target, "baseline": s.Control, "sender": s.Sender.Known(), "metric": t.Metric.Key,
				"run": p.Created.Format(time.RFC3339), "session": p.Session, "machine": p.Machine, "pairs": strconv.Itoa(p.Pairs), "median": figure.Plain(p.Median),
				"step": strconv.FormatBool(!p.Step.IsZero()), "reason": sentences.Join("; ", sentences.Of(p.Break), sentences.Of(p.Step))}
			out.add(f, pointFields(p))
		}
	}
	return out.Records
}

// pointFields are a run's ratio to its control, and its change from the run before.
func pointFields(p history.Point) fields {
	f := fields{}
	if r := p.Ratio; r != nil {
		f["ratio"] = figure.Plain(r.Ratio)
		if hasInterval(r) {
			f["ci_low"], f["ci_high"] = figure.Plain(r.Verdict.CI.Low), figure.Plain(r.Verdict.CI.High)
		}
	}
	if v := p.Step.Values; v != nil {
		f["change"], f["change_low"], f["change_high"] = figure.Plain(v["ratio"]), figure.Plain(v["low"]), figure.Plain(v["high"])
	}
	return f
}

// loadOf is "50 connections", or of ledgers "10 virtual users".
func loadOf(t *history.Trend, s history.Series) string {
	if counted(t) {
		return figure.Count(s.Connections, "virtual user")
	}
	if s.Rate != "" {
		return s.Rate
	}
	return figure.Count(s.Connections, "connection")
}

// counted tells ledgers, whose pairs are recordings, and whose figure is that of an
// answer in the mean of all steps.
func counted(t *history.Trend) bool { return slices.ContainsFunc(figure.Ledger, t.Metric.Equal) }

// SeriesTitle is "throughput of windjammer, and its ratio to rust".
func SeriesTitle(t *history.Trend, s history.Series) string {
	title := fmt.Sprintf("%s of %s", t.Metric.Name, s.Target)
	if counted(t) {
		title = fmt.Sprintf("%s of %s (mean of steps)", t.Metric.Name, s.Target)
	}
	if s.Control != "" {
		title += ", and its ratio to " + s.Control
	}
	return title
}

func seriesCurve(t *history.Trend, s history.Series) page.Curve {
	var medians []float64
	for _, p := range s.Points {
		medians = append(medians, p.Median)
	}
	return curve("from run to run", medians, t.Metric.Unit)
}

func pairsOf(t *history.Trend) string {
	if counted(t) {
		return "recordings"
	}
	return "pairs"
}

// SeriesTable is a row a run.
func SeriesTable(t *history.Trend, s history.Series) page.Table {
	f := page.Form{Columns: []page.Column{{Name: "run", Words: true}, {Name: "session", Words: true}, {Name: pairsOf(t)}, {Name: t.Metric.Name}}}
	if s.Control != "" {
		f.Columns = append(f.Columns, page.Column{Name: "ratio", Ratios: true})
	}
	f.Columns = append(f.Columns, page.Column{Name: "step", Words: true})
	medians := make([]*float64, len(s.Points))
	for i := range s.Points {
		medians[i] = &s.Points[i].Median
	}
	for i, text := range t.Metric.Texts(medians) {
		p := s.Points[i]
		cells := []page.Cell{{Text: p.Created.Local().Format(minute)}, {Text: p.Session}, {Text: strconv.Itoa(p.Pairs)}, {Text: text, Value: medians[i], Of: s.Target}}
		if s.Control != "" {
			cells = append(cells, trendRatio(p.Ratio, s.Target))
		}
		f.Rows = append(f.Rows, page.Row{Key: p.Session, Cells: append(cells, Remark(p))})
	}
	return page.Table{Forms: []page.Form{f}, Below: true}
}

const minute = "2006-01-02 15:04"

func trendRatio(r *verdict.Ratio, of string) page.Cell {
	switch {
	case r == nil:
		return page.Cell{}
	case hasInterval(r):
		return page.Cell{Text: figure.Interval(r.Ratio, r.Verdict.CI), Value: &r.Ratio, Low: &r.Verdict.CI.Low, High: &r.Verdict.CI.High, Of: of}
	}
	return page.Cell{Text: figure.Ratio(r.Ratio), Value: &r.Ratio, Of: of}
}

// Remark is a run's step, or why it is not compared with the one before; empty
// for neither.
func Remark(p history.Point) page.Cell {
	switch {
	case !p.Break.IsZero():
		return page.Cell{Text: "not compared: " + sentences.Of(p.Break), Mood: page.Faint}
	case !p.Step.IsZero():
		return page.Cell{Text: "◀ " + sentences.Of(p.Step), Mood: page.Strong}
	}
	return page.Cell{}
}
