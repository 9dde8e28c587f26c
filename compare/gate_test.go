package compare_test

import (
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "taskbench/compare"
	"taskbench/compare/gate"
	"taskbench/compare/lineup"
	"taskbench/compare/sample"
	"taskbench/compare/sentences"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/compare/words"
	"taskbench/internal/figure"
	"taskbench/internal/golden"
	"taskbench/internal/page"
	"taskbench/results"
)

// outcomes are "health p95: fail" and the like, in order.
func outcomes(g *gate.Report) []string {
	var list []string
	for _, d := range g.Decisions {
		list = append(list, subjectOf(g, d)+": "+string(d.Outcome))
	}
	return list
}

// subjectOf is "health p95", with the candidate where there are several.
func subjectOf(g *gate.Report, d gate.Decision) string {
	text := d.Scenario
	for _, other := range g.Decisions {
		if other.Scenario == d.Scenario && other.Connections != d.Connections {
			text = fmt.Sprintf("%s@%d", d.Scenario, d.Connections)
		}
	}
	if d.Metric != nil {
		text += " " + d.Metric.Name
	}
	for _, other := range g.Decisions {
		if other.Target != d.Target {
			return d.Target + ", " + text
		}
	}
	return text
}

func gateOf(t *testing.T, docs []results.Document, rule stats.GateRule) *gate.Report {
	t.Helper()
	c, err := New(docs, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	g, err := gate.Of(c, gate.Options{Rule: rule})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestGate(t *testing.T) {
	t.Parallel()
	strict := stats.DefaultGate()
	strict.Mode = stats.Strict
	wrong := run(10, 1, nil)
	wrong[0].Scenarios[0].Trials[3].Steps[0].Unmet = map[string]uint64{"status": 7}
	changed := run(10, 1, nil)
	changed[1].Scenarios[0].Hash = "other"
	apart := run(10, 1.5, nil)
	apart[1].Session = "another"
	for name, c := range map[string]struct {
		docs []results.Document
		rule stats.GateRule
		want stats.Outcome
		in   string // of a reason
	}{
		"equal":                      {run(10, 1, nil), stats.DefaultGate(), stats.Pass, "worse than −9.1 % is ruled out"},
		"clearly slower":             {run(10, 1.3, nil), stats.DefaultGate(), stats.Failed, "−22 % (95 % interval −23 to −20 %, 10 pairs): worse than −9.1 %, and worse than −4.8 % is proven"},
		"clearly faster":             {run(10, 0.7, nil), strict, stats.Pass, "−30 % (95 % interval −32 to −29 %, 10 pairs): worse than +10 % is ruled out"},
		"one pair shows nothing":     {run(1, 1.5, nil), strict, stats.Undetermined, "1 pair, a verdict takes at least 5"},
		"wrong answers of any":       {wrong, stats.DefaultGate(), stats.Failed, "rust, step health: status not as expected"},
		"another scenario":           {changed, stats.DefaultGate(), stats.Undetermined, "the scenario has changed"},
		"measured on different days": {apart, stats.DefaultGate(), stats.Undetermined, "not measured in the same minutes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := gateOf(t, c.docs, c.rule)
			var reasons []string
			for _, d := range g.Decisions {
				reasons = append(reasons, sentences.Of(d.Reason))
			}
			if all := strings.Join(reasons, "\n"); g.Outcome != c.want || !strings.Contains(all, c.in) {
				t.Errorf("%s, want %s and %q:\n%s", g.Outcome, c.want, c.in, all)
			}
		})
	}
}

// TestGateExpectations: they fail a gate only where that is asked for, and where
// the baseline meets them.
func TestGateExpectations(t *testing.T) {
	t.Parallel()
	missing := func(slow, limit float64) []results.Document {
		docs := run(10, slow, nil)
		for i := range docs {
			docs[i].Scenarios[0].Expected = []results.Expectation{{Metric: "p95", Op: "<", Limit: limit, Text: fmt.Sprintf("< %gµs", limit)}}
		}
		return docs
	}
	for name, c := range map[string]struct {
		docs  []results.Document
		asked bool
		want  stats.Outcome
		in    string
	}{
		"missed by both, asked for":       {missing(1, 3), true, stats.Pass, "windjammer misses documented expectations of health, and so does rust: they say nothing of a change"},
		"missed by both":                  {missing(1, 3), false, stats.Pass, "and so does rust"},
		"by the candidate, not asked for": {missing(1.04, 2200), false, stats.Pass, "windjammer misses documented expectations of health, which fail a gate only with --expected"},
		"by the candidate, asked for":     {missing(1.04, 2200), true, stats.Failed, "expected p95 < 2200µs, reached"},
		"met":                             {missing(1.04, 9000), true, stats.Pass, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			comparison, err := New(c.docs, lineup.Options{})
			if err != nil {
				t.Fatal(err)
			}
			g, err := gate.Of(comparison, gate.Options{Rule: stats.DefaultGate(), Expected: c.asked})
			if err != nil {
				t.Fatal(err)
			}
			texts := sentences.All(g.Notes)
			for _, d := range g.Decisions {
				texts = append(texts, sentences.Of(d.Reason))
			}
			if all := strings.Join(texts, "\n"); g.Outcome != c.want || !strings.Contains(all, c.in) {
				t.Errorf("%s, want %s and %q:\n%s", g.Outcome, c.want, c.in, all)
			}
		})
	}
}

