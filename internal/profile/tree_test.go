package profile

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"

	"taskbench/parse"
)

// sample makes one of function names, the outermost first.
func sample(names ...string) []parse.PerfFrame {
	var stack []parse.PerfFrame
	for i := len(names) - 1; i >= 0; i-- {
		stack = append(stack, parse.PerfFrame{Symbol: names[i], Object: "/srv/app"})
	}
	return stack
}

func small() *Tree {
	t := NewTree()
	for range 3 {
		t.Add(sample("main", "serve", "parse"), 1)
	}
	t.Add(sample("main", "serve"), 1)
	t.Add(sample("main", "walk", "walk", "walk"), 1)
	t.Add(nil, 1)
	return t
}

func TestTree(t *testing.T) {
	t.Parallel()
	want := []Function{
		{"parse", "/srv/app", 3, 3}, {"serve", "/srv/app", 1, 4}, {"[unknown]", "", 1, 1}, {"walk", "/srv/app", 1, 1}, {"main", "/srv/app", 0, 5},
	}
	tree := small()
	if diff := cmp.Diff(want, tree.Functions()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"parse", "main"}, namesIn(tree.Hottest(1))); diff != "" {
		t.Error(diff)
	}
}

func namesIn(functions []Function) []string {
	var out []string
	for _, f := range functions {
		out = append(out, f.Name)
	}
	return out
}

func TestFolded(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := small().WriteFolded(&out); err != nil {
		t.Fatal(err)
	}
	want := "[unknown] 1\nmain;serve 1\nmain;serve;parse 3\nmain;walk;walk;walk 1\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

// TestOrder holds that the order of samples changes nothing.
func TestOrder(t *testing.T) {
	t.Parallel()
	var stacks [][]parse.PerfFrame
	for i := range 200 {
		stacks = append(stacks, sample("main", fmt.Sprint("f", i%7), fmt.Sprint("g", i%11)))
	}
	var texts [2]bytes.Buffer
	for i := range texts {
		tree := NewTree()
		for _, s := range stacks {
			tree.Add(s, 1)
		}
		if err := tree.WriteFolded(&texts[i]); err != nil {
			t.Fatal(err)
		}
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(stacks), func(a, b int) { stacks[a], stacks[b] = stacks[b], stacks[a] })
	}
	if diff := cmp.Diff(texts[0].String(), texts[1].String()); diff != "" {
		t.Error(diff)
	}
}

func TestPprof(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "cpu.pb.gz")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	meaning := Meaning{Type: "samples", Unit: "count", Cost: "cpu", CostUnit: "nanoseconds", CostOfOne: 10_000_000, Description: "a test"}
	if err := small().WritePprof(file, meaning); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	p, err := profile.ParseData(text)
	if err != nil || p.CheckValid() != nil {
		t.Fatalf("not a valid profile: %v, %v", err, p.CheckValid())
	}
	out, err := exec.Command("go", "tool", "pprof", "-top", path).Output()
	if err != nil {
		t.Fatalf("go tool pprof: %v", err)
	}
	for _, want := range []string{"100% of 60ms total", "30ms 50.00% 50.00%       30ms 50.00%  parse", "0     0%   100%       50ms 83.33%  main"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("go tool pprof -top lacks %q:\n%s", want, out)
		}
	}
	if _, err := gzip.NewReader(bytes.NewReader(text)); err != nil {
		t.Errorf("not gzipped: %v", err)
	}
}

// TestCaptures adds real recordings up: names of both manglings of Rust agree.
func TestCaptures(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"rust_v0.txt", "rust_legacy.txt"} {
		file, err := os.Open("../../testdata/perf/" + name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		tree := NewTree()
		if err := parse.Perf(name, file, func(s *parse.PerfSample) error { tree.Add(s.Stack, 1); return nil }); err != nil {
			t.Fatal(err)
		}
		for _, f := range tree.Functions() {
			if f.Name == "r::main" && f.Total != tree.Total() {
				t.Errorf("%s: r::main has %d of %d samples", name, f.Total, tree.Total())
			}
		}
		if got := tree.Functions()[0].Name; got != "r::burn" {
			t.Errorf("%s: the hottest is %s, want r::burn", name, got)
		}
	}
}

// perfText is the output of perf script, as much as is asked for, with some
// thousand different stacks. It is made as it is read.
type perfText struct {
	left   int
	random *rand.Rand
	next   bytes.Buffer
}

func newPerfText(size int) *perfText {
	return &perfText{left: size, random: rand.New(rand.NewPCG(3, 4))}
}

func (p *perfText) Read(into []byte) (int, error) {
	if p.left <= 0 && p.next.Len() == 0 {
		return 0, io.EOF
	}
	for p.next.Len() < len(into) && p.left > 0 {
		before := p.next.Len()
		fmt.Fprintf(&p.next, "taskflow 7/%d [%03d] %d.%06d:    1001001 cpu-clock:ppp: \n", p.random.IntN(90), p.random.IntN(8), p.left/1e6, p.left%1e6)
		for depth := range 20 + p.random.IntN(10) {
			fmt.Fprintf(&p.next, "\t%16x _ZN3app5level%d_%d17h487f5ad673142ed4E (/srv/taskflow/target/release/taskflow-api)\n", p.random.Uint32(), depth, p.random.IntN(2))
		}
		p.next.WriteByte('\n')
		p.left -= p.next.Len() - before
	}
	return p.next.Read(into)
}

// readHeap adds text of a size up and returns how much memory is live at the end, in bytes.
func readHeap(t testing.TB, size int) (samples, live uint64) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	tree := NewTree()
	err := parse.Perf("generated", newPerfText(size), func(s *parse.PerfSample) error {
		if len(s.Stack) > 12 {
			s.Stack = s.Stack[len(s.Stack)-12:] // 4096 different stacks
		}
		tree.Add(s.Stack, 1)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	samples = tree.Total()
	runtime.KeepAlive(tree)
	return samples, after.HeapAlloc - min(before.HeapAlloc, after.HeapAlloc)
}

// TestStreaming holds that memory does not grow with the text: what is live
// after 8 MB is what is live after 2 MB, and a little.
func TestStreaming(t *testing.T) {
	few, small := readHeap(t, 2<<20)
	many, large := readHeap(t, 8<<20)
	if many < 3*few {
		t.Fatalf("%d samples, then %d", few, many)
	}
	if large > small+4<<20 {
		t.Errorf("%d bytes live after 2 MB, %d after 8 MB", small, large)
	}
}

// BenchmarkRead100MB reports what is live after 100 MB of perf script, and
// what the process took of the system at most.
func BenchmarkRead100MB(b *testing.B) {
	b.SetBytes(100_000_000)
	for b.Loop() {
		_, live := readHeap(b, 100_000_000)
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(live)/1e6, "live-MB")
		b.ReportMetric(float64(m.Sys)/1e6, "process-MB")
	}
}
