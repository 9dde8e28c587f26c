package main

import (
	"fmt"
	"io"
	"math"
	"time"

	"taskbench/compare"
	"taskbench/compare/gate"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/results"
)

// storedPart says how many whole runs are judged for each that also goes, as
// stored documents, through all that judges real ones: gate.Decided ends its
// scenarios, compare.New says what is stated, with a headline, and gate.Of decides.
const storedPart = 10

// viaStored is what came of such runs.
type viaStored struct {
	said   *said
	pairs  int
	wrong  int // headlines with an untrue word
	failed int // gates
	warned int
}

// byStored puts a run through the whole of package compare.
func (w *whole) byStored(all []scenario) {
	docs := w.documents(all)
	used := make([]int, len(all))
	for i, s := range all {
		for more := true; more; {
			used[i], more = s.planned().Next(used[i])
			if !more {
				used[i] = len(docs[0].Scenarios[i].Trials)
				break
			}
			grow(docs, all, i, used[i])
			more = !gate.Decided(docs, nameOf(i), users, lineup.Options{})
		}
		w.stored.pairs += len(docs[0].Scenarios[i].Trials)
	}
	c := compared(docs)
	claims, means := claimsOf(c)
	w.stored.said.count(all, claims, means)
	tick(&w.stored.wrong, !w.world.allows(c.Summary.Headline[0].Word))
	g, err := gate.Of(c, gate.Options{Rule: stats.DefaultGate()})
	if err != nil {
		panic(err) // it is of our own making
	}
	tick(&w.stored.failed, g.Counts[stats.Failed] > 0)
	tick(&w.stored.warned, g.Counts[stats.Warned] > 0)
}

// allows reports whether a headline's word is true: what is lost is lost by the candidate.
func (w world) allows(word compare.Word) bool {
	switch word {
	case compare.IsSlower:
		return w != nothingDiffers
	case compare.IsSame:
		return w != atTheMargin
	}
	return word == compare.IsOpen
}

const users = 8 // virtual users

func nameOf(scenario int) string { return fmt.Sprintf("scenario-%d", scenario) }

func compared(docs []results.Document) *compare.Comparison {
	c, err := compare.New(docs, lineup.Options{})
	if err != nil {
		panic(err) // they are of our own making
	}
	return c
}

// documents are a run's, base and candidate, without trials yet.
func (w *whole) documents(all []scenario) []results.Document {
	rule := verdict.NewRule(6, w.plan == sequential, false, 0)
	docs := make([]results.Document, 2)
	for side, name := range []string{"base", "candidate"} {
		docs[side] = results.Document{
			Schema: results.Schema, Kind: results.LoadTest, Session: "simulated", Implementation: name, Baseline: "base", Complete: true,
			Plan: results.Plan{Targets: []string{"base", "candidate"}, Pairs: w.planned().Looks[len(w.planned().Looks)-1].Pairs, Cells: len(all), Rule: rule},
		}
		docs[side].Target.Start = "./server" // anew for every pair: no floor, which numbers do not have
		for i := range all {
			m := results.Measurement{Scenario: nameOf(i), Hash: nameOf(i), Mode: "flow", Load: results.Load{Connections: users, Threads: users, DurationS: measuredS, WarmupS: discardS}}
			for k := range stepsOf[i] {
				m.Steps = append(m.Steps, fmt.Sprintf("step %d", k))
			}
			docs[side].Scenarios = append(docs[side].Scenarios, m)
		}
	}
	return docs
}

// grow adds trials to a scenario until it has n pairs.
func grow(docs []results.Document, all []scenario, scenario, n int) {
	s := all[scenario]
	values := make([][]stats.OrderedPair, len(s.figures))
	for row := range values {
		values[row] = s.pairsOf(row, n)
	}
	for pair := len(docs[0].Scenarios[scenario].Trials); pair < n; pair++ {
		for side := range docs {
			of := func(row int) float64 {
				if side == 0 {
					return values[row][pair].Base
				}
				return values[row][pair].Cand
			}
			t := trialOf(s.number, of)
			first := values[0][pair].BaseFirst == (side == 0)
			if t.Pair, t.Position = pair+1, 2; first {
				t.Position = 1
			}
			at := (2*pair + t.Position) * (discardS + measuredS)
			t.Started = time.Unix(int64(at), 0)
			docs[side].Scenarios[scenario].Trials = append(docs[side].Scenarios[scenario].Trials, t)
		}
	}
}

