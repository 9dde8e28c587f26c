package hosts

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"taskbench/internal/machine"
	"taskbench/internal/scripttest"
)

// A host's clock is read to a fraction of a millisecond where date tells it, and
// by wrk where date knows seconds only, as busybox's and that of macOS.
func TestClock(t *testing.T) {
	t.Parallel()
	l := inLab(t)
	for _, c := range []struct {
		name, date, by string
		offset         time.Duration
	}{
		{"ahead", `echo $(($(/bin/date +%s%N) + 5000000000))`, "date", 5 * time.Second},
		{"behind", `echo $(($(/bin/date +%s%N) - 90000000000))`, "date", -90 * time.Second},
		{"seconds only", `echo $(/bin/date +%s)N`, "wrk", 0},
		{"seconds and nothing", `echo $(/bin/date +%s)`, "wrk", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			date := scripttest.Write(t, "date", c.date)
			f, err := Open(context.Background(), []Host{{SSH: l.host(t, 1, "SetEnv PATH="+filepath.Dir(date)+":/usr/bin:/bin")}})
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			clock := f.Facts()[0].Clock
			if clock.By != c.by || (clock.Offset-c.offset).Abs() > clock.Within || clock.Within > clock.RoundTrip {
				t.Errorf("%+v", clock)
			}
			if said := strings.Contains(strings.Join(f.Warnings(), "; "), "its clock is "); said != (c.offset != 0) {
				t.Errorf("%q", f.Warnings())
			}
		})
	}
}

// ahead has wrk live so many µs ahead, as date does there: it is told of the
// moment to begin by that clock, and tells of its own by it.
func ahead(us int) string {
	return fmt.Sprintf(`f=${TASKBENCH_GO#@}
(
  while [ ! -f "$f.here.ready" ]; do sleep 0.01; done
  touch "$f.ready"
  while [ ! -s "$f" ]; do sleep 0.01; done
  echo $(($(cat "$f") - %[1]d)) >"$f.here"
) &
TASKBENCH_GO=@$f.here wrk "$@"
code=$?
awk 'function later(name,  at, rest) {
  if (at = index($0, name)) {
    at += length(name)
    rest = substr($0, at)
    moment = sprintf("%%.3f", rest + %[1]d)
    sub(/^[0-9.]+/, "", rest)
    $0 = substr($0, 1, at - 1) moment rest
  }
}
{ later("\"opened_unix_us\":"); later("\"go_unix_us\":"); print }' "$TASKBENCH_OUT" >"$TASKBENCH_OUT.new"
mv "$TASKBENCH_OUT.new" "$TASKBENCH_OUT"
exit $code`, us)
}

// A clock that is five seconds off is corrected: the result is that of hosts whose
// clocks agree, the window in this machine's time, and the offset is recorded.
func TestClockAhead(t *testing.T) {
	t.Parallel()
	inLab(t)
	date := scripttest.Write(t, "date", `echo $(($(/bin/date +%s%N) + 5000000000))`)
	s := pair(t, ahead(5_000_000), "PATH="+filepath.Dir(date)+":/usr/bin:/bin")
	from := machine.NowUS()
	out, err := s.fleet.Generate(context.Background(), s.order(t))
	if err != nil {
		t.Fatal(err)
	}
	block := whole(t, out, s.server, 6)
	if w := block.Window; w.OpenedUS < from || w.OpenedUS+w.LengthUS > machine.NowUS() || math.Abs(w.LengthUS-3e6) > 1 {
		t.Errorf("the window %+v of a run from %f", w, from)
	}
	if bad := out.Shares[1]; (bad.Offset-5*time.Second).Abs() > bad.Within || bad.Behind.Abs() > time.Second {
		t.Errorf("%+v", bad)
	}
	if apart := first(s.server, 4, 6).Sub(first(s.server, 1, 3)); apart.Abs() > 2*time.Second {
		t.Errorf("by the server the host whose clock is off began %v behind the other", apart)
	}
	if said := strings.Join(s.fleet.Warnings(), "; "); !strings.Contains(said, "host bad: its clock is ") || !strings.Contains(said, "ahead, which is corrected") {
		t.Errorf("%q", said)
	}
	s.clean(t)
}

// A clock that moves while a run goes on leaves nothing to begin together by.
func TestClockMoves(t *testing.T) {
	t.Parallel()
	inLab(t)
	moved := filepath.Join(t.TempDir(), "moved")
	date := scripttest.Write(t, "date", `n=0; [ ! -e `+moved+` ] || n=200000000; echo $(($(/bin/date +%s%N) + n))`)
	s := pair(t, "", "PATH="+filepath.Dir(date)+":/usr/bin:/bin")
	go func() {
		s.loaded(t)
		if err := os.WriteFile(moved, nil, 0o600); err != nil {
			t.Error(err)
		}
	}()
	out, err := s.fleet.Generate(context.Background(), s.order(t))
	if err == nil || len(out.Block) > 0 || !strings.Contains(err.Error(), "host bad: its clock moved by ") {
		t.Errorf("%v", err)
	}
	s.clean(t)
}

// What a clock is known to bounds what is said of it: an answer that takes 200 ms on
// its way there and none back looks like a clock that is 100 ms ahead.
func TestClockIsUnsure(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	for _, c := range []struct {
		offset, within time.Duration
		said           bool
	}{{100 * ms, 101 * ms, false}, {-150 * ms, 101 * ms, false}, {-250 * ms, 101 * ms, true}, {101 * ms, ms / 2, true}, {99 * ms, 0, false}} {
		said := differences([]Facts{{Host: Host{Name: "a", SSH: "a"}, Clock: Clock{Offset: c.offset, Within: c.within}}})
		if (len(said) > 0) != c.said {
			t.Errorf("%v ± %v: %q", c.offset, c.within, said)
		}
	}
	of := func(within ...time.Duration) (list []share) {
		for i, w := range within {
			list = append(list, share{member: &member{Host: Host{Name: string(rune('a' + i))}}, clock: Clock{Within: w}})
		}
		return list
	}
	const want = "host b: its clock is known to ±101ms only, so that hosts may have begun 102ms apart, of a window of 2s: measure longer (--duration)"
	if said := unsure(of(ms, 101*ms, 0), 2*time.Second); said != want {
		t.Errorf("%q, want %q", said, want)
	}
	for _, quiet := range []string{unsure(of(ms, 101*ms), 3*time.Second), unsure(of(101*ms), time.Second), unsure(of(101*ms, ms), 0), unsure(of(0, 0), time.Second)} {
		if quiet != "" {
			t.Errorf("%q", quiet)
		}
	}
}
