package bench

import (
	"math"
	"strings"
	"testing"
	"time"

	"taskbench/internal/machine"
	"taskbench/internal/server"
	"taskbench/parse"
	"taskbench/results"
	"taskbench/wrk"
)

// steadily is a server that keeps cores busy from a moment on to another, in
// ms, sampled every 25 ms for 2 s; the machine is wholly busy, a tenth stolen.
func steadily(busy float64, from, to float64) observation {
	var o observation
	for ms := 0.0; ms <= 2000; ms += 25 {
		cpu := busy * (math.Min(math.Max(ms, from), to) - from) / 1000
		o.server = append(o.server, sample{ms * 1000, server.Usage{CPUSeconds: cpu, ResidentBytes: uint64(1000 + ms), Processes: 1}})
	}
	for ms := 0.0; ms <= 2000; ms += 250 {
		o.machine = append(o.machine, cpuSample{ms * 1000, machine.Times{Busy: 1.8 * ms / 1000, Steal: 0.2 * ms / 1000, Total: 2 * ms / 1000}})
	}
	return o
}

func TestResources(t *testing.T) {
	t.Parallel()
	out := wrk.Output{Wall: 2 * time.Second, UserCPU: 600 * time.Millisecond, SystemCPU: 200 * time.Millisecond}
	cases := []struct {
		name   string
		seen   observation
		window parse.Window
		cpu    float64 // s
		peak   uint64
	}{
		// Load ends 3 ms after the window: the sample behind it must not count.
		{"a window within the run", steadily(0.5, 490, 1513), parse.Window{OpenedUS: 510e3, LengthUS: 1e6}, 0.5, 2500},
		{"no window of its own", steadily(0.5, 0, 2000), parse.Window{LengthUS: 2e6}, 1, 3000},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			trial := results.Trial{Good: 1000}
			c.seen.record(&trial, Run{Block: &parse.Block{Window: c.window}, Output: out, Options: wrk.Options{Threads: 1}}, []int{machine.CPUs()[0], 4095})
			r := trial.Resources
			near(t, "server CPU", *r.ServerCPUS, c.cpu)
			near(t, "cores", *r.ServerCores, 0.5)
			near(t, "CPU per answer", *r.CPUPerAnswerUS, c.cpu*1000)
			near(t, "answers per CPU second", *r.AnswersPerCPUS, 1000/c.cpu)
			near(t, "generator", *r.GeneratorCores, 0.4)
			near(t, "steal", *r.StealFraction, 0.1)
			if *r.ServerResidentBytes > c.peak || *r.ServerResidentBytes < c.peak-25 {
				t.Errorf("resident %d, want about %d", *r.ServerResidentBytes, c.peak)
			}
			if !r.SharedCores || r.ServerCoresAllowed != 2 || r.GeneratorCoresAllowed != 1 || len(trial.Warnings) > 0 {
				t.Errorf("%+v, warnings %q", r, trial.Warnings)
			}
		})
	}
}

// TestCPUTimeThatCannotBe: what is too low to be true is no figure.
func TestCPUTimeThatCannotBe(t *testing.T) {
	t.Parallel()
	window := parse.Window{OpenedUS: 510e3, LengthUS: 1e6}
	also := steadily(0.5, 490, 1513)
	for i := range also.server {
		also.server[i].usage.AlsoCPUSeconds = new(2 * also.server[i].usage.CPUSeconds)
	}
	trial := results.Trial{Good: 1000}
	also.record(&trial, Run{Block: &parse.Block{Window: window}, Output: wrk.Output{}}, nil)
	near(t, "CPU per answer", *trial.Resources.CPUPerAnswerUS, 500)
	near(t, "CPU per answer, database included", *trial.Resources.AllCPUPerAnswerUS, 1500)

	unseen := steadily(0.5, 490, 1513)
	unseen.server[len(unseen.server)/2].usage.Unseen = 1
	for i := range unseen.server[len(unseen.server)/2:] {
		unseen.server[len(unseen.server)/2+i].usage.Unseen = 1
	}
	for name, c := range map[string]struct {
		seen observation
		good uint64
		want string
	}{
		"children ended unseen":    {unseen, 1000, "without being waited for"},
		"less than a server takes": {steadily(0.5, 490, 1513), 600_000, "which no server does"},
	} {
		trial := results.Trial{Good: c.good}
		c.seen.record(&trial, Run{Block: &parse.Block{Window: window}, Output: wrk.Output{}}, nil)
		r := trial.Resources
		if !r.CPUUnseen || r.CPUPerAnswerUS != nil || r.AnswersPerCPUS != nil || r.ServerCPUS == nil || !strings.Contains(strings.Join(trial.Warnings, " "), c.want) {
			t.Errorf("%s: %+v, %q", name, r, trial.Warnings)
		}
	}
}

