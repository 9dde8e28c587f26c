package bench

import (
	"context"
	"math"
	"slices"
	"time"

	"taskbench/internal/machine"
	"taskbench/internal/slots"
	"taskbench/results"
)

// slotUsage is the CPU time that servers take, round by round: all of a round,
// for what a server puts off into the others' slots (a garbage collector, a flush)
// is work for its answers, too. What it takes all the time, load or not, is so in
// its own slots only, as it would be had it been alone: it is known from a moment
// before any load.
type slotUsage struct {
	at      []*session
	now     []reading
	idle    []float64 // CPU seconds a second without load
	seconds [][]float64
	own     []float64   // of the round that is on, by place
	turns   int         // of that round, up to now
	beside  []float64   // the part of own that was taken in others' slots
	late    [][]float64 // the share of each round's CPU time that was, by place
}

// reading is a server's CPU time at a moment; NaN where it is not known.
type reading struct{ atUS, cpuS float64 }

func newUsage(at []*session) *slotUsage {
	n := len(at)
	u := &slotUsage{at: at, now: make([]reading, n), idle: make([]float64, n), seconds: make([][]float64, n), late: make([][]float64, n)}
	u.nextRound()
	return u
}

func (u *slotUsage) nextRound() {
	u.own, u.beside, u.turns = make([]float64, len(u.at)), make([]float64, len(u.at)), 0
}

// idleFor is how long servers are looked at before any load.
const idleFor = 50 * time.Millisecond

// rest looks at what servers take without load.
func (u *slotUsage) rest(ctx context.Context) {
	before := u.look()
	wait(ctx, idleFor)
	u.look()
	for i, now := range u.now {
		if rate := (now.cpuS - before[i].cpuS) / (now.atUS - before[i].atUS) * 1e6; rate > 0 {
			u.idle[i] = rate
		}
	}
}

// look reads all clocks, and gives what they were before.
func (u *slotUsage) look() (before []reading) {
	before = u.now
	u.now = make([]reading, len(u.at))
	for i, at := range u.at {
		usage, err := at.server.Usage()
		u.now[i] = reading{machine.NowUS(), usage.CPUSeconds}
		if err != nil {
			u.now[i].cpuS = math.NaN()
		}
	}
	return before
}

// turn reads all clocks in the gap behind a slot, and sums up a round that is over.
func (u *slotUsage) turn(t slots.Turn) {
	before := u.look()
	for i, now := range u.now {
		took := now.cpuS - before[i].cpuS
		if i != t.Place {
			took -= math.Min(took, u.idle[i]*(now.atUS-before[i].atUS)/1e6)
			u.beside[i] += took
		}
		u.own[i] += took
	}
	if u.turns++; u.turns < len(u.at) {
		return
	}
	for i, seconds := range u.own {
		u.seconds[i] = append(u.seconds[i], seconds)
		if seconds > 0 {
			u.late[i] = append(u.late[i], u.beside[i]/seconds)
		}
	}
	u.nextRound()
}

// mostPutOff is the share of a server's work that may be done in others' slots, beyond
// what another does there: the rest of what is on its way when a slot ends, and some
// cleaning up.
const mostPutOff = 0.1

// putsOff reports whether a server does more of its work than that when it is
// another's turn: in three of four rounds more than another does in three of four. It
// answers then in its own slots as if it had not to do that work, and slows down the
// others. A machine that was away at the end of some slots makes no such server, and
// one that is crowded makes all do it, now this one more and now that one.
func (u *slotUsage) putsOff() bool {
	most, least := 0.0, math.Inf(1)
	for _, shares := range u.late {
		low, high := 0.0, 0.0 // where a server's process is not known
		if sorted := slices.Sorted(slices.Values(shares)); len(sorted) > 0 {
			low, high = sorted[len(sorted)/4], sorted[len(sorted)*3/4]
		}
		most, least = max(most, low), min(least, high)
	}
	return most > mostPutOff+least
}

// record puts what a place's server took into its trial, where its process was
// known all the time. CPU time per answer is then that of the rounds.
func (u *slotUsage) record(place int, t *results.Trial, run Run) {
	sum := 0.0
	for _, s := range u.seconds[place] {
		sum += s
	}
	if t.Slots == nil || len(u.seconds[place]) != t.Slots.Rounds() || math.IsNaN(sum) {
		return
	}
	t.Slots.CPUS = u.seconds[place]
	if r, good := t.Resources, float64(run.good(t)); r != nil && r.CPUPerAnswerUS != nil && good > 0 && sum > 0 {
		if r.AllCPUPerAnswerUS != nil {
			*r.AllCPUPerAnswerUS += sum*1e6/good - *r.CPUPerAnswerUS
		}
		r.CPUPerAnswerUS, r.AnswersPerCPUS = new(sum*1e6/good), new(good/sum)
	}
}