// TestGateOpens: the page says which run was judged, and warns of an old one.
func TestGateOpens(t *testing.T) {
	t.Parallel()
	c, err := New(run(6, 1, nil), lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		at       time.Time
		want, no string
	}{
		"minutes": {sample.Noon.Add(4*time.Minute + 10*time.Second), "run 20261123-ab22, " + sample.Noon.Local().Format("15:04") + ", 4 min ago\n", "old"},
		"days":    {sample.Noon.AddDate(0, 0, 3), ", 3 days ago\n! run 20261123-ab22 is 3 days old", "nothing"},
		"unknown": {time.Time{}, "run 20261123-ab22, " + sample.Noon.Local().Format("2006-01-02 15:04") + "\n", "ago"},
	} {
		g, err := gate.Of(c, gate.Options{Rule: stats.DefaultGate(), At: tc.at})
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := page.Text(&b, words.Gate(g), page.Options{Width: 80}); err != nil {
			t.Fatal(err)
		}
		if text := b.String(); !strings.HasPrefix(text, "gate: windjammer against rust\n") || !strings.Contains(text, tc.want) || strings.Contains(text, tc.no) {
			t.Errorf("%s: want %q and no %q in\n%s", name, tc.want, tc.no, text)
		}
	}
}

// TestGateCountsMetrics: one loss among many metrics takes more proof than one
// alone.
func TestGateCountsMetrics(t *testing.T) {
	t.Parallel()
	verdict := func(p float64) verdict.Row {
		docs := run(6, 1, nil)
		for i := range docs {
			for k := range docs[i].Scenarios[0].Trials {
				docs[i].Scenarios[0].Trials[k].ThroughputPS = 1000
			}
		}
		for k := range docs[1].Scenarios[0].Trials {
			docs[1].Scenarios[0].Trials[k].ThroughputPS *= 0.93 + p*float64(k%2*2-1)
		}
		c, err := New(docs, lineup.Options{})
		if err != nil {
			t.Fatal(err)
		}
		row, _ := c.Scenarios[0].Row(figure.Throughput)
		return row
	}
	one := verdict(0.04).Cells[1].Ratio.Verdict.Row()
	if p := one.Judgement.P; p < 0.002 || p > 0.05 {
		t.Fatalf("p = %v: the test needs one between", p)
	}
	equal := verdict(0.04)
	equal.Cells[1].Ratio.Verdict.Judgement.P = 1
	for _, tc := range []struct {
		metrics int
		want    stats.Outcome
	}{{1, stats.Warned}, {24, stats.Undetermined}} {
		rows := []stats.Row{one}
		for len(rows) < tc.metrics {
			rows = append(rows, equal.Cells[1].Ratio.Verdict.Row())
		}
		if got := stats.GateAll(rows, stats.DefaultGate())[0]; got.Outcome != tc.want {
			t.Errorf("one of %d: %s (%s), want %s", tc.metrics, got.Outcome, sentences.Of(got.Reason), tc.want)
		}
	}
}