func TestOthers(t *testing.T) {
	t.Parallel()
	o := steadily(0.5, 0, 2000)
	o.own = 0.2
	trial := results.Trial{Good: 1}
	o.record(&trial, Run{Block: &parse.Block{Window: parse.Window{}}, Output: wrk.Output{Wall: time.Second, UserCPU: 800 * time.Millisecond}}, nil)
	// 3.6 s busy in 2 s, of which 1 the server's, 0.8 wrk's and 0.2 our own.
	near(t, "others", *trial.Resources.OthersCores, 0.8)
}

func TestWhatCannotBeSeenIsNotClaimed(t *testing.T) {
	t.Parallel()
	var nothing observation
	trial := results.Trial{Good: 1}
	nothing.record(&trial, Run{Block: &parse.Block{Window: parse.Window{OpenedUS: 1, LengthUS: 1e6}}, Output: wrk.Output{}}, nil)
	if r := trial.Resources; r.ServerCPUS != nil || r.CPUPerAnswerUS != nil || r.ServerResidentBytes != nil || r.GeneratorCores != nil || r.OthersCores != nil || r.StealFraction != nil {
		t.Errorf("%+v, want nothing", r)
	}
	rare := steadily(1, 0, 2000)
	rare.server = rare.server[:3] // 50 ms of a second
	rare.record(&trial, Run{Block: &parse.Block{Window: parse.Window{OpenedUS: 1, LengthUS: 1e6}}, Output: wrk.Output{}}, nil)
	if r := trial.Resources; r.ServerCPUS != nil || r.ServerResidentBytes == nil {
		t.Errorf("%+v, want memory alone: the window was hardly sampled", r)
	}
}

func TestServerThatChanges(t *testing.T) {
	t.Parallel()
	o := steadily(1, 0, 2000)
	o.lost = true
	last := &o.server[len(o.server)-1].usage
	last.Begun, last.Ended, last.Restarted = 2, 3, 1
	trial := results.Trial{Good: 1}
	o.record(&trial, Run{Block: &parse.Block{Window: parse.Window{}}, Output: wrk.Output{}}, nil)
	text := strings.Join(trial.Warnings, "\n")
	for _, want := range []string{"ended", "restarted", "2 began, 3 ended"} {
		if !strings.Contains(text, want) {
			t.Errorf("warnings %q, want %q in them", text, want)
		}
	}
	if trial.Resources.CPUPerAnswerUS == nil || trial.Resources.OthersCores != nil {
		t.Errorf("%+v, want figures kept, and others unknown", trial.Resources)
	}
}

// TestWatch samples a server that is there and one that goes.
func TestWatch(t *testing.T) {
	t.Parallel()
	w := watcher{server: &fakeServer{world: newWorld()}, window: time.Second}
	w.Begin(t.Context())
	w.End(t.Context())
	seen := w.seen
	if n := len(seen.server); n < 2 || seen.lost {
		t.Errorf("%d samples, lost %t; want one at the beginning and one at the end at least", n, seen.lost)
	}
	if w := seen.window(parse.Window{}); w.Seconds() < 0 || w.Seconds() > 60 {
		t.Errorf("watched for %v s", w.Seconds())
	}
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 0.002*want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}
