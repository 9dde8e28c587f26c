// Package bench plans and runs a benchmark: every scenario at every load level,
// in pairs (all targets once each, in random order), and turns what the
// generator brought home, and what was sampled meanwhile, into one result
// document a target.
//
// It decides when and in which order things are measured. How load is made
// (package wrk), how a server is started (target) and what figures mean
// (compare) is decided elsewhere.
package bench

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"taskbench/internal/arrivals"
	"taskbench/internal/server"
	"taskbench/lua"
	"taskbench/results"
	"taskbench/scenarios"
)

// Plan is what to measure, laid out before anything runs. The same plan with
// the same seed measures in the same order and sends the same data.
type Plan struct {
	Session    string // unique: results of one run are matched by it
	Attempt    string // tells a resumed run's data from the first's; "" at first
	Targets    []server.Spec
	Baseline   string // the target that ratios are taken to
	Floor      string // the target that answers with nothing behind it, for the record; "" for none
	Scenarios  []*scenarios.Scenario
	Cells      []Cell // in the order of measuring, of Scenarios; NewCells makes them
	Pairs      int    // trials of every target in every cell, at most
	Rule       *results.Rule
	Seed       int64
	Reset      string            // shell command before every trial; "" for none
	Indicators []scenarios.Bound // of good servers, for the record

	// InSlots has the targets of a pair take turns of a fraction of a second, where
	// that can be; else they are measured in turn: whole trials, one after the other.
	InSlots bool
	Slot    time.Duration // how long a slot is; 0: as long as answers ask for
	// WhyInTurn says why they are not, for the record, where nobody asked for that: a
	// code of documents; "" else.
	WhyInTurn string

	// PairLeast and PairMost bound for how long each target has slots in a pair,
	// which its first pairs choose, and which is never longer than the cell's
	// duration. 0: it is that duration.
	PairLeast, PairMost time.Duration

	// Stretch is in slots, and for how long each server is loaded without pauses in the first pair,
	// to see whether it keeps up what it does in slots; 0: it is not.
	Stretch time.Duration

	Limit time.Duration // that the run was given, for the record; 0: none. The deadline is the runner's
	most  int           // pairs that were planned before there was a deadline to fit; 0: the deadline changes nothing

	StartFloor *float64 // what two starts of a server may differ by, as a fraction; nil: not known

	Engine string // that sends, for the record; "" is wrk
	Hosts  int    // that send together; 0: this machine alone

	ServerCPUs    []int // cores the targets are pinned to, for the record: their Spec does it
	GeneratorCPUs []int // cores wrk is pinned to; none: all
}

// Overrides replace what scenarios say about their load. Zero values keep it.
type Overrides struct {
	Connections []int
	Duration    time.Duration
	Warmup      *time.Duration   // nil keeps; 0 is no warm-up
	Rate        *float64         // iterations per second; nil keeps; 0 is closed loops
	Arrival     arrivals.Arrival // "" keeps
}

// Cell is one scenario at one load level: what a pair is measured for.
type Cell struct {
	Scenario    *scenarios.Scenario
	scenario    int // its place in the plan
	Connections int
	Threads     int
	Duration    time.Duration
	Auto        bool // the duration is chosen when it is known what an iteration takes
	Warmup      time.Duration
	Rate        arrivals.Plan // when iterations begin; zero: in closed loops
	AutoUsers   bool          // Connections are chosen when it is known what an iteration takes

	// What is known before the first pair of a run with a deadline.
	needs   time.Duration // that enough iterations take
	around  time.Duration // of a pair, beside warm-ups and windows
	longest time.Duration // of a window, whatever it needs; 0: the duration
	turn    time.Duration // of a window where slots cannot be, after all; 0: the duration
}

// NewCells lists what is to be measured: each scenario at each of its levels.
func NewCells(list []*scenarios.Scenario, o Overrides) []Cell {
	var cells []Cell
	for i, s := range list {
		levels := s.Load.Connections
		if len(o.Connections) > 0 {
			levels = o.Connections
		}
		for _, n := range levels {
			cells = append(cells, newCell(s, i, n, o))
		}
	}
	return cells
}

func newCell(s *scenarios.Scenario, place, connections int, o Overrides) Cell {
	c := Cell{
		Scenario: s, scenario: place, Connections: connections,
		Threads: s.Load.Threads, Rate: s.Load.Rate, Duration: s.Load.Duration, Auto: s.Load.AutoDuration && o.Duration == 0, Warmup: s.Load.Warmup,
	}
	if o.Duration > 0 {
		c.Duration = o.Duration
	}
	if o.Warmup != nil {
		c.Warmup = *o.Warmup
	}
	if o.Rate != nil {
		c.Rate = arrivals.Plan{Rate: *o.Rate, Arrival: c.Rate.Arrival}
	}
	if o.Arrival != "" {
		c.Rate.Arrival = o.Arrival
	}
	if length := c.Rate.Length(); length > 0 {
		c.Duration, c.Auto = length, false
	}
	c.AutoUsers = c.Rate.Open() && len(o.Connections) == 0 && s.Load.AutoUsers
	return c
}

// Name tells cells apart for people: the scenario and its connections.
func (c Cell) Name() string {
	return fmt.Sprintf("%s @ %d", c.Scenario.Name, c.Connections)
}

// takes is what one trial of the cell lasts at least.
func (c Cell) takes() time.Duration { return c.Warmup + c.Duration }

// luaOptions is the cell as the generator of scripts wants it.
func (c Cell) luaOptions(t server.Spec, seed int64) lua.Options {
	o := lua.Options{
		Target: t.Name, URL: t.URL, Connections: c.Connections, Threads: c.Threads,
		Duration: c.Duration, Warmup: c.Warmup, Seed: seed, Rate: &c.Rate,
	}
	if c.Warmup == 0 {
		o.Warmup = -1 // none; 0 would be the scenario's
	}
	return o
}

// draws is a source of random numbers for one pair of one cell. It depends on
// the plan's seed and on the place only, so that a resumed run goes on as planned.
func (p Plan) draws(purpose uint64, cell, pair int) *rand.Rand {
	return rand.New(rand.NewPCG(uint64(p.Seed)+purpose, uint64(cell)<<32|uint64(pair)))
}

// What random numbers are drawn for.
const (
	forOrder = iota
	forScripts
)

// order draws in which order the targets of one pair are measured.
func (p Plan) order(cell, pair int) []int {
	return p.draws(forOrder, cell, pair).Perm(len(p.Targets))
}

// trialSeed seeds what the scripts draw: the same for all targets of a pair, so
// that both do the same work, and another one for every pair.
func (p Plan) trialSeed(cell, pair int) int64 {
	return 1 + p.draws(forScripts, cell, pair).Int64N(1<<31) // 0 would mean none
}

// MaxPairs is how many pairs a plan may have.
const MaxPairs = 10_000

// runName is ${run} of a trial: unlike any earlier run's, short enough for a user name.
func (p Plan) runName(cell, pair, position int) string {
	trial := (cell*(MaxPairs+1)+pair)*len(p.Targets) + position
	return p.Session + p.Attempt + strconv.FormatInt(int64(trial), 36)
}

// baseline is the place of the baseline among the targets; the first where none is named so.
func (p Plan) baseline() int {
	at := slices.IndexFunc(p.Targets, func(t server.Spec) bool { return t.Name == p.Baseline })
	return max(at, 0)
}