// TestGateCountsInstructions: where perf counted them they decide like any
// primary metric, within a run and against an earlier one; where it did not, in
// neither run, nothing is said of them; and broken pairs are told by number.
func TestGateCountsInstructions(t *testing.T) {
	t.Parallel()
	count := func(docs []results.Document, each ...float64) []results.Document {
		for i := range docs {
			for k := range docs[i].Scenarios[0].Trials {
				docs[i].Scenarios[0].Trials[k].Resources = &results.Resources{InstructionsPerAnswer: new(each[i] * (1 + 0.001*float64((i+2*k)%3)))}
			}
		}
		return docs
	}
	of := func(g *gate.Report, err error) gate.Decision {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range g.Decisions {
			if d.Metric.Equal(figure.InstructionsPer) {
				return d
			}
		}
		return gate.Decision{}
	}
	within := gateOf(t, count(run(12, 1, nil), 100_000, 120_000), stats.DefaultGate())
	if d := of(within, nil); d.Outcome != stats.Failed || math.Abs(d.Ratio.Ratio-1.2) > 0.002 {
		t.Errorf("a fifth more instructions: %+v", d)
	}
	then := count(run(12, 1, nil), 100_000, 110_000)
	counted := gate.Options{Rule: stats.DefaultGate()}
	for k := range 4 {
		one := count(later(12, 1, 1), 100_000, 110_000*(1+0.005*float64(k%3-1)))
		for i := range one {
			one[i].Session = fmt.Sprint("known", k)
		}
		counted.Known = append(counted.Known, one...)
	}
	if d := of(gate.Against(then, count(later(12, 1, 1), 90_000, 99_000), lineup.Options{}, counted)); d.Outcome != stats.Pass {
		t.Errorf("the same ratio as then: %+v", d)
	}
	if d := of(gate.Against(then, count(later(12, 1, 1), 100_000, 132_000), lineup.Options{}, counted)); d.Outcome != stats.Failed {
		t.Errorf("a fifth more than then: %+v", d)
	}
	if d := of(gate.Against(run(12, 1, nil), later(12, 1, 1), lineup.Options{}, gate.Options{Rule: stats.DefaultGate()})); d.Metric != nil {
		t.Errorf("never counted: %+v", d)
	}
	broken := later(12, 1, 1)
	broken[0].Scenarios[0].Trials[1] = results.Trial{Pair: 2, Error: "wrk stopped"}
	count(broken, 100_000, 110_000)[1].Scenarios[0].Trials[4].Resources.InstructionsPerAnswer = new(0.0)
	if d := of(gate.Against(then, broken, lineup.Options{}, gate.Options{Rule: stats.DefaultGate()})); d.Outcome != stats.Undetermined || !strings.HasSuffix(sentences.Of(d.Reason), "value in pair 5") {
		t.Errorf("pair 5 is broken, pair 2 was left out: %+v", d)
	}
}

func TestGateRefuses(t *testing.T) {
	t.Parallel()
	then, now := run(6, 1, nil), later(6, 1, 1)
	mixed := []results.Document{then[0], now[1]}
	other := run(6, 1, nil)
	other[1].Implementation = "someone"
	for name, c := range map[string]struct {
		then, now []results.Document
		want      string
	}{
		"no control then":        {then[1:], now, `the earlier run has no control: the baseline "rust" is not among the results`},
		"two sessions then":      {mixed, now, "the earlier run was not measured in one session: its pairs are no pairs"},
		"two sessions now":       {then, mixed, "the run was not measured in one session: its pairs are no pairs"},
		"no candidate in common": {other, now, "the earlier run has none of the candidates of this run"},
		"one target now":         {then, now[:1], "there is only rust, and nothing to hold it against"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := gate.Against(c.then, c.now, lineup.Options{}, gate.Options{Rule: stats.DefaultGate()})
			if err == nil {
				t.Fatal("compared")
			}
			if got, _, _ := strings.Cut(err.Error(), "\n"); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestGateGoldens(t *testing.T) {
	now := run(12, 1.3, nil)
	now = append(now, sample.LoadTest("windjammer-pr-12", 1.02, sample.Health(12)))
	against, err := gate.Against(run(12, 1.25, nil), later(12, 1.35, 1.2), lineup.Options{}, knowing(12, 1.25))
	if err != nil {
		t.Fatal(err)
	}
	for name, g := range map[string]*gate.Report{"two candidates": gateOf(t, now, stats.DefaultGate()), "against": against} {
		dir := filepath.Join("testdata", "gate")
		name = strings.ReplaceAll(name, " ", "_")
		for ending, write := range map[string]func(io.Writer, *gate.Report) error{
			"txt":  func(w io.Writer, g *gate.Report) error { return page.Text(w, words.Gate(g), page.Options{Width: 80}) },
			"md":   func(w io.Writer, g *gate.Report) error { return page.Markdown(w, words.Gate(g)) },
			"json": func(w io.Writer, g *gate.Report) error { return page.JSON(w, words.Gate(g)) },
		} {
			var b strings.Builder
			if err := write(&b, g); err != nil {
				t.Fatal(err)
			}
			golden.Check(t, filepath.Join(dir, name+"."+ending), b.String())
		}
	}
}
