package export

import (
	"encoding/json"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"taskbench/compare/stats"
)

// shownRange is how the action finds the figure that it rescales with the
// unit: a digit and at least one character more.
var shownRange = regexp.MustCompile(`(?:\+-|±)\s*(\d.+)`)

// readAction: by the schema of the action's custom tools, each name once, each
// figure in the file of its direction.
func readAction(t testing.TB, s exportCase) {
	seen := map[string]bool{}
	for _, better := range []stats.Direction{stats.HigherIsBetter, stats.LowerIsBetter} {
		text := written(t, func(w io.Writer) error { return GitHubActionBenchmark(w, s.c, better) })
		if HasDirection(s.c, better) {
			valid(t, "github-action-benchmark.schema.json", text)
		}
		var read []actionEntry
		if err := json.Unmarshal([]byte(text), &read); err != nil {
			t.Fatal(err)
		}
		for _, e := range read {
			number := shownRange.FindStringSubmatch(e.Range)
			if number == nil {
				t.Errorf("range %q has no figure", e.Range)
			} else if _, err := strconv.ParseFloat(number[1], 64); err != nil {
				t.Error(err)
			}
			if seen[e.Name] {
				t.Errorf("%s is there twice", e.Name)
			}
			if higher := strings.HasSuffix(e.Name, " throughput") || strings.HasSuffix(e.Name, " answers/cpu s"); higher != (better == stats.HigherIsBetter) {
				t.Errorf("%s is among those where %s is better", e.Name, better)
			}
			seen[e.Name] = true
		}
	}
	if want := len(entries(s.c)); len(seen) != want {
		t.Errorf("%d figures, want %d", len(seen), want)
	}
}
