package hosts

import (
	"context"
	_ "embed"
	"math"
	"path"
	"strconv"
	"strings"
	"time"

	"taskbench/internal/machine"
	"taskbench/internal/shell"
	"taskbench/internal/source"
)

//go:embed clock.lua
var clockScript []byte

// A clock is asked so often; of the answers the quickest counts.
const (
	clockRounds = 7
	mostWithin  = 250 * time.Millisecond // beyond it nothing can begin together
)

// readClock finds how far a host's clock of the day is from ours.
func (m *member) readClock(ctx context.Context) (Clock, error) {
	c, err := m.rounds(ctx, "now", "date")
	if err != nil || c.By != "" {
		return c, err
	}
	if err := m.line.put(ctx, path.Join(m.line.folder, "clock.lua"), clockScript); err != nil {
		return c, err
	}
	c, err = m.rounds(ctx, "wrknow "+shell.Quote(m.facts.Wrk.Path), "wrk")
	if err == nil && c.By == "" {
		return c, source.Errorf(source.Position{}, "its date knows no nanoseconds (date +%s%N), and its wrk runs no script with ffi", "its clock cannot be read")
	}
	return c, err
}

// rounds asks for the time; By stays empty where what comes is none.
func (m *member) rounds(ctx context.Context, command, by string) (Clock, error) {
	var best Clock
	for range clockRounds {
		asked := time.Now()
		a, err := m.line.ask(ctx, command)
		took := time.Since(asked)
		if err != nil {
			return Clock{}, err
		}
		ns := strings.TrimPrefix(a.words, "now ")
		told, err := strconv.ParseInt(ns, 10, 64)
		if err != nil || len(ns) != 19 {
			return Clock{}, nil
		}
		if best.By == "" || took < best.RoundTrip {
			best = Clock{Offset: time.Unix(0, told).Sub(asked.Round(0).Add(took / 2)), Within: took / 2, RoundTrip: took, By: by}
		}
	}
	if best.Within > mostWithin {
		return best, source.Errorf(source.Position{}, "hosts begin together by their clocks: use a connection that answers in less", "its clock cannot be read well enough: an answer takes %v", best.RoundTrip.Round(time.Millisecond))
	}
	return best, nil
}

// clocks are both clocks of this machine at one moment.
type clocks struct {
	day         time.Time
	monotonicUS float64
}

// readClocks looks a few times and takes the look that was the quickest: whoever
// is held up between the clocks sees two moments.
func readClocks() (best clocks) {
	least := math.Inf(1)
	for range clockRounds {
		before := machine.NowUS()
		day := time.Now().Round(0) // without its monotonic reading: clocks of the day are compared
		if took := machine.NowUS() - before; took < least {
			least, best = took, clocks{day, before + took/2}
		}
	}
	return best
}

// How far a clock may move beside another one while a run goes on: so much, and a
// part of the run, which is more than a time server corrects little by little.
const (
	mostMoved = 20 * time.Millisecond
	mostPart  = 1000
)

// clocksStood refuses a run in which a clock of the day jumped: when hosts began
// is known by it.
func (f *Fleet) clocksStood(ctx context.Context, us clocks, shares []share) error {
	const hint = "let its time server settle (chronyc tracking, timedatectl), and run it again"
	now := readClocks()
	took := microseconds(now.monotonicUS - us.monotonicUS)
	allowed := mostMoved + took/mostPart
	if moved := now.day.Sub(us.day) - took; moved.Abs() > allowed {
		return source.Errorf(source.Position{}, hint, "the clock of this machine moved by %v during the run", moved.Round(time.Millisecond))
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTime) // partial figures have clocks, too
	defer cancel()
	return f.each(ctx, func(ctx context.Context, i int, m *member) error {
		if m.line == nil {
			return nil
		}
		before := &shares[i].clock
		after, err := m.readClock(ctx)
		if err != nil {
			return err
		}
		if moved := after.Offset - before.Offset; moved.Abs() > allowed+before.Within+after.Within {
			return source.Errorf(source.Position{}, hint, "its clock moved by %v beside that of this machine during the run", moved.Round(time.Millisecond))
		}
		return nil
	})
}
