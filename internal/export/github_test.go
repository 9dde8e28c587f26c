package export

import (
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"taskbench/compare/finding"
	"taskbench/compare/gate"
	"taskbench/compare/stats"
	"taskbench/internal/figure"
)

func TestAnnotations(t *testing.T) {
	t.Parallel()
	decision := func(o stats.Outcome, reason string) gate.Decision {
		return gate.Decision{Scenario: "a\nb", Target: "wj", Metric: figure.P95, Decision: stats.Decision{Outcome: o, Reason: finding.Finding{Code: finding.Noted, Said: []string{reason}}}}
	}
	many := []gate.Decision{}
	for n := range 12 {
		many = append(many, decision(stats.Failed, fmt.Sprint("reason ", n)))
	}
	for _, tc := range []struct {
		name      string
		mode      stats.GateMode
		decisions []gate.Decision
		want      []string
	}{
		{"all passed", stats.Standard, []gate.Decision{decision(stats.Pass, "fine")}, nil},
		{"one of each", stats.Standard,
			[]gate.Decision{decision(stats.Failed, "12 % worse"), decision(stats.Warned, "6 %,\r\n::error::x"), decision(stats.Undetermined, "noise")},
			[]string{
				"::error title=taskbench%3A slower than the gate allows::a b p95 (wj): 12 %25 worse",
				"::warning title=taskbench%3A slower::a b p95 (wj): 6 %25, ::error::x",
				"::notice title=taskbench%3A undecided::1 not decided, such as a b p95 (wj): noise",
			}},
		{"strict", stats.Strict, []gate.Decision{decision(stats.Undetermined, "noise")},
			[]string{"::error title=taskbench%3A undecided::1 not decided, such as a b p95 (wj): noise"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			g := &gate.Report{Rule: stats.GateRule{Mode: tc.mode}, Decisions: tc.decisions}
			got := written(t, func(w io.Writer) error { return Annotations(w, g) })
			if diff := cmp.Diff(strings.Join(tc.want, "\n"), strings.TrimSpace(got)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
	t.Run("more than are shown", func(t *testing.T) {
		got := strings.Split(strings.TrimSpace(written(t, func(w io.Writer) error { return Annotations(w, &gate.Report{Decisions: many}) })), "\n")
		if len(got) != annotationsShown || !strings.HasSuffix(got[9], "::and 3 more: see the job summary") {
			t.Errorf("%d lines, the last is %s", len(got), got[len(got)-1])
		}
	})
}

func writeText(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
