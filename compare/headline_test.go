package compare_test

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	. "taskbench/compare"
	"taskbench/compare/lineup"
	"taskbench/compare/sample"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/compare/words"
	"taskbench/internal/golden"
	"taskbench/internal/page"
	"taskbench/results"
)

// many are the documents of two targets over scenarios, each with how much
// slower the candidate is in it.
func many(pairs int, slow map[string]float64) []results.Document {
	names := make([]string, 0, len(slow))
	for name := range slow {
		names = append(names, name)
	}
	slices.Sort(names)
	docs := []results.Document{sample.LoadTest("rust", 1), sample.LoadTest("windjammer", 1)}
	for i := range docs {
		docs[i].Plan.Rule = verdict.NewRule(pairs, false, false, 0)
		docs[i].Plan.Pairs, docs[i].Plan.Cells = pairs, len(names)
		for _, name := range names {
			m := sample.Health(pairs)
			m.Scenario, m.Title = name, ""
			for p := range m.Trials {
				factor := 1.0
				if i == 1 {
					factor = slow[name]
				}
				m.Trials[p] = sample.Trial(docs[i].Implementation, factor, name, 50, p+1, m.Steps)
				m.Trials[p].Position = 1 + (i+p)%2
			}
			docs[i].Scenarios = append(docs[i].Scenarios, m)
		}
	}
	return docs
}

// answers are runs that end in every word.
var answers = map[Word]func() []results.Document{
	IsSlower: func() []results.Document { return many(9, map[string]float64{"a": 1.2, "b": 1.15, "c": 1.1}) },
	IsFaster: func() []results.Document { return many(9, map[string]float64{"a": 0.3, "b": 0.8, "c": 1}) },
	IsSame:   func() []results.Document { return many(12, map[string]float64{"a": 1, "b": 1.002}) },
	IsMixed:  func() []results.Document { return many(9, map[string]float64{"a": 1.2, "b": 0.8}) },
	IsOpen: func() []results.Document {
		docs := many(6, map[string]float64{"a": 1, "b": 1.02})
		for s := range docs[1].Scenarios {
			for p := range docs[1].Scenarios[s].Trials {
				t := &docs[1].Scenarios[s].Trials[p]
				noise := []float64{0.6, 1.5, 0.8, 1.3, 0.7, 1.4}[p]
				t.ThroughputPS /= noise
				t.Latency.P50US, t.Latency.P95US = t.Latency.P50US*noise, t.Latency.P95US*noise
				t.Resources = sample.Resources(t, 2)
				t.Resources.OthersCores = new(1.85)
			}
		}
		return docs
	},
	IsWrong:    func() []results.Document { return cases["failed"]() },
	IsNotThere: func() []results.Document { return cases["missing"]() },
}

