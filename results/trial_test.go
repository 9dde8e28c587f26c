package results

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"taskbench/parse"
)

func TestNewTrial(t *testing.T) {
	t.Parallel()
	b := sampleBlock()
	b.Steps[1].Good = 3990
	b.Lost, b.Unanswered = 6, 4
	got, err := NewTrial(b, Circumstances{Pair: 3, Position: 2, Started: noon})
	if err != nil {
		t.Fatal(err)
	}
	if got.Pair != 3 || got.Position != 2 || got.Answers != 8000 || got.Good != 7990 || got.WindowS != 1.13 || got.Error != "" {
		t.Errorf("got %+v", got)
	}
	if want := 7990 / 1.13; math.Abs(got.ThroughputPS-want) > 1e-9 {
		t.Errorf("throughput %v, want %v", got.ThroughputPS, want)
	}
	if want := 20.0 / 8010; got.ErrorFraction != want {
		t.Errorf("error fraction %v, want %v", got.ErrorFraction, want)
	}
	if want := 4000 / 1.13; math.Abs(got.Iterations.ThroughputPS-want) > 1e-9 || got.Iterations.Latency.Count != 4000 {
		t.Errorf("iterations %+v", got.Iterations)
	}
	if diff := cmp.Diff([]uint64{7000, 1000}, got.GoodPerS); diff != "" {
		t.Error(diff)
	}
	if got.Latency.Count != 8000 || got.Latency.MinUS != math.Min(b.Steps[0].Latency.MinUS, b.Steps[1].Latency.MinUS) {
		t.Errorf("latency %+v", got.Latency)
	}
}

// thinking are users who pause for so long behind each answer; 0: nobody does.
func thinking(mean time.Duration) map[string]Pause {
	if mean == 0 {
		return nil
	}
	return map[string]Pause{"create": {Mean: mean}, "list": {Mean: mean}}
}

// A fault counts once, whatever it is: as a share of the requests.
func TestErrorFractionCountsEveryFault(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*parse.Block)
		think  time.Duration
		want   float64
	}{
		"nothing":                      {func(*parse.Block) {}, 0, 0},
		"wrong":                        {func(b *parse.Block) { b.Steps[1].Good = 3920 }, 0, 80.0 / 8000},
		"lost":                         {func(b *parse.Block) { b.Lost = 80 }, 0, 80.0 / 8080},
		"unanswered":                   {func(b *parse.Block) { b.Unanswered = 8 }, 0, 8.0 / 8008},
		"surplus":                      {func(b *parse.Block) { b.Surplus = 80 }, 0, 80.0 / 8000},
		"broken":                       {func(b *parse.Block) { b.Broken = 80 }, 0, 80.0 / 8000},
		"an idle connection is closed": {func(b *parse.Block) { b.Broken = 80 }, time.Second, 0},
		"more faults than requests":    {func(b *parse.Block) { b.Surplus = 9000 }, 0, 1},
	} {
		b := sampleBlock()
		c.change(b)
		got, err := NewTrial(b, Circumstances{Pauses: thinking(c.think)})
		if err != nil || got.ErrorFraction != c.want {
			t.Errorf("%s: %v, %v, want %v", name, got.ErrorFraction, err, c.want)
		}
	}
}

// A window that is short against the latency says by how much it may be wrong.
func TestShortWindows(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answers int // of 8 virtual users, of a second each
		think   time.Duration
		want    string // among the warnings
		none    bool   // what is no result
	}{
		"long enough":            {200, 0, "", false},
		"at the limit":           {160, 0, "", false},
		"just beyond":            {152, 0, "its ends may shift throughput by up to 5 %", false},
		"two and a half answers": {20, 0, "its ends may shift throughput by up to 40 %", false},
		"two answers each":       {16, 0, "its ends may shift throughput by up to 50 %", false},
		"one answer each":        {8, 0, "", true},
		"who thinks is not cut":  {20, 9 * time.Second, "", false},
	} {
		seconds := make([]float64, c.answers)
		for i := range seconds {
			seconds[i] = 1e6
		}
		b := sampleBlock()
		b.Steps = []parse.BlockStep{{Name: "create", Answers: uint64(c.answers), Good: uint64(c.answers), Latency: blockOf(seconds...)}}
		b.Window.LengthUS = float64(c.answers) / 8 * 1e6
		got, err := NewTrial(b, Circumstances{Pauses: thinking(c.think)})
		if err != nil {
			t.Fatal(err)
		}
		said := strings.Join(got.Warnings, "\n")
		if c.want == "" && strings.Contains(said, "its ends") || !strings.Contains(said, c.want) {
			t.Errorf("%s: %q, want %q", name, said, c.want)
		}
		if none := strings.Contains(got.Error, "the window of"); none != c.none {
			t.Errorf("%s: error %q", name, got.Error)
		}
	}
}

