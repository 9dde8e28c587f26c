package parse

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// sharesOf deals samples to so many processes of one run, as their scripts would
// have counted them.
func sharesOf(samples []float64, n int, draw *rand.Rand) []*Block {
	dealt := make([][]float64, n)
	for i, us := range samples {
		to := draw.IntN(n)
		if i < n {
			to = i // nobody goes without
		}
		dealt[to] = append(dealt[to], us)
	}
	blocks := make([]*Block, n)
	for i, own := range dealt {
		blocks[i] = blockOf(own)
		blocks[i].Share = &BlockShare{Place: i + 1, Places: n, GoUS: 5e6}
		blocks[i].Window.OpenedUnixUS = 1e15 + float64(draw.IntN(10_000))
	}
	return blocks
}

// blockOf is what a script counts of a flow of one step, of which each third answer
// is wrong.
func blockOf(samples []float64) *Block {
	b := goodBlock()
	n := uint64(len(samples))
	wrong := n / 3
	b.Steps = []BlockStep{{
		Name: "create", Answers: n, Good: n - wrong, Statuses: map[string]uint64{"201": n - wrong}, Unmet: map[string]uint64{"status": wrong},
		Latency: recordScript(samples),
	}}
	if wrong > 0 {
		b.Steps[0].Statuses["500"] = wrong
	}
	b.Iterations = &BlockIterations{Completed: n, Latency: recordScript(samples)}
	b.PerSecond = []BlockSecond{{Good: n - wrong, Failed: wrong}}
	b.Rate = &BlockRate{Due: n, Begun: n, KeptUpUS: float64(n), OnTime: n, Service: []BlockLatency{*recordScript(samples)}}
	b.Rate.Stages = []BlockStage{{LengthUS: 5e6, ToPS: 9, Due: n, Begun: n, KeptUpUS: float64(n), Good: n - wrong, Failed: wrong, Latency: recordScript(samples), Service: recordScript(samples)}}
	b.Lost, b.Wrk.Requests = n, n
	return b
}

func draws(draw *rand.Rand, n int) []float64 {
	samples := make([]float64, n)
	for i := range samples {
		samples[i] = float64(1 + draw.IntN(1<<uint(1+draw.IntN(24))))
	}
	return samples
}

// However samples are dealt, and in whatever order blocks come home: merged, they
// are those of one process that counted all.
func TestMergeBlocksAsOne(t *testing.T) {
	t.Parallel()
	draw := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		samples := draws(draw, 4+draw.IntN(300))
		blocks := sharesOf(samples, 1+draw.IntN(4), draw)
		whole := blockOf(samples)
		draw.Shuffle(len(blocks), func(i, j int) { blocks[i], blocks[j] = blocks[j], blocks[i] })
		merged, err := MergeBlocks(blocks)
		if err != nil {
			t.Fatal(err)
		}
		for what, pair := range map[string][2]*BlockLatency{
			"step":      {merged.Steps[0].Latency, whole.Steps[0].Latency},
			"iteration": {merged.Iterations.Latency, whole.Iterations.Latency},
			"service":   {&merged.Rate.Service[0], &whole.Rate.Service[0]},
			"stage":     {merged.Rate.Stages[0].Service, whole.Rate.Stages[0].Service},
		} {
			if !reflect.DeepEqual(pair[0], pair[1]) {
				t.Fatalf("%s: %+v, of all samples %+v", what, pair[0], pair[1])
			}
		}
		if merged.Steps[0].Answers != whole.Steps[0].Answers || merged.Rate.Due != whole.Rate.Due || merged.Lost != whole.Lost || merged.PerSecond[0].Good+merged.PerSecond[0].Failed != merged.Steps[0].Answers {
			t.Fatalf("%+v, of all samples %+v", merged, whole)
		}
		if merged.VirtualUsersAsked != 2*len(blocks) || merged.Wrk.Connections != 2*len(blocks) || merged.Share != nil {
			t.Fatalf("%+v", merged)
		}
		if _, err := ReadBlock(marshal(t, merged)); err != nil {
			t.Fatal(err)
		}
	}
}

// The order of blocks changes nothing.
func TestMergeBlocksOrder(t *testing.T) {
	t.Parallel()
	draw := rand.New(rand.NewPCG(3, 4))
	blocks := sharesOf(draws(draw, 99), 3, draw)
	a, err := MergeBlocks(blocks)
	if err != nil {
		t.Fatal(err)
	}
	b, err := MergeBlocks([]*Block{blocks[2], blocks[0], blocks[1]})
	if err != nil || !reflect.DeepEqual(a, b) {
		t.Errorf("%+v, %v, in another order %+v", a, err, b)
	}
}

