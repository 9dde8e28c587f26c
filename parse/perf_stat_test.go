package parse

import (
	"errors"
	"math"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

func readPerfStat(text string) (counts []PerfCount, err error) {
	err = PerfStat("perf stat", strings.NewReader(text), func(c PerfCount) error {
		counts = append(counts, c)
		return nil
	})
	return counts, err
}

func TestPerfStatLines(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, line string
		want       []PerfCount
	}{
		{"a count", "     0.202174616,74123,,instructions:u,928103,100.00,,",
			[]PerfCount{{AtS: 0.202174616, Event: "instructions:u", N: 74123, Running: 1, Supported: true}}},
		{"with a unit and a ratio", "     0.802442292,31.40,msec,task-clock:u,31395848,100.00,0.314,CPUs utilized",
			[]PerfCount{{AtS: 0.802442292, Event: "task-clock:u", Unit: "msec", N: 31.4, Running: 1, Supported: true}}},
		{"multiplexed", "1.000200300,5000000,,instructions:u,40000000,62.50,,",
			[]PerfCount{{AtS: 1.0002003, Event: "instructions:u", N: 5e6, Running: 0.625, Supported: true}}},
		{"not supported", "     0.202174616,<not supported>,,instructions:u,0,100.00,,",
			[]PerfCount{{AtS: 0.202174616, Event: "instructions:u"}}},
		{"nothing ran", "     0.409141463,<not counted>,msec,task-clock:u,0,100.00,,",
			[]PerfCount{{AtS: 0.409141463, Event: "task-clock:u", Unit: "msec", Running: 1, Supported: true}}},
		{"it ran, and nothing was counted", "0.5,<not counted>,,cpu_core/instructions/u,0,0.00,,",
			[]PerfCount{{AtS: 0.5, Event: "cpu_core/instructions/u", Supported: true}}},
		{"nothing behind the share", "0.5,12,,page-faults:u,7,100.00",
			[]PerfCount{{AtS: 0.5, Event: "page-faults:u", N: 12, Running: 1, Supported: true}}},
		{"a ratio alone", "     1.002000000,,,,,,0.31,stalled cycles per insn", nil},
		{"a comment", "# started on Mon Nov 23 05:23:39 2026", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := readPerfStat("\n" + c.line + "\r\n")
			if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
				t.Errorf("error %v\n%s", err, diff)
			}
		})
	}
}

func TestPerfStatRefuses(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"perf: Segmentation fault":                     "1 of 6 fields",
		"0.1,12,,instructions:u,7":                     "5 of 6 fields", // cut off
		"now,12,,instructions:u,7,100.00":              `"now" is no number`,
		"0,2,93,msec,task-clock:u,928103,100,00,0,005": "is no number", // decimal commas
		"0.1,NaN,,instructions:u,7,100.00":             `"NaN" is no number`,
		"0.1,-5,,instructions:u,7,100.00":              `"-5" is no number`,
		"0.1,1e9,,instructions:u,7,100.00":             `"1e9" is no number`,
		"0.1,12,,,7,100.00":                            "no event",
		"0.1,12,,instructions:u,7,":                    `"" is no number`,
	} {
		_, err := readPerfStat("0.05,1,,instructions:u,7,100.00\n" + line)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "perf stat:2") {
			t.Errorf("%q: error %v, want line 2 and %q", line, err, want)
		}
	}
	if _, err := readPerfStat(strings.Repeat("9", 1<<20)); err == nil || !strings.Contains(err.Error(), "longer than") {
		t.Errorf("a line of a megabyte: %v", err)
	}
}

// TestPerfStatErrors passes on what is not of the text.
func TestPerfStatErrors(t *testing.T) {
	t.Parallel()
	broken, enough := errors.New("broken"), errors.New("enough")
	none := func(PerfCount) error { return nil }
	if err := PerfStat("p", iotest.ErrReader(broken), none); !errors.Is(err, broken) {
		t.Errorf("%v, want %v", err, broken)
	}
	if err := PerfStat("p", strings.NewReader("1,2,,e,3,100\n"), func(PerfCount) error { return enough }); err != enough {
		t.Errorf("%v, want %v", err, enough)
	}
}

// TestPerfStatOfPerf reads what perf 6.1 printed of a shell that waited, worked
// in three children, and waited; it was interrupted between two intervals.
func TestPerfStatOfPerf(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../testdata/perf/stat.csv")
	if err != nil {
		t.Fatal(err)
	}
	counts, err := readPerfStat(string(text))
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]float64{}
	for _, c := range counts {
		if !c.Supported || c.Running != 1 {
			t.Errorf("%+v", c)
		}
		sums[c.Event] += c.N
	}
	want := map[string]float64{"task-clock:u": 625.1, "page-faults:u": 184}
	for event, n := range want {
		if math.Abs(sums[event]-n) > 1e-6 {
			t.Errorf("%s: %v, want %v", event, sums[event], n)
		}
	}
	if last := counts[len(counts)-1].AtS; len(counts) != 38 || last != 1.896044413 {
		t.Errorf("%d counts to %v s", len(counts), last)
	}
}

func FuzzPerfStat(f *testing.F) {
	f.Add("0.1,12,,instructions:u,7,100.00,,\n")
	f.Add("0.1,<not supported>,,instructions:u,0,100.00,,\n0.1,<not counted>,,e,0,0.00")
	f.Add("# c\n\n1.0,,,,,,0.3,stalled cycles per insn\n")
	f.Add("0.1,99999999999999999999999999999999999999,,e,7,99999\n")
	f.Fuzz(func(t *testing.T, text string) {
		counts, err := readPerfStat(text)
		if again, err2 := readPerfStat(text); !cmp.Equal(counts, again) || (err == nil) != (err2 == nil) {
			t.Errorf("read twice: %v %v, then %v %v", counts, err, again, err2)
		}
		for _, c := range counts {
			sound := c.AtS >= 0 && c.N >= 0 && c.Running >= 0 && c.Running <= 1 && c.Event != ""
			if !sound || math.IsInf(c.N, 0) || math.IsInf(c.AtS, 0) || !c.Supported && (c.N != 0 || c.Running != 0) {
				t.Errorf("%q: %+v", text, c)
			}
		}
	})
}