// The percentiles of a trial are those of all values of all steps, not the
// average of the steps' percentiles.
func TestPercentilesAreOfAllValues(t *testing.T) {
	t.Parallel()
	fast, slow := make([]float64, 9000), make([]float64, 1000)
	for i := range fast {
		fast[i] = 100
	}
	for i := range slow {
		slow[i] = 30_000
	}
	b := sampleBlock()
	b.Steps[0].Latency, b.Steps[1].Latency = blockOf(fast...), blockOf(slow...)
	got, err := NewTrial(b, Circumstances{})
	if err != nil {
		t.Fatal(err)
	}
	near := func(what string, got, want float64) {
		if math.Abs(got/want-1) > 0.01 {
			t.Errorf("%s is %v, want %v", what, got, want)
		}
	}
	near("p50", got.Latency.P50US, 100)
	near("p95", got.Latency.P95US, 30_000)
	near("mean", got.Latency.MeanUS, 3090)
}

func TestMergeLaws(t *testing.T) {
	t.Parallel()
	values := lognormal(5, 3000)
	parts := []*Latency{of(t, values[:10]), of(t, values[10:1500]), nil, of(t, values[1500:])}
	whole := of(t, values)
	merged := merge(t, parts...)
	approx := cmp.Comparer(func(a, b float64) bool { return a == b || math.Abs(a-b) < 1e-9*math.Abs(a+b) })
	// Each part draws its outermost buckets into its own extremes, which moves
	// single values within their bucket: the percentiles stay, the bytes do not.
	within := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) <= 0.01*math.Max(a, b) })
	if diff := cmp.Diff(whole, merged, within, cmpopts.IgnoreFields(Latency{}, "HDR")); diff != "" {
		t.Errorf("parts merged are not the whole:\n%s", diff)
	}
	slices.Reverse(parts)
	if diff := cmp.Diff(merged, merge(t, parts...), approx); diff != "" {
		t.Errorf("order matters:\n%s", diff)
	}
	left := merge(t, merge(t, parts[0], parts[1]), merge(t, parts[2], parts[3]))
	if diff := cmp.Diff(merged, left, approx); diff != "" {
		t.Errorf("grouping matters:\n%s", diff)
	}
	if diff := cmp.Diff(whole, merge(t, whole), approx); diff != "" {
		t.Errorf("one alone changes:\n%s", diff)
	}
	if got := merge(t, nil, nil); got != nil {
		t.Errorf("nothing merges to %+v", got)
	}
}