// Of virtual users without shares one that waits is enough to keep up; shares have
// a queue each.
func TestMergeBlocksKeptUp(t *testing.T) {
	t.Parallel()
	a, b := blockOf([]float64{1, 2, 3}), blockOf([]float64{4})
	a.Window.OpenedUnixUS, b.Window.OpenedUnixUS = 1e15, 1e15
	merged, err := MergeBlocks([]*Block{a, b})
	if err != nil || merged.Rate.KeptUpUS != 3 || merged.Rate.Stages[0].KeptUpUS != 3 {
		t.Errorf("kept up for %g µs (%v), want 3", merged.Rate.KeptUpUS, err)
	}
	a.Share, b.Share = &BlockShare{Place: 1, Places: 2}, &BlockShare{Place: 2, Places: 2}
	merged, err = MergeBlocks([]*Block{a, b})
	if err != nil || merged.Rate.KeptUpUS != 1 || merged.Rate.Stages[0].KeptUpUS != 1 {
		t.Errorf("kept up for %g µs (%v), want 1", merged.Rate.KeptUpUS, err)
	}
}

// What wrk made up in its histogram depends on each one's own pace, so it is taken
// out before.
func TestMergeBlocksOfRequests(t *testing.T) {
	t.Parallel()
	block := func(place int, duration uint64, bars [][2]uint64) *Block {
		b := goodBlock()
		b.Mode, b.Iterations, b.Steps[0].Latency = "request", nil, nil
		b.Share, b.Window.OpenedUnixUS = &BlockShare{Place: place, Places: 2}, 1e15
		b.Wrk = BlockWrk{Threads: 1, Connections: 1, DurationUS: duration, Requests: 4, Latency: bars}
		return b
	}
	// Distances of 10 and 20 µs: 25 has made up 15, and 45 has made up 25.
	merged, err := MergeBlocks([]*Block{
		block(1, 40, [][2]uint64{{5, 3}, {15, 1}, {25, 1}}),
		block(2, 80, [][2]uint64{{5, 2}, {25, 2}, {45, 1}}),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := [][2]uint64{{5, 5}, {25, 2}, {45, 1}}
	if !reflect.DeepEqual(merged.Wrk.Latency, want) || !merged.Wrk.Measured {
		t.Errorf("%v, want %v", merged.Wrk.Latency, want)
	}
	if h, err := Uncorrect(merged); err != nil || h.TotalCount() != 8 {
		t.Errorf("%d samples, %v, want 8", h.TotalCount(), err)
	}
}

func TestMergeBlocksRefuses(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change    func(b []*Block)
		at, place int
		want      string
	}{
		"another hash":     {func(b []*Block) { b[1].ScenarioHash = "xyz" }, 1, 0, "ran another script: scenario projects, hash xyz, not"},
		"another scenario": {func(b []*Block) { b[2].Scenario = "tasks" }, 2, 0, "ran another script: scenario tasks"},
		"another target":   {func(b []*Block) { b[1].Target = "rust" }, 1, 0, `ran another script: mode flow for target "rust"`},
		"another step":     {func(b []*Block) { b[1].Steps[0].Name = "delete" }, 1, 0, "ran another script: its steps are others"},
		"another setup":    {func(b []*Block) { b[1].Setup = nil }, 1, 0, "ran another script: its steps are others"},
		"another run":      {func(b []*Block) { b[1].Run = "r2" }, 1, 0, "is of another run: r2, not r1"},
		"another seed":     {func(b []*Block) { b[1].Seed = 8 }, 1, 0, "drew from another seed: 8, not 7"},
		"another load":     {func(b []*Block) { b[1].Share.Load = "7 virtual users" }, 1, 0, "ran another script: its load is 7 virtual users, not "},
		"another rate":     {func(b []*Block) { b[1].Rate.Stages[0].ToPS = 8 }, 1, 0, "had another schedule"},
		"no rate":          {func(b []*Block) { b[1].Rate = nil }, 1, 0, "had another schedule"},
		"slots":            {func(b []*Block) { b[1].Slots = &BlockSlots{} }, 1, 0, "took turns with other servers"},
		"a share missing":  {func(b []*Block) { b[1].Share.Places, b[0].Share.Places, b[2].Share.Places = 4, 4, 4 }, -1, 4, "of 4 is missing"},
		"a share twice":    {func(b []*Block) { b[2].Share.Place = 1 }, 2, 0, "had share 1 of 3, as another one had"},
		"no share":         {func(b []*Block) { b[1].Share = nil }, 1, 0, "had all virtual users, and others a share"},
		"other shares":     {func(b []*Block) { b[1].Share.Places = 2 }, 1, 0, "had one of 2 shares, and others one of 3"},
		"late":             {func(b []*Block) { b[1].Window.OpenedUnixUS += 251e3 }, 1, 0, "measured at another time: its window, 5000 ms long, opened 251 ms behind"},
		"early":            {func(b []*Block) { b[1].Window.OpenedUnixUS -= 251e3 }, 1, 0, "measured at another time: its window, 5000 ms long, opened 0 ms behind"},
		"short":            {func(b []*Block) { b[1].Window.LengthUS -= 251e3 }, 1, 0, "measured at another time: its window, 4749 ms long, opened 0 ms behind"},
		"no clock":         {func(b []*Block) { b[1].Window.OpenedUnixUS = 0 }, 1, 0, "does not say when its window opened"},
		"none":             {func(b []*Block) { clear(b) }, -1, 0, "there is nothing to merge"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			draw := rand.New(rand.NewPCG(5, 6))
			blocks := sharesOf(draws(draw, 30), 3, draw)
			for _, b := range blocks {
				b.Window.OpenedUnixUS = 1e15
			}
			c.change(blocks)
			if blocks[0] == nil {
				blocks = nil
			}
			merged, err := MergeBlocks(blocks)
			var e *MergeError
			if merged != nil || !errors.As(err, &e) {
				t.Fatalf("%+v, %v", merged, err)
			}
			if e.At != c.at || e.Place != c.place || !strings.HasPrefix(e.Problem, c.want) {
				t.Errorf("at %d, place %d: %q, want at %d, place %d: %q", e.At, e.Place, e.Problem, c.at, c.place, c.want)
			}
		})
	}
}

