package check

import "time"

// pace is how many virtual users are in their setup at once. Where nobody says,
// it begins with two and doubles for as long as that makes setups go faster: a
// server that hashes passwords is busy with few, and gives up on a crowd. Where
// one takes long, there are fewer again. What is slow at first, as a server that
// has just been started, may get faster later.
type pace struct {
	atOnce int
	fixed  bool
	rate   float64 // users a second at which it last changed
	ready  int     // since then, or since it was last looked at
	since  time.Time
}

// What a pace begins with, the most it goes up to by itself, how much faster that
// must make it, and what makes it go down: far below the half a minute after which
// servers give up.
const (
	paceFirst   = 2
	paceMost    = 16
	paceGain    = 1.25
	paceSlowest = 5.0 // s that a virtual user may take
	paceSample  = 2   // users that get ready, for each at once, before it is looked at
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
	if p.fixed || p.ready < paceSample*p.atOnce {
		return
	}
	rate := float64(p.ready) / max(now.Sub(p.since).Seconds(), 1e-6)
	switch {
	case float64(p.atOnce)/rate > paceSlowest:
		p.atOnce, p.rate = max(1, p.atOnce/2), rate
	case rate > p.rate*paceGain && p.atOnce < paceMost:
		p.atOnce, p.rate = 2*p.atOnce, rate
	}
	p.ready, p.since = 0, now
}
