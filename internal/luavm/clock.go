package luavm

import "time"

// Clock tells a script the time and makes it wait.
type Clock interface {
	Now() time.Time
	Sleep(time.Duration)
}

// VirtualClock is a Clock that moves only when it is used: sleeping takes no
// time, and every reading moves it on by a microsecond, so that a script that
// spins until a moment reaches it. It is not safe for concurrent use.
type VirtualClock struct{ now time.Time }

// NewVirtualClock starts at the same moment every time: midnight UTC, 1 January 2024.
func NewVirtualClock() *VirtualClock {
	return &VirtualClock{time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)}
}

// Now returns the time, then moves on by a microsecond.
func (c *VirtualClock) Now() time.Time {
	now := c.now
	c.now = now.Add(time.Microsecond)
	return now
}

// Sleep moves on by d; a negative d does nothing.
func (c *VirtualClock) Sleep(d time.Duration) { c.now = c.now.Add(max(d, 0)) }

// SystemClock is the machine's clock: sleeping takes its time.
type SystemClock struct{}

// Now is time.Now.
func (SystemClock) Now() time.Time { return time.Now() }

// Sleep is time.Sleep.
func (SystemClock) Sleep(d time.Duration) { time.Sleep(d) }
