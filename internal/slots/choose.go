package slots

import (
	"errors"
	"math"
	"time"
)

// What slots and gaps may be. Noise lives between 0.2 s and 1 s: beyond
// longestSlot, turns are no better than whole trials one after the other.
const (
	DefaultSlot = 100 * time.Millisecond
	DefaultGap  = 10 * time.Millisecond
	leastGap    = 4 * time.Millisecond
	longestSlot = 300 * time.Millisecond
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
// ends of their slots: a gap that at most mostOverlap of the requests outlast,
// and a slot slotsOfGap times as long at least. asked is the slot that the user
// asks for; 0: the default, or as long as it must be.
func Choose(all []Late, asked time.Duration) (slot, gap time.Duration, err error) {
	gap = leastGap
	for _, l := range all {
		gap = max(gap, l.gap())
	}
	slot = asked
	if slot == 0 {
		slot = max(DefaultSlot, slotsOfGap*gap)
	}
	if slot > longestSlot && asked == 0 {
		return 0, 0, ErrTooSlow
	}
	return slot, gap, nil
}

// gap is the least power of two of microseconds that few enough outlast.
func (l Late) gap() time.Duration {
	outlast := 0
	for i := LateCounts - 1; i > 0; i-- {
		outlast += l.Behind[i]
		if float64(outlast) > mostOverlap*float64(l.Sent) {
			return time.Duration(math.Ldexp(1, i)) * time.Microsecond
		}
	}
	return 0
}
