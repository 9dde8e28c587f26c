package results

import (
	"math"
	"time"

	"taskbench/parse"
)

// Slots are a trial that took turns with those of the other targets of its pair,
// a fraction of a second each: one value for each round, in which every target
// had one slot.
type Slots struct {
	SlotS float64   `json:"slot_s"` // in the mean of the rounds
	GapS  float64   `json:"gap_s"`  // behind each slot, in which nobody sends
	Sent  []uint64  `json:"sent"`   // requests, those whose answers are not counted with them
	Good  []uint64  `json:"good"`   // answers to them that count
	SpanS []float64 `json:"span_s"` // how long they were waited for, in the mean of the virtual users
	// CPUS is the CPU time of the server in the whole round, what it takes without
	// any load in others' slots left out; none where its process is not known.
	CPUS    []float64 `json:"server_cpu_s,omitempty"`
	Overlap uint64    `json:"overlap"`  // answers that came after the gap, when it was another's turn
	LeftOut uint64    `json:"left_out"` // good first answers of a virtual user in a slot, which are not counted
}

// Split is how the time of a cell was divided between pairs and the slots within
// each, as its first pairs asked for.
type Split struct {
	AfterPairs int    `json:"after_pairs"` // how many pairs it was chosen from
	Metric     string `json:"metric"`      // that scattered most in them
	// BetweenSD is the standard deviation of the log ratio of pairs beyond what
	// their slots leave, WithinSD what one second of slots leaves.
	BetweenSD float64 `json:"between_sd"`
	WithinSD  float64 `json:"within_sd"`
	FixedS    float64 `json:"fixed_s"` // what a pair takes beside its slots: starting, setup, warm-up
	EachS     float64 `json:"each_s"`  // what a second of slots of every target takes, gaps and all
	PairS     float64 `json:"pair_s"`  // how long the slots of each target are in later pairs
}

// Why targets were not measured in slots.
const (
	OneTarget      = "one_target"
	OneAddress     = "one_address" // only one of them can be up at a time
	TooManyTargets = "too_many_targets"
	SlowAnswers    = "slow_answers"  // they would run into the other's slot
	NotTogether    = "not_together"  // one did not start while another was up
	NoMemory       = "no_memory"     // for all servers at once
	Staged         = "stages"        // the rate changes, and would in slots
	PutsOffWork    = "puts_off_work" // one works for its answers in the others' slots
	NotSustained   = "not_sustained" // one does not keep up what it does in slots, or does better
	SeveralHosts   = "several_hosts" // send the load together
	OtherEngine    = "other_engine"  // which cannot take turns
)

// Attempt is load whose figures were left out.
type Attempt struct {
	Started time.Time `json:"started"`
	Seconds float64   `json:"seconds"`
}

// Sustained is what a server did under load without pauses, and in slots right
// after, before its cell was measured: each a mean over the stretches.
type Sustained struct {
	StretchS  float64 `json:"stretch_s"` // how long a stretch is; its second half counts
	Stretches int     `json:"stretches"` // more than one where they seemed to differ
	TookS     float64 `json:"took_s"`    // all of them, of all targets, beyond the warm-up
	Without   Pace    `json:"without_pauses"`
	InSlots   Pace    `json:"in_slots"`
	// Differ says in what they do, one of those below; "": in nothing, beyond noise.
	Differ string `json:"differ,omitempty"`
}

// In what a server's paces may differ.
const (
	RateDiffers  = "rate"
	WaitDiffers  = "wait"
	ErrorsDiffer = "errors"
)

// Failed is how many requests fail for each answer.
func (p Pace) Failed() float64 { return p.WrongFraction + p.LostFraction }

// Pace is how a server answers.
type Pace struct {
	PerS          float64  `json:"answers_per_s"` // right or wrong
	WrongFraction float64  `json:"wrong_fraction"`
	LostFraction  float64  `json:"lost_fraction"`
	WaitUS        *float64 `json:"wait_us,omitempty"` // for an answer, in the mean, where it is known
}

// newSlots reads what a script counted by slot; nil where it did not take turns.
func newSlots(b *parse.BlockSlots) *Slots {
	if b == nil {
		return nil
	}
	s := &Slots{SlotS: b.SlotUS / 1e6, GapS: b.GapUS / 1e6, Sent: b.Sent, Overlap: b.Overlap, LeftOut: b.LeftOut}
	for i, n := range b.Counted {
		if len(b.Bad) > 0 {
			n -= min(b.Bad[i], n)
		}
		s.Good = append(s.Good, n)
		s.SpanS = append(s.SpanS, b.SpanUS[i]/1e6)
	}
	return s
}

// Rounds is how often it was the target's turn.
func (s *Slots) Rounds() int { return len(s.Sent) }

// Seconds is how long they are together, without gaps, to the millisecond.
func (s *Slots) Seconds() float64 { return math.Round(float64(s.Rounds())*s.SlotS*1000) / 1000 }

// AllSent is how many requests were sent in all slots.
func (s *Slots) AllSent() (n uint64) {
	for _, sent := range s.Sent {
		n += sent
	}
	return n
}

// whole reports whether all lists have a value for each round.
func (s *Slots) whole() bool {
	n := len(s.Sent)
	return len(s.Good) == n && len(s.SpanS) == n && (len(s.CPUS) == n || len(s.CPUS) == 0)
}
