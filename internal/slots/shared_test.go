package slots

import (
	"math"
	"testing"
)

// What all servers share is no difference of one of them; what one does beyond it is.
func TestApart(t *testing.T) {
	t.Parallel()
	pace := func(perS float64) Pace {
		return Pace{PerS: perS, MeanPS: perS, WaitUS: 1e6 / perS, Answers: 1000}
	}
	server := func(slots ...float64) (list []Paces) {
		for _, s := range slots {
			list = append(list, Paces{Stretch: pace(1000), Slots: pace(s)})
		}
		return list
	}
	// Neighbours take each time another part of the stretches, and none of the slots.
	machineOf := func(faster float64) (list []Paces) {
		for _, s := range []float64{400, 700, 500} {
			list = append(list, Paces{Stretch: pace(s), Slots: pace(1000 * faster)})
		}
		return list
	}
	for _, c := range []struct {
		name string
		all  [][]Paces
		want []Aspect
	}{
		{"a machine that was quiet in the stretches", [][]Paces{server(400, 450, 420, 400, 410, 400), server(430, 420, 400, 420, 400, 390)}, []Aspect{"", ""}},
		{"one is faster in slots", [][]Paces{server(2000, 2000, 2000), server(1010, 990, 1020)}, []Aspect{Rate, ""}},
		{"both have one limit", [][]Paces{server(2000, 1700, 2300), server(2100, 1650, 2200)}, []Aspect{Rate, Rate}},
		{"a machine that was busy in the stretches", [][]Paces{machineOf(1), machineOf(1)}, []Aspect{"", ""}},
		{"it was, and one has a limit", [][]Paces{server(2600, 2600, 2600), machineOf(1)}, []Aspect{Rate, ""}},
		{"it was, and one keeps up less", [][]Paces{machineOf(2), machineOf(1)}, []Aspect{Rate, ""}},
		{"in opposite ways", [][]Paces{server(1700, 1700, 1700), server(600, 600, 600)}, []Aspect{Rate, Rate}},
	} {
		for i, paces := range Apart(c.all) {
			if got, _ := Judge(paces, true); got != c.want[i] {
				t.Errorf("%s: server %d differs in %q, want %q", c.name, i, got, c.want[i])
			}
		}
	}
	if all := [][]Paces{server(500), {{Stretch: pace(1000)}}}; Apart(all)[0][0] != all[0][0] {
		t.Error("of one server nothing is known, and the other's was changed")
	}
	if got := shared([][]Paces{server(500), server(250)}, 0, Wait); math.Abs(got-0.5) > 1e-9 {
		t.Errorf("they share %g, want 0.5", got)
	}
}
