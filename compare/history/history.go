// Package history follows a metric through stored runs, and marks the steps that are more than noise.
package history

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"taskbench/compare"
	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/internal/source"
	"taskbench/results"
)

// Trend is one metric over stored runs, oldest first.
type Trend struct {
	Schema int               `json:"taskbench_history"`
	Metric *figure.Figure    `json:"metric"`
	Better stats.Direction   `json:"better"`
	Series []Series          `json:"series"`
	Notes  []finding.Finding `json:"notes"` // runs that could not be used, and why
}

// Series is one implementation in one scenario at one load, sent with one engine from
// one number of hosts.
type Series struct {
	Scenario    string `json:"scenario"`
	Connections int    `json:"connections"`
	Rate        string `json:"rate,omitempty"` // of load that was sent at one
	// Sender is what all its runs were sent with: those of others are series of their own.
	Sender  results.Sender `json:"sender,omitzero"`
	Target  string         `json:"target"`
	Control string         `json:"control,omitempty"` // the baseline; "" for the baseline's own series
	Points  []Point        `json:"points"`
	// Reason says why no stretch of the series can have a step; zero where one can.
	Reason finding.Finding `json:"reason,omitzero"`

	level results.Level
}

// Of reports whether a scenario's runs are in the series.
func (s Series) Of(of compare.Scenario) bool {
	return s.Scenario == of.Name && s.level == of.Load.Level() && s.Sender == of.Sender
}

// Point is one run.
type Point struct {
	Session string         `json:"session"`
	Created time.Time      `json:"created"`
	Pairs   int            `json:"pairs"`
	Median  float64        `json:"median"` // of the target's own figures, in the metric's unit
	Ratio   *verdict.Ratio `json:"ratio,omitempty"`
	Machine string         `json:"machine,omitempty"` // CPU model and cores; "": not known
	// Break is why the run is the first of a stretch, or in none; zero for most.
	Break finding.Finding `json:"break,omitzero"`
	// Step is how much the level changes with this run; zero: it does not.
	Step finding.Finding `json:"step,omitzero"`

	scenario compare.Scenario
	pairs    []stats.Pair
}

// New orders load tests, ledgers or searches for capacity, of any number of sessions into series of the
// metric, of one scenario or, when it is "", of all. Where a series changes its
// level there is a step: stats.FindSteps over the mean log ratio to the
// baseline of each run, so that a machine that became slower is no step, and of
// the baseline over its own figures. A series is looked at by stretches, one for each text of the scenario, load
// and machine. All stretches together have a step that is not there in at most
// stats.RunAlpha of cases.
//
// It is an error to give no documents, or a metric that gets no verdicts.
func New(docs []results.Document, m *figure.Figure, scenario string, o lineup.Options) (*Trend, error) {
	if m.Held != figure.Judged {
		return nil, source.Errorf(source.Position{}, "choose another metric", "%s has no steps: single values show nothing", m.Name)
	}
	t := &Trend{Schema: lineup.Schema, Metric: m, Better: m.Better, Series: []Series{}, Notes: []finding.Finding{}}
	for _, run := range lineup.Sessions(docs) {
		c, err := runOf(run, m, o)
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
		if missing := lineup.NotMeasurable(docs); m.Equal(figure.InstructionsPer) && len(missing) > 0 {
			hint = strings.Join(missing, "; ")
		}
		return nil, source.Errorf(source.Position{}, hint, "no run has %s of %s", m.Name, cmp.Or(scenario, "any scenario"))
	}
	t.judge()
	return t, nil
}

