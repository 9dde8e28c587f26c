package figure

import (
	"encoding/json"
	"math"
	"testing"

	"taskbench/results"
)

// A key names one figure in every table, and JSON finds it again.
func TestKeys(t *testing.T) {
	t.Parallel()
	for name, list := range map[string][]*Figure{"load": Load, "memory": Memory, "cpu": CPU, "heap": Heap, "soak": Soak} {
		seen := map[string]bool{}
		for _, f := range list {
			if seen[f.Key] || f.Key == "" || f.Name == "" || f.Trial == nil {
				t.Errorf("%s: %q, called %q, is there twice, has no name or cannot be read", name, f.Key, f.Name)
			}
			seen[f.Key] = true
		}
	}
	for _, f := range Load {
		text, err := json.Marshal(f)
		var again *Figure
		if err == nil {
			err = json.Unmarshal(text, &again)
		}
		if err != nil || !f.Equal(again) || again.Name != f.Name {
			t.Errorf("%s became %v in JSON: %v", f.Key, again, err)
		}
	}
}

// Bytes are whole numbers for programs, too.
func TestPlain(t *testing.T) {
	t.Parallel()
	for want, v := range map[string]float64{"13647872": 1.3647872e+07, "0.00125": 0.00125, "1e-09": 1e-9, "0": 0, "-123456789.5": -123456789.5, "1e+300": 1e300} {
		if got := Plain(v); got != want {
			t.Errorf("%v is %q, want %q", v, got, want)
		}
	}
}

// What is no figure is none, whatever a document holds.
func TestNoFigure(t *testing.T) {
	t.Parallel()
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -1} {
		if got, ok := Throughput.Of(&results.Trial{ThroughputPS: v}, ""); ok {
			t.Errorf("a throughput of %v is %v", v, got)
		}
	}
	if _, ok := Errors.Of(&results.Trial{ErrorFraction: 1.5}, ""); ok {
		t.Error("more errors than answers are a figure")
	}
	if _, ok := P99.Of(&results.Trial{}, "nope"); ok {
		t.Error("a step that there is not has a latency")
	}
	if f := Expected("p42"); f == nil || f.Name != "p42" {
		t.Errorf("an unknown expectation is of %v", f)
	}
}

func TestUnits(t *testing.T) {
	t.Parallel()
	check := func(u Unit, v float64, want string) {
		t.Helper()
		if got := u.Print(v); got != want {
			t.Errorf("%v is printed as %q, want %q", v, got, want)
		}
	}
	check(Time, 1234, "1.23 ms")
	check(Time, 0.001, "<0.01 µs")
	check(Rate, 61_200, "61.2 k/s")
	check(Binary, 1<<21, "2.00 MiB")
	check(Bytes, 25_400_000, "25.4 MB")
	check(Bytes, -25_400_000, "-25.4 MB")
	check(Fraction, 0.00001, "<0.01 %")
	check(Cores, 1.5, "1.50")
	check(Things, 1234567, "1,234,567")
	check(Of("ns"), 0.5, "500 ps")
	check(Of("cycles"), 12_000, "12.0 kcycles")
	values := []float64{950, 1100}
	if got := Time.Texts([]*float64{&values[0], nil, &values[1]}); got[0] != "950 µs" || got[1] != None || got[2] != "1100 µs" {
		t.Errorf("one row has several units: %q", got)
	}
}

// What docs/soak.md lists as the least changes that are a drift.
func TestLeastDrifts(t *testing.T) {
	t.Parallel()
	want := map[string]Drift{
		"throughput": {Part: 0.05},
		"p50":        {Part: 0.05},
		"p99":        {Part: 0.10},
		"cpu/answer": {Part: 0.05},
		"memory":     {Part: 0.05, Least: 1e6},
		"open files": {Part: 0.05, Least: 2},
		"threads":    {Part: 0.05, Least: 2},
		"errors":     {Least: 0.005},
	}
	if len(Soak) != len(want) {
		t.Errorf("%d figures of a soak, want %d", len(Soak), len(want))
	}
	for _, f := range Soak {
		if w := want[f.Name]; f.Drift.Part != w.Part || f.Drift.Least != w.Least {
			t.Errorf("%s: %+v, want %+v", f.Name, f.Drift, w)
		}
	}
}
