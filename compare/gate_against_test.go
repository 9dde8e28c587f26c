package compare_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	. "taskbench/compare"
	"taskbench/compare/finding"
	"taskbench/compare/gate"
	"taskbench/compare/lineup"
	"taskbench/compare/sample"
	"taskbench/compare/sentences"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/compare/words"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/results"
)

// later is a second run: its candidate so much slower, its machine too.
func later(pairs int, slow, machine float64) []results.Document {
	docs := []results.Document{sample.LoadTest("rust", machine, sample.Health(pairs)), sample.LoadTest("windjammer", slow*machine, sample.Health(pairs))}
	for i := range docs {
		docs[i].Session = "later"
	}
	return docs
}

// earlier are runs of another day each, whose candidates differ by half a
// percent from run to run.
func earlier(n, pairs int, slow float64) []results.Document {
	var docs []results.Document
	for k := range n {
		run := later(pairs, slow*(1+0.005*float64(k%3-1)), 1)
		for i := range run {
			run[i].Session, run[i].Created = fmt.Sprintf("known%d", k), sample.Noon.AddDate(0, 0, k-n)
		}
		docs = append(docs, run...)
	}
	return docs
}

// knowing is a gate by the default rule that knows four runs.
func knowing(pairs int, slow float64) gate.Options {
	return gate.Options{Rule: stats.DefaultGate(), Known: earlier(4, pairs, slow)}
}

// TestGateNeedsToKnowRuns: what one run shows against another may be what runs
// differ by; without runs that tell, nothing is failed or warned of, and with
// runs that differ much, little is.
func TestGateNeedsToKnowRuns(t *testing.T) {
	t.Parallel()
	then, now := run(12, 1.1, nil), later(12, 1.35, 1)
	conservative := gate.Options{Rule: stats.DefaultGate()}
	conservative.Rule.Mode = stats.Conservative
	wild := gate.Options{Rule: stats.DefaultGate()}
	for k, slow := range []float64{0.8, 1.3, 1, 1.2, 0.9} {
		run := earlier(1, 12, slow)
		for i := range run {
			run[i].Session, run[i].Created = fmt.Sprint("wild", k), sample.Noon.AddDate(0, 0, k-9)
		}
		wild.Known = append(wild.Known, run...)
	}
	elsewhere := knowing(12, 1.1)
	for i := range elsewhere.Known {
		elsewhere.Known[i].Environment = results.Environment{CPUModel: "another CPU", Cores: 8}
	}
	otherwise := knowing(12, 1.1)
	for i := range otherwise.Known {
		otherwise.Known[i].Scenarios[0].Hash = "other"
	}
	for name, c := range map[string]struct {
		ask  gate.Options
		want stats.Outcome
		note finding.Code
	}{
		"nothing known":               {gate.Options{Rule: stats.DefaultGate()}, stats.Undetermined, finding.BetweenUnknown},
		"two runs, and the one then":  {gate.Options{Rule: stats.DefaultGate(), Known: earlier(2, 12, 1.1)}, stats.Undetermined, finding.BetweenUnknown},
		"of another machine":          {elsewhere, stats.Undetermined, finding.BetweenUnknown},
		"of another scenario":         {otherwise, stats.Undetermined, finding.BetweenUnknown},
		"runs that hardly differ":     {knowing(12, 1.1), stats.Failed, finding.BetweenKnown},
		"runs that differ as much":    {wild, stats.Undetermined, finding.BetweenKnown},
		"a loss that is not excluded": {conservative, stats.Failed, finding.BetweenUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, err := gate.Against(then, now, lineup.Options{}, c.ask)
			if err != nil {
				t.Fatal(err)
			}
			if g.Outcome != c.want || !slices.ContainsFunc(g.Notes, func(f finding.Finding) bool { return f.Code == c.note }) {
				t.Errorf("%v with notes %q, want %s and %s", outcomes(g), sentences.All(g.Notes), c.want, c.note)
			}
		})
	}
}

