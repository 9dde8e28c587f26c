package results

import (
	"fmt"
	"slices"
	"time"

	"taskbench/parse"
)

// Circumstances is what a Block does not know about its own run.
type Circumstances struct {
	Pair     int // from 1
	Position int // within the pair, from 1
	Started  time.Time
	// Pauses are those of virtual users behind an answer, by the name of its step; nil
	// where there are none. With them Little's law can hold the figures against each
	// other. A step within which they pause has one, of 0 if need be.
	Pauses map[string]Pause
	// Varied: steps may be sent more than once in an iteration, or not at all, and
	// virtual users pause in between as steps say. Then Little's law says nothing.
	Varied bool
	Wrk    *WrkRun // the generator's own account; may be nil
}

// Pause is how long somebody pauses: in the mean, and by its standard deviation.
type Pause struct{ Mean, SD time.Duration }

// NewTrial turns what a script handed over into a Trial: throughput is good
// answers over the window, the latency over all steps is the merge of theirs.
// What the figures alone show to be doubtful is in Warnings. A run without
// figures to trust (its setup failed, the window never opened, nothing was
// answered) is a Trial with Error set, and not an error of NewTrial: that is
// for a Block that contradicts itself. b must come from parse.ReadBlock.
func NewTrial(b *parse.Block, c Circumstances) (Trial, error) {
	t := Trial{
		Pair: c.Pair, Position: c.Position, Started: c.Started, Wrk: c.Wrk,
		Seed: b.Seed, Run: b.Run, WindowS: windowS(b), Lost: b.Lost, Unanswered: b.Unanswered, Surplus: b.Surplus,
	}
	if len(c.Pauses) == 0 {
		t.Broken = b.Broken // between requests that follow at once; a server may end an idle connection
	}
	for _, s := range b.PerSecond {
		t.GoodPerS = append(t.GoodPerS, s.Good)
		t.FailedPerS = append(t.FailedPerS, s.Failed)
	}
	t.Slots = newSlots(b.Slots)
	if err := t.addSteps(b); err != nil {
		return Trial{}, err
	}
	t.ThroughputPS = perSecond(t.Good, t.WindowS)
	if err := t.addIterations(b, c.Varied); err != nil {
		return Trial{}, err
	}
	if err := t.addRate(b); err != nil {
		return Trial{}, err
	}
	t.ErrorFraction = errorFraction(&t)
	t.Error = untrusted(b, t, c)
	t.Warnings = warnings(b, t, c)
	return t, nil
}

// windowS is how long answers were counted, in s. A single request that takes
// turns has no window of its own: it is as long as all its answers take at the
// rate of those that are counted in slots.
func windowS(b *parse.Block) float64 {
	if b.Slots == nil || len(b.Slots.Bad) > 0 || len(b.Steps) != 1 {
		return b.Window.LengthUS / 1e6
	}
	length, counted := 0.0, uint64(0)
	for i, span := range b.Slots.SpanUS {
		length, counted = length+span/1e6, counted+b.Slots.Counted[i]
	}
	if counted == 0 {
		return 0
	}
	return length * float64(b.Steps[0].Answers) / float64(counted)
}

func (t *Trial) addSteps(b *parse.Block) error {
	latencies, err := stepLatencies(b)
	if err != nil {
		return err
	}
	for i, s := range b.Steps {
		t.Answers += s.Answers
		t.Good += s.Good
		t.Steps = append(t.Steps, StepResult{
			Name: s.Name, Answers: s.Answers, Good: s.Good, ThroughputPS: perSecond(s.Good, t.WindowS),
			Late: s.Late, LeftOut: s.LeftOut, Redirected: s.Redirected, Retried: s.Retried, Statuses: s.Statuses, Unmet: s.Unmet, Example: (*Example)(s.Example), Latency: latencies[i],
		})
	}
	t.Latency, err = MergeLatency(latencies...)
	return err
}

// stepLatencies gives each step's distribution. A single request keeps none of
// its own: its answers are wrk's samples, without the ones wrk invented.
func stepLatencies(b *parse.Block) ([]*Latency, error) {
	latencies := make([]*Latency, len(b.Steps))
	for i, s := range b.Steps {
		l, err := blockLatency(s.Latency)
		if err != nil {
			return nil, fmt.Errorf("step %s: %w", s.Name, err)
		}
		latencies[i] = l
	}
	if len(b.Steps) == 1 && latencies[0] == nil && len(b.Wrk.Latency) > 0 {
		h, err := parse.Uncorrect(b)
		if err != nil {
			return nil, err
		}
		latencies[0], err = NewLatency(h)
		return latencies, err
	}
	return latencies, nil
}

// addIterations reads what is known of whole iterations: of a flow, and of each
// journey of a mix.
func (t *Trial) addIterations(b *parse.Block, varied bool) error {
	whole := func(i *parse.BlockIterations) (Iterations, error) {
		l, err := blockLatency(i.Latency)
		return Iterations{
			Varied: varied, Completed: i.Completed, Failed: i.Failed, ThroughputPS: perSecond(i.Completed, t.WindowS), Latency: l,
		}, err
	}
	if b.Iterations != nil {
		all, err := whole(b.Iterations)
		if err != nil {
			return fmt.Errorf("iterations: %w", err)
		}
		t.Iterations = &all
	}
	for i := range b.Journeys {
		name := b.Journeys[i].Name
		its, err := whole(&b.Journeys[i].BlockIterations)
		if err != nil {
			return fmt.Errorf("journey %s: %w", name, err)
		}
		t.Journeys = append(t.Journeys, Journey{name, its})
	}
	return nil
}

func perSecond(n uint64, seconds float64) float64 {
	if !(seconds > 0) {
		return 0
	}
	return float64(n) / seconds
}

// Counts reports whether a trial is a measurement. One that is none is shown and
// named; its figures, if it has any, are of no server at work: they enter no
// median, ratio, interval, peak or chart.
func (t *Trial) Counts() bool { return t.Error == "" }

// Failures counts what went wrong in a trial: answers that were wrong or late,
// requests that were lost or never answered, answers beyond the requests, and
// connections that broke after an answer.
func (t *Trial) Failures() uint64 {
	return t.Answers - min(t.Good, t.Answers) + t.Lost + t.Unanswered + t.Surplus + t.Broken
}

// errorFraction is the share of requests that something was wrong with; 1 when
// nothing was answered at all.
func errorFraction(t *Trial) float64 {
	asked := t.Answers + t.Lost + t.Unanswered
	for _, s := range t.Steps {
		asked += s.LeftOut
	}
	if asked == 0 {
		return 1
	}
	return min(1, float64(t.Failures())/float64(asked))
}

// LastTrial is the newest trial of a document; nil when it has none.
func (d *Document) LastTrial() *Trial {
	for i := range slices.Backward(d.Scenarios) {
		if trials := d.Scenarios[i].Trials; len(trials) > 0 {
			return &trials[len(trials)-1]
		}
	}
	return nil
}
