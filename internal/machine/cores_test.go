package machine

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSplit(t *testing.T) {
	t.Parallel()
	alone := func(int) []int { return nil }
	cases := []struct {
		name               string
		cpus               []int
		siblings           func(int) []int
		servers, generator []int
	}{
		{"two cores", []int{0, 1}, alone, []int{0}, []int{1}},
		{"three: the generator gets more", []int{0, 1, 2}, alone, []int{0}, []int{1, 2}},
		{"siblings next to each other", []int{0, 1, 2, 3}, func(c int) []int { return []int{c &^ 1, c | 1} }, []int{0, 1}, []int{2, 3}},
		{"siblings half a machine apart", []int{0, 1, 2, 3}, func(c int) []int { return []int{c % 2, c%2 + 2} }, []int{0, 2}, []int{1, 3}},
		{"a sibling we may not use", []int{0, 2}, func(c int) []int { return []int{c, c + 1} }, []int{0}, []int{2}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			servers, generator, err := split(c.cpus, c.siblings)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff([][]int{c.servers, c.generator}, [][]int{servers, generator}); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
		})
	}
	if _, _, err := split([]int{0, 1}, func(int) []int { return []int{0, 1} }); err == nil {
		t.Error("one core with two siblings was divided")
	}
}

func TestParseCPUs(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]int{"0": {0}, "0-3": {0, 1, 2, 3}, "8,0-1": {0, 1, 8}, "1,1-2": {1, 2}} {
		got, err := ParseCPUs(text)
		if err != nil || !cmp.Equal(got, want) {
			t.Errorf("%q: %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "a", "3-1", "-1", "0,", "0-9999999", "1-2-3"} {
		if got, err := ParseCPUs(text); err == nil {
			t.Errorf("%q: %v, want an error", text, got)
		}
	}
}

func TestClocks(t *testing.T) {
	t.Parallel()
	before, own := NowUS(), OwnCPU()
	times, ok := CPUTimes()
	if after := NowUS(); after < before || before <= 0 {
		t.Errorf("the clock went from %v to %v", before, after)
	}
	if OwnCPU() < own {
		t.Error("our CPU time fell")
	}
	if ok && (times.Busy <= 0 || times.Total < times.Busy+times.Steal) {
		t.Errorf("%+v: the parts are more than the whole", times)
	}
}
