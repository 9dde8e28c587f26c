package results

import (
	"fmt"
	"math"

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
	r := &Rate{
		AskedPS: perSecond(from.Due, t.WindowS), Due: from.Due, Begun: from.Begun, Unsent: from.Unsent,
		KeptUpS: from.KeptUpUS / 1e6, LagMostUS: from.LagMostUS,
	}
	t.Rate, r.ReachedPS = r, r.AskedPS
	if t.WindowS-r.KeptUpS > backlogAllowed*t.WindowS {
		r.ReachedPS = min(r.AskedPS, perSecond(from.Begun, t.WindowS))
	}
	if !r.Kept() {
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
	r.Service, err = MergeLatency(all...)
	return err
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
