package parse

import (
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const allOfIt = time.Duration(math.MaxInt64)

func readHeap(t testing.TB, text string, from, to time.Duration) (Heaptrack, []HeapStack, error) {
	t.Helper()
	var out []HeapStack
	h, err := ReadHeaptrack("recording", strings.NewReader(text), HeapWindow{From: from, To: to}, func(s *HeapStack) error {
		kept := *s
		kept.Stack = slices.Clone(s.Stack)
		out = append(out, kept)
		return nil
	})
	return h, out, err
}

func heapCapture(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile("../testdata/heaptrack/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// sums adds up what stacks cost.
func sums(stacks []HeapStack) (h [4]uint64) {
	for _, s := range stacks {
		h[s.Cost] += s.Count
	}
	return h
}

// TestHeaptrackWhole holds a recording against what heaptrack_print 1.4.0 says of it.
func TestHeaptrackWhole(t *testing.T) {
	t.Parallel()
	h, stacks, err := readHeap(t, heapCapture(t, "cpp.recording"), 0, allOfIt)
	if err != nil {
		t.Fatal(err)
	}
	h.Covered = 0
	want := Heaptrack{Allocations: 265, Temporary: 120, PeakBytes: 79285, LeakedBytes: 192}
	if diff := cmp.Diff(want, h); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([4]uint64{h.Allocations, h.Temporary, h.PeakBytes, h.LeakedBytes}, sums(stacks)); diff != "" {
		t.Errorf("sums of the stacks: %s", diff)
	}
}

// TestHeaptrackWindow looks at the second of three equal rounds of
// testdata/heaptrack/cpp.cc, each of which rests 60 ms at its end.
func TestHeaptrackWindow(t *testing.T) {
	t.Parallel()
	h, stacks, err := readHeap(t, heapCapture(t, "cpp.recording"), 20*time.Millisecond, 110*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	calls := map[string]uint64{}
	for _, s := range stacks {
		for _, f := range s.Stack {
			if s.Cost == HeapCalls {
				calls[f.Symbol] += s.Count
			}
		}
	}
	// 40 strings and 40 brief ones, 7 times that the list grew, one that leaked.
	if h.Allocations != 88 || h.Before != 89 || h.After != 88 || h.Temporary != 40 {
		t.Errorf("window %+v", h)
	}
	if calls["app::Store::put(int)"] != 47 || calls["brief()"] != 40 || calls["leak(int)"] != 1 || calls["main"] != 88 || calls["_dl_init"] != 0 {
		t.Errorf("calls %v", calls)
	}
	if h.AtEdges != 0 { // nothing happened between 106 and 116 ms
		t.Errorf("%g at the edges", h.AtEdges)
	}
	if h.LeakedBytes != 64 { // the round's strings are freed after the window, but freed
		t.Errorf("leaked %d bytes", h.LeakedBytes)
	}
	if diff := cmp.Diff([4]uint64{h.Allocations, h.Temporary, h.PeakBytes, h.LeakedBytes}, sums(stacks)); diff != "" {
		t.Errorf("sums of the stacks: %s", diff)
	}
}

// TestHeaptrackSplit holds that windows side by side add up to the whole,
// wherever it is cut: at times that heaptrack told, for what is between two of them
// is in neither of two windows that meet there.
func TestHeaptrackSplit(t *testing.T) {
	t.Parallel()
	text := heapCapture(t, "cpp.recording")
	whole, _, err := readHeap(t, text, 0, allOfIt)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(text) {
		told, ok := strings.CutPrefix(line, "c ")
		if !ok {
			continue
		}
		ms, err := strconv.ParseInt(strings.TrimSpace(told), 16, 64)
		if err != nil {
			t.Fatal(err)
		}
		at := time.Duration(ms) * time.Millisecond
		first, _, _ := readHeap(t, text, 0, at)
		second, _, _ := readHeap(t, text, at, allOfIt)
		if first.Allocations+second.Allocations != whole.Allocations || first.Temporary+second.Temporary != whole.Temporary ||
			first.Allocations != second.Before || first.AtEdges+second.AtEdges > 0 || first.After != second.Allocations || max(first.PeakBytes, second.PeakBytes) != whole.PeakBytes {
			t.Errorf("cut at %v: %+v and %+v", at, first, second)
		}
		inner, _, _ := readHeap(t, text, at-time.Millisecond, at+time.Millisecond)
		if inner.Allocations != 0 || inner.Covered != 0 {
			t.Errorf("within 2 ms of %v: %+v", at, inner)
		}
	}
}

// TestHeaptrackEdges cuts where something happened, and where it is doubtful: 88
// allocations between 53 and 63 ms, and as many between 116 and 126 ms.
func TestHeaptrackEdges(t *testing.T) {
	t.Parallel()
	ms := time.Millisecond
	cases := []struct {
		name    string
		window  HeapWindow
		calls   uint64
		atEdges float64
	}{
		{"opens in it", HeapWindow{From: 58 * ms, To: 110 * ms}, 0, 44},
		{"closes in it", HeapWindow{From: 22 * ms, To: 55 * ms}, 0, 17.6},
		{"opens and closes in it", HeapWindow{From: 58 * ms, To: 59 * ms}, 0, 8.8},
		{"opens in one, closes in another", HeapWindow{From: 58 * ms, To: 121 * ms}, 0, 88},
		{"closes behind it", HeapWindow{From: 22 * ms, To: 65 * ms}, 88, 0},
		{"closes behind it, perhaps", HeapWindow{From: 22 * ms, To: 65 * ms, Doubt: 3 * ms}, 0, 88},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h, err := ReadHeaptrack("recording", strings.NewReader(heapCapture(t, "cpp.recording")), c.window, func(*HeapStack) error { return nil })
			if err != nil || h.Allocations != c.calls || math.Abs(h.AtEdges-c.atEdges) > 1e-6 || h.Before+h.Allocations+h.After != 265 {
				t.Errorf("%+v, error %v; want %d in the window, %g at its edges", h, err, c.calls, c.atEdges)
			}
		})
	}
}

// TestHeaptrackInline unfolds an address that two functions were inlined into,
// of the format before names had a length.
func TestHeaptrackInline(t *testing.T) {
	t.Parallel()
	text := "v 10200 2\ns /srv/app\ns inner\ns app.c\ns outer\ni 7f00 1 2 3 a 4 3 b\ni 7f10 0\nt 2 0\nt 1 1\na 10 2\n+ 0\nR 5\nA\n"
	_, stacks, err := readHeap(t, text, 0, allOfIt)
	want := []PerfFrame{{Symbol: "inner", Object: "/srv/app"}, {Symbol: "outer", Object: "/srv/app"}, {}}
	if err != nil || len(stacks) == 0 {
		t.Fatal(stacks, err)
	}
	if diff := cmp.Diff(want, stacks[0].Stack); diff != "" {
		t.Error(diff)
	}
}

func TestHeaptrackRefuses(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, text, want string }{
		{"empty", "", "no recording of heaptrack"},
		{"something else", "total memory leaked: much\n", "no recording of heaptrack"},
		{"a size of nowhere", "v 10400 3\na 10 1\n", "recording:2: trace 1 was not named before"},
		{"nothing allocated", "v 10400 3\n+ 0\n", "recording:2: size 0 was not named before"},
		{"its own caller", "v 10400 3\nt 0 1\n", "recording:2: instruction 0 or caller 1"},
		{"no name", "v 10400 3\ni 7f00 0 1 0 0\n", "recording:2: text 1"},
		{"no object", "v 10400 3\ni 7f00 2\n", "recording:2: text 2"},
		{"cut off", "v 10400 3\na 10", "recording:2: 1 of 2 numbers"},
		{"no number", "v 10400 3\nc soon\n", `recording:2: "soon" is no number`},
		{"a number of 17 digits", "v 10400 3\nc 11111111111111111\n", "is no number"},
		{"a long line", strings.Repeat("x", 2<<20), "recording:1: line is longer than"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if _, _, err := readHeap(t, c.text, 0, allOfIt); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

func FuzzHeaptrack(f *testing.F) {
	f.Add(heapCapture(f, "cpp.recording"), uint16(30), uint16(100))
	f.Add("v 10400 3\ns 1 f\ni 7f00 1 1 0 0\nt 1 0\na 10 1\n- 0\n+ 0\nc 5\n+ 0\n", uint16(0), uint16(9))
	f.Fuzz(func(t *testing.T, text string, from, to uint16) {
		h, stacks, err := readHeap(t, text, time.Duration(from)*time.Millisecond, time.Duration(to)*time.Millisecond)
		for _, s := range stacks {
			if s.Cost < HeapCalls || s.Cost > HeapLeaked || s.Count == 0 {
				t.Errorf("cost %d, count %d", s.Cost, s.Count)
			}
		}
		if got := sums(stacks); err == nil && got != [4]uint64{h.Allocations, h.Temporary, h.PeakBytes, h.LeakedBytes} {
			t.Errorf("stacks add up to %d of %+v", got, h)
		}
	})
}
