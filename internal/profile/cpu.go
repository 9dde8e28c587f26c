package profile

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"taskbench/internal/bench"
	"taskbench/internal/machine"
	"taskbench/internal/source"
	"taskbench/parse"
	"taskbench/results"
)

// CPU profiles servers, one after the other: a probe.
type CPU struct {
	Perf    Perf
	Refused error // why there is no Perf; the use of each second is measured all the same
	Options Options
	Dir     string // where recordings lie until they are read; they can take 100 MB

	Results map[string][]*Result // of all trials of every target; to be made by the caller
}

// hottest is how many functions are kept: by own, and by total share.
const hottest = 40

// LimitFraction is the documented expectation of the busiest second: less than
// this share of the cores that the server may use.
const LimitFraction = 0.80

// Result is what one recording gave. Tree is nil when Profile.Missing says why.
type Result struct {
	Profile results.CPUProfile
	Tree    *Tree
	Started time.Time
}

// Attach implements bench.Probe.
func (c *CPU) Attach(_ context.Context, s bench.Server, _ bench.Cell) bench.Attached {
	return &cpuRecording{CPU: c, server: s}
}

// cpuRecording is a server that is being profiled.
type cpuRecording struct {
	*CPU
	server  bench.Server
	perf    *recording
	err     error // why there is no perf, or no recording
	allowed int   // cores
	stop    context.CancelFunc
	watched chan []moment
	moments []moment
}

// Begin returns when perf is at work, for it takes its time.
func (r *cpuRecording) Begin(ctx context.Context) {
	r.allowed = len(r.server.CPUs()) // a server that has ended runs nowhere
	r.perf, r.err = r.record(ctx)
	r.watched = make(chan []moment, 1)
	ctx, r.stop = context.WithCancel(ctx)
	go func() { r.watched <- watch(ctx, r.server) }()
}

// record has perf sample.
func (r *cpuRecording) record(ctx context.Context) (*recording, error) {
	if r.Refused != nil {
		return nil, r.Refused
	}
	pids := r.server.PIDs()
	if len(pids) == 0 {
		return nil, errNoPID
	}
	return r.Perf.record(ctx, r.Options, pids, filepath.Join(r.Dir, "perf.data"))
}

// End ends the recording.
func (r *cpuRecording) End(context.Context) {
	r.stop()
	r.moments = <-r.watched
	if r.perf != nil {
		r.err = errors.Join(r.err, r.perf.stop())
	}
}

// Record adds up what fell into the window.
func (r *cpuRecording) Record(ctx context.Context, t *results.Trial, run bench.Run) {
	out := &Result{Profile: results.CPUProfile{FrequencyHz: r.Options.Frequency, CallGraph: r.Options.CallGraph}}
	name := r.server.Spec().Name
	t.CPU, r.Results[name] = &out.Profile, append(r.Results[name], out)
	if r.perf != nil {
		defer os.Remove(r.perf.file)
	}
	w, opened := run.Window()
	if !opened {
		out.Profile.Missing = neverOpened
		return
	}
	out.Started = time.Now().Add(-time.Duration((machine.NowUS() - w.FromUS) * float64(time.Microsecond)))
	out.Profile.OpenedAfterS, out.Profile.LengthS = afterS(w, run), w.Seconds()
	out.Profile.Use = use(secondsOf(r.moments, w), r.allowed)
	if r.err == nil {
		r.err = r.read(context.WithoutCancel(ctx), r.perf.file, w, out) // what was recorded before an interrupt is kept
	}
	if r.err != nil {
		out.Profile.Missing, out.Tree = Sentence(r.err), nil
	}
}

const neverOpened = "the measurement window never opened"

// afterS is how long load was on, in s, before the window opened.
func afterS(w bench.Span, run bench.Run) float64 { return (w.FromUS - run.FromUS) / 1e6 }

// Sentence is an error with its hint on one line, as it is stored and printed
// among notes.
func Sentence(err error) string {
	message, hint := source.Split(err)
	if hint != "" {
		message += "; " + hint
	}
	return message
}

