package words

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"taskbench/compare"
	"taskbench/compare/finding"
	"taskbench/compare/gate"
	"taskbench/compare/history"
	"taskbench/compare/lineup"
	"taskbench/compare/memory"
	"taskbench/compare/micro"
	"taskbench/compare/profiles"
	"taskbench/compare/soak"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/compare/why"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/results"
)

// What every page of the matrix is told: a figure, its interval, why another is
// missing, and what speaks against all of it.
const (
	whyMissing = "nobody could read it"
	warned     = "the machine was on fire"
)

var (
	unknown       = finding.Finding{Code: finding.Noted, Said: []string{whyMissing}}
	warnings      = []finding.Finding{{Code: finding.Noted, Said: []string{warned}}}
	matrixTargets = []lineup.Target{{Label: "rust"}, {Label: "windjammer"}}
	matrixLoad    = results.Load{Connections: 50, DurationS: 10}
	matrixCourse  = []float64{11, 12, 13, 14, 15, 16}
	proven        = verdict.Verdict{Judgement: stats.Judgement{Verdict: stats.Slower, Ratio: 1.25, CI: stats.Interval{Low: 1.125, High: 1.375}, Pairs: 6}}
)

func value(v float64) *float64 { return &v }

// shownCells are the cells of a figure: the candidate's is 125.5, with its interval.
func shownCells() []verdict.Cell {
	return []verdict.Cell{{Target: "rust", Median: value(100)},
		{Target: "windjammer", Median: value(125.5), Ratio: &verdict.Ratio{Ratio: 1.25, Low: 1.1, High: 1.4, Pairs: 6, Verdict: &proven}}}
}

func untold() []verdict.Cell {
	return []verdict.Cell{{Target: "rust", Median: value(100)}, {Target: "windjammer", Missing: unknown, NoRatio: unknown}}
}

// one is a page of the matrix and how it spells what it is told: first where
// people read it, then in CSV, then in JSON.
type one struct {
	page             page.Page
	figure, interval [3]string
	missing          string // "": the kind has no figures that may be missing
	course           string // a key of the course in JSON; "": the kind has none
}

var usual = [3]string{"1.25 [1.12–1.38]", "1.125,1.375", `"ci": { "low": 1.125, "high": 1.375 }`}

func matrix() map[string]one {
	rows := []verdict.Row{{Metric: figure.P50, Better: figure.P50.Better, Cells: shownCells()}, {Metric: figure.P95, Better: figure.P95.Better, Cells: untold()}}
	scenario := compare.Scenario{Name: "projects", State: compare.Compared, Load: matrixLoad, Pairs: []int{1, 2}, Rows: rows,
		Sides: []compare.Side{{Target: "rust", State: compare.Compared, Seconds: []uint64{11, 12, 13, 14, 15}}, {Target: "windjammer", State: compare.Compared}}}
	again := scenario
	again.Load.Connections = 100
	load := compare.Comparison{Baseline: "rust", Targets: matrixTargets, Notes: warnings, Scenarios: []compare.Scenario{scenario}}
	sweep := load
	sweep.Scenarios = []compare.Scenario{scenario, again}
	sweep.Sweeps = []compare.Sweep{{Scenario: "projects", Levels: []int{50, 100}}}
	inUS := [3]string{"126 µs", "p50_us,,lower,windjammer,compared,rust,0,125.5,", `"median": 125.5`}
	return map[string]one{
		"load":      {Load(&load), inUS, usual, whyMissing, `"good_each_second"`},
		"sweep":     {Load(&sweep), inUS, usual, whyMissing, `"good_each_second"`},
		"memory":    matrixMemory(),
		"cpu":       matrixProfile(profiles.CPU),
		"heap":      matrixProfile(profiles.Heap),
		"soak":      matrixSoak(),
		"micro":     matrixMicro(),
		"ledger":    matrixLedger(),
		"why":       matrixWhy(),
		"gate":      matrixGate(),
		"history":   matrixTrend(),
		"histogram": matrixHistogram(),
		"listing":   matrixListing(),
	}
}

func matrixMemory() one {
	peak := figure.Memory[0]
	c := memory.Comparison{Baseline: "rust", Targets: matrixTargets, Scenario: "projects", Load: matrixLoad, Notes: warnings, Rows: []verdict.Row{
		{Metric: figure.Resident, Cells: shownCells()}, {Metric: peak, Cells: untold()}},
		Sides: []memory.Side{{Target: "rust", Curve: matrixCourse}, {Target: "windjammer"}}}
	return one{Memory(&c), [3]string{figure.Resident.Text(125.5), figure.Resident.Name + ",,bytes,125.5", `"median": 125.5`}, usual, whyMissing, `"curve_bytes"`}
}

