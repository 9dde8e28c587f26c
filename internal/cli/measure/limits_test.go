package measure

import (
	"testing"
	"time"
)

// As docs/memory.md has it.
func TestMemoryDuration(t *testing.T) {
	t.Parallel()
	if memoryDuration != time.Minute {
		t.Errorf("taskbench memory loads for %v, documented are 60 s", memoryDuration)
	}
}

func TestSoakWindows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		duration, window time.Duration
		want             time.Duration
		windows          int // 0: refused
	}{
		{30 * time.Minute, 0, time.Minute, 30},
		{time.Minute, 0, 5 * time.Second, 12},
		{8 * time.Hour, 0, 16 * time.Minute, 30},
		{3 * time.Second, 0, 3 * time.Second, 1},
		{10 * time.Minute, 30 * time.Second, 30 * time.Second, 20},
		{150 * time.Second, 0, 5 * time.Second, 30},
		{180 * time.Second, 0, 6 * time.Second, 30},
		{500 * time.Second, time.Second, time.Second, 500},
		{501 * time.Second, time.Second, 0, 0},
		{time.Hour, time.Second, 0, 0},
		{time.Minute, 999 * time.Millisecond, 0, 0},
		{time.Second, 2 * time.Second, 0, 0},
		{500 * time.Millisecond, 0, 0, 0},
		{time.Minute, -time.Second, 0, 0},
		{-time.Minute, 0, 0, 0},
	} {
		window, n, err := soakWindows(c.duration, c.window)
		if (err == nil) != (c.windows > 0) || window != c.want || n != c.windows {
			t.Errorf("%v in %v: %d of %v (%v), want %d of %v", c.duration, c.window, n, window, err, c.windows, c.want)
		}
	}
}
