package gate_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"taskbench/compare/finding"
	"taskbench/compare/gate"
	"taskbench/compare/micro"
	"taskbench/compare/stats"
	"taskbench/results"
)

// microRun are the microbenchmarks of a session: every benchmark takes 100 ns times
// what the run as a whole, the benchmark in this run and the round do to it, and
// of the candidate, slower times that.
type microRun struct {
	session   string
	day       int
	machine   string
	toolchain string
	crates    []string
	ids       []string
	rounds    int
	between   float64 // standard deviation of the log, of each benchmark from run to run
	slower    map[string]float64
}

func (m microRun) documents(r *rand.Rand) (docs []results.Document) {
	for i, crate := range m.crates {
		d := results.Document{
			Schema: results.Schema, Kind: results.Microbench, Session: m.session, Implementation: crate, Baseline: m.crates[0],
			Created: time.Date(2026, 11, m.day, 12, 0, 0, 0, time.UTC), Complete: true, Micro: &results.Micro{Paired: true, Toolchain: m.toolchain},
			Environment: results.Environment{CPUModel: m.machine, Cores: 2},
		}
		for round := 1; round <= m.rounds; round++ {
			d.Micro.Rounds = append(d.Micro.Rounds, results.MicroRound{Round: round, Position: 1 + (round+i)%2})
		}
		for _, id := range m.ids {
			b := results.Microbenchmark{ID: id, Group: "g", Unit: "ns"}
			run := math.Exp(m.between * r.NormFloat64())
			for round := 1; round <= m.rounds; round++ {
				v := 100 * run * math.Exp(.01*r.NormFloat64())
				if f := m.slower[id]; f > 0 && crate == m.crates[len(m.crates)-1] {
					v *= f
				}
				e := &results.MicroEstimate{Estimate: v, Low: v, High: v, Confidence: .95}
				b.Runs = append(b.Runs, results.MicroRun{Round: round, Mean: e, Median: e})
			}
			d.Micro.Benchmarks = append(d.Micro.Benchmarks, b)
		}
		docs = append(docs, d)
	}
	return docs
}

