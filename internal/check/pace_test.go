package check

import (
	"testing"
	"time"
)

// A pace goes up for as long as it helps: a server that is busy with two stays at
// four, one that is not goes up to the most, and one that is slow at first may
// still get there.
func TestPace(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		asked  int
		takes  func(ready, atOnce int) time.Duration // from one user to the next
		atOnce int
	}{
		{"asked", 3, func(int, int) time.Duration { return time.Millisecond }, 3},
		{"busy with two", 0, func(int, int) time.Duration { return 125 * time.Millisecond }, 4},
		{"waits for something else", 0, func(_, n int) time.Duration { return time.Second / time.Duration(n) }, paceMost},
		{"overloaded", 0, func(int, int) time.Duration { return 3 * time.Second }, 1},
		{"slow at first", 0, func(ready, n int) time.Duration {
			if ready < 30 {
				return time.Second
			}
			return time.Millisecond / time.Duration(n)
		}, paceMost},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
			p := newPace(c.asked, now)
			for ready := range 500 {
				now = now.Add(c.takes(ready, p.atOnce))
				p.done(now)
			}
			if p.atOnce != c.atOnce {
				t.Errorf("%d at once, want %d", p.atOnce, c.atOnce)
			}
		})
	}
}
