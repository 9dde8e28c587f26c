package parse

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"taskbench/internal/source"
)

// printedShares are the texts of three processes of one run.
func printedShares(t *testing.T) (names []string, texts [][]Printout) {
	t.Helper()
	draw := rand.New(rand.NewPCG(5, 6))
	for i, b := range sharesOf(draws(draw, 60), 3, draw) {
		name := string(rune('a'+i)) + ".txt"
		runs, err := Wrk(name, strings.NewReader(Marker+"\n"+string(marshal(t, b))+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		names, texts = append(names, name), append(texts, runs)
	}
	return names, texts
}

func TestJoin(t *testing.T) {
	t.Parallel()
	names, texts := printedShares(t)
	run, err := Join(names, texts)
	if err != nil {
		t.Fatal(err)
	}
	if run.Block.Steps[0].Answers != 60 || *run.Requests != 60 || *run.Connections != 6 || *run.Threads != 6 || run.RequestsPS != nil || len(run.Joined) != 3 || len(run.Warnings) > 0 {
		t.Errorf("%+v, %+v", run, run.Block)
	}
}

// Of requests without a script's own latencies, those that wrk measured are told.
func TestJoinRequests(t *testing.T) {
	t.Parallel()
	names, texts := printedShares(t)
	for _, runs := range texts {
		b := runs[0].Block
		b.Mode, b.Iterations, b.Rate, b.Steps[0].Latency, b.PerSecond = "request", nil, nil, nil, nil
		b.Wrk = BlockWrk{Threads: 1, Connections: 1, DurationUS: 40, Requests: 4, Latency: [][2]uint64{{5, 3}, {15, 1}, {25, 1}}}
	}
	run, err := Join(names, texts)
	if err != nil {
		t.Fatal(err)
	}
	if run.RequestsPS == nil || *run.RequestsPS != 300000 {
		t.Errorf("12 answers in 40 µs: %v/s", run.RequestsPS)
	}
	d := run.LatencyUncorrected
	if d == nil || *d.Count != 12 || *d.MaxUS != 25 || len(d.Percentiles) != 4 || d.Percentiles[0].LatencyUS != 5 || d.Percentiles[3].LatencyUS != 25 {
		t.Errorf("%+v", d)
	}
}

func TestJoinRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change     func(texts [][]Printout)
		file, want string
	}{
		"no run":   {func(x [][]Printout) { x[1] = nil }, "b.txt", "there is no run in it"},
		"two runs": {func(x [][]Printout) { x[1] = append(x[1], x[1][0]) }, "b.txt", "2 runs are in it"},
		"no block": {func(x [][]Printout) { x[2][0].Block = nil }, "c.txt", "it has no result block, and wrk's own lines cannot be added up"},
		"a damaged block": {func(x [][]Printout) {
			x[2][0].Block, x[2][0].Warnings = nil, []string{"idle connections", damaged + "cut off"}
		}, "c.txt", "it has no result block that can be read: cut off"},
		"warnings, no block": {func(x [][]Printout) { x[2][0].Block, x[2][0].Warnings = nil, []string{"idle connections"} }, "c.txt", "it has no result block, and wrk's own lines cannot be added up"},
		"a whole run":        {func(x [][]Printout) { x[1][0].Block.Share = nil }, "b.txt", "the run had all virtual users, not a share"},
		"a share twice":      {func(x [][]Printout) { x[2] = x[1] }, "c.txt", "the run had share 2 of 3, as another one had"},
		"a missing share": {func(x [][]Printout) {
			x[0][0].Block.Share.Places, x[1][0].Block.Share.Places, x[2][0].Block.Share.Places = 4, 4, 4
		}, "", "share 4 of 4 is missing: joined were a.txt, b.txt, c.txt"},
		"another run":    {func(x [][]Printout) { x[1][0].Block.Run = "r9" }, "b.txt", "the run is of another run: r9"},
		"another seed":   {func(x [][]Printout) { x[1][0].Block.Seed = 9 }, "b.txt", "the run drew from another seed: 9"},
		"another script": {func(x [][]Printout) { x[2][0].Block.ScenarioHash = "xyz" }, "c.txt", "the run ran another script"},
		"another time":   {func(x [][]Printout) { x[2][0].Block.Window.OpenedUnixUS += 9e6 }, "c.txt", "the run measured at another time"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			names, texts := printedShares(t)
			c.change(texts)
			run, err := Join(names, texts)
			var e *source.Error
			if !errors.As(err, &e) || run.Block != nil {
				t.Fatalf("%+v, %v", run, err)
			}
			if e.Pos.File != c.file || !strings.HasPrefix(e.Message, c.want) || e.Hint == "" {
				t.Errorf("%s: %s (%s), want %s: %s", e.Pos.File, e.Message, e.Hint, c.file, c.want)
			}
		})
	}
}

// Where a window never opened, the run says so by the name of the file.
func TestJoinWithoutWindow(t *testing.T) {
	t.Parallel()
	names, texts := printedShares(t)
	texts[1][0].Block.Window = Window{}
	run, err := Join(names, texts)
	if err != nil || len(run.Warnings) != 1 || !strings.HasPrefix(run.Warnings[0], "b.txt: the window never opened") {
		t.Errorf("%q, %v", run.Warnings, err)
	}
}
