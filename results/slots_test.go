package results

import (
	"math"
	"strings"
	"testing"

	"taskbench/parse"
)

// slotBlock is a run of two rounds: a flow that was looked at, or a single request.
func slotBlock(looked bool) *parse.Block {
	b := &parse.Block{
		Scenario: "s", Mode: "flow", VirtualUsersAsked: 2, VirtualUsersStarted: 2, VirtualUsersReady: 2,
		Window: parse.Window{LengthUS: 190e3, OpenedUS: 1},
		Steps:  []parse.BlockStep{{Name: "get", Answers: 95, Good: 92}},
		Slots: &parse.BlockSlots{
			SlotUS: 100e3, GapUS: 10e3, Places: 2, Sent: []uint64{50, 49}, Counted: []uint64{48, 47}, Bad: []uint64{3, 0},
			SpanUS: []float64{96e3, 94e3}, Overlap: 1, LeftOut: 4,
		},
		Wrk: parse.BlockWrk{Threads: 2, Connections: 2, Requests: 99},
	}
	if !looked {
		b.Mode, b.Slots.Bad, b.Window.LengthUS = "request", nil, 5e6
		b.Steps[0].Answers, b.Steps[0].Good = 99, 96
	}
	return b
}

// TestTrialInSlots: throughput is what counts over the time in which it was
// counted; all that was sent is known beside it.
func TestTrialInSlots(t *testing.T) {
	t.Parallel()
	for _, looked := range []bool{true, false} {
		trial, err := NewTrial(slotBlock(looked), Circumstances{})
		if err != nil {
			t.Fatal(err)
		}
		answers, good := uint64(95), uint64(92)
		if !looked { // all of its answers are known, and stretch the window
			answers, good = 99, 96
		}
		window := 0.19 * float64(answers) / 95
		if trial.Answers != answers || trial.Good != good || math.Abs(trial.WindowS-window) > 1e-9 || math.Abs(trial.ThroughputPS-float64(good)/window) > 1e-6 || trial.Failures() != 3 {
			t.Errorf("looked at: %v: %d good of %d in %g s: %g/s", looked, trial.Good, trial.Answers, trial.WindowS, trial.ThroughputPS)
		}
		s := trial.Slots
		if s.Rounds() != 2 || s.AllSent() != 99 || s.SlotS != 0.1 || s.GapS != 0.01 || s.Overlap != 1 || s.LeftOut != 4 {
			t.Errorf("%+v", s)
		}
		if want := map[bool]uint64{true: 45, false: 48}[looked]; s.Good[0] != want || s.SpanS[0] != 0.096 {
			t.Errorf("round 1: %d good in %g s, want %d in 0.096", s.Good[0], s.SpanS[0], want)
		}
	}
}

func TestSlotsAreWhole(t *testing.T) {
	t.Parallel()
	s := newSlots(slotBlock(true).Slots)
	if !s.whole() {
		t.Error("they are whole")
	}
	for _, cut := range []func(*Slots){
		func(s *Slots) { s.Good = s.Good[:1] }, func(s *Slots) { s.SpanS = nil }, func(s *Slots) { s.CPUS = []float64{1} }, func(s *Slots) { s.Sent = append(s.Sent, 1) },
	} {
		broken := newSlots(slotBlock(true).Slots)
		if cut(broken); broken.whole() {
			t.Errorf("%+v passes", broken)
		}
	}
}

// TestSlotsTooShort: where every answer is the first of its slot nothing is
// counted, and the trial says why.
func TestSlotsTooShort(t *testing.T) {
	t.Parallel()
	for _, looked := range []bool{true, false} {
		b := slotBlock(looked)
		b.Slots.Counted, b.Slots.SpanUS, b.Window.LengthUS = []uint64{0, 0}, []float64{0, 0}, 0
		if looked {
			b.Slots.Bad = []uint64{0, 0}
			b.Steps[0].Answers, b.Steps[0].Good = 0, 0
		}
		trial, err := NewTrial(b, Circumstances{})
		if err != nil || !strings.Contains(trial.Error, "slots of 100 ms are too short") {
			t.Errorf("%q, %v", trial.Error, err)
		}
		b.Unanswered = 3
		trial, err = NewTrial(b, Circumstances{})
		if err != nil || trial.Error != "no slot was measured to its end: 3 requests were never answered within the timeout" {
			t.Errorf("all hang: %q, %v", trial.Error, err)
		}
		b.Slots.LeftOut, b.Steps[0].Answers, b.Steps[0].Good, b.Steps[0].Unmet = 0, 0, 0, nil
		trial, err = NewTrial(b, Circumstances{})
		if err != nil || trial.Error != "the server answered nothing in its slots" {
			t.Errorf("no answers: %q, %v", trial.Error, err)
		}
	}
}
