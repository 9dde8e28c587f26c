package taskflow

import (
	"testing"
	"time"
)

// TestQueueHasACeiling sends requests at even distances: below the capacity each takes
// its service time and no longer, however many come; above it every one waits
// longer than the one before, and what is served is the capacity.
func TestQueueHasACeiling(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		asked      float64 // per second, for 10 s
		last, most time.Duration
	}{
		{"at half of it", 1000, 500 * time.Microsecond, 0},
		{"just below it", 1999, 500 * time.Microsecond, 0},
		{"at it", 2000, 500 * time.Microsecond, 0},
		{"2 % above it", 2040, 200 * time.Millisecond, 200 * time.Millisecond},
		{"at twice of it", 4000, 10 * time.Second, 10 * time.Second},
	} {
		q := queue{each: 500 * time.Microsecond}
		var took, served time.Duration
		n := int(10 * c.asked)
		for i := range n {
			arrived := time.Duration(float64(i) / c.asked * float64(time.Second))
			served = q.enter(arrived)
			took = served - arrived
		}
		const near = 2 * time.Millisecond
		if (took-c.last).Abs() > near || (q.waited-c.most).Abs() > near {
			t.Errorf("%s: the last of %d requests took %v, the longest wait was %v; want %v and %v", c.name, n, took, q.waited, c.last, c.most)
		}
		if rate := float64(n) / served.Seconds(); rate > 2000.01 {
			t.Errorf("%s: %.1f/s were served", c.name, rate)
		}
	}
}

// TestCapacity reads off a clock that only the server's own pauses move when
// requests were answered that all come at once, and what it says of itself.
func TestCapacity(t *testing.T) {
	t.Parallel()
	start := time.Now()
	now := start
	var slept []time.Duration
	s := newServer(Config{Capacity: 2000, Observe: true}, func() time.Time { return now }, func(d time.Duration) { slept = append(slept, d) })
	now = start.Add(10 * time.Millisecond)
	c := &client{t: t, server: s}
	for range 5 {
		c.must(200, "GET", "/health", "")
	}
	for i, d := range slept {
		if want := time.Duration(i+1) * 500 * time.Microsecond; d != want {
			t.Errorf("request %d was answered after %v, want %v", i+1, d, want)
		}
	}
	got := s.observation(window{}, monotonic()).Queue
	if want := (ObservedQueue{CapacityPS: 2000, Requests: 5, WaitedMostUS: 2000, BehindUS: 2500}); len(slept) != 5 || got == nil || *got != want {
		t.Errorf("%d sleeps, and it says %+v; want 5 and %+v", len(slept), got, want)
	}
	if plain := New(Config{Observe: true}).Observe(0, 1).Queue; plain != nil {
		t.Errorf("a server without a ceiling speaks of one: %+v", plain)
	}
}
