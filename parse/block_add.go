package parse

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// empty is a block like another one in which nothing was counted yet.
func empty(like *Block) *Block {
	m := &Block{
		Schema: like.Schema, Scenario: like.Scenario, ScenarioHash: like.ScenarioHash, Target: like.Target,
		Mode: like.Mode, Run: like.Run, Seed: like.Seed, Setup: emptySteps(like.Setup), Steps: emptySteps(like.Steps),
	}
	if like.Iterations != nil {
		m.Iterations = &BlockIterations{}
	}
	for _, j := range like.Journeys {
		m.Journeys = append(m.Journeys, BlockJourney{Name: j.Name})
	}
	if r := like.Rate; r != nil {
		m.Rate = &BlockRate{KeptUpUS: keptUpAtFirst(like), Service: make([]BlockLatency, len(r.Service))}
		for _, s := range r.Stages {
			m.Rate.Stages = append(m.Rate.Stages, BlockStage{
				LengthUS: s.LengthUS, FromPS: s.FromPS, ToPS: s.ToPS, KeptUpUS: keptUpAtFirst(like),
			})
		}
	}
	return m
}

func emptySteps(like []BlockStep) []BlockStep {
	var steps []BlockStep
	for _, s := range like {
		steps = append(steps, BlockStep{Name: s.Name})
	}
	return steps
}

// add counts what another block has. at is its index, for errors.
func (b *Block) add(o *Block, at int) error {
	b.VirtualUsersAsked += o.VirtualUsersAsked
	b.VirtualUsersStarted += o.VirtualUsersStarted
	b.VirtualUsersReady += o.VirtualUsersReady
	addSteps(b.Setup, o.Setup)
	addSteps(b.Steps, o.Steps)
	if b.Iterations != nil {
		b.Iterations.add(o.Iterations)
	}
	for i := range b.Journeys {
		b.Journeys[i].add(&o.Journeys[i].BlockIterations)
	}
	for i, s := range o.PerSecond {
		if i == len(b.PerSecond) {
			b.PerSecond = append(b.PerSecond, BlockSecond{})
		}
		b.PerSecond[i].Good += s.Good
		b.PerSecond[i].Failed += s.Failed
	}
	b.Lost += o.Lost
	b.Unanswered += o.Unanswered
	b.Surplus += o.Surplus
	b.Broken += o.Broken
	if b.Rate != nil {
		b.Rate.add(o)
	}
	return b.Wrk.add(o, at)
}

func addSteps(to, from []BlockStep) {
	for i := range to {
		t, f := &to[i], &from[i]
		t.Answers += f.Answers
		t.Good += f.Good
		t.Late += f.Late
		t.LeftOut += f.LeftOut
		t.Redirected += f.Redirected
		t.Retried += f.Retried
		t.Statuses = addCounts(t.Statuses, f.Statuses)
		t.Unmet = addCounts(t.Unmet, f.Unmet)
		t.Example = cmp.Or(t.Example, f.Example)
		t.Latency = addLatency(t.Latency, f.Latency)
	}
}

func addCounts(to, from map[string]uint64) map[string]uint64 {
	if len(from) == 0 {
		return to
	}
	if to == nil {
		return maps.Clone(from)
	}
	for name, n := range from {
		to[name] += n
	}
	return to
}

func (i *BlockIterations) add(o *BlockIterations) {
	i.Completed += o.Completed
	i.Failed += o.Failed
	i.Latency = addLatency(i.Latency, o.Latency)
}

// addLatency gives both in one histogram; nil where neither has one.
func addLatency(a, b *BlockLatency) *BlockLatency {
	if b == nil {
		return a
	}
	if a == nil || a.Count == 0 {
		sum := *b
		sum.Buckets = slices.Clone(b.Buckets)
		return &sum
	}
	if b.Count == 0 {
		return a
	}
	return &BlockLatency{
		Count: a.Count + b.Count, SumUS: a.SumUS + b.SumUS,
		MinUS: math.Min(a.MinUS, b.MinUS), MaxUS: math.Max(a.MaxUS, b.MaxUS),
		Buckets: addBars(a.Buckets, b.Buckets),
	}
}

// addBars merges two lists of [value, count], both ascending.
func addBars(a, b [][2]uint64) [][2]uint64 {
	sum := make([][2]uint64, 0, len(a)+len(b))
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0][0] < b[0][0]:
			sum, a = append(sum, a[0]), a[1:]
		case len(a) == 0 || b[0][0] < a[0][0]:
			sum, b = append(sum, b[0]), b[1:]
		default:
			sum = append(sum, [2]uint64{a[0][0], a[0][1] + b[0][1]})
			a, b = a[1:], b[1:]
		}
	}
	return sum
}

// keptUpAtFirst is what keptUp begins with.
func keptUpAtFirst(b *Block) float64 {
	if b.Share != nil {
		return math.Inf(1)
	}
	return 0
}

// keptUp is when a virtual user last waited for an arrival. One of those that take
// arrivals from one queue is enough; where each share has a queue of its own, a
// backlog grows as soon as the first of them has nobody who waits.
func keptUp(so, o float64, share bool) float64 {
	if share {
		return math.Min(so, o)
	}
	return math.Max(so, o)
}

func (r *BlockRate) add(o *Block) {
	from, share := o.Rate, o.Share != nil
	r.Due += from.Due
	r.Begun += from.Begun
	r.Unsent += from.Unsent
	r.KeptUpUS = keptUp(r.KeptUpUS, from.KeptUpUS, share)
	r.OnTime += from.OnTime
	r.LagSumUS += from.LagSumUS
	r.LagSquares += from.LagSquares
	r.LagMostUS = math.Max(r.LagMostUS, from.LagMostUS)
	for i := range r.Service {
		r.Service[i] = *addLatency(&r.Service[i], &from.Service[i])
	}
	for i := range r.Stages {
		t, f := &r.Stages[i], &from.Stages[i]
		t.Due += f.Due
		t.Begun += f.Begun
		t.Unsent += f.Unsent
		t.KeptUpUS = keptUp(t.KeptUpUS, f.KeptUpUS, share)
		t.Good += f.Good
		t.Failed += f.Failed
		t.Latency = addLatency(t.Latency, f.Latency)
		t.Service = addLatency(t.Service, f.Service)
	}
}

// add counts what another generator has counted itself. Its histogram is taken
// without the samples that wrk has made up, which depend on each one's own pace.
func (w *BlockWrk) add(o *Block, at int) error {
	from := o.Wrk
	var measured [][2]uint64
	if len(from.Latency) > 0 { // not where virtual users time their answers themselves
		var err error
		if measured, err = uncorrect(from); err != nil {
			return misfit(at, "has a histogram of wrk that cannot be repaired: %v", err)
		}
	}
	w.Threads += from.Threads
	w.Connections += from.Connections
	w.DurationUS = max(w.DurationUS, from.DurationUS)
	w.Requests += from.Requests
	w.Bytes += from.Bytes
	w.Errors.Connect += from.Errors.Connect
	w.Errors.Read += from.Errors.Read
	w.Errors.Write += from.Errors.Write
	w.Errors.Status += from.Errors.Status
	w.Errors.Timeout += from.Errors.Timeout
	w.Latency = addBars(w.Latency, measured)
	return nil
}