// read adds up what of a recording fell into a window.
func (c *CPU) read(ctx context.Context, file string, w bench.Span, r *Result) error {
	r.Profile.Tool = "perf " + c.Perf.Version
	sum := newSamples(w)
	if err := c.Perf.Script(ctx, file, sum.add); err != nil {
		return err
	}
	r.Tree, r.Profile.Event = sum.tree, sum.event
	r.Profile.Samples, r.Profile.SamplesLeftOut = r.Tree.Total(), sum.leftOut
	if r.Profile.Samples == 0 {
		return errNoSamples
	}
	r.Profile.Cores = sum.cores.use(c.Options.Frequency, r.Profile.LengthS)
	r.Profile.Notes = notes(r.Profile, r.Tree, sum.stacks)
	return nil
}

// samples are the samples of a window, added up one by one.
type samples struct {
	window  bench.Span
	tree    *Tree
	cores   coreCounter
	event   string
	stacks  int    // samples that have callers
	leftOut uint64 // before and after the window
}

func newSamples(w bench.Span) *samples {
	return &samples{window: w, tree: NewTree(), cores: coreCounter{byCore: map[int]map[int]uint64{}, first: math.Inf(1)}}
}

func (a *samples) add(s *parse.PerfSample) error {
	a.event = s.Event
	if !a.window.Holds(s.TimeS * 1e6) {
		a.leftOut++
		return nil
	}
	a.tree.Add(s.Stack, 1)
	a.cores.add(s)
	if len(s.Stack) > 1 {
		a.stacks++
	}
	return nil
}

// Share gives the results their functions: the hottest of any of them, so that
// one target's figure stands beside the other's even where it is small.
func Share(all []*Result) {
	wanted := map[string]bool{}
	for _, r := range all {
		if r.Tree != nil {
			for _, f := range r.Tree.Hottest(hottest) {
				wanted[f.Name] = true
			}
		}
	}
	for _, r := range all {
		if r.Tree != nil {
			r.Profile.Functions = r.Tree.shares(wanted)
		}
	}
}

func (t *Tree) shares(wanted map[string]bool) []results.HotFunction {
	total := float64(t.Total())
	var out []results.HotFunction
	for _, f := range t.Functions() {
		if wanted[f.Name] {
			out = append(out, results.HotFunction{
				Name: f.Name, Object: f.Object, SelfFraction: float64(f.Self) / total, TotalFraction: float64(f.Total) / total,
			})
		}
	}
	return out
}

// notes are what a reader of the shares must know.
func notes(p results.CPUProfile, t *Tree, stacks int) []string {
	var out []string
	if strings.HasPrefix(p.Event, "cpu-clock") || strings.HasPrefix(p.Event, "task-clock") {
		out = append(out, "hardware counters are not supported on this machine: samples are by "+eventName(p.Event)+", a timer, and do not reach into code that runs with interrupts off")
	}
	if p.Samples < 200 {
		out = append(out, fmt.Sprintf("only %d samples: shares are rough; measure longer, or with a higher --freq", p.Samples))
	}
	if float64(stacks) < 0.5*float64(p.Samples) {
		out = append(out, "more than half of the samples have no callers: build the server with frame pointers (Rust: RUSTFLAGS=\"-C force-frame-pointers=yes\"), or use --call-graph dwarf")
	}
	if unnamed := unnamedFraction(t); unnamed > 0.3 {
		out = append(out, fmt.Sprintf("%.0f %% of the samples have no function name: keep the symbols (Rust: strip = false, debug = 1 in the profile)", 100*unnamed))
	}
	if !t.meets(Kernel) {
		out = append(out, "the kernel's part is not in it: kernel.perf_event_paranoid allows the server's own code only")
	}
	return out
}

func eventName(event string) string {
	name, _, _ := strings.Cut(event, ":")
	return name
}

// unnamedFraction is the share of samples that ended outside any known function.
func unnamedFraction(t *Tree) float64 {
	var n uint64
	for _, f := range t.functions {
		if strings.HasPrefix(f.name, "[") {
			n += f.self
		}
	}
	return float64(n) / float64(max(t.Total(), 1))
}

// meets reports whether a function of an object is on any stack.
func (t *Tree) meets(object string) bool {
	for _, f := range t.functions {
		if f.object == object {
			return true
		}
	}
	return false
}
