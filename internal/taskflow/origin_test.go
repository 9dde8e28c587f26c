package taskflow

import (
	"testing"
	"time"
)

// TestOriginIsExact: being put aside between two clocks moves no origin.
func TestOriginIsExact(t *testing.T) {
	t.Parallel()
	started, calls := time.Now(), 0
	truth := monotonic() - int64(time.Since(started))
	stumbling := func() int64 {
		if calls++; calls%4 == 1 { // before the other clock is read, in every second reading
			now := monotonic()
			time.Sleep(20 * time.Millisecond)
			return now
		}
		return monotonic()
	}
	if off := time.Duration(originOf(started, stumbling) - truth).Abs(); off > 10*time.Millisecond {
		t.Errorf("the origin is off by %s", off)
	}
}