func matrixProfile(kind profiles.Kind) one {
	c := profiles.Profile{Kind: kind, Scenario: "projects", Load: matrixLoad, Targets: matrixTargets, Notes: warnings}
	cells := []verdict.Cell{{Target: "rust", Median: value(100)}, {Target: "windjammer", Median: value(125.5), Ratio: &verdict.Ratio{Ratio: 1.255}}}
	f := figure.Heap[0]
	out := one{figure: [3]string{"126", ",125.5,1.255,", `"ratio": 1.255`}, missing: whyMissing}
	if kind == profiles.CPU {
		f = figure.CPU[0]
		c.Seconds = [][]float64{matrixCourse, nil}
		c.Hot = []profiles.HotRow{{Name: "work", Self: []*float64{value(0.1), value(0.2)}, Total: []*float64{value(0.1), value(0.2)},
			Difference: []*float64{nil, value(0.1)}, CI: []*stats.Interval{nil, {Low: 0.075, High: 0.125}}}}
		out.interval = [3]string{"+10.00 (+7.50 to +12.50) pp", "0.1,,0.075,0.125", `{ "low": 0.075, "high": 0.125 }`}
		out.course = `"cores_each_second"`
	} else { // allocations are counted, and of one recording: there is no interval, and all formats say so or leave it empty
		out.interval = [3]string{"no interval", ",125.5,1.255,,,,,", `"ratio": 1.255`}
	}
	c.Figures = []profiles.Figure{{Name: "figure", Unit: "count", Cells: cells, Figure: f}, {Name: "other", Unit: "count", Cells: untold(), Figure: f}}
	out.page = Profile(&c)
	return out
}

func matrixSoak() one {
	drift := soak.Drift{Verdict: soak.Drifting, Word: "falling", SlopePH: -10, LowPH: -11.5, HighPH: -8.5, P: 0.0001, Windows: 6, Reason: finding.Finding{Code: finding.DriftSlowing}}
	c := soak.Comparison{Baseline: "rust", Targets: matrixTargets, Scenario: "projects", Load: matrixLoad, Notes: warnings,
		Rows: []soak.Row{{Name: "throughput", Unit: "per_s", Figure: figure.Throughput, Cells: []soak.Cell{
			{Target: "rust", Median: value(125.5), EachWindow: pointers(matrixCourse), Drift: &drift}, {Target: "windjammer", Missing: unknown}}}},
		Sides: []soak.Side{{Target: "rust", Windows: 6}, {Target: "windjammer"}}}
	return one{Soak(&c), [3]string{"126 /s", "throughput,,per_s,125.5", `"median": 125.5`},
		[3]string{"[8.50", "-11.5,-8.5", `-11.5`}, whyMissing, `"each_window"`}
}

func matrixMicro() one {
	cells := []micro.Cell{{Cell: shownCells()[0]}, {Cell: shownCells()[1]}}
	none := []micro.Cell{{Cell: untold()[0]}, {Cell: untold()[1]}}
	c := micro.Comparison{Baseline: "rust", Targets: matrixTargets, Statistic: "median", Notes: warnings,
		Rows: []micro.Row{{ID: "json", Unit: "ns", Cells: cells}, {ID: "yaml", Unit: "ns", Cells: none}}}
	return one{Micro(&c), [3]string{"126 ns", "median,ns,125.5", `"median": 125.5`}, usual, whyMissing, ""}
}

func matrixLedger() one {
	s := compare.Scenario{Name: "projects", State: compare.Compared, Load: results.Load{Connections: 10}, Pairs: []int{1, 2}, Rows: []verdict.Row{
		{Step: "create", Metric: figure.CountedInstructions, Cells: shownCells()}, {Step: "create", Metric: figure.CountedSystemCalls, Cells: untold()}}}
	c := compare.LedgerComparison{Baseline: "rust", Targets: matrixTargets, Notes: warnings, Scenarios: []compare.Scenario{s}}
	return one{Ledger(&c), [3]string{"126", "windjammer,rust,0,125.5,", `"median": 125.5`}, usual, whyMissing, ""}
}

// matrixWhy has counts, of which none can be missing: who has none of a function has 0.
func matrixWhy() one {
	gap := why.Gap{Whole: why.Part{Base: 1000, Candidate: 2255, Difference: 1255}, Parts: []why.Part{{Name: "work", Module: "api", Base: 1000, Candidate: 2255, Difference: 1255}}}
	c := why.Breakdown{Targets: matrixTargets, Scenario: "projects", Notes: warnings, Steps: []why.Step{{Step: "create", Answers: 10, Verdict: &proven, Functions: gap, Modules: gap}}}
	return one{Why(&c), [3]string{"+126", ",1000,2255,1255,", `"difference": 1255`}, usual, "", ""}
}

func matrixGate() one {
	r := &gate.Ratio{Ratio: 1.25, CI: proven.CI, Pairs: 6}
	g := gate.Report{Baseline: "rust", Outcome: stats.Failed, Counts: map[stats.Outcome]int{stats.Failed: 1}, Notes: warnings, Decisions: []gate.Decision{
		{Scenario: "projects", Connections: 50, Target: "windjammer", Metric: figure.P50, Ratio: r, Decision: stats.Decision{Outcome: stats.Failed, Reason: finding.Finding{Code: finding.LossBeyondFail}}},
		{Scenario: "projects", Connections: 50, Target: "windjammer", Metric: figure.P95, Decision: stats.Decision{Outcome: stats.Undetermined, Reason: unknown}}}}
	return one{Gate(&g), [3]string{"1.25", "6,1.25,", `"ratio": 1.25`}, usual, whyMissing, ""}
}