// 95 % are enough.
func TestMergeBlocksNearlyTogether(t *testing.T) {
	t.Parallel()
	draw := rand.New(rand.NewPCG(5, 6))
	blocks := sharesOf(draws(draw, 30), 2, draw)
	blocks[0].Window.OpenedUnixUS, blocks[1].Window.OpenedUnixUS = 1e15, 1e15+250e3
	blocks[0].Window.OpenedUS, blocks[1].Window.OpenedUS = 7e6, 8e6
	merged, err := MergeBlocks(blocks)
	if err != nil {
		t.Fatal(err)
	}
	if w := merged.Window; w.LengthUS != 5e6 || w.OpenedUS != 8e6 || w.OpenedUnixUS != 1e15+250e3 {
		t.Errorf("%+v", w)
	}
}

// wrk ends its run when it looks at its clock, ten times a second.
func TestMergeBlocksOfRequestsEnd(t *testing.T) {
	t.Parallel()
	two := func(more float64) []*Block {
		blocks := []*Block{goodBlock(), goodBlock()}
		for i, b := range blocks {
			b.Mode, b.Iterations, b.Steps[0].Latency = "request", nil, nil
			b.Share, b.Window = &BlockShare{Place: i + 1, Places: 2}, Window{OpenedUnixUS: 1e15, LengthUS: 1e6 + float64(i)*more}
		}
		return blocks
	}
	if merged, err := MergeBlocks(two(150e3)); err != nil || merged.Window.LengthUS != 1.075e6 {
		t.Errorf("%+v, %v", merged, err)
	}
	if merged, err := MergeBlocks(two(170e3)); err == nil {
		t.Errorf("merged as %+v", merged.Window)
	}
}

// A window that never opened at one of them opened at none.
func TestMergeBlocksWithoutWindow(t *testing.T) {
	t.Parallel()
	draw := rand.New(rand.NewPCG(5, 6))
	blocks := sharesOf(draws(draw, 30), 2, draw)
	blocks[1].Window = Window{}
	if merged, err := MergeBlocks(blocks); err != nil || merged.Window.LengthUS != 0 {
		t.Errorf("%+v, %v", merged, err)
	}
}

// Blocks that are merged stay what they were.
func TestMergeBlocksKeepsBlocks(t *testing.T) {
	t.Parallel()
	draw := rand.New(rand.NewPCG(5, 6))
	blocks := sharesOf(draws(draw, 30), 2, draw)
	before := string(marshal(t, blocks))
	if _, err := MergeBlocks(blocks); err != nil || string(marshal(t, blocks)) != before {
		t.Errorf("changed, or %v", err)
	}
}

// Who never got as far as to measure has no time to repair a histogram with, and none
// that needs it.
func TestMergeOfThoseThatNeverBegan(t *testing.T) {
	var blocks []*Block
	for range 2 {
		b := goodBlock()
		b.Window, b.PerSecond = Window{}, nil
		b.Wrk.Latency, b.Wrk.DurationUS, b.Wrk.Requests = nil, 0, 4
		blocks = append(blocks, b)
	}
	if m, err := MergeBlocks(blocks); err != nil || m.Window.LengthUS != 0 || m.Wrk.Requests != 8 {
		t.Errorf("%+v, %v", m, err)
	}
}