// runOf is a run's comparison with the metric in it: of load tests, or of ledgers.
func runOf(run []results.Document, m *figure.Figure, o lineup.Options) (*compare.Comparison, error) {
	if m.Equal(figure.Capacity) {
		return ofCapacity(run, o)
	}
	if !slices.ContainsFunc(figure.Ledger, m.Equal) {
		return compare.New(run, o)
	}
	l, err := compare.NewLedger(run, o)
	if err != nil {
		return nil, err
	}
	c := &compare.Comparison{Targets: l.Targets}
	for _, s := range l.Scenarios {
		if r := s.Overall(m); r != nil {
			all := *r
			all.Step = ""
			s.Rows = []verdict.Row{all}
			c.Scenarios = append(c.Scenarios, s)
		}
	}
	return c, nil
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
func (t *Trend) add(c *compare.Comparison, s compare.Scenario, machines map[string]string) {
	row, ok := s.Row(t.Metric)
	if !ok {
		return
	}
	for i, cell := range row.Cells {
		if state := s.Sides[i].State; cell.Median == nil || state != compare.Compared && state != compare.Measured {
			continue
		}
		p := Point{Session: c.Targets[i].Session, Created: c.Targets[i].Created, Median: *cell.Median, Ratio: cell.Ratio, scenario: s}
		p.Machine = machines[c.Targets[i].Implementation]
		control := ""
		if i > 0 && cell.Ratio != nil {
			control = c.Targets[0].Implementation
			p.pairs = verdict.Joined(row.Cells[0].EachPair, cell.EachPair)
		} else {
			p.pairs = verdict.Joined(nil, cell.EachPair)
		}
		p.Pairs = len(p.pairs)
		series := t.series(s, c.Targets[i].Implementation, control)
		series.Points = append(series.Points, p)
	}
}

func (t *Trend) series(s compare.Scenario, target, control string) *Series {
	for i, have := range t.Series {
		if have.Of(s) && have.Target == target && have.Control == control {
			return &t.Series[i]
		}
	}
	t.Series = append(t.Series, Series{Scenario: s.Name, Connections: s.Load.Connections, Rate: s.Load.Rate, level: s.Load.Level(), Sender: s.Sender, Target: target, Control: control})
	return &t.Series[len(t.Series)-1]
}

// stretch is what can be held against each other of a series.
type stretch struct {
	points []*Point
	means  []float64 // log ratios, below 0 where worse
}

// judge marks the steps of all series.
func (t *Trend) judge() {
	var all []stretch
	for i := range t.Series {
		longest := 0
		for _, s := range t.stretches(&t.Series[i]) {
			longest = max(longest, len(s.means))
			if len(s.means) >= stats.FewestForSteps {
				all = append(all, s)
			}
		}
		if longest < stats.FewestForSteps {
			t.Series[i].Reason = finding.Finding{Code: finding.FewRuns, Values: finding.Values{"runs": float64(longest), "least_runs": stats.FewestForSteps}}
		}
	}
	for _, s := range all {
		t.mark(s, stats.RunAlpha/float64(len(all)))
	}
}

// stretches sorts the runs of a series by what they measured, and where.
func (t *Trend) stretches(s *Series) []stretch {
	type same struct {
		lineup.Asked
		machine string
	}
	at := map[same]int{}
	var list []stretch
	for i := range s.Points {
		p := &s.Points[i]
		if _, _, invalid := stats.LogRatios(p.pairs, t.Better); len(invalid) > 0 {
			p.Break = finding.Finding{Code: finding.PairsInvalid, Pairs: numbered(invalid, p.scenario.Pairs)}
			continue
		}
		key := same{p.scenario.Asked(), p.Machine}
		k, known := at[key]
		if !known {
			k, at[key] = len(list), len(list)
			list = append(list, stretch{})
			if i > 0 {
				p.Break = apart(s.Points[i-1], *p)
			}
		}
		if m, ok := stats.MeanLogRatio(p.pairs, t.Better); ok {
			list[k].points, list[k].means = append(list[k].points, p), append(list[k].means, m)
		}
	}
	return list
}

// numbered are the pairs' own numbers, as far as they have any.
func numbered(positions, numbers []int) []int {
	list := slices.Clone(positions)
	for i, p := range positions {
		if p <= len(numbers) {
			list[i] = numbers[p-1]
		}
	}
	return list
}

// mark finds the steps of a stretch.
func (t *Trend) mark(s stretch, alpha float64) {
	before := 0
	found := stats.FindSteps(s.means, alpha)
	for i, step := range found {
		after := len(s.means)
		if i+1 < len(found) {
			after = found[i+1].At
		}
		ratio, low, high := math.Exp(step.Change), math.Exp(step.Low), math.Exp(step.High)
		if t.Better == stats.LowerIsBetter {
			ratio, low, high = 1/ratio, 1/high, 1/low
		}
		worse := 0.0
		if step.Change < 0 {
			worse = 1
		}
		s.points[step.At].Step = finding.Finding{Code: finding.Stepped, Values: finding.Values{
			"ratio": ratio, "low": low, "high": high, "worse": worse, "p": step.P,
			"runs_before": float64(step.At - before), "runs_after": float64(after - step.At),
		}}
		before = step.At
	}
}

// apart says how a run differs in what was measured from the one before.
func apart(then, now Point) finding.Finding {
	switch {
	case then.scenario.Hash != now.scenario.Hash:
		return finding.Finding{Code: finding.ScenarioChanged}
	case then.scenario.Load != now.scenario.Load:
		return finding.Finding{Code: finding.LoadChanged}
	}
	return finding.Finding{Code: finding.FirstOnMachine}
}
