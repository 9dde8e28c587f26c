package micro_test

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"taskbench/compare/gate"
	"taskbench/compare/lineup"
	"taskbench/compare/micro"
	"taskbench/compare/sample"
	"taskbench/compare/sentences"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/compare/words"
	"taskbench/internal/golden"
	"taskbench/internal/page"
	"taskbench/results"
)

func compareMicroDocs(t *testing.T, o micro.Options, docs ...results.Document) *micro.Comparison {
	t.Helper()
	c, err := micro.New(docs, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// microCases are what the goldens show.
var microCases = map[string]func(t *testing.T) *micro.Comparison{
	"rounds": func(t *testing.T) *micro.Comparison {
		return compareMicroDocs(t, micro.Options{},
			sample.Micro("rust", sample.Benchmark{ID: "json/encode/small", Work: 64, Rounds: sample.Around(850, 6)}, sample.Benchmark{ID: "json/decode", Rounds: sample.Around(1900, 6)},
				sample.Benchmark{ID: "bcrypt/hash", Rounds: sample.Around(48e6, 6)}, sample.Benchmark{ID: "jwt/verify", Rounds: sample.Around(2400, 6)}),
			sample.Micro("windjammer", sample.Benchmark{ID: "json/encode/small", Work: 64, Rounds: sample.Around(1010, 6)}, sample.Benchmark{ID: "json/decode", Rounds: sample.Around(1700, 6)},
				sample.Benchmark{ID: "bcrypt/hash", Rounds: sample.Around(48e6, 6)}, sample.Benchmark{ID: "query/build", Rounds: sample.Around(300, 6)}))
	},
	"one round": func(t *testing.T) *micro.Comparison {
		return compareMicroDocs(t, micro.Options{},
			sample.Micro("rust", sample.Benchmark{ID: "json/encode", Rounds: []float64{900}}, sample.Benchmark{ID: "cpu/cycles", Unit: "cycles", Rounds: []float64{1.2e6}}),
			sample.Micro("windjammer", sample.Benchmark{ID: "json/encode", Work: 8, Rounds: []float64{1200}}, sample.Benchmark{ID: "cpu/cycles", Rounds: []float64{300}}))
	},
	"match": func(t *testing.T) *micro.Comparison {
		m, err := micro.ParseMatch("json/*=wj_json/*")
		if err != nil {
			t.Fatal(err)
		}
		return compareMicroDocs(t, micro.Options{Match: []micro.Match{m}},
			sample.Micro("rust", sample.Benchmark{ID: "json/encode", Work: 100, Rounds: sample.Around(900, 5)}, sample.Benchmark{ID: "json/decode", Rounds: sample.Around(700, 5)}),
			sample.Micro("windjammer", sample.Benchmark{ID: "wj_json/encode", Work: 80, Rounds: sample.Around(900, 5)}, sample.Benchmark{ID: "wj_json/other", Rounds: sample.Around(5, 5)}))
	},
}

func TestMicroGoldens(t *testing.T) {
	for name, build := range microCases {
		t.Run(name, func(t *testing.T) {
			c := build(t)
			for ending, write := range map[string]func(io.Writer, *micro.Comparison) error{
				"txt": func(w io.Writer, c *micro.Comparison) error {
					return page.Text(w, words.Micro(c), page.Options{Width: 100})
				},
				"md":   func(w io.Writer, c *micro.Comparison) error { return page.Markdown(w, words.Micro(c)) },
				"csv":  func(w io.Writer, c *micro.Comparison) error { return page.CSV(w, words.Micro(c)) },
				"json": func(w io.Writer, c *micro.Comparison) error { return page.JSON(w, words.Micro(c)) },
			} {
				var b strings.Builder
				if err := write(&b, c); err != nil {
					t.Fatal(err)
				}
				dir := filepath.Join("testdata", strings.ReplaceAll(name, " ", "_"))
				golden.Check(t, filepath.Join(dir, "want."+ending), b.String())
			}
		})
	}
}

// What is behind verdicts is stats.Judge on the rounds' figures, and nothing else; of
// a number of rounds that would do nothing is said, as of load tests.
func TestMicroVerdicts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		base, cand []float64
		want       stats.Verdict
	}{
		"slower":           {sample.Around(100, 6), sample.Around(120, 6), stats.Slower},
		"faster":           {sample.Around(120, 6), sample.Around(100, 6), stats.Faster},
		"parity":           {sample.Around(100, 6), sample.Around(100.5, 6), stats.Parity},
		"one round":        {[]float64{100}, []float64{300}, stats.Indicative},
		"four rounds":      {sample.Around(100, 4), sample.Around(300, 4), stats.Indicative},
		"rounds lost":      {sample.Around(100, 6), []float64{100, 0, 0, 0, 0, 300}, stats.Indicative},
		"all over":         {[]float64{100, 90, 120, 80, 110, 70}, []float64{80, 110, 90, 120, 70, 100}, stats.Inconclusive},
		"measured as zero": {sample.Around(100, 6), []float64{100, 100, 100, 100, 100, math.Copysign(0, -1) - 1}, stats.Inconclusive},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rounds := len(c.base)
			got := compareMicroDocs(t, micro.Options{}, sample.Micro("rust", sample.Benchmark{ID: "g/f", Rounds: c.base}), sample.Micro("wj", sample.Benchmark{ID: "g/f", Rounds: c.cand}))
			v := got.Rows[0].Cells[1].Ratio.Verdict
			if v.Verdict != c.want {
				t.Errorf("%s: %v", v.Verdict, v.Reason)
			}
			var pairs []stats.Pair
			for i := range rounds {
				p := stats.Pair{Base: c.base[i], Cand: c.cand[i]}
				if p.Cand == 0 {
					p.Cand = math.NaN()
				}
				pairs = append(pairs, p)
			}
			want := stats.Judge(pairs, stats.Rule{Better: stats.LowerIsBetter, Plan: stats.Fixed(rounds, verdict.DefaultMargin)})
			want.PairsNeeded = 0
			if want.Reason.Values["pairs_needed"] != 0 {
				want.Reason.Values["pairs_needed"] = 0
			}
			if diff := cmp.Diff(want, v.Judgement); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What is stated of all benchmarks together is wrong in at most 5 of 100 comparisons,
// however many there are; a real difference of one of them is found.
func TestMicroClaims(t *testing.T) {
	t.Parallel()
	const times, benchmarks, rounds = 300, 20, 10
	r := rand.New(rand.NewPCG(13, 20))
	document := func(name string, slower float64) results.Document {
		var list []sample.Benchmark
		for i := range benchmarks {
			b := sample.Benchmark{ID: fmt.Sprintf("g/%d", i)}
			for range rounds {
				v := 100 * math.Exp(.05*r.NormFloat64())
				if i == 3 {
					v *= slower
				}
				b.Rounds = append(b.Rounds, v)
			}
			list = append(list, b)
		}
		return sample.Micro(name, list...)
	}
	wrong, found := 0, 0
	for range times {
		for _, slower := range []float64{1, 1.2} {
			stated := map[string]bool{}
			for _, row := range compareMicroDocs(t, micro.Options{}, document("rust", 1), document("wj", slower)).Rows {
				if v := row.Cells[1].Ratio.Verdict.Verdict; v == stats.Faster || v == stats.Slower {
					stated[row.ID] = true
				}
			}
			switch {
			case slower == 1 && len(stated) > 0:
				wrong++
			case slower > 1 && stated["g/3"]:
				found++
			}
		}
	}
	if wrong > times*5/100 || found < times*80/100 {
		t.Errorf("%d of %d comparisons state a difference that is none; a loss of 20 %% is found in %d", wrong, times, found)
	}
}

// Swapping the sides turns ratios and verdicts round.
func TestMicroSwap(t *testing.T) {
	t.Parallel()
	a, b := sample.Micro("rust", sample.Benchmark{ID: "g/f", Rounds: sample.Around(100, 7)}), sample.Micro("wj", sample.Benchmark{ID: "g/f", Rounds: sample.Around(130, 7)})
	there := compareMicroDocs(t, micro.Options{Options: lineup.Options{Baseline: "rust"}}, a, b).Rows[0].Cells[1].Ratio
	back := compareMicroDocs(t, micro.Options{Options: lineup.Options{Baseline: "wj"}}, b, a).Rows[0].Cells[1].Ratio
	if math.Abs(there.Ratio*back.Ratio-1) > 1e-12 || there.Verdict.Verdict != stats.Slower || back.Verdict.Verdict != stats.Faster {
		t.Errorf("%v %s, back %v %s", there.Ratio, there.Verdict.Verdict, back.Ratio, back.Verdict.Verdict)
	}
}

// Two sessions were not measured in the same minutes: no verdict from them.
func TestMicroSessions(t *testing.T) {
	t.Parallel()
	a, b := sample.Micro("rust", sample.Benchmark{ID: "g/f", Rounds: sample.Around(100, 6)}), sample.Micro("wj", sample.Benchmark{ID: "g/f", Rounds: sample.Around(150, 6)})
	b.Session = "another"
	if v := compareMicroDocs(t, micro.Options{}, a, b).Rows[0].Cells[1].Ratio.Verdict.Verdict; v != stats.Indicative {
		t.Error(v)
	}
}

func TestMicroGroups(t *testing.T) {
	t.Parallel()
	c := compareMicroDocs(t, micro.Options{},
		sample.Micro("rust", sample.Benchmark{ID: "a/1", Rounds: sample.Around(100, 6)}, sample.Benchmark{ID: "a/2", Rounds: sample.Around(100, 6)}, sample.Benchmark{ID: "b", Rounds: sample.Around(100, 6)}),
		sample.Micro("wj", sample.Benchmark{ID: "a/1", Rounds: sample.Around(200, 6)}, sample.Benchmark{ID: "a/2", Rounds: sample.Around(50, 6)}, sample.Benchmark{ID: "b", Rounds: sample.Around(100, 6)}))
	if len(c.Groups) != 2 || c.Groups[0].Group != "a" || c.Groups[1].Group != "" || c.Groups[1].Overall.Scenarios != 3 {
		t.Fatalf("%+v", c.Groups)
	}
	for _, g := range c.Groups {
		want := 0.0
		for _, r := range c.Rows[:g.Overall.Scenarios] {
			want += math.Log(r.Cells[1].Ratio.Ratio) / float64(g.Overall.Scenarios)
		}
		if math.Abs(g.Overall.Ratio-math.Exp(want)) > 1e-12 {
			t.Errorf("%q: %v, want %v", g.Group, g.Overall.Ratio, math.Exp(want))
		}
	}
}

func TestMicroMatch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ match, id, want string }{
		{"json/*=wj_json/*", "wj_json/encode/64", "json/encode/64"},
		{"*/rust/*=*/wj/*", "a.b/wj/c", "a.b/rust/c"},
		{"a=b", "b", "a"},
		{"a=b", "bb", ""},
		{"x*=y.*", "yz1", ""},
		{"new [1]*=old (1)*", "old (1) ü", "new [1] ü"},
	} {
		m, err := micro.ParseMatch(c.match)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := m.Of(c.id); got != c.want {
			t.Errorf("%s of %s: %q, want %q", c.match, c.id, got, c.want)
		}
	}
	for _, text := range []string{"", "a", "=b", "a=", "a*=b", "a=*b*"} {
		if _, err := micro.ParseMatch(text); err == nil || !strings.Contains(err.Error(), "hint:") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// A renamed benchmark never takes the place of one with the same id, nor of
// another renamed one; a pattern that did nothing is told.
func TestMicroMatchConflicts(t *testing.T) {
	t.Parallel()
	m, _ := micro.ParseMatch("j/*=*")
	idle, _ := micro.ParseMatch("x=y")
	one := []float64{1}
	c := compareMicroDocs(t, micro.Options{Match: []micro.Match{m, idle}},
		sample.Micro("rust", sample.Benchmark{ID: "j/a", Rounds: one}, sample.Benchmark{ID: "j/b", Rounds: one}),
		sample.Micro("wj", sample.Benchmark{ID: "a", Rounds: one}, sample.Benchmark{ID: "j/a", Rounds: one}, sample.Benchmark{ID: "b", Rounds: one}))
	var rows []string
	for _, r := range c.Rows {
		rows = append(rows, fmt.Sprintf("%s %q %v", r.ID, r.Cells[1].ID, r.Cells[1].Ratio != nil))
	}
	if diff := cmp.Diff([]string{`j/a "" true`, `j/b "b" true`, `a "" false`}, rows); diff != "" {
		t.Error(diff)
	}
	text := strings.Join(sentences.All(c.Notes), "\n")
	for _, want := range []string{"a of wj could be paired with j/a too", "the match x=y joined no two benchmarks"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
}

// A gate decides every benchmark, and none silently.
func TestGateOfMicro(t *testing.T) {
	t.Parallel()
	c := compareMicroDocs(t, micro.Options{},
		sample.Micro("rust", sample.Benchmark{ID: "same", Rounds: sample.Around(100, 8)}, sample.Benchmark{ID: "worse", Rounds: sample.Around(100, 8)}, sample.Benchmark{ID: "gone", Rounds: sample.Around(100, 8)}),
		sample.Micro("wj", sample.Benchmark{ID: "same", Rounds: sample.Around(100, 8)}, sample.Benchmark{ID: "worse", Rounds: sample.Around(130, 8)}, sample.Benchmark{ID: "added", Rounds: sample.Around(100, 8)}))
	got := map[string]stats.Outcome{}
	g, err := gate.OfMicro(c, gate.Options{Rule: stats.DefaultGate()})
	if err != nil || g.Outcome != stats.Failed || !g.Compared() {
		t.Fatalf("%+v, %v", g, err)
	}
	for _, d := range g.Decisions {
		if got[d.Scenario] = d.Outcome; d.Target != "wj" || d.Reason.IsZero() {
			t.Errorf("%+v", d)
		}
	}
	want := map[string]stats.Outcome{"same": stats.Pass, "worse": stats.Failed, "gone": stats.Undetermined, "added": stats.Undetermined}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	one := compareMicroDocs(t, micro.Options{}, sample.Micro("rust", sample.Benchmark{ID: "f", Rounds: []float64{1}}), sample.Micro("wj", sample.Benchmark{ID: "f", Rounds: []float64{9}}))
	if g, err := gate.OfMicro(one, gate.Options{Rule: stats.DefaultGate()}); err != nil || g.Outcome != stats.Undetermined {
		t.Errorf("one round fails a gate: %+v, %v", g, err)
	}
	alone := compareMicroDocs(t, micro.Options{}, sample.Micro("rust", sample.Benchmark{ID: "f", Rounds: []float64{1}}))
	if _, err := gate.OfMicro(alone, gate.Options{Rule: stats.DefaultGate()}); err == nil {
		t.Error("one target alone passes a gate")
	}
}

// Any stored document can be printed, and never prints what is no figure.
func TestMicroOddDocuments(t *testing.T) {
	t.Parallel()
	empty := sample.Micro("wj")
	empty.Micro = nil
	odd := sample.Micro("odd", sample.Benchmark{ID: "g/f", Rounds: []float64{math.MaxFloat64, math.SmallestNonzeroFloat64}})
	odd.Micro.Benchmarks[0].Runs[0].Round = 99
	odd.Micro.Benchmarks = append(odd.Micro.Benchmarks, odd.Micro.Benchmarks[0])
	c := compareMicroDocs(t, micro.Options{}, sample.Micro("rust", sample.Benchmark{ID: "g/f", Work: 1, Rounds: []float64{1, 2}}), empty, odd)
	for _, write := range []func(io.Writer, *micro.Comparison) error{
		func(w io.Writer, c *micro.Comparison) error { return page.Markdown(w, words.Micro(c)) },
		func(w io.Writer, c *micro.Comparison) error { return page.CSV(w, words.Micro(c)) },
		func(w io.Writer, c *micro.Comparison) error { return page.JSON(w, words.Micro(c)) },
		func(w io.Writer, c *micro.Comparison) error {
			return page.Text(w, words.Micro(c), page.Options{Width: 60})
		}} {
		var b strings.Builder
		if err := write(&b, c); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), "NaN") || strings.Contains(b.String(), "Inf") {
			t.Error(b.String())
		}
	}
	if _, err := micro.New(nil, micro.Options{}); err == nil {
		t.Error("nothing was compared")
	}
	if _, err := micro.New([]results.Document{sample.LoadTest("rust", 1, sample.Health(2))}, micro.Options{}); err == nil {
		t.Error("a load test was compared as microbenchmarks")
	}
	var back micro.Comparison
	text, _ := json.Marshal(c)
	if err := json.Unmarshal(text, &back); err != nil {
		t.Error(err)
	}
}
