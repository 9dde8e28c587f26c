// Package bench plans and runs a benchmark: every scenario at every load level,
// in pairs (all targets once each, in random order), and turns what the
// generator brought home into one result document a target.
//
// It decides when and in which order things are measured. How load is made
// (package wrk), how a server is started (target) and what figures mean
// (compare) is decided elsewhere.
package bench

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"taskbench/internal/target"
	"taskbench/lua"
	"taskbench/scenarios"
)

// Plan is what to measure, laid out before anything runs. The same plan with
// the same seed measures in the same order and sends the same data.
type Plan struct {
	Session   string // unique: results of one run are matched by it
	Targets   []target.Spec
	Baseline  string // the target that ratios are taken to
	Scenarios []*scenarios.Scenario
	Pairs     int // trials of every target in every cell
	Seed      int64
	Reset     string // shell command before every trial; "" for none
	Overrides Overrides
}

// Overrides replace what scenarios say about their load. Zero values keep it.
type Overrides struct {
	Connections []int
	Threads     int
	Duration    time.Duration
	Warmup      *time.Duration // nil keeps; 0 is no warm-up
}

// Cell is one scenario at one load level: what a pair is measured for.
type Cell struct {
	Scenario    *scenarios.Scenario
	scenario    int // its place in the plan
	Connections int
	Threads     int
	Duration    time.Duration
	Warmup      time.Duration
}

// Cells lists what is measured, in order.
func (p Plan) Cells() []Cell {
	var cells []Cell
	for i, s := range p.Scenarios {
		levels := s.Load.Connections
		if len(p.Overrides.Connections) > 0 {
			levels = p.Overrides.Connections
		}
		for _, n := range levels {
			cells = append(cells, p.cell(i, n))
		}
	}
	return cells
}

func (p Plan) cell(scenario, connections int) Cell {
	s := p.Scenarios[scenario]
	c := Cell{
		Scenario: s, scenario: scenario, Connections: connections,
		Threads: s.Load.Threads, Duration: s.Load.Duration, Warmup: s.Load.Warmup,
	}
	if p.Overrides.Threads > 0 {
		c.Threads = p.Overrides.Threads
	}
	if p.Overrides.Duration > 0 {
		c.Duration = p.Overrides.Duration
	}
	if p.Overrides.Warmup != nil {
		c.Warmup = *p.Overrides.Warmup
	}
	return c
}

// Name tells cells apart for people: the scenario and its connections.
func (c Cell) Name() string {
	return fmt.Sprintf("%s @ %d", c.Scenario.Name, c.Connections)
}

// luaOptions is the cell as the generator of scripts wants it.
func (c Cell) luaOptions(t target.Spec, seed int64) lua.Options {
	return lua.Options{
		Target: t.Name, URL: t.URL, Connections: c.Connections, Threads: c.Threads,
		Duration: c.Duration, Warmup: c.Warmup, Seed: seed,
	}
}

// order draws in which order the targets of one pair are measured. It depends
// on the seed, the cell and the pair only, so that a resumed run goes on as planned.
func (p Plan) order(cell, pair int) []int {
	r := rand.New(rand.NewPCG(uint64(p.Seed), uint64(cell)<<32|uint64(pair)))
	return r.Perm(len(p.Targets))
}

// trialSeed seeds what the scripts draw: the same for all targets of a pair, so
// that both do the same work, and another one for every pair.
func (p Plan) trialSeed(cell, pair int) int64 {
	r := rand.New(rand.NewPCG(uint64(p.Seed)+1, uint64(cell)<<32|uint64(pair)))
	return 1 + r.Int64N(1<<31) // 0 would mean none
}

// runName is ${run} of a trial: unlike any earlier run's, short enough for a user name.
func (p Plan) runName(cell, pair, position int) string {
	trial := (cell*1000+pair)*len(p.Targets) + position
	return p.Session + strconv.FormatInt(int64(trial), 36)
}

// baseline is the place of the baseline among the targets; the first where none is named so.
func (p Plan) baseline() int {
	for i, t := range p.Targets {
		if t.Name == p.Baseline {
			return i
		}
	}
	return 0
}
