package taskflow

import (
	"math"
	"testing"
	"time"
)

func TestStallLeft(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	stall := Stall{Length: 200 * ms, Every: time.Second}
	cases := []struct{ at, want time.Duration }{
		{0, 0}, {100 * ms, 0}, {999 * ms, 0},
		{1000 * ms, 200 * ms}, {1050 * ms, 150 * ms}, {1199 * ms, ms}, {1200 * ms, 0},
		{2000 * ms, 200 * ms}, {2300 * ms, 0},
	}
	for _, c := range cases {
		if got := stall.left(c.at); got != c.want {
			t.Errorf("left at %s is %s, want %s", c.at, got, c.want)
		}
	}
	if got := (Stall{}).left(time.Second); got != 0 {
		t.Errorf("no stall leaves %s", got)
	}
}

// TestLateness gives a server a clock that only its own pauses move, and reads
// off it when each answer was given.
func TestLateness(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	stall := Stall{Length: 200 * ms, Every: time.Second}
	cases := []struct {
		name              string
		delay             time.Duration
		stall             Stall
		arrives, answered time.Duration
	}{
		{"plain", 0, Stall{}, 10 * ms, 10 * ms},
		{"delayed", 30 * ms, Stall{}, 10 * ms, 40 * ms},
		{"before the first stall", 0, stall, 10 * ms, 10 * ms},
		{"arrives in a stall", 0, stall, 1050 * ms, 1200 * ms},
		{"arrives in a stall, and is delayed after it", 30 * ms, stall, 1050 * ms, 1230 * ms},
		{"is in when a stall begins", 30 * ms, stall, 990 * ms, 1200 * ms},
		{"after a stall", 0, stall, 1200 * ms, 1200 * ms},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			now := start
			s := newServer(Config{Delay: c.delay, Stall: c.stall},
				func() time.Time { return now }, func(d time.Duration) { now = now.Add(d) })
			now = start.Add(c.arrives)
			(&client{t: t, server: s}).must(200, "GET", "/health", "")
			if got := now.Sub(start); got != c.answered {
				t.Errorf("answered at %s, want %s", got, c.answered)
			}
		})
	}
}

// TestErrorRate: of each 1024 requests exactly the share fails (up to the
// fraction carried over), the same ones for the same seed.
func TestErrorRate(t *testing.T) {
	t.Parallel()
	for _, rate := range []float64{0, 0.0001, 0.01, 0.1, 0.5, 0.999, 1} {
		dice, again, other := newErrorDice(rate, 7), newErrorDice(rate, 7), newErrorDice(rate, 8)
		hits, differs := 0, false
		for i := range 20 * diceBlock {
			hit := dice.strikes()
			if hit != again.strikes() {
				t.Fatalf("rate %g: request %d differs between servers of one seed", rate, i)
			}
			differs = differs || hit != other.strikes()
			if hit {
				hits++
			}
			if (i+1)%diceBlock == 0 {
				if want := math.Floor(float64(i+1) * rate); math.Abs(float64(hits)-want) > 1e-9 {
					t.Errorf("rate %g: %d errors in %d requests, want %g", rate, hits, i+1, want)
				}
			}
		}
		if extreme := rate == 0 || rate == 1; differs == extreme {
			t.Errorf("rate %g: seeds 7 and 8 differ: %t", rate, differs)
		}
	}
}

func TestErrorsAreAnswers(t *testing.T) {
	t.Parallel()
	c := &client{t: t, server: New(Config{ErrorRate: 1})}
	got := c.do("GET", "/health", "")
	if got.status != 500 || shape(t, got.body) != "error" {
		t.Errorf("got %d %s", got.status, got.body)
	}
	checkHeaders(t, got)
}

func TestLeakGrows(t *testing.T) {
	t.Parallel()
	var l leaked
	l.growTo(1 << 20)
	l.growTo(1 << 10) // no less
	l.growTo(3 << 20)
	if l.bytes != 3<<20 || len(l.blocks) != 2 {
		t.Errorf("%d bytes in %d blocks, want %d in 2", l.bytes, len(l.blocks), 3<<20)
	}
	for _, block := range l.blocks {
		for i := 0; i < len(block); i += 4096 {
			if block[i] != 1 {
				t.Fatalf("the page at %d is untouched", i)
			}
		}
	}
	l.free()
	if l.bytes != 0 || l.blocks != nil {
		t.Errorf("after free: %d bytes, %d blocks", l.bytes, len(l.blocks))
	}
}