func of(t *testing.T, values []float64) *Latency {
	t.Helper()
	l, err := blockLatency(blockOf(values...))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func merge(t *testing.T, parts ...*Latency) *Latency {
	t.Helper()
	l, err := MergeLatency(parts...)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestHistogramRoundTrip(t *testing.T) {
	t.Parallel()
	values := lognormal(9, 5000)
	l := of(t, values)
	h, err := l.Histogram()
	if err != nil {
		t.Fatal(err)
	}
	if !h.Equals(blockOf(values...).HDR()) {
		t.Error("the histogram changed on its way")
	}
	slices.Sort(values)
	if want := values[len(values)*95/100]; math.Abs(l.P95US/want-1) > 0.02 {
		t.Errorf("p95 %v, want %v", l.P95US, want)
	}
	l.Count++
	if _, err := l.Histogram(); err == nil {
		t.Error("a wrong count is not noticed")
	}
	if _, err := (&Latency{HDR: "HISTFAAA!", Count: 1}).Histogram(); err == nil {
		t.Error("a damaged histogram is not noticed")
	}
	if h, err := (*Latency)(nil).Histogram(); err != nil || h.TotalCount() != 0 {
		t.Errorf("no latency gives %v, %v", h, err)
	}
}

func TestRequestModeUsesRepairedSamples(t *testing.T) {
	t.Parallel()
	b := &parse.Block{
		Schema: 1, Scenario: "health", ScenarioHash: "abc", Mode: "request",
		VirtualUsersAsked: 2, VirtualUsersStarted: 2, Window: parse.Window{LengthUS: 1e6},
		Steps: []parse.BlockStep{{Name: "health", Answers: 1000, Good: 1000}},
	}
	// interval = 1e6/(1000/2) = 2000 µs: the sample at 7000 made phantoms at 5000 and 3000.
	b.Wrk = parse.BlockWrk{Threads: 1, Connections: 2, DurationUS: 1e6, Requests: 1000,
		Latency: [][2]uint64{{1900, 999}, {3000, 1}, {5000, 1}, {7000, 1}}}
	got, err := NewTrial(b, Circumstances{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Latency.Count != 1000 || got.Steps[0].Latency.Count != 1000 || math.Abs(got.Latency.MaxUS/7000-1) > 0.001 {
		t.Errorf("latency %+v", got.Latency)
	}
	if len(got.Warnings) > 0 {
		t.Errorf("warnings %q", got.Warnings)
	}
}

func TestTrialErrorsAndWarnings(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change   func(*parse.Block)
		by       Circumstances
		wantErr  string
		wantWarn []string
	}{
		"fine": {change: func(*parse.Block) {}},
		"setup failed": {
			change: func(b *parse.Block) {
				b.Setup[0].Good = 5
				b.Setup[0].Example = &parse.BlockExample{Unmet: "status", Status: 409, Body: "taken"}
			},
			wantErr: `setup failed at virtual user 6 of 8: step login got 409 "taken", not as expected (status)`,
		},
		"setup lost": {
			change: func(b *parse.Block) {
				b.Setup[0] = parse.BlockStep{Name: "login", Unmet: map[string]uint64{"lost": 2}}
			},
			wantErr: "setup step login was never answered for 2 of 8 virtual users: their connections broke again and again",
		},
		"window never opened": {
			change:  func(b *parse.Block) { b.Window.LengthUS, b.VirtualUsersReady = 0, 3 },
			wantErr: "the measurement window never opened: 3 of 8 virtual users were ready",
		},
		"no answers": {
			change: func(b *parse.Block) {
				b.Steps = []parse.BlockStep{{Name: "create"}, {Name: "list"}}
			},
			wantErr: "the server answered nothing in the measurement window",
		},
		"no answers in a long pause": {
			change: func(b *parse.Block) {
				b.Steps = []parse.BlockStep{{Name: "create"}, {Name: "list"}}
			},
			by:      Circumstances{Pauses: map[string]Pause{"create": {Mean: 30 * time.Second}}},
			wantErr: "no virtual user got an answer in the measurement window of 1.13 s: they pause for 30s; take a longer duration",
		},
		"users missing": {
			change:   func(b *parse.Block) { b.VirtualUsersAsked = 10 },
			wantWarn: []string{"2 of 10 virtual users never started: the load was lower than asked"},
		},
		"not ready": {
			change:   func(b *parse.Block) { b.VirtualUsersReady = 7 },
			wantWarn: []string{"1 of 8 virtual users did not finish their setup"},
		},
		"lost and late": {
			change: func(b *parse.Block) { b.Lost, b.Unanswered, b.Steps[1].Late = 3, 2, 1 },
			wantWarn: []string{
				"3 requests were lost: the connection broke before the answer",
				"2 requests were never answered within the timeout, and are in no percentile",
				"answers slower than the timeout count as failed: list 1",
			},
		},
		"surplus": {
			change:   func(b *parse.Block) { b.Surplus = 7 },
			wantWarn: []string{"7 answers came beyond the requests (interim ones such as 100 or 103, or second ones) and are not counted as answers"},
		},
		"broken": {
			change:   func(b *parse.Block) { b.Broken, b.Wrk.Errors.Read = 7, 7 },
			wantWarn: []string{"7 connections broke after an answer was complete, without a word that they would: closed, or behind bytes that belong to no answer"},
		},
		"socket errors": {
			change:   func(b *parse.Block) { b.Wrk.Errors.Read = 5 },
			wantWarn: []string{"wrk counted socket errors over its whole run: connect 0, read 5, write 0"},
		},
		"generator at its limit": {
			change:   func(b *parse.Block) { b.Window.LengthUS *= 2 },
			wantWarn: []string{"virtual users waited for the server only 50 % of the time: the generator was at its limit, or connections hung"},
		},
		"think time explains it": {change: func(b *parse.Block) { b.Window.LengthUS *= 2 }, by: Circumstances{Pauses: thinking(1130 * time.Microsecond)}},
		"so do pauses behind one of two steps": {
			change: func(b *parse.Block) { b.Window.LengthUS *= 2 },
			by:     Circumstances{Pauses: map[string]Pause{"list": {Mean: 2260 * time.Microsecond}}},
		},
		"and those within a step": {
			change: func(b *parse.Block) { b.Window.LengthUS *= 2 },
			by:     Circumstances{Pauses: map[string]Pause{"list": {Mean: 0}}, Varied: true},
		},
		"pauses that were drawn scatter": {
			change: func(b *parse.Block) { b.Window.LengthUS *= 2.6 },
			by:     Circumstances{Pauses: map[string]Pause{"list": {Mean: 2260 * time.Microsecond, SD: 40 * time.Millisecond}}},
		},
		"but not by so much": {
			change:   func(b *parse.Block) { b.Window.LengthUS *= 2.6 },
			by:       Circumstances{Pauses: map[string]Pause{"list": {Mean: 2260 * time.Microsecond, SD: 2260 * time.Microsecond}}},
			wantWarn: []string{"virtual users waited for the server only 77 % of the time: the generator was at its limit, or connections hung"},
		},
		"idle connections may be closed": {
			change:   func(b *parse.Block) { b.Broken, b.Wrk.Errors.Read = 5, 9 },
			by:       Circumstances{Pauses: map[string]Pause{"list": {Mean: 0}}},
			wantWarn: []string{"wrk counted socket errors over its whole run: connect 0, read 9, write 0"},
		},
		"impossible": {
			change:   func(b *parse.Block) { b.Window.LengthUS /= 2 },
			wantWarn: []string{"throughput and latency contradict each other: together they need 16.0 connections, there were 8"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			b := sampleBlock()
			c.change(b)
			got, err := NewTrial(b, c.by)
			if err != nil {
				t.Fatal(err)
			}
			if got.Error != c.wantErr {
				t.Errorf("error\ngot  %s\nwant %s", got.Error, c.wantErr)
			}
			if diff := cmp.Diff(strings.Join(c.wantWarn, "\n"), strings.Join(got.Warnings, "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}
