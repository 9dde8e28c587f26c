package main

import (
	"bytes"
	"context"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"taskbench/internal/figure"
)

// TestBars: what scatters by a third or less of what it does in turn meets its
// bar, CPU time per answer by a quarter; what is missed is counted.
func TestBars(t *testing.T) {
	t.Parallel()
	wide, narrow := []float64{-0.3, 0, 0.3}, []float64{-0.09, 0, 0.09}
	c := &cell{kind: flow, slow: "0%", inTurn: ratios{}, inSlots: ratios{}}
	for _, m := range judged {
		c.inTurn[m], c.inSlots[m] = wide, narrow
	}
	var out bytes.Buffer
	b := &bench{stdout: &out}
	if err := b.printScatter([]*cell{c}); err != nil || b.missed != 1 || strings.Count(out.String(), "met") != 3 {
		t.Errorf("%d missed, want that of CPU time: %v\n%s", b.missed, err, out.String())
	}
}

// TestBias: ratios that are apart by more than their intervals miss the bar.
func TestBias(t *testing.T) {
	t.Parallel()
	for apart, missed := range map[float64]int{0: 0, 0.5: 1} {
		w := &world{name: "w", kind: mix, inTurn: ratios{figure.P50: {-0.1, 0, 0.1}}, inSlots: ratios{figure.P50: {apart - 0.1, apart, apart + 0.1}}}
		b := &bench{stdout: io.Discard}
		if err := b.printBias([]*world{w}); err != nil || b.missed != missed {
			t.Errorf("apart by %g: %d missed, want %d: %v", apart, b.missed, missed, err)
		}
	}
}

// TestCount reads what runs state: of the slower server that it is slower, and
// of the same one anything at all is false.
func TestCount(t *testing.T) {
	t.Parallel()
	answer := func(verdict string, stated string) []byte {
		return []byte(`{"scenarios": [{"rows": [{"metric": "cpu_per_answer_us", "values": [{}, {"ratio": {"ratio": 1.1, "judgement": {"claim": {"stated": ` + stated + `, "verdict": "` + verdict + `"}}}}]}]}]}`)
	}
	for _, c := range []struct {
		finds          int
		verdict, said  string
		named, wrongly int
	}{
		{19, "slower", "true", 1, 0}, {19, "slower", "false", 0, 0}, {19, "faster", "true", 0, 1},
		{0, "slower", "true", 1, 1}, {0, "parity", "true", 0, 0}, {0, "inconclusive", "false", 0, 0},
	} {
		r := &trialled{finds: c.finds}
		if err := r.count(answer(c.verdict, c.said)); err != nil || r.named != c.named || r.wrongly != c.wrongly || math.Abs(r.percent[0]-10) > 1e-9 {
			t.Errorf("%+v: %+v, %v", c, r, err)
		}
	}
}

// TestPutsOff: the work of an answer is done when it is given, and not before.
func TestPutsOff(t *testing.T) {
	t.Parallel()
	s := &putsOff{owed: make(chan time.Time, 8)}
	s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/health", nil))
	if len(s.owed) != 1 {
		t.Errorf("%d answers are owed work, want 1", len(s.owed))
	}
}

// TestUsage: what there is not is an error, and nothing is measured.
func TestUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-parts", "nothing"}, {"word"}, {"-no-flag"}} {
		if code := run(context.Background(), args, io.Discard, io.Discard); code != 2 {
			t.Errorf("%v: exit %d, want 2", args, code)
		}
	}
}
