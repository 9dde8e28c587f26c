package counter

import (
	"context"
	"math"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestFind(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"steady":       "",
		"hybrid":       "",
		"one of two":   "",
		"no counters":  "this machine has no counter for instructions, as most virtual machines have none",
		"held":         "perf stat could not count instructions: another program may hold the processor's counters",
		"mute":         "perf stat printed nothing",
		"garbage":      "perf stat:1: not a line of perf stat: 2 of 6 fields",
		"refused":      "perf is not permitted to look at the processes (sudo sysctl kernel.perf_event_paranoid=2 allows one's own; in Docker: --cap-add PERFMON)",
		"other kernel": "perf stat: WARNING: perf not found for kernel 5.15.0-91",
		"silent end":   "perf stat: exit status 1",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := find(t.Context(), linked(t, name), Instructions)
			if (err == nil) != (p != nil) {
				t.Fatalf("%v and %v", p, err)
			}
			if got := message(err); !strings.HasPrefix(got, want) || want == "" && got != "" || strings.Contains(got, "\n") {
				t.Errorf("error %q\n want %q", got, want)
			}
		})
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestFindWithoutPerf(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := Find(t.Context(), Instructions); err == nil || !strings.Contains(err.Error(), "perf is not on PATH (Debian: apt install") {
		t.Errorf("error %v", err)
	}
}

// patient is a fake that is given 60 s for everything.
func patient(t *testing.T, name string) *Perf {
	t.Helper()
	return &Perf{linked(t, name), Instructions, time.Minute, threads}
}

// attached is one that counts.
func attached(t *testing.T, name string) *count {
	t.Helper()
	c, err := patient(t, name).attach(t.Context(), []int{1, 2}, 20*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestCount adds up what fakes print: four intervals of 20 ms and one of 10.
func TestCount(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]Tally{
		"steady":      {N: 5 * 5e6, CountedS: 0.09, Running: 1},
		"multiplexed": {N: 5 * 5e6, CountedS: 0.09, Running: 0.5}, // perf has scaled it already
		"starved":     {N: 3 * 839000, CountedS: 0.05, MissedS: 0.04, Running: 5.0 / 9},
		"idle":        {N: 0, CountedS: 0.09, Running: 1},
		"hybrid":      {N: 5 * (4e6*0.25 + 2e6*0.75), CountedS: 0.09, Running: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			counts := attached(t, name).end()
			if counts.Ended != "" || len(counts.Intervals) != 5 {
				t.Fatalf("%d intervals, ended: %q", len(counts.Intervals), counts.Ended)
			}
			got := counts.Between(math.Inf(-1), math.Inf(1))
			for what, pair := range map[string][2]float64{
				"count": {got.N, want.N}, "counted": {got.CountedS, want.CountedS}, "missed": {got.MissedS, want.MissedS}, "running": {got.Running, want.Running},
			} {
				if math.Abs(pair[0]-pair[1]) > 1e-6*(1+pair[1]) {
					t.Errorf("%s %v, want %v", what, pair[0], pair[1])
				}
			}
		})
	}
}

// TestCountFails ends with a reason, keeps what was counted, and never waits
// for a perf that is gone.
func TestCountFails(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"dies":           "perf stat ended while the server was measured: perf is not permitted",
		"garbage later":  "perf stat ended while the server was measured: perf stat:4: not a line of perf stat",
		"runs backwards": "perf stat ended while the server was measured: perf stat's time runs backwards",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := attached(t, name)
			<-c.over
			counts := c.end()
			if !strings.HasPrefix(counts.Ended, want) || strings.Contains(counts.Ended, "\n") {
				t.Errorf("ended: %q, want %q", counts.Ended, want)
			}
			if len(counts.Intervals) != 3 {
				t.Errorf("%d intervals, want the 3 that were printed", len(counts.Intervals))
			}
		})
	}
}

func TestCountRefused(t *testing.T) {
	t.Parallel()
	p := patient(t, "refused later")
	if end, err := p.Count(t.Context(), []int{1}, time.Millisecond); end != nil || err == nil || !strings.Contains(err.Error(), "not permitted") {
		t.Errorf("error %v", err)
	}
}

// TestCountPatience gives up on a perf that says nothing or hears nothing, and
// leaves none behind.
func TestCountPatience(t *testing.T) {
	t.Parallel()
	p := patient(t, "never begins")
	p.patience = 50 * time.Millisecond
	if _, err := p.Count(t.Context(), []int{1}, 20*time.Millisecond); err == nil || err.Error() != "perf stat did not begin within 50ms" {
		t.Errorf("error %v", err)
	}
	p.patience = time.Minute
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Count(ctx, []int{1}, 20*time.Millisecond); err != context.Canceled {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
	c := attached(t, "deaf")
	c.patience = 50 * time.Millisecond
	if counts := c.end(); counts.Ended != "perf stat did not end within 50ms" || len(counts.Intervals) == 0 {
		t.Errorf("ended: %q with %d intervals", counts.Ended, len(counts.Intervals))
	}
	if c.cmd.ProcessState == nil {
		t.Error("a perf was left behind")
	}
}

// TestCountWhileThreadsBegin attaches perf anew until it has not missed any,
// and counts nothing rather than half of it.
func TestCountWhileThreadsBegin(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lists []string // before and after, before and after, …
		looks int
		err   string
	}{
		"none":              {[]string{"1 2", "1 2"}, 2, ""},
		"one has ended":     {[]string{"1 2", "1"}, 2, ""},
		"one has begun":     {[]string{"1 2", "1 2 3", "1 2 3", "2 3"}, 4, ""},
		"another each time": {[]string{"1", "2", "3", "4", "5", "6"}, 6, "the server started threads each time that perf was attached"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, looks := patient(t, "steady"), 0
			p.threads = func([]int) []string {
				looks++
				return strings.Fields(c.lists[looks-1])
			}
			end, err := p.Count(t.Context(), []int{1}, 20*time.Millisecond)
			if message(err) != c.err || looks != c.looks {
				t.Fatalf("error %v after %d looks, want %q after %d", err, looks, c.err, c.looks)
			}
			if err == nil && len(end().Intervals) != 5 {
				t.Error("nothing counted")
			}
		})
	}
	if self := strconv.Itoa(os.Getpid()); runtime.GOOS == "linux" && !slices.Contains(threads([]int{os.Getpid(), 1 << 30}), self) {
		t.Errorf("%s is not among its own threads", self)
	}
}
