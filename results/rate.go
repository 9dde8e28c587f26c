package results

import (
	"fmt"
	"math"

	"taskbench/internal/arrivals"
	"taskbench/parse"
)

// Rate is what became of a schedule in a trial. Latencies of such a trial count
// from the moment that an iteration was due: what it waited for a free virtual user
// is part of them.
type Rate struct {
	AskedPS   float64 `json:"asked_per_s"`   // iterations that were due in the window
	ReachedPS float64 `json:"reached_per_s"` // the same, or those that began in it where not all could
	Due       uint64  `json:"due"`
	Begun     uint64  `json:"begun"`            // in the window, whenever they were due
	Unsent    uint64  `json:"unsent,omitempty"` // of the due, those that never began
	KeptUpS   float64 `json:"kept_up_s"`        // when one last had a virtual user that waited for it
	// How late an iteration began that had one: the generator's own doing.
	LagMeanUS float64 `json:"lag_mean_us"`
	LagSDUS   float64 `json:"lag_sd_us"`
	LagMostUS float64 `json:"lag_max_us"`
	// Service are the times from the sending of a request to the last byte of its
	// answer, over all measured steps.
	Service *Latency `json:"service,omitempty"`
	Stages  []Stage  `json:"stages,omitempty"` // where the rate changes
}

// Stage is what became of what was due in one stage of a rate that changes. Its name
// is its place and its rate, "stage 2: 500/s -> 2000/s", which no step can have.
type Stage struct {
	StepResult
	FromS     float64 `json:"from_s"` // since the window opened
	LengthS   float64 `json:"length_s"`
	AskedPS   float64 `json:"asked_per_s"`
	ReachedPS float64 `json:"reached_per_s"`
	Unsent    uint64  `json:"unsent,omitempty"`
}

// Kept reports whether the rate that was asked for was reached.
func (s Stage) Kept() bool { return s.ReachedPS >= LeastReached*s.AskedPS }

// StageName is how a stage is called, from 1.
func StageName(number int, s arrivals.Stage) string {
	return fmt.Sprintf("stage %d: %s", number, s.Text())
}

// LeastReached is the part of an asked rate that must be reached: below it,
// latencies are those of the queue before the server.
const LeastReached = 0.99

// Kept reports whether the rate that was asked for was reached.
func (r *Rate) Kept() bool { return r.ReachedPS >= LeastReached*r.AskedPS }

// backlogAllowed is the part of a window in which a backlog that is there at its
// end may have begun: one of a stall, that would have been worked off.
const backlogAllowed = 0.1

// addRate reads what a script counted of its schedule; nothing where there was none.
func (t *Trial) addRate(b *parse.Block) error {
	from := b.Rate
	if from == nil {
		return nil
	}
	r := &Rate{Due: from.Due, Begun: from.Begun, Unsent: from.Unsent, KeptUpS: from.KeptUpUS / 1e6, LagMostUS: from.LagMostUS}
	r.AskedPS, r.ReachedPS = reached(from.Due, from.Begun, r.KeptUpS, t.WindowS)
	if t.Rate = r; !r.Kept() {
		t.scale(r.ReachedPS)
	}
	if n := float64(from.OnTime); n > 0 {
		r.LagMeanUS = from.LagSumUS / n
		r.LagSDUS = math.Sqrt(max(0, from.LagSquares/n-r.LagMeanUS*r.LagMeanUS))
	}
	all := make([]*Latency, len(from.Service))
	for i := range from.Service {
		l, err := blockLatency(&from.Service[i])
		if err != nil {
			return err
		}
		all[i], t.Steps[i].Service = l, l
	}
	var err error
	if r.Service, err = MergeLatency(all...); err != nil {
		return err
	}
	return r.addStages(from.Stages)
}

// reached gives the rate that was asked for in a stretch of time, and the one that
// was reached: what began in it, where a backlog was left that is more than the one
// that is just being sent, or a stall's.
func reached(due, begun uint64, keptUpS, lengthS float64) (asked, reached float64) {
	asked = perSecond(due, lengthS)
	if lengthS-keptUpS <= backlogAllowed*lengthS || begun+1 >= due {
		return asked, asked
	}
	return asked, perSecond(begun, lengthS)
}

func (r *Rate) addStages(list []parse.BlockStage) error {
	from := 0.0
	for i, s := range list {
		latency, err := blockLatency(s.Latency)
		if err != nil {
			return err
		}
		service, err := blockLatency(s.Service)
		if err != nil {
			return err
		}
		stage := Stage{FromS: from, LengthS: s.LengthUS / 1e6, Unsent: s.Unsent, StepResult: StepResult{
			Name:    StageName(i+1, arrivals.Stage{From: s.FromPS, To: s.ToPS}),
			Answers: s.Good + s.Failed, Good: s.Good, Latency: latency, Service: service,
		}}
		stage.AskedPS, stage.ReachedPS = reached(s.Due, s.Begun, s.KeptUpUS/1e6, stage.LengthS)
		stage.ThroughputPS = perSecond(s.Good, stage.LengthS)
		if begun := s.Due - s.Unsent; !stage.Kept() && begun > 0 {
			stage.ThroughputPS *= stage.ReachedPS / perSecond(begun, stage.LengthS)
		}
		from += stage.LengthS
		r.Stages = append(r.Stages, stage)
	}
	return nil
}

// scale makes throughputs those of the window where the rate was not reached: what
// was worked off behind it is not of its seconds.
func (t *Trial) scale(reached float64) {
	asked := perSecond(t.Rate.Due, t.WindowS)
	if asked <= 0 {
		return
	}
	part := 1.0
	if begun := t.Rate.Due - t.Rate.Unsent; begun > 0 {
		part = reached / perSecond(begun, t.WindowS)
	}
	t.ThroughputPS *= part
	for i := range t.Steps {
		t.Steps[i].ThroughputPS *= part
	}
	if t.Iterations != nil {
		t.Iterations.ThroughputPS *= part
	}
	for i := range t.Journeys {
		t.Journeys[i].ThroughputPS *= part
	}
}

// GoodInWindow is how many good answers the window had: all of them, or the part
// that its throughput makes where the rate was not reached.
func (t *Trial) GoodInWindow() uint64 {
	if t.Rate == nil || t.Rate.Kept() {
		return t.Good
	}
	return uint64(t.ThroughputPS*t.WindowS + 0.5)
}

// Open reports whether load was sent on a schedule, whatever came back.
func (l Load) Open() bool { return l.Rate != "" }

// Level is what tells the measurements of one scenario apart, and finds the same one
// in another run: how many virtual users there are where somebody chose that, and
// the rate.
type Level struct {
	Connections int
	Rate        string
}

// Level is that of the load.
func (l Load) Level() Level {
	if l.UsersAuto {
		return Level{Rate: l.Rate}
	}
	return Level{l.Connections, l.Rate}
}

// Model says how load was sent, in a few words: "open, 2000/s, constant" or
// "closed, 50 users".
func (l Load) Model() string {
	switch {
	case l.Open():
		return "open, " + l.Rate + ", " + l.Arrival
	case l.Connections == 1:
		return "closed, 1 user"
	}
	return fmt.Sprintf("closed, %d users", l.Connections)
}

// Stage is the stage of that name; nil where there is none.
func (t *Trial) Stage(name string) *Stage {
	if t.Rate == nil {
		return nil
	}
	for i := range t.Rate.Stages {
		if s := &t.Rate.Stages[i]; s.Name == name {
			return s
		}
	}
	return nil
}
