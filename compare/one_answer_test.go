package compare_test

import (
	"strings"
	"testing"

	. "taskbench/compare"
	"taskbench/compare/finding"
	"taskbench/compare/gate"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/compare/words"
	"taskbench/internal/figure"
	"taskbench/results"
)

// wild is a run of one scenario in which some pairs are far off, so that ranks judge
// it and not the mean.
func wild(slow float64) []results.Document {
	docs := many(12, map[string]float64{"a": slow})
	for i := range docs {
		if docs[i].Implementation == "windjammer" {
			trials := docs[i].Scenarios[0].Trials
			for _, k := range []int{2, 7} {
				trials[k].ThroughputPS *= 0.6
			}
		}
	}
	return docs
}

// What is said first of the only scenario is what its row says, however it was judged.
func TestHeadlineOfOneScenarioIsItsRow(t *testing.T) {
	t.Parallel()
	ranks := false
	for _, slow := range []float64{1.03, 1.1, 1.3} {
		c, err := New(wild(slow), lineup.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, change := range c.Summary.Headline[0].Changes {
			row, _ := c.Scenarios[0].Row(change.Metric)
			v := row.Cells[1].Ratio
			ranks = ranks || v.Verdict.Method == stats.SignedRank
			if change.CI != v.Verdict.CI || change.Ratio != v.Ratio || change.Verdict != v.Verdict.Claim.Verdict {
				t.Errorf("%g, %s: %g %v %s first, and %g %v %s in the table", slow, change.Metric.Name, change.Ratio, change.CI, change.Verdict, v.Ratio, v.Verdict.CI, v.Verdict.Claim.Verdict)
			}
		}
	}
	if !ranks {
		t.Error("nothing was judged by ranks: the test tries nothing")
	}
}

// What the run does not state for the floor of its servers, the gate does not claim,
// and the first line says that it is the floor, with what helps.
func TestFloorHoldsEverywhere(t *testing.T) {
	t.Parallel()
	c, err := New(within40(1.3), lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	g, err := gate.Of(c, gate.Options{Rule: stats.DefaultGate()})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range g.Decisions {
		if d.Outcome == stats.Failed || d.Outcome == stats.Warned {
			t.Errorf("%s: %s", d.Metric.Name, d.Outcome)
		}
		if d.Metric.Equal(figure.Throughput) && d.Reason.Code != finding.WithinFloor {
			t.Errorf("%+v", d.Reason)
		}
	}
	h := words.Headlines(c)[0]
	if text := words.HeadlineText(h); !strings.Contains(text, "may differ by 40 %") || strings.Contains(text, "cannot show") {
		t.Error(text)
	}
	if a := c.Summary.Headline[0].Advice; len(a) == 0 || a[0].Code != finding.AdviseStart {
		t.Errorf("%+v", a)
	}
	g.Rule.Mode = stats.Conservative
	if g, err = gate.Of(c, gate.Options{Rule: g.Rule}); err != nil || g.Outcome != stats.Failed {
		t.Errorf("who wants a loss excluded gets no proof of that from a floor: %v, %v", g.Outcome, err)
	}
}

// within40 is a run of servers by URL that may differ by 40 % from start to start.
func within40(slow float64) []results.Document {
	docs := many(12, map[string]float64{"a": slow})
	for i := range docs {
		docs[i].Target.Start, docs[i].Plan.StartFloor = "", new(0.40)
	}
	return docs
}
