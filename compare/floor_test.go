package compare_test

import (
	"slices"
	"strings"
	"testing"

	. "taskbench/compare"
	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/compare/sentences"
	"taskbench/compare/stats"
)

// TestFloorOfServersByURL: of servers that ran already no difference within what
// two starts differ by is stated, whatever its interval, and that is said once.
// Figures and intervals stay; larger differences and parity are stated as ever.
func TestFloorOfServersByURL(t *testing.T) {
	t.Parallel()
	within, beyond := 0, 0
	for _, slow := range []float64{1, 1.01, 1.02, 1.03, 1.06, 1.2} {
		for _, byURL := range []bool{false, true} {
			docs := many(20, map[string]float64{"a": slow, "b": slow})
			for i := range docs {
				docs[i].Target.Start = map[bool]string{false: "./server"}[byURL]
			}
			c, err := New(docs, lineup.Options{})
			if err != nil {
				t.Fatal(err)
			}
			noted := slices.ContainsFunc(c.Notes, func(f finding.Finding) bool { return f.Code == finding.SameProcesses })
			if noted != byURL {
				t.Errorf("by URL: %v, the note is there: %v", byURL, noted)
			}
			for _, s := range c.Scenarios {
				for _, r := range s.Rows {
					x := r.Cells[1].Ratio
					if x == nil || x.Verdict == nil || r.Step != "" {
						continue
					}
					v := x.Verdict
					inside := v.CI.High > 1/(1+stats.StartFloor) && v.CI.Low < 1+stats.StartFloor
					different := v.Claim.Stated && v.Verdict != stats.Parity
					switch {
					case byURL && inside && different:
						t.Errorf("%s of %s at %g: %s is stated of [%g %g]", r.Metric.Name, s.Name, slow, v.Verdict, v.CI.Low, v.CI.High)
					case inside && different:
						within++
					case byURL && different:
						beyond++
					}
					if v.Claim.Floor > 0 && v.Reason.Code != finding.WithinFloor {
						t.Errorf("%s: withheld, and the reason is %+v", r.Metric.Name, v.Reason)
					}
				}
			}
		}
	}
	for _, floor := range []float64{0.07, 0} {
		known := many(6, map[string]float64{"a": 1.03})
		for i := range known {
			known[i].Target.Start, known[i].Plan.StartFloor = "", new(floor)
		}
		if c, err := New(known, lineup.Options{}); err != nil || !slices.ContainsFunc(c.Notes, func(f finding.Finding) bool {
			return f.Code == finding.SameProcesses && f.Values["floor_fraction"] == floor && !strings.Contains(sentences.Of(f), "within 0")
		}) {
			t.Errorf("the floor of %g that was measured is not taken: %v, %+v", floor, err, c.Notes)
		}
	}
	if within == 0 || beyond == 0 {
		t.Errorf("%d differences within the floor, of servers that are started anew, and %d beyond it: nothing was tried", within, beyond)
	}
}
