package bench

import "taskbench/internal/slots"

// slotUsage is the CPU time that servers take, slot by slot.
type slotUsage struct {
	at      []*session
	last    []float64
	known   []bool
	seconds [][]float64 // by place, then round
}

func newUsage(at []*session) *slotUsage {
	n := len(at)
	return &slotUsage{at: at, last: make([]float64, n), known: make([]bool, n), seconds: make([][]float64, n)}
}

// look reads all clocks, right before the first slot.
func (u *slotUsage) look() {
	if u == nil {
		return
	}
	for i, at := range u.at {
		usage, err := at.server.Usage()
		u.last[i], u.known[i] = usage.CPUSeconds, err == nil
	}
}

// turn reads all clocks in the gap behind a slot, and keeps what its server took
// since the gap before.
func (u *slotUsage) turn(t slots.Turn) {
	if u == nil {
		return
	}
	before, known := u.last[t.Place], u.known[t.Place]
	u.look()
	if known && u.known[t.Place] {
		u.seconds[t.Place] = append(u.seconds[t.Place], u.last[t.Place]-before)
	}
}
