package export

import (
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/joshdk/go-junit"

	"taskbench/compare/gate"
	"taskbench/compare/stats"
)

// readJUnit: a reader of CI servers finds every decision, with its outcome.
func readJUnit(t testing.TB, s exportCase) {
	for _, mode := range []stats.GateMode{stats.Standard, stats.Strict} {
		if g := s.gate(t, mode); g != nil {
			ingest(t, g)
		}
	}
}

func ingest(t testing.TB, g *gate.Report) {
	t.Helper()
	suites, err := junit.Ingest([]byte(written(t, func(w io.Writer) error { return JUnit(w, g) })))
	if err != nil {
		t.Fatal(err)
	}
	got := map[junit.Status]int{}
	names := map[string]bool{}
	for _, suite := range suites {
		for _, test := range suite.Tests {
			got[test.Status]++
			id := suite.Name + test.Classname + test.Name
			if names[id] {
				t.Errorf("two cases are called %s", id)
			}
			names[id] = true
		}
	}
	headlines := len(g.Headline) // each a passed case
	if got[junit.StatusFailed] < g.Counts[stats.Failed] || got[junit.StatusPassed] != g.Counts[stats.Pass]+g.Counts[stats.Warned]+headlines {
		t.Errorf("%s: read %v, decided %v", g.Rule.Mode, got, g.Counts)
	}
	if len(names) != len(g.Decisions)+headlines {
		t.Errorf("%s: %d cases for %d decisions", g.Rule.Mode, len(names), len(g.Decisions))
	}
	if g.Rule.Mode == stats.Strict && got[junit.StatusSkipped] > 0 {
		t.Errorf("a strict gate skips %d", got[junit.StatusSkipped])
	}
}

// The schema is the one that Jenkins publishes for JUnit's XML (junit-10.xsd of
// its xUnit plugin, MIT licence), as the sources of pytest ship it.
func TestJUnitSchema(t *testing.T) {
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed")
	}
	all := samples(t)
	all["nasty names"] = compared(t, renamed(all["failed"].docs, "x\n\"y\"\\ </td>]]>&#0;\x00\ufffe", "d e|`%<!-- \u2028"))
	for name, s := range all {
		g := s.gate(t, stats.Standard)
		if g == nil {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "gate.xml")
			writeText(t, path, written(t, func(w io.Writer) error { return JUnit(w, g) }))
			out, err := exec.Command(xmllint, "--noout", "--schema", filepath.Join("testdata", "junit-10.xsd"), path).CombinedOutput()
			if err != nil {
				t.Errorf("%v\n%s", err, strings.ReplaceAll(string(out), path, "gate.xml"))
			}
		})
	}
}
