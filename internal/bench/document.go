package bench

import (
	"maps"
	"slices"
	"strings"
	"time"

	"taskbench/results"
	"taskbench/scenarios"
)

// Documents begins one result document for each target of the plan.
func Documents(p Plan, env results.Environment, survey Survey, now time.Time) []*results.Document {
	names := make([]string, len(p.Targets))
	for i, t := range p.Targets {
		names[i] = t.Name
	}
	docs := make([]*results.Document, len(p.Targets))
	for i, t := range p.Targets {
		docs[i] = &results.Document{
			Schema: results.Schema, Kind: results.LoadTest, Session: p.Session,
			Implementation: t.Name, Baseline: p.Baseline, Created: now,
			Plan: results.Plan{
				Targets: names, Floor: p.Floor, Pairs: p.Pairs, Cells: len(p.Cells), Seed: p.Seed, Rule: p.Rule, Reset: p.Reset,
				Engine: p.Engine, Hosts: p.Hosts,
				InSlots: p.InSlots, SlotS: p.Slot.Seconds(), PairLeastS: p.PairLeast.Seconds(), PairMostS: p.PairMost.Seconds(), StartFloor: p.StartFloor, MaxTimeS: p.Limit.Seconds(),
				ServerCPUs: p.ServerCPUs, GeneratorCPUs: p.GeneratorCPUs,
			},
			Environment: env,
			Indicators:  bounds("", p.Indicators),
		}
		survey.record(docs[i], i, t)
	}
	return docs
}

// measurement is the cell as it was asked of one target and as the survey
// found it, with no trials yet.
func (c Cell) measurement(p Plan, survey Survey, target int) results.Measurement {
	m := c.asked(p.Targets[target].Name)
	m.InTurn = p.WhyInTurn
	if p.Reset == "" {
		m.Grows = c.Scenario.Grows
	}
	m.Refused = survey.Refused(c.scenario, target)
	m.Differences = survey.differences(c.scenario, p.baseline())
	return m
}

// asked is the cell as it was asked of one target.
func (c Cell) asked(name string) results.Measurement {
	s := c.Scenario.For(name)
	m := results.Measurement{
		Scenario: s.Name, File: file(s), Title: s.Title, Hash: s.Hash, Mode: string(s.Mode),
		Load: results.Load{
			Connections: c.Connections, Threads: c.Threads,
			DurationS: c.Duration.Seconds(), DurationAuto: c.Auto, WarmupS: c.Warmup.Seconds(), TimeoutS: s.Load.Timeout.Seconds(),
			Think: think(s.Load.Think), UsersAuto: c.AutoUsers,
		},
		Overridden: s.Overridden(),
		Expected:   expectations(s.Expected),
	}
	if c.Rate.Open() {
		m.Load.Rate, m.Load.Arrival = c.Rate.RateText(), string(c.Rate.Way())
	}
	for _, step := range s.Steps {
		m.Steps = append(m.Steps, step.Name)
	}
	for _, journey := range s.Journeys {
		m.Journeys = append(m.Journeys, journey.Name)
	}
	return m
}

// file is where a scenario was read from; "" for a built-in one.
func file(s *scenarios.Scenario) string {
	if strings.HasPrefix(s.File, "builtin:") {
		return ""
	}
	return s.File
}

func think(t scenarios.Think) string {
	if t.Mean == 0 {
		return ""
	}
	if t.Distribution == "" || t.Distribution == scenarios.Fixed {
		return t.Mean.String()
	}
	return t.Mean.String() + " " + string(t.Distribution)
}

func expectations(e scenarios.Expected) []results.Expectation {
	out := bounds("", e.Bounds)
	for _, step := range slices.Sorted(maps.Keys(e.Steps)) {
		out = append(out, bounds(step, e.Steps[step])...)
	}
	return out
}

// bounds are those of one step, or of the whole, for the record.
func bounds(step string, list []scenarios.Bound) []results.Expectation {
	var out []results.Expectation
	for _, b := range list {
		out = append(out, results.Expectation{Step: step, Metric: b.Metric, Op: b.Op, Limit: b.Limit, Text: b.Text})
	}
	return out
}
