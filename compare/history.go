package compare

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"taskbench/compare/finding"
	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/internal/source"
	"taskbench/results"
)

// Trend is one metric over stored runs, oldest first.
type Trend struct {
	Schema int               `json:"taskbench_history"`
	Metric *figure.Figure    `json:"metric"`
	Better stats.Direction   `json:"better"`
	Series []TrendSeries     `json:"series"`
	Notes  []finding.Finding `json:"notes"` // runs that could not be used, and why
}

// TrendSeries is one implementation in one scenario at one load.
type TrendSeries struct {
	Scenario    string       `json:"scenario"`
	Connections int          `json:"connections"`
	Target      string       `json:"target"`
	Control     string       `json:"control,omitempty"` // the baseline; "" for the baseline's own series
	Points      []TrendPoint `json:"points"`
}

// TrendPoint is one run.
type TrendPoint struct {
	Session string    `json:"session"`
	Created time.Time `json:"created"`
	Pairs   int       `json:"pairs"`
	Median  float64   `json:"median"` // of the target's own figures, in the metric's unit
	Ratio   *Ratio    `json:"ratio,omitempty"`
	Machine string    `json:"machine,omitempty"` // CPU model and cores; "": not known
	// Change is this run over the one before it: of the ratio where there is a
	// control, else of the figures themselves, and then over the one before it on
	// the same machine. nil where the two cannot be compared, which Break
	// explains; the first has neither.
	Change *stats.Judgement `json:"change,omitempty"`
	Break  finding.Finding  `json:"break,omitzero"`
	Step   bool             `json:"step"` // Change is more than noise, as NewTrend decides

	scenario Scenario
	pairs    []stats.Pair
}

// NewTrend orders load tests of any number of sessions into series of the
// metric, of one scenario or, when it is "", of all. A run is compared with the
// run before it by stats.RatioOfRatios: with the baseline as control where there
// is one, so that a machine that became slower is no step; without one, with the
// last run on the same machine. A change is a step when all of these hold:
//
//   - the verdict of the two runs is faster or slower: their 95 % interval
//     excludes 1, and parity was not shown;
//   - its p, adjusted by Holm for all changes of its series, is below .05;
//   - with stepsKnown changes and more, it stands out from the series' own
//     changes from run to run (modified z above 4): pairs within a run know
//     nothing of what differs between runs.
//
// It is an error to give no documents, or a metric that gets no verdicts.
func NewTrend(docs []results.Document, m *figure.Figure, scenario string, o Options) (*Trend, error) {
	if m.Held != figure.Judged {
		return nil, source.Errorf(source.Position{}, "choose another metric", "%s has no steps: single values show nothing", m.Name)
	}
	t := &Trend{Schema: Schema, Metric: m, Better: m.Better, Series: []TrendSeries{}, Notes: []finding.Finding{}}
	for _, run := range Sessions(docs) {
		c, err := New(run, o)
		if err != nil {
			t.Notes = append(t.Notes, finding.Finding{Code: finding.RunLeftOut, Said: []string{run[0].Session, err.Error()}})
			continue
		}
		for _, s := range c.Scenarios {
			if scenario == "" || s.Name == scenario {
				t.add(c, s, machines(run))
			}
		}
	}
	if len(t.Series) == 0 {
		hint := "see what was measured: taskbench results list"
		if missing := notMeasurable(docs); m.Equal(figure.InstructionsPer) && len(missing) > 0 {
			hint = strings.Join(missing, "; ")
		}
		return nil, source.Errorf(source.Position{}, hint, "no run has %s of %s", m.Name, cmp.Or(scenario, "any scenario"))
	}
	for i := range t.Series {
		t.judge(&t.Series[i])
	}
	return t, nil
}

// Sessions are the documents of each session, by time.
func Sessions(docs []results.Document) [][]results.Document {
	bySession := map[string][]results.Document{}
	for _, d := range docs {
		bySession[d.Session] = append(bySession[d.Session], d)
	}
	var list [][]results.Document
	for _, run := range bySession {
		list = append(list, run)
	}
	slices.SortFunc(list, func(a, b []results.Document) int {
		return cmp.Or(a[0].Created.Compare(b[0].Created), cmp.Compare(a[0].Session, b[0].Session))
	})
	return list
}

// machines tells what each implementation of a run was measured on.
func machines(run []results.Document) map[string]string {
	list := map[string]string{}
	for _, d := range run {
		list[d.Implementation] = Machine(d.Environment)
	}
	return list
}

