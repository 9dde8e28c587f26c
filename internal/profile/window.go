package profile

import (
	"time"

	"taskbench/internal/machine"
)

// Window is when answers counted, in µs of the system's monotonic clock. What a
// server did before, for setup and warm-up, and afterwards, is nobody's figure.
type Window struct {
	LoadUS       float64 // when load began, setup first
	FromUS, ToUS float64 // FromUS is 0 when the window never opened
}

func (w Window) seconds() float64      { return (w.ToUS - w.FromUS) / 1e6 }
func (w Window) holds(at float64) bool { return at >= w.FromUS && at <= w.ToUS }

// after is how long load was on, in s, before the window opened.
func (w Window) after() float64 { return (w.FromUS - w.LoadUS) / 1e6 }

// opened is when the window opened.
func (w Window) opened() time.Time {
	return time.Now().Add(-time.Duration((machine.NowUS() - w.FromUS) * float64(time.Microsecond)))
}
