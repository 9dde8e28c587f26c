package parse

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func readHeap(t testing.TB, text string) (Heaptrack, []HeapStack, error) {
	t.Helper()
	var out []HeapStack
	h, err := ReadHeaptrack("heaptrack_print", strings.NewReader(text), func(s *HeapStack) error {
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

func TestHeaptrackSummary(t *testing.T) {
	t.Parallel()
	h, stacks, err := readHeap(t, heapCapture(t, "cpp.txt"))
	if err != nil {
		t.Fatal(err)
	}
	want := Heaptrack{RuntimeS: 3.35, Allocations: 5002, Temporary: 1001, PeakBytes: 229800, PeakRSS: 4360000, LeakedBytes: 4100}
	if diff := cmp.Diff(want, h); diff != "" {
		t.Error(diff)
	}
	sums := map[HeapCost]uint64{}
	for _, s := range stacks {
		sums[s.Cost] += s.Count
	}
	// Sizes are printed with three digits.
	if diff := cmp.Diff(map[HeapCost]uint64{HeapCalls: 5002, HeapTemporary: 1001, HeapPeak: 229800, HeapLeaked: 4100}, sums); diff != "" {
		t.Errorf("sums of the stacks: %s", diff)
	}
}

func TestHeaptrackStack(t *testing.T) {
	t.Parallel()
	_, stacks, err := readHeap(t, heapCapture(t, "cpp.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range stacks[0].Stack {
		names = append(names, f.Symbol)
	}
	want := []string{
		"std::__cxx11::basic_string<>::_M_construct(unsigned long, char)",
		"std::__cxx11::basic_string<>::basic_string<>(unsigned long, char, std::allocator<> const&)",
		"app::Store::put(int)", "main", "__libc_start_call_main", "__libc_start_main_impl", "_start",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
	if got := stacks[0].Stack[0].Object; got != "/lib/x86_64-linux-gnu/libstdc++.so.6" {
		t.Errorf("object %q", got)
	}
}

func TestHeaptrackSizes(t *testing.T) {
	t.Parallel()
	cases := map[string]uint64{"0B": 0, "17": 17, "72.70K": 72700, "4.36M": 4360000, "1.50G": 1.5e9, "-3.00K": 0, "2T": 2e12}
	for text, want := range cases {
		if got, err := heapCount(text); err != nil || got != want {
			t.Errorf("heapCount(%q) = %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "K", "1.2.3", "12X", "1e9"} {
		if got, err := heapCount(text); err == nil {
			t.Errorf("heapCount(%q) = %d, want an error", text, got)
		}
	}
}

func TestHeaptrackRefuses(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, text, want string }{
		{"empty", "", "no summary"},
		{"cut off", "MOST CALLS TO ALLOCATION FUNCTIONS\n5 calls to allocation functions with 0B peak consumption from\n  main\n", "no summary"},
		{"no number", "total memory leaked: much\n", `heaptrack_print:1: "much" is neither`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if _, _, err := readHeap(t, c.text); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

func FuzzHeaptrack(f *testing.F) {
	f.Add(heapCapture(f, "cpp.txt"))
	f.Add("1 calls to allocation functions with 0B peak consumption from\n    in x\n")
	f.Fuzz(func(t *testing.T, text string) {
		_, stacks, _ := readHeap(t, text)
		for _, s := range stacks {
			if s.Cost < HeapCalls || s.Cost > HeapLeaked {
				t.Errorf("cost %d", s.Cost)
			}
		}
	})
}