// gateMicro holds a run against the first of so many others like it.
func gateMicro(t *testing.T, r *rand.Rand, like microRun, known int, slower map[string]float64) *gate.Report {
	t.Helper()
	ask := gate.Options{Rule: stats.DefaultGate()}
	var then []results.Document
	for i := range known {
		like.session, like.day = fmt.Sprintf("then%d", i), i+1
		docs := like.documents(r)
		if i == 0 {
			then = docs
		}
		ask.Known = append(ask.Known, docs...)
	}
	like.session, like.day, like.slower = "now", 20, slower
	g, err := gate.AgainstMicro(then, like.documents(r), micro.Options{}, ask)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

var (
	oneCrate  = []string{"wj"}
	twoCrates = []string{"rust", "wj"}
	sixIDs    = []string{"a", "b", "c", "d", "e", "f"}
)

// With nothing to find a gate of microbenchmarks fails or warns in at most 5 of 100
// runs, whatever runs differ by; and a real loss is found, with a control and without.
func TestAgainstMicroErrorRates(t *testing.T) {
	t.Parallel()
	const times = 80
	for _, crates := range [][]string{oneCrate, twoCrates} {
		r := rand.New(rand.NewPCG(13, uint64(len(crates))))
		like := microRun{machine: "x", crates: crates, ids: sixIDs, rounds: 10, between: .01}
		wrong, found := 0, 0
		for range times {
			if g := gateMicro(t, r, like, 8, nil); g.Counts[stats.Failed]+g.Counts[stats.Warned] > 0 {
				wrong++
			}
			if g := gateMicro(t, r, like, 8, map[string]float64{"c": 1.25}); g.Counts[stats.Failed] > 0 {
				found++
			}
		}
		if wrong > times*8/100 || found < times*80/100 {
			t.Errorf("%v: %d of %d gates fail or warn of nothing, and %d find a loss of 25 %%", crates, wrong, times, found)
		}
	}
}

// codes are those of a report's notes, and of the reasons of its decisions.
func codes(g *gate.Report) string {
	var list []string
	for _, n := range g.Notes {
		list = append(list, string(n.Code))
	}
	for _, d := range g.Decisions {
		list = append(list, d.Scenario+":"+string(d.Reason.Code))
	}
	return " " + strings.Join(list, " ") + " "
}

// What keeps a benchmark from being held against an earlier run's is said, and
// decides nothing.
func TestAgainstMicroNotComparable(t *testing.T) {
	t.Parallel()
	run := func(change func(*microRun)) []results.Document {
		m := microRun{session: "then", day: 1, machine: "x", toolchain: "rustc 1", crates: twoCrates, ids: []string{"a", "b"}, rounds: 8, between: .001}
		if change != nil {
			change(&m)
		}
		return m.documents(rand.New(rand.NewPCG(1, 2)))
	}
	for name, c := range map[string]struct {
		then, now func(*microRun)
		want      []finding.Code
		not       finding.Code
	}{
		"another machine, with a control":    {nil, func(m *microRun) { m.machine = "y" }, []finding.Code{finding.OtherMachineThen}, finding.NoControlElsewhere},
		"another machine, without a control": {func(m *microRun) { m.crates = oneCrate }, func(m *microRun) { m.machine, m.crates = "y", oneCrate }, []finding.Code{"a:" + finding.NoControlElsewhere, "b:" + finding.NoControlElsewhere}, finding.OtherMachineThen},
		"another compiler":                   {nil, func(m *microRun) { m.toolchain = "rustc 2" }, []finding.Code{finding.OtherToolchain}, ""},
		"one more, one less":                 {nil, func(m *microRun) { m.ids = []string{"a", "c"} }, []finding.Code{finding.NotMeasuredNow, "c:" + finding.InBaselineRun}, ""},
		"too few runs":                       {nil, nil, []finding.Code{finding.BetweenUnknown}, finding.BetweenKnown},
		"the run itself":                     {nil, func(m *microRun) { m.session = "then" }, []finding.Code{finding.AgainstItself}, ""},
		"another candidate":                  {func(m *microRun) { m.crates = []string{"rust", "wj", "zig"} }, func(m *microRun) { m.crates = []string{"rust", "wj", "go"} }, []finding.Code{"a:" + finding.NoBaselineResults}, ""},
	} {
		now := func(m *microRun) {
			m.session, m.day = "now", 2
			if c.now != nil {
				c.now(m)
			}
		}
		g, err := gate.AgainstMicro(run(c.then), run(now), micro.Options{}, gate.Options{Rule: stats.DefaultGate()})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		said := codes(g)
		for _, want := range c.want {
			if !strings.Contains(said, " "+string(want)+" ") {
				t.Errorf("%s: %s, want %s", name, said, want)
			}
		}
		if c.not != "" && strings.Contains(said, " "+string(c.not)+" ") || g.Counts[stats.Failed]+g.Counts[stats.Warned] > 0 {
			t.Errorf("%s: %s, %v", name, said, g.Counts)
		}
	}
}

// What has nothing to be compared at all is an error.
func TestAgainstMicroErrors(t *testing.T) {
	t.Parallel()
	m := microRun{session: "s", day: 1, machine: "x", crates: twoCrates, ids: sixIDs[:1], rounds: 6}
	r := rand.New(rand.NewPCG(1, 2))
	both := m.documents(r)
	m.session = "other"
	mixed := append(m.documents(r)[:1], both[1])
	m.crates = []string{"go"}
	other := m.documents(r)
	for name, c := range map[string]struct {
		then, now []results.Document
		want      string
	}{
		"no control":     {both[1:], both, "has no control: there are no microbenchmarks of rust"},
		"no candidate":   {both, other, "has none of the candidates"},
		"two sessions":   {mixed, both, "the earlier run was not measured in one session"},
		"load tests now": {both, sixPairs(), "microbench"},
	} {
		if _, err := gate.AgainstMicro(c.then, c.now, micro.Options{}, gate.Options{Rule: stats.DefaultGate()}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := gate.AgainstMicro(both, both, micro.Options{}, gate.Options{Rule: stats.GateRule{Warn: .2, Fail: .1}}); err == nil {
		t.Error("limits that make no sense are taken")
	}
}

// TestMatchOfEarlierNames: of two matches, each for the names that a run had, none is
// said to join nothing; one that is for neither is.
func TestMatchOfEarlierNames(t *testing.T) {
	t.Parallel()
	run := func(session string, day int, prefix string) []results.Document {
		docs := microRun{session: session, day: day, machine: "x", crates: twoCrates, ids: []string{"j/a"}, rounds: 8, between: .001}.documents(rand.New(rand.NewPCG(3, 1)))
		docs[1].Micro.Benchmarks[0].ID = prefix + "/a"
		return docs
	}
	match, err := micro.ParseMatches([]string{"j/*=old/*", "j/*=new/*", "j/*=other/*"})
	if err != nil {
		t.Fatal(err)
	}
	g, err := gate.AgainstMicro(run("then", 1, "old"), run("now", 2, "new"), micro.Options{Match: match}, gate.Options{Rule: stats.DefaultGate()})
	if err != nil {
		t.Fatal(err)
	}
	var unused []string
	for _, n := range g.Notes {
		if n.Code == finding.MatchUnused {
			unused = append(unused, n.Said...)
		}
	}
	if fmt.Sprint(unused) != "[j/*=other/*]" || len(g.Decisions) != 1 {
		t.Errorf("%v are said to join nothing; %+v", unused, g.Decisions)
	}
}
