package scenarios

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"taskbench/internal/othertools"
)

// As many steps as there may be load; one more is refused where it stands, with a
// message of its own.
func TestMostSteps(t *testing.T) {
	t.Parallel()
	for _, section := range []string{"flow", "mix", "setup"} {
		for _, extra := range []int{0, 1} {
			var b strings.Builder
			fmt.Fprintf(&b, "name: big\n%s:\n", section)
			for i := range maxSteps + extra {
				fmt.Fprintf(&b, "  - {name: s%d, request: GET /}\n", i)
			}
			if section == "setup" {
				b.WriteString("request: GET /\n")
			}
			_, err := LoadFS(fstest.MapFS{"big.yaml": {Data: []byte(b.String())}}, "big.yaml")
			want := fmt.Sprintf("big.yaml:%d:5: %s has %d steps: %d are the most", maxSteps+3, section, maxSteps+1, maxSteps)
			if extra == 0 && err != nil || extra > 0 && (err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n\n")) {
				t.Errorf("%s with %d more: %.300v", section, extra, err)
			}
		}
	}
}

// What other tools call a key is none of ours: it would be refused.
func TestOtherToolsWordsAreNotOurs(t *testing.T) {
	t.Parallel()
	all := tables()
	for name, hint := range map[string]func(string) string{"step": othertools.InStep, "setup": othertools.InStep, "mix": othertools.InStep, "request": othertools.InStep, "journey": othertools.InJourney, "load": othertools.InLoad, "stage": othertools.InStage, "profile": othertools.InProfile} {
		for _, key := range keysOf(all[name]) {
			if hint(key) != "" {
				t.Errorf("%s is a key of %s, and told to be written %s", key, name, hint(key))
			}
		}
	}
	for _, key := range keysOf(new(reader).scenarioFields(new(Scenario), new(document))) {
		if othertools.InScenario(key) != "" {
			t.Errorf("%s is a key of a scenario", key)
		}
	}
}