// trialOf has a figure of every row, in the order of figuresOf.
func trialOf(scenario int, of func(row int) float64) results.Trial {
	const answers = 10_000
	latency := func(p50, p95, p99 float64) *results.Latency {
		return &results.Latency{Count: answers, P50US: p50, P95US: p95, P99US: p99, MaxUS: p99}
	}
	n := len(primaries)
	cpu, memory := of(3), uint64(math.Round(of(n+1)*1e9)) // bytes: whole ones, and as good as the float
	t := results.Trial{WindowS: measuredS, Answers: answers, Good: answers, ThroughputPS: of(0), Latency: latency(of(1), of(2), of(n)),
		Resources: &results.Resources{CPUPerAnswerUS: &cpu, ServerResidentBytes: &memory}}
	row := n + len(others)
	for k := range stepsOf[scenario] {
		t.Steps = append(t.Steps, results.StepResult{Name: fmt.Sprintf("step %d", k), Answers: answers, Good: answers,
			ThroughputPS: of(row), Latency: latency(of(row+1), of(row+2), of(row+3))})
		row += len(ofStep)
	}
	perCPU := of(row)
	if t.Resources.AnswersPerCPUS = &perCPU; stepsOf[scenario] > 0 {
		t.Iterations = &results.Iterations{Completed: answers, Latency: latency(of(row+1), of(row+1), of(row+1))}
	}
	return t
}

// claimsOf are what a comparison states, in the order of figuresOf.
func claimsOf(c *compare.Comparison) (run []stats.CellClaims, means []stats.Claim) {
	for i, s := range c.Scenarios {
		of := func(step string, m *figure.Figure) stats.Claim {
			for _, r := range s.Rows {
				if r.Step == step && r.Metric == m {
					return *r.Cells[1].Ratio.Verdict.Claim
				}
			}
			panic("no row of " + m.Key)
		}
		cell := stats.CellClaims{
			Primary: []stats.Claim{of("", figure.Throughput), of("", figure.P50), of("", figure.P95), of("", figure.CPUPerAnswer)},
			Other:   []stats.Claim{of("", figure.P99), of("", figure.Resident)},
		}
		for k := range stepsOf[i] {
			for _, m := range []*figure.Figure{figure.Throughput, figure.P50, figure.P95, figure.P99} {
				cell.Other = append(cell.Other, of(fmt.Sprintf("step %d", k), m))
			}
		}
		if cell.Other = append(cell.Other, of("", figure.AnswersPerCPU)); stepsOf[i] > 0 {
			cell.Other = append(cell.Other, of("", figure.FlowP95))
		}
		run = append(run, cell)
	}
	for _, o := range c.Summary.Overall {
		means = append(means, o.Claim)
	}
	return run, means
}

func (v *viaStored) add(o *viaStored) {
	v.said.add(o.said)
	v.pairs, v.wrong, v.failed, v.warned = v.pairs+o.pairs, v.wrong+o.wrong, v.failed+o.failed, v.warned+o.warned
}

// printStored prints what came of runs as stored documents, and says whether
// their bars were met, give or take two standard errors of the simulation.
func printStored(w io.Writer, all []*whole) bool {
	ok := true
	fmt.Fprintln(w, "\nthe same as stored documents, through gate.Decided, compare.New, headline and gate: in % of runs any false statement | an untrue headline | gate fails, warns; pairs")
	for _, c := range all {
		if c.stored == nil || c.stored.said.runs == 0 {
			continue
		}
		n := c.stored.said.runs
		rate := func(count int) float64 { return percentOf(count, n) }
		mark := "ok"
		for _, r := range []float64{rate(c.stored.said.falseAny), rate(c.stored.wrong)} {
			if r > 5+2*uncertainty(5, n) {
				mark, ok = "MISSED", false
			}
		}
		fmt.Fprintf(w, "  %-62s %4d runs | %5.2f | %5.2f | %5.1f %5.1f | %.1f  %s\n", c.name(), n, rate(c.stored.said.falseAny), rate(c.stored.wrong),
			rate(c.stored.failed), rate(c.stored.warned), float64(c.stored.pairs)/float64(n*len(stepsOf)), mark)
	}
	return ok
}