func matrixTrend() one {
	p := history.Point{Session: "s1", Created: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), Pairs: 6, Median: 125.5, Ratio: shownCells()[1].Ratio}
	alone := p
	alone.Session, alone.Ratio, alone.Break = "s2", nil, unknown
	t := history.Trend{Metric: figure.Throughput, Notes: warnings, Series: []history.Series{
		{Scenario: "projects", Connections: 50, Target: "windjammer", Control: "rust", Points: []history.Point{p, alone, p}}}}
	return one{Trend(&t), [3]string{"126 /s", ",125.5,1.25,", `"median": 125.5`}, usual, whyMissing, `"points"`}
}

// matrixHistogram has buckets, which are intervals themselves, and shows no
// figure that could be missing: a document without latencies is an error.
func matrixHistogram() one {
	h := compare.Histograms{Implementation: "rust", Histograms: []compare.Histogram{{Scenario: "projects", Connections: 50, Pairs: 6, Count: 4, Notes: warnings,
		Percentiles: []compare.Percentile{{Name: "p50", US: 125.5}}, Buckets: []compare.Bucket{{FromUS: 100, ToUS: 160, Count: 4, Fraction: 1}}}}}
	return one{Histograms(&h), [3]string{"p50 126 µs", "p50,125.5,125.5", `"us": 125.5`}, [3]string{"160 µs", "bucket,100,160,4,1", `"from_us": 100, "to_us": 160`}, "", ""}
}

// matrixListing is of texts: what there is to say stands in its cells.
func matrixListing() one {
	f := page.Form{Columns: []page.Column{{Name: "name"}, {Name: "note"}}, Rows: []page.Row{
		{Cells: []page.Cell{{Text: "125.5"}, {Text: warned}}}, {Cells: []page.Cell{{Text: "1.12 to 1.38"}, {Text: whyMissing}}}}}
	return one{page.Listing(f, []string{"125.5", "1.12 to 1.38", warned, whyMissing}), [3]string{"125.5", "125.5", "125.5"}, [3]string{"1.12 to 1.38", "1.12 to 1.38", "1.12 to 1.38"}, whyMissing, ""}
}

// formats are how a page is written, and which spelling is theirs.
var formats = []struct {
	name     string
	write    func(io.Writer, page.Page) error
	spelling int
}{
	{"text", func(w io.Writer, p page.Page) error { return page.Text(w, p, page.Options{Width: 200}) }, 0},
	{"text, 60 columns", func(w io.Writer, p page.Page) error { return page.Text(w, p, page.Options{Width: 60}) }, 0},
	{"markdown", page.Markdown, 0},
	{"csv", page.CSV, 1},
	{"json", page.JSON, 2},
}

// TestEveryKindTellsAllInEveryFormat: what one kind of page tells in one format, all tell
// in all. Warnings stand before the figures.
func TestEveryKindTellsAllInEveryFormat(t *testing.T) {
	t.Parallel()
	for kind, p := range matrix() {
		for _, f := range formats {
			var out bytes.Buffer
			if err := f.write(&out, p.page); err != nil {
				t.Fatal(err)
			}
			text := strings.ReplaceAll(strings.Join(strings.Fields(out.String()), " "), `\`, "") // markdown escapes brackets
			interval := p.interval[f.spelling]
			if f.name == "text, 60 columns" && kind != "soak" {
				interval = "" // columns are left out rather than wrapped
			}
			for what, want := range map[string]string{"figure": p.figure[f.spelling], "interval": interval, "reason": p.missing, "warning": warned} {
				if !strings.Contains(text, want) {
					t.Errorf("%s as %s has no %s %q:\n%s", kind, f.name, what, want, &out)
				}
			}
			if at, figure := strings.Index(text, warned), strings.Index(text, p.figure[f.spelling]); f.name != "json" && kind != "listing" && at > figure {
				t.Errorf("%s as %s says what is wrong behind the figures:\n%s", kind, f.name, &out)
			}
			p.hasCourse(t, kind, f.name, text)
		}
	}
}

// hasCourse: bars where people read, a line for each place in CSV.
func (p one) hasCourse(t *testing.T, kind, format, text string) {
	t.Helper()
	if p.course == "" {
		return
	}
	drawn := strings.ContainsAny(text, "▂▃▄▅▆▇█")
	switch {
	case format == "csv" && kind != "history":
		drawn = strings.Contains(text, ",5,") && strings.Contains(text, "15")
	case format == "csv":
		drawn = strings.Count(text, "125.5") == 3
	case format == "json":
		drawn = strings.Contains(text, p.course)
	}
	if !drawn {
		t.Errorf("%s as %s has no course:\n%s", kind, format, text)
	}
}
