package charts

import (
	"math/rand/v2"
	"testing"

	"taskbench/parse"
	"taskbench/results"
)

// Percentiles that no answer stands for are not drawn.
func TestPercentilesEnd(t *testing.T) {
	r, recorded := rand.New(rand.NewPCG(1, 2)), parse.NewHDR()
	for range 2000 {
		if err := recorded.RecordValue(int64(300 + 500*r.ExpFloat64())); err != nil {
			t.Fatal(err)
		}
	}
	l, err := results.NewLatency(recorded)
	if err != nil {
		t.Fatal(err)
	}
	h, err := l.Histogram()
	if err != nil {
		t.Fatal(err)
	}
	d := distribution{summary: l, hist: h}
	if us, ok := d.at(99.9); !ok || us != l.P999US {
		t.Errorf("p99.9 is %v (%v), want %v", us, ok, l.P999US)
	}
	if _, ok := d.at(99.99); ok {
		t.Error("2000 answers have a p99.99")
	}
}

func TestShellLine(t *testing.T) {
	if got, want := shellLine([]string{"wrk", "-s", "it's a.lua", ""}), `wrk -s 'it'\''s a.lua' ''`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
