package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"taskbench/internal/k6"
)

// A script that no manifest can hold is written all the same, and runs on machines. A
// manifest of before is of another script.
func TestExportOfALargeScript(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "k6")
	base := filepath.Join(folder, "a")
	export := func(script []byte) k6Export {
		t.Helper()
		e := k6Export{Scenario: "a", URL: "http://a.test", Processes: 1, Script: base + ".js", Manifest: base + ".yaml", ByHand: []string{"by hand"}}
		if err := e.write(k6.Cluster{Name: "a", File: "a.js", Script: script, Processes: 1}); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(base + ".js"); err != nil || len(got) != len(script) {
			t.Fatalf("%d bytes of %d were written: %v", len(got), len(script), err)
		}
		return e
	}
	if e := export([]byte("small")); e.TooLarge != "" || e.Manifest != base+".yaml" {
		t.Errorf("%+v", e)
	}
	e := export(make([]byte, 1<<20))
	if _, err := os.Stat(base + ".yaml"); e.Manifest != "" || !os.IsNotExist(err) {
		t.Errorf("there is a manifest still: %q, %v", e.Manifest, err)
	}
	var out strings.Builder
	explainK6(&out, e)
	if !strings.HasPrefix(out.String(), base+".js: a on http://a.test\n") || !strings.Contains(out.String(), "no manifest for a cluster: the script is too large") {
		t.Error(out.String())
	}
}