// Machine is the CPU's model and number of cores; "": not known.
func Machine(e results.Environment) string {
	if e.CPUModel == "" {
		return ""
	}
	return fmt.Sprintf("%s, %s", e.CPUModel, figure.Count(e.Cores, "core"))
}

// add puts a scenario of one run into its targets' series.
func (t *Trend) add(c *Comparison, s Scenario, machines map[string]string) {
	row, ok := s.Row(t.Metric)
	if !ok {
		return
	}
	for i, cell := range row.Cells {
		if state := s.Sides[i].State; cell.Median == nil || state != Compared && state != Measured {
			continue
		}
		p := TrendPoint{Session: c.Targets[i].Session, Created: c.Targets[i].Created, Median: *cell.Median, Ratio: cell.Ratio, scenario: s}
		p.Machine = machines[c.Targets[i].Implementation]
		control := ""
		if i > 0 && cell.Ratio != nil {
			control = c.Targets[0].Implementation
			p.pairs = joined(row.Cells[0].EachPair, cell.EachPair)
		} else {
			p.pairs = joined(nil, cell.EachPair)
		}
		p.Pairs = len(p.pairs)
		series := t.series(s, c.Targets[i].Implementation, control)
		series.Points = append(series.Points, p)
	}
}

// joined makes pairs of two columns; of one column its values over 1.
func joined(control, own []*float64) []stats.Pair {
	var pairs []stats.Pair
	for i, v := range own {
		p := stats.Pair{Base: 1, Cand: orNaN(v)}
		if control != nil {
			p.Base = math.NaN()
			if i < len(control) {
				p.Base = orNaN(control[i])
			}
		}
		pairs = append(pairs, p)
	}
	return pairs
}

func (t *Trend) series(s Scenario, target, control string) *TrendSeries {
	for i, have := range t.Series {
		if have.Scenario == s.Name && have.Connections == s.Load.Connections && have.Target == target && have.Control == control {
			return &t.Series[i]
		}
	}
	t.Series = append(t.Series, TrendSeries{Scenario: s.Name, Connections: s.Load.Connections, Target: target, Control: control})
	return &t.Series[len(t.Series)-1]
}

// stepsKnown is how many changes tell what is usual from run to run.
const stepsKnown = 5

// outstanding is the modified z of a change that is a step. The usual 3.5 (see
// stats.ModifiedZ) marks one in nearly a tenth of all histories of twenty runs
// without a change; this one in about 4 % (TestTrendErrorRates).
const outstanding = 4.0

// judge compares each run with the one before, then marks the steps.
func (t *Trend) judge(s *TrendSeries) {
	var changes []*TrendPoint
	var ps, logs []float64
	for i := 1; i < len(s.Points); i++ {
		now := &s.Points[i]
		then := s.before(i)
		if now.Break = apart(then.scenario, now.scenario); then.Machine != now.Machine && s.Control == "" {
			now.Break = finding.Finding{Code: finding.FirstOnMachine}
		}
		if !now.Break.IsZero() {
			continue
		}
		plan := stats.Fixed(min(then.Pairs, now.Pairs), DefaultMargin)
		rule := stats.Rule{Better: t.Better, Plan: plan, Numbers: now.scenario.Pairs, Then: then.scenario.Pairs}
		j := stats.RatioOfRatios(then.pairs, now.pairs, rule)
		now.Change = &j
		if j.Ratio > 0 {
			changes, ps, logs = append(changes, now), append(ps, j.P), append(logs, math.Log(j.Ratio))
		}
	}
	adjusted, z := stats.Holm(ps), stats.ModifiedZ(logs)
	for i, p := range changes {
		decided := p.Change.Verdict == stats.Faster || p.Change.Verdict == stats.Slower
		p.Step = decided && adjusted[i] < .05 && (len(changes) < stepsKnown || math.Abs(z[i]) > outstanding)
	}
}

// before is the run that one is compared with: the one before it, without a
// control the last one on its machine where there is any.
func (s TrendSeries) before(i int) TrendPoint {
	for k := i - 1; k >= 0 && s.Control == ""; k-- {
		if s.Points[k].Machine == s.Points[i].Machine {
			return s.Points[k]
		}
	}
	return s.Points[i-1]
}

// apart says why two runs did not measure the same; zero when they did.
func apart(then, now Scenario) finding.Finding {
	switch {
	case then.Hash != now.Hash:
		return finding.Finding{Code: finding.ScenarioChanged}
	case then.Load != now.Load:
		return finding.Finding{Code: finding.LoadChanged}
	}
	return finding.Finding{}
}
