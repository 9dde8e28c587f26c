package parse

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func readPerf(t testing.TB, text string) ([]PerfSample, error) {
	t.Helper()
	var out []PerfSample
	err := Perf("perf script", strings.NewReader(text), func(s *PerfSample) error {
		kept := *s
		kept.Stack = slices.Clone(s.Stack)
		out = append(out, kept)
		return nil
	})
	return out, err
}

func TestPerfHeaders(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, line string
		want       PerfSample
	}{
		{"all fields", "alloc 22525/22526 [001]  5775.974065:    5025125 cpu-clock:ppp: ",
			PerfSample{Command: "alloc", PID: 22525, TID: 22526, CPU: 1, TimeS: 5775.974065, Period: 5025125, Event: "cpu-clock:ppp"}},
		{"by default", "alloc 19707  4517.124028:    1001001 cpu-clock:ppp: ",
			PerfSample{Command: "alloc", TID: 19707, CPU: -1, TimeS: 4517.124028, Period: 1001001, Event: "cpu-clock:ppp"}},
		{"spaces and digits in the command", "  tokio 1 2/3 w 77/78 [000] 1.5: 9 cycles:u:",
			PerfSample{Command: "tokio 1 2/3 w", PID: 77, TID: 78, CPU: 0, TimeS: 1.5, Period: 9, Event: "cycles:u"}},
		{"no period", "a 1/2 [003] 0.000001: cycles: ",
			PerfSample{Command: "a", PID: 1, TID: 2, CPU: 3, TimeS: 0.000001, Event: "cycles"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := readPerf(t, "# a comment\n"+c.line+"\n\n")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]PerfSample{c.want}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPerfFrames(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, line string
		want       PerfFrame
	}{
		{"plain", "\t    1749 main (/srv/app)", PerfFrame{"main", "/srv/app"}},
		{"offset", "\t    1749 main+0x4e3 (/srv/app)", PerfFrame{"main", "/srv/app"}},
		{"kernel", "\tffffffff813600e2 handle_softirqs ([kernel.kallsyms])", PerfFrame{"handle_softirqs", "[kernel.kallsyms]"}},
		{"no symbol", "\t    1749 [unknown] (/usr/lib/libc.so.6)", PerfFrame{"", "/usr/lib/libc.so.6"}},
		{"nothing known", "\t    1749 [unknown] ([unknown])", PerfFrame{}},
		{"spaces in a symbol", "\t 1749 a::f(int, b<c> (*)(int)) const+0x3 (/srv/app)", PerfFrame{"a::f(int, b<c> (*)(int)) const", "/srv/app"}},
		{"rebuilt since", "\t 1749 main (/srv/my app (deleted))", PerfFrame{"main", "/srv/my app"}},
		{"inlined", "\t 1749 push (inlined)", PerfFrame{"push", "inlined"}},
		{"address only", "\t 1749", PerfFrame{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := readPerf(t, "app 1/1 [000] 1.0: 1 cycles: \n"+c.line+"\n")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]PerfFrame{c.want}, got[0].Stack); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPerfCaptures(t *testing.T) {
	t.Parallel()
	cases := []struct {
		file      string
		samples   int
		innermost string // of the last sample
		depth     int    // of the last sample
	}{
		{"rust_v0.txt", 12, "_RINvCs6GmmlP4bgsG_1r4burnNCNvB2_4main0EB2_", 7},
		{"rust_legacy.txt", 12, "_ZN1r4burn17h487f5ad673142ed4E", 7},
		{"cpp_dwarf.txt", 6, "main", 4},
	}
	for _, c := range cases {
		t.Run(c.file, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile("../testdata/perf/" + c.file)
			if err != nil {
				t.Fatal(err)
			}
			got, err := readPerf(t, string(text))
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != c.samples {
				t.Fatalf("%d samples, want %d", len(got), c.samples)
			}
			last := got[len(got)-1].Stack
			if last[0].Symbol != c.innermost || len(last) != c.depth {
				t.Errorf("last stack is %d deep and ends in %q, want %d and %q", len(last), last[0].Symbol, c.depth, c.innermost)
			}
		})
	}
}

func TestPerfEmpty(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "\n\n", "# captured on : today\n#\n"} {
		got, err := readPerf(t, text)
		if err != nil || len(got) != 0 {
			t.Errorf("Perf(%q) gave %d samples, error %v; want none", text, len(got), err)
		}
	}
}

func TestPerfWithoutStacks(t *testing.T) {
	t.Parallel()
	line := "app 1/1 [000] 1.0: 1 cycles: \n"
	got, err := readPerf(t, line+line+line)
	if err != nil || len(got) != 3 {
		t.Errorf("%d samples, error %v; want 3", len(got), err)
	}
}

func TestPerfRefuses(t *testing.T) {
	t.Parallel()
	_, err := readPerf(t, "app 1/1 [000] 1.0: 1 cycles: \n\t 17 main (/srv/app)\n\nwhat is this\n")
	if err == nil || !strings.Contains(err.Error(), "perf script:4: not a line of perf script") {
		t.Errorf("error %v, want one for line 4", err)
	}
	_, err = readPerf(t, "app 1/1 [000] 1.0: 1 cycles: \n\t 17 "+strings.Repeat("x", 2<<20))
	if err == nil || !strings.Contains(err.Error(), "longer than") {
		t.Errorf("error %v, want one about the length", err)
	}
}

func TestPerfStops(t *testing.T) {
	t.Parallel()
	enough := errors.New("enough")
	line := "app 1/1 [000] 1.0: 1 cycles: \n\n"
	calls := 0
	err := Perf("x", strings.NewReader(line+line), func(*PerfSample) error { calls++; return enough })
	if !errors.Is(err, enough) || calls != 1 {
		t.Errorf("error %v after %d calls, want that of the first", err, calls)
	}
}

func FuzzPerf(f *testing.F) {
	for _, name := range []string{"rust_v0.txt", "cpp_fp.txt"} {
		text, err := os.ReadFile("../testdata/perf/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add("a 1 1.0: c:\n\t1 f+0x1 (o (deleted))\n")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := readPerf(t, text)
		if err != nil {
			return
		}
		again, err := readPerf(t, "\n"+strings.ReplaceAll(text, "\n", "\r\n")+"\n\n")
		if err != nil && !strings.Contains(text, "\r") {
			t.Fatalf("with other line ends: %v", err)
		}
		if err == nil && len(again) != len(got) {
			t.Errorf("%d samples, with other line ends %d", len(got), len(again))
		}
	})
}
