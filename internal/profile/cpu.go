package profile

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"taskbench/parse"
	"taskbench/results"
)

// CPU profiles servers, one after the other.
type CPU struct {
	Perf    Perf
	Refused error // why there is no Perf; the use of each second is measured all the same
	Options Options
	Dir     string // where recordings lie until they are read; they can take 100 MB
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

// Around profiles a server while load runs. Sampling begins when lead is over:
// the part of load that is its warm-up. load is called exactly once, whatever
// happens to the recording; what did stands in Result.Profile.
func (c *CPU) Around(ctx context.Context, server Server, lead time.Duration, load func()) Result {
	allowed := len(server.CPUs())          // a server that has ended runs nowhere
	rec, err := c.begin(ctx, server, lead) // perf takes its time, and must not miss the beginning
	r := Result{Started: time.Now().Add(lead), Profile: results.CPUProfile{FrequencyHz: c.Options.Frequency, CallGraph: c.Options.CallGraph}}
	under, over := context.WithCancel(ctx)
	watched := make(chan []Second, 1)
	go func() { watched <- watchAfter(under, server, lead) }()
	load()
	over()
	r.Profile.LengthS = max(time.Since(r.Started), 0).Seconds()
	r.Profile.Use = use(<-watched, allowed)
	if err == nil {
		err = rec.stop()
	}
	if err == nil {
		err = c.read(context.WithoutCancel(ctx), rec.file, &r) // what was recorded before an interrupt is kept
	}
	if err != nil {
		r.Profile.Missing, r.Tree = Sentence(err), nil
	}
	return r
}

// Sentence is an error with its hint on one line, as it is stored and printed
// among notes.
func Sentence(err error) string { return strings.ReplaceAll(err.Error(), "\nhint: ", "; ") }

// begin has perf ready to sample when lead is over.
func (c *CPU) begin(ctx context.Context, server Server, lead time.Duration) (*recording, error) {
	if c.Refused != nil {
		return nil, c.Refused
	}
	pids := server.PIDs()
	if len(pids) == 0 {
		return nil, errNoPID
	}
	return c.Perf.record(ctx, c.Options, lead, pids, filepath.Join(c.Dir, "perf.data"))
}

// read adds a recording up and removes it.
func (c *CPU) read(ctx context.Context, file string, r *Result) error {
	defer os.Remove(file)
	r.Profile.Tool = "perf " + c.Perf.Version
	sum := newSamples()
	if err := c.Perf.Script(ctx, file, sum.add); err != nil {
		return err
	}
	r.Tree, r.Profile.Event = sum.tree, sum.event
	r.Profile.Samples = r.Tree.Total()
	if r.Profile.Samples == 0 {
		return errNoSamples
	}
	r.Profile.Cores = sum.cores.use(c.Options.Frequency, r.Profile.LengthS)
	r.Profile.Notes = notes(r.Profile, r.Tree, sum.stacks)
	return nil
}

// samples are the samples of a recording, added up one by one.
type samples struct {
	tree   *Tree
	cores  coreCounter
	event  string
	stacks int // samples that have callers
}

func newSamples() *samples {
	return &samples{tree: NewTree(), cores: coreCounter{byCore: map[int]map[int]uint64{}, first: math.Inf(1)}}
}

func (a *samples) add(s *parse.PerfSample) error {
	a.event = s.Event
	a.tree.AddPerf(s)
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
