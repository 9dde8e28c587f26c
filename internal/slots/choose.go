package slots

import (
	"errors"
	"math"
	"slices"
	"time"
)

// What slots and gaps may be. Noise lives between 0.2 s and 1 s: beyond
// LongestSlot, turns are no better than whole trials one after the other.
const (
	DefaultSlot = 100 * time.Millisecond
	DefaultGap  = 10 * time.Millisecond
	leastGap    = 4 * time.Millisecond
	LongestSlot = 300 * time.Millisecond
	LongestGap  = LongestSlot / slotsOfGap
	// slotsOfGap is how many gaps a slot is long at least.
	slotsOfGap = 3
	// mostOverlap is the share of the requests that may still be without an answer
	// when it is another server's turn.
	mostOverlap = 0.02
)

// ErrTooSlow says that answers take so long that turns of a fraction of a second
// would measure one server while another is still at work.
var ErrTooSlow = errors.New("answers take too long for turns of a fraction of a second")

// Choose gives slot and gap for servers whose answers came so late behind the
// ends of their slots, slot by slot: a gap that at most mostOverlap of the
// requests outlast in one of four of a server's slots, and a slot slotsOfGap
// times as long at least. Slow servers are late in all of their slots; a machine
// that was away for a moment is in some, and must not make slots long, or
// impossible, just where they are needed most. asked is the slot that the user
// asks for, and no gap is then longer; it is made longer where answers take more than
// a part of it, up to LongestSlot: too few would be left to be counted. 0: the
// default, or as long as it must be.
func Choose(places [][]Late, asked time.Duration) (slot, gap time.Duration, err error) {
	gap = leastGap
	for _, turns := range places {
		gap = max(gap, quarterGap(turns))
	}
	if asked != 0 {
		slot = max(asked, min(slotsOfGap*gap, LongestSlot))
		return slot, min(gap, max(slot, LongestGap)), nil
	}
	if slot = max(DefaultSlot, slotsOfGap*gap); slot > LongestSlot {
		return 0, 0, ErrTooSlow
	}
	return slot, gap, nil
}

// leastSent is how many requests tell how late answers come: slots with fewer, of
// virtual users who think for long, are looked at together.
const leastSent = 30

// quarterGap is what is enough for one server in a quarter of the slots in which
// it was asked anything, or of the groups of slots in which it was asked enough.
// Where it was not asked enough in all of them, twice the mean wait is enough.
func quarterGap(turns []Late) time.Duration {
	var gaps []time.Duration
	var group, all Late
	for _, l := range turns {
		group, all = group.with(l), all.with(l)
		if group.Sent >= leastSent {
			gaps, group = append(gaps, group.gap()), Late{}
		}
	}
	if len(gaps) > 0 {
		slices.Sort(gaps)
		return gaps[len(gaps)/4]
	}
	wait := time.Duration(0)
	if all.Answered > 0 {
		wait = time.Duration(2 * all.WaitedUS / float64(all.Answered) * float64(time.Microsecond))
	}
	return max(wait, all.gap())
}

// with is what was in one slot and then in another.
func (l Late) with(next Late) Late {
	next.Sent += l.Sent
	next.Open = max(next.Open, l.Open)
	next.Answered += l.Answered
	next.WaitedUS += l.WaitedUS
	for i := range next.Behind {
		next.Behind[i] += l.Behind[i]
	}
	return next
}

// gap is the least power of two of microseconds that few enough outlast.
func (l Late) gap() time.Duration {
	outlast := l.Open
	if l.tooMany(outlast) {
		return time.Duration(math.Ldexp(1, LateCounts)) * time.Microsecond
	}
	for i := LateCounts - 1; i > 0; i-- {
		outlast += l.Behind[i]
		if l.tooMany(outlast) {
			return time.Duration(math.Ldexp(1, i)) * time.Microsecond
		}
	}
	return 0
}

func (l Late) tooMany(outlast int) bool { return float64(outlast) > mostOverlap*float64(l.Sent) }

// Since is what came after an earlier look.
func (l Late) Since(before Late) Late {
	l.Sent -= before.Sent
	l.Answered -= before.Answered
	l.WaitedUS -= before.WaitedUS
	for i := range l.Behind {
		l.Behind[i] -= before.Behind[i]
	}
	return l
}
