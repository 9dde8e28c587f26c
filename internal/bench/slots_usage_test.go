package bench

import (
	"math"
	"slices"
	"testing"

	"taskbench/internal/slots"
	"taskbench/results"
)

// TestSlotUsage: a server's CPU time is that of whole rounds, what it puts off into
// the other's slot with it, less what it takes without any load in the other's. The
// fake ones take 1 s from each look to the next.
func TestSlotUsage(t *testing.T) {
	t.Parallel()
	w := newWorld()
	u := newUsage([]*session{{server: &fakeServer{world: w, name: "busy"}}, {server: &fakeServer{world: w, name: "quiet"}}})
	u.look()
	u.idle = []float64{1e12, 0} // CPU seconds a second: all that busy ever takes, and nothing
	for range 3 {
		for place := range 2 {
			u.turn(slots.Turn{Place: place})
		}
	}
	if !slices.Equal(u.seconds[0], []float64{1, 1, 1}) || !slices.Equal(u.seconds[1], []float64{2, 2, 2}) {
		t.Errorf("CPU seconds of the rounds: %v", u.seconds)
	}
	if !slices.Equal(u.late[0], []float64{0, 0, 0}) || !slices.Equal(u.late[1], []float64{0.5, 0.5, 0.5}) || !u.putsOff() {
		t.Errorf("shares in the other's slots: %v; that is much: %v", u.late, u.putsOff())
	}
	if u.late[1] = []float64{0.5, 0, 0.01}; u.putsOff() {
		t.Error("one round of three is taken for all")
	}
	if u.late = [][]float64{{0.3, 0.4, 0.3}, {0.35, 0.38, 0.3}}; u.putsOff() {
		t.Error("what all servers do on a crowded machine is taken for one's")
	}
	if u.late = [][]float64{{0.05, 0.4, 0.3, 0.35, 0.1, 0.4}, {0.05, 0.2, 0.3, 0.1, 0.15, 0.1}}; u.putsOff() {
		t.Error("what a crowded machine makes of one in some rounds is taken for its own")
	}
	if u.late = [][]float64{{0.05, 0.4, 0.3, 0.35, 0.3, 0.4}, {0.05, 0.1, 0.3, 0.1, 0.05, 0.1}}; !u.putsOff() {
		t.Error("work that is put off in five rounds of six is not seen")
	}
	trial := func(rounds ...uint64) *results.Trial {
		r := &results.Resources{CPUPerAnswerUS: new(7.0), AnswersPerCPUS: new(7.0), AllCPUPerAnswerUS: new(9.0)}
		return &results.Trial{Slots: &results.Slots{Sent: rounds}, Resources: r}
	}
	whole := trial(10, 20, 30)
	u.record(1, whole, Run{})
	if r := whole.Resources; *r.CPUPerAnswerUS != 1e5 || *r.AnswersPerCPUS != 10 || *r.AllCPUPerAnswerUS != 1e5+2 || !slices.Equal(whole.Slots.CPUS, u.seconds[1]) {
		t.Errorf("6 s for 60 answers: %+v", r)
	}
	cut, unknown := trial(10, 20), trial(10, 20, 30)
	u.record(1, cut, Run{})
	u.seconds[1][0] = math.NaN()
	u.record(1, unknown, Run{})
	for name, other := range map[string]*results.Trial{"rounds without a reading": cut, "a process that was gone": unknown} {
		if other.Slots.CPUS != nil || *other.Resources.CPUPerAnswerUS != 7 {
			t.Errorf("%s: %+v", name, other.Resources)
		}
	}
}