// The page of every word, as people see it where there are 100 columns.
func TestAnswers(t *testing.T) {
	for word, build := range answers {
		t.Run(string(word), func(t *testing.T) {
			c, err := New(build(), lineup.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := c.Summary.Headline[0].Word; got != word {
				t.Errorf("the answer is %s", got)
			}
			for ending, write := range map[string]func(io.Writer, *Comparison) error{
				"txt": func(w io.Writer, c *Comparison) error {
					return page.Text(w, words.Answer(c), page.Options{Width: 100})
				},
				"80.txt": func(w io.Writer, c *Comparison) error {
					return page.Text(w, words.Answer(c), page.Options{Width: 80})
				},
				"md": func(w io.Writer, c *Comparison) error { return page.Markdown(w, words.Answer(c)) },
			} {
				golden.Check(t, filepath.Join("testdata", "answers", string(word)+"."+ending), printed(t, c, write))
			}
		})
	}
}

// The answer on all other kinds of runs: one target, several candidates, sweeps.
func TestAnswersOfOtherRuns(t *testing.T) {
	for _, name := range []string{"single", "three targets", "sweep", "two dates", "far apart", "verdicts", "expectations"} {
		c, err := New(cases[name](), lineup.Options{})
		if err != nil {
			t.Fatal(err)
		}
		golden.Check(t, filepath.Join("testdata", "answers", name+".txt"), printed(t, c, func(w io.Writer, c *Comparison) error {
			return page.Text(w, words.Answer(c), page.Options{Width: 100})
		}))
	}
}

// Who swaps the targets gets the opposite answer.
func TestSwapTurnsTheHeadline(t *testing.T) {
	t.Parallel()
	turned := map[Word]Word{IsFaster: IsSlower, IsSlower: IsFaster}
	for word, build := range answers {
		docs := build()
		c, err := New(docs, lineup.Options{Baseline: "windjammer"})
		if err != nil {
			t.Fatal(err)
		}
		want := word
		if other, has := turned[word]; has {
			want = other
		}
		forth, err := New(docs, lineup.Options{Baseline: "rust"})
		if err != nil {
			t.Fatal(err)
		}
		a, b := forth.Summary.Headline[0], c.Summary.Headline[0]
		if b.Word != want || !slices.Equal(a.Slower, b.Faster) || !slices.Equal(a.Faster, b.Slower) || !slices.Equal(a.Same, b.Same) {
			t.Errorf("%s becomes %s: %v %v %v, then %v %v %v", word, b.Word, a.Slower, a.Faster, a.Same, b.Slower, b.Faster, b.Same)
		}
	}
}

// stated are the statements of a run, by what they are about.
func stated(t *testing.T, docs []results.Document) map[string]stats.Verdict {
	t.Helper()
	c, err := New(docs, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]stats.Verdict{}
	for _, s := range c.Scenarios {
		for _, r := range s.Rows {
			if x := r.Cells[1].Ratio; x != nil && x.Verdict != nil && x.Verdict.Claim.Stated {
				all[fmt.Sprint(s.Name, r.Step, r.Metric.Key)] = x.Verdict.Verdict
			}
		}
	}
	return all
}

// A scenario more, whatever is in it, lets a run say nothing more of the others.
func TestAnotherScenarioTakesStatementsOnly(t *testing.T) {
	t.Parallel()
	for size := 1.0; size < 1.1; size += 0.004 {
		slow := map[string]float64{"a": size}
		alone := stated(t, many(6, slow))
		for _, other := range []float64{1, 1.3} {
			slow["b"], slow["c"] = other, other
			for about, verdict := range stated(t, many(6, slow)) {
				if about[0] == 'a' && alone[about] != verdict {
					t.Errorf("beside others %s is %s, alone %q", about, verdict, alone[about])
				}
			}
		}
	}
}

// Nothing that a run prints names what it does not state.
func TestOnlyClaimsAreVerdicts(t *testing.T) {
	t.Parallel()
	for name, build := range cases {
		c, err := New(build(), lineup.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for about, r := range ratios(c) {
			v := r.Verdict
			if v == nil || v.Claim.Stated {
				continue
			}
			if v.Verdict != stats.Inconclusive && v.Verdict != stats.Indicative || v.Measurable != 0 {
				t.Errorf("%s: %s is not stated, and called %s", name, about, v.Verdict)
			}
		}
	}
}

// Cells that were planned and not measured count, so that a claim holds from the
// first look to the last.
func TestPlannedCellsCount(t *testing.T) {
	t.Parallel()
	docs := many(6, map[string]float64{"a": 1.05})
	few := stated(t, docs)
	for i := range docs {
		docs[i].Plan.Cells = 400
	}
	if all := stated(t, docs); len(all) >= len(few) || len(few) == 0 {
		t.Errorf("of one cell %d statements, of one in 400 %d", len(few), len(all))
	}
}

// What is proven is named with its figure in the first line, also where it is
// neither in the means nor in the table: of p50, and of CPU time.
func TestHeadlineNamesWhatIsProven(t *testing.T) {
	for name, c := range map[string]struct {
		slow map[string]float64
		turn func(name string, t *results.Trial)
		want []string
	}{
		"p50 of the only scenario": {map[string]float64{"get-x": 1}, func(_ string, t *results.Trial) { t.Latency.P50US *= 1.18 }, []string{"SLOWER 16 % longer p50 ("}},
		"p50 of one of two": {map[string]float64{"a": 1, "get-x": 1}, func(name string, t *results.Trial) {
			if name == "get-x" {
				t.Latency.P50US *= 1.18
			}
		}, []string{"SLOWER 16 % longer p50 (", " in get-x"}},
		"CPU time beside a p50": {map[string]float64{"l": 1}, func(_ string, t *results.Trial) {
			t.Latency.P50US *= 1.18
			*t.Resources.CPUPerAnswerUS *= 1.3
		}, []string{"SLOWER 18 % longer p50 (", "), 30 % more CPU time for each answer ("}},
		"CPU time of the same speed": {map[string]float64{"l": 1}, func(_ string, t *results.Trial) { *t.Resources.CPUPerAnswerUS *= 1.3 },
			[]string{"SAME the same throughput (", "), 30 % more CPU time for each answer ("}},
	} {
		t.Run(name, func(t *testing.T) {
			docs := many(12, c.slow)
			for i := range docs {
				for s := range docs[i].Scenarios {
					for p := range docs[i].Scenarios[s].Trials {
						trial := &docs[i].Scenarios[s].Trials[p]
						trial.Resources = sample.Resources(trial, 2)
						trial.Resources.CPUPerAnswerUS = new(400 * (1 + 0.001*float64(p%3)))
						if i == 1 {
							c.turn(docs[i].Scenarios[s].Scenario, trial)
						}
					}
				}
			}
			compared, err := New(docs, lineup.Options{})
			if err != nil {
				t.Fatal(err)
			}
			first, _, _ := strings.Cut(words.HeadlineText(words.Headlines(compared)[0]), "\n")
			for _, want := range c.want {
				if !strings.Contains(first, want) {
					t.Errorf("%q does not say %q", first, want)
				}
			}
		})
	}
}

// Pairs that do not count are told with every reason, each once.
func TestEveryReasonOfPairsLeftOut(t *testing.T) {
	docs := many(12, map[string]float64{"a": 1})
	for p, why := range map[int]string{1: "the generator ended early", 3: "the server's process ended while it was measured", 5: "the generator ended early"} {
		docs[1].Scenarios[0].Trials[p].Error = why
	}
	c, err := New(docs, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	text := printed(t, c, func(w io.Writer, c *Comparison) error {
		return page.Text(w, words.Answer(c), page.Options{Width: 400})
	})
	for _, want := range []string{"pairs not counted: 3 of a (windjammer, pair 2: the generator ended early; windjammer, pair 4: the server's process ended while it was measured)", "every answer that counts was as expected"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// JSON and CSV call costs what tables call them, wherever a verdict stands.
func TestCostsAreLessInJSONAndCSV(t *testing.T) {
	docs := many(12, map[string]float64{"a": 1, "b": 1})
	for i := range docs {
		for s := range docs[i].Scenarios {
			for p := range docs[i].Scenarios[s].Trials {
				trial := &docs[i].Scenarios[s].Trials[p]
				trial.Resources = sample.Resources(trial, 2)
				trial.Resources.CPUPerAnswerUS = new(400 * (1 + 0.001*float64(p%3)) * (1 - 0.3*float64(i)))
			}
		}
	}
	c, err := New(docs, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := words.Answer(c)
	text := printed(t, c, func(w io.Writer, _ *Comparison) error { return page.Encode(w, p.Data) })
	if strings.Contains(text, `"faster"`) && strings.Contains(strings.ReplaceAll(text, `"faster": [`, ""), `"faster"`) {
		t.Errorf("JSON says faster of less CPU time:\n%s", text)
	}
	if got := strings.Count(text, `"verdict": "less"`); got < 4 {
		t.Errorf("JSON says less %d times of two scenarios:\n%s", got, text)
	}
	n := 0
	for _, row := range p.Records.Rows {
		if slices.Contains(row, "cpu_per_answer_us") && slices.Contains(row, "less") {
			n++
		}
	}
	if n != 2 {
		t.Errorf("CSV says less in %d lines", n)
	}
	if c.Scenarios[0].Rows[0].Metric == nil || words.HeadlineText(words.Headlines(c)[0]) == "" {
		t.Error("the comparison itself was changed")
	}
}
