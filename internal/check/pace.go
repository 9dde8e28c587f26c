package check

import "time"

// pace is how many virtual users are in their setup at once. Where nobody says,
// it begins with two and doubles for as long as that makes setups go faster: a
// server that hashes passwords is busy with few, and gives up on a crowd. What is
// slow at first, as a server that has just been started, may get faster later.
type pace struct {
	atOnce int
	fixed  bool
	rate   float64 // users a second at which it last went up
	ready  int     // since then, or since it was last looked at
	since  time.Time
}

// What a pace begins with, the most it goes up to by itself, and how much faster
// that must make it.
const (
	paceFirst  = 2
	paceMost   = 16
	paceGain   = 1.25
	paceSample = 2 // users that get ready, for each at once, before it is looked at
)

func newPace(atOnce int, now time.Time) *pace {
	if atOnce > 0 {
		return &pace{atOnce: atOnce, fixed: true}
	}
	return &pace{atOnce: paceFirst, since: now}
}

// done counts a virtual user that is ready.
func (p *pace) done(now time.Time) {
	p.ready++
	if p.fixed || p.atOnce >= paceMost || p.ready < paceSample*p.atOnce {
		return
	}
	rate := float64(p.ready) / max(now.Sub(p.since).Seconds(), 1e-6)
	if rate > p.rate*paceGain {
		p.atOnce, p.rate = 2*p.atOnce, rate
	}
	p.ready, p.since = 0, now
}