func TestGateAgainst(t *testing.T) {
	t.Parallel()
	then := run(12, 1.1, nil)
	changed := later(12, 1.1, 1)
	for i := range changed {
		changed[i].Scenarios[0].Load.Connections, changed[i].Scenarios[0].Hash = 50, "other"
	}
	more := []results.Document{sample.LoadTest("rust", 1, sample.Health(12), sample.Projects(50, 12)), sample.LoadTest("windjammer", 1.1, sample.Health(12), sample.Projects(50, 12))}
	moved := later(12, 1.1, 1)
	for i := range moved {
		moved[i].Environment.CPUModel = "another CPU"
		then[i].Environment.CPUModel = "one CPU"
	}
	sentBy := func(s results.Sender) []results.Document {
		docs := later(12, 1.5, 1)
		for i := range docs {
			docs[i].Plan.Engine, docs[i].Plan.Hosts = s.Engine, s.Hosts
		}
		return docs
	}
	for name, c := range map[string]struct {
		now   []results.Document
		want  stats.Outcome
		texts []string
	}{
		"another engine is not compared":          {sentBy(results.Sender{Engine: "k6"}), stats.Undetermined, []string{"not what the earlier run measured: the load was sent by k6 on this machine alone, not by wrk on this machine alone"}},
		"two hosts are not compared with none":    {sentBy(results.Sender{Hosts: 2}), stats.Undetermined, []string{"sent by wrk on 2 hosts, not by wrk on this machine alone"}},
		"nor is one that is not this machine":     {sentBy(results.Sender{Hosts: 1}), stats.Undetermined, []string{"sent by wrk on 1 other host, not by"}},
		"wrk by its name is wrk":                  {sentBy(results.Sender{Engine: "wrk"}), stats.Failed, []string{"gate failed: 3 fail"}},
		"as before":                               {later(12, 1.1, 1), stats.Pass, []string{"gate passed: 3 pass"}},
		"a machine of half the speed is no loss":  {later(12, 1.1, 2), stats.Pass, []string{"gate passed: 3 pass"}},
		"a loss on a faster machine is":           {later(12, 1.5, 0.5), stats.Failed, []string{"gate failed: 3 fail"}},
		"another scenario is not compared":        {changed, stats.Undetermined, []string{"not what the earlier run measured: the scenario has changed (hash other, not 77aa)"}},
		"what the earlier run lacks":              {more, stats.Undetermined, []string{"inconclusive projects: in the earlier run: rust was not measured"}},
		"another machine is said, and still held": {moved, stats.Pass, []string{"CPU another CPU, not one CPU"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, err := gate.Against(then, c.now, lineup.Options{}, knowing(12, 1.1))
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			if err := page.Text(&b, words.Gate(g), page.Options{Width: 200}); err != nil {
				t.Fatal(err)
			}
			if g.Outcome != c.want {
				t.Errorf("%s, want %s: %v", g.Outcome, c.want, outcomes(g))
			}
			for _, text := range c.texts {
				if !strings.Contains(b.String(), text) {
					t.Errorf("no %q in\n%s", text, b.String())
				}
			}
		})
	}
}

// TestGateTellsWhatIsGone: a scenario that is measured no more cannot fail, and
// must not pass in silence.
func TestGateTellsWhatIsGone(t *testing.T) {
	t.Parallel()
	then := []results.Document{sample.LoadTest("rust", 1, sample.Health(6), sample.Projects(10, 6)), sample.LoadTest("windjammer", 1, sample.Health(6), sample.Projects(10, 6))}
	then = append(then, sample.LoadTest("windjammer-pr-12", 1, sample.Health(6)))
	then[1].Complete = false
	g, err := gate.Against(then, later(6, 1, 1), lineup.Options{}, gate.Options{Rule: stats.DefaultGate()})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"the earlier run is not complete: it was interrupted or still goes on",
		"the earlier run measured what this run did not, and nothing is decided on it: projects@10, windjammer-pr-12",
	}
	if !slices.Equal(sentences.All(g.Notes)[:2], want) {
		t.Errorf("notes %v, want %q", g.Notes, want)
	}
}

// TestGateJudgesThenByItsOwnRule: the earlier run's interval is that of its own
// plan, whatever the plan is now.
func TestGateJudgesThenByItsOwnRule(t *testing.T) {
	t.Parallel()
	then, now := run(6, 1, verdict.NewRule(0, true, false, 0)), later(6, 1, 1)
	for i := range now {
		now[i].Plan.Rule = verdict.NewRule(6, false, false, 0)
	}
	g, err := gate.Against(then, now, lineup.Options{}, gate.Options{Rule: stats.DefaultGate()})
	if err != nil {
		t.Fatal(err)
	}
	alone, err := New(then, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	row, _ := alone.Scenarios[0].Row(figure.P50)
	want := row.Cells[1].Ratio.Verdict.CI
	for _, d := range g.Decisions {
		if d.Metric.Equal(figure.P50) && d.Then.CI != want {
			t.Errorf("then %v, want %v as that run said itself", d.Then.CI, want)
		}
	}
}

// A gate that failed fails again when the same programs are measured again: the runs
// of the slower one are of another program, and do not make runs differ by more.
func TestGateFailsAgain(t *testing.T) {
	t.Parallel()
	ask := knowing(12, 1.1)
	for again := range 4 {
		g, err := gate.Against(run(12, 1.1, nil), later(12, 1.35, 1), lineup.Options{}, ask)
		if err != nil {
			t.Fatal(err)
		}
		if g.Outcome != stats.Failed {
			t.Errorf("measured %d times before: %v", again, outcomes(g))
		}
		rejected := later(12, 1.35*(1+0.005*float64(again%3-1)), 1)
		for i := range rejected {
			rejected[i].Session, rejected[i].Created = fmt.Sprint("rejected", again), sample.Noon.AddDate(0, 0, again+1)
		}
		ask.Known = append(ask.Known, rejected...)
	}
}
