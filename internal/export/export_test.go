package export

import (
	"bytes"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"taskbench/compare"
	"taskbench/compare/gate"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/compare/words"
	"taskbench/internal/golden"
	"taskbench/internal/page"
	"taskbench/results"
)

// readers hold each format to the program that reads it: what a comparison is
// written as is read back, and everything is there.
var readers = map[string]func(testing.TB, exportCase){
	"markdown": readComment, "csv": readCSV, "go": readGoBenchmark, "bmf": readBencher,
	"github-action-benchmark": readAction, "junit": readJUnit, "openmetrics": readOpenMetrics, "hgrm": readPercentiles,
}

// samples are the comparisons of all shapes that compare's own tables are
// tested with, and one that was measured.
func samples(t testing.TB) map[string]exportCase {
	t.Helper()
	all := map[string]exportCase{"measured": compared(t, measuredDocuments(t))}
	for _, name := range []string{"two_targets", "three_targets", "sweep", "failed", "missing", "single", "verdicts", "two_dates", "far_apart", "expectations"} {
		all[name] = compared(t, withHistograms(t, stored(t, filepath.Join("..", "..", "compare", "testdata", name))))
	}
	return all
}

type exportCase struct {
	c    *compare.Comparison
	docs []results.Document
}

// gate is nil where there is one target alone.
func (s exportCase) gate(t testing.TB, mode stats.GateMode) *gate.Report {
	t.Helper()
	if len(s.c.Targets) < 2 {
		return nil
	}
	rule := stats.DefaultGate()
	rule.Mode = mode
	g, err := gate.Of(s.c, gate.Options{Rule: rule})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// measuredDocuments are six pairs of two scenarios against the reference
// server and one that is 20 % slower, as taskbench run stored them.
func measuredDocuments(t testing.TB) []results.Document {
	return stored(t, filepath.Join("testdata", "measured"))
}

func stored(t testing.TB, dir string) []results.Document {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "[0-9]*.json"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no documents in %s: %v", dir, err)
	}
	var docs []results.Document
	for _, path := range paths {
		d, err := results.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, *d)
	}
	return docs
}

func compared(t testing.TB, docs []results.Document) exportCase {
	t.Helper()
	c, err := compare.New(docs, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return exportCase{c, docs}
}

func written(t testing.TB, write func(io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestReaders(t *testing.T) {
	for name, s := range samples(t) {
		for format, read := range readers {
			t.Run(format+"/"+name, func(t *testing.T) {
				t.Parallel()
				read(t, s)
			})
		}
	}
}

// Names are anybody's text: whatever they are, every format is still read.
func FuzzNames(f *testing.F) {
	for _, name := range []string{
		"", "projects", "x\n\"y\"\\ </td> 100% a=b é-8", "d e|`%,:", "<script>alert(1)</script>", "]]>&amp;&#0;", "éa-16", "ß", "ǆ", "=1+1", "../..", "a\x00b\x1b[31m\u2028c",
		"\ufffe\uffff", "\xff\xfe", "名前 ｜", "**b** ~~s~~ [l](http://x) ![i](y) <!-- c", "::error::x", strings.Repeat("é", 90), "impl: x", "# EOF", "a\r\nb\tc", "\u202eevil",
	} {
		f.Add(name, name)
	}
	docs := withHistograms(f, stored(f, filepath.Join("..", "..", "compare", "testdata", "two_targets")))
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(a)+len(b) > 400 {
			t.Skip("two long names may become the same where they are cut")
		}
		s := compared(t, renamed(docs, a, b))
		for format, read := range readers {
			t.Run(format, func(t *testing.T) { read(t, s) })
		}
	})
}

// renamed calls scenarios a, and implementations and steps b, each with a
// number that keeps them apart.
func renamed(docs []results.Document, a, b string) []results.Document {
	list := make([]results.Document, len(docs))
	for i, d := range docs {
		d.Implementation, d.Baseline = strconv.Itoa(i)+b, "0"+b // labels are cut where they are long
		d.Scenarios = append([]results.Measurement{}, d.Scenarios...)
		for j := range d.Scenarios {
			m := &d.Scenarios[j]
			m.Scenario, m.Title = a+strconv.Itoa(j), a
			m.Steps = append([]string{}, m.Steps...)
			m.Trials = append([]results.Trial{}, m.Trials...)
			for k := range m.Steps {
				m.Steps[k] = b + strconv.Itoa(k)
			}
			for k := range m.Trials {
				m.Trials[k].Steps = append([]results.StepResult{}, m.Trials[k].Steps...)
				for l := range m.Trials[k].Steps {
					m.Trials[k].Steps[l].Name = b + strconv.Itoa(l)
				}
			}
		}
		list[i] = d
	}
	return list
}

// TestGoldens shows what each format looks like, of what was measured.
func TestGoldens(t *testing.T) {
	s := compared(t, measuredDocuments(t))
	files := []File{
		{"comment.md", func(w io.Writer) error { return Comment(w, s.c, s.gate(t, stats.Standard)) }},
		{"results.csv", func(w io.Writer) error { return page.CSV(w, words.Load(s.c)) }},
		{"benchstat.txt", func(w io.Writer) error { return GoBenchmark(w, s.c) }},
		{"bmf.json", func(w io.Writer) error { return Bencher(w, s.c) }},
		{"bigger_is_better.json", func(w io.Writer) error { return GitHubActionBenchmark(w, s.c, stats.HigherIsBetter) }},
		{"smaller_is_better.json", func(w io.Writer) error { return GitHubActionBenchmark(w, s.c, stats.LowerIsBetter) }},
		{"gate.xml", func(w io.Writer) error { return JUnit(w, s.gate(t, stats.Standard)) }},
		{"annotations.txt", func(w io.Writer) error { return Annotations(w, s.gate(t, stats.Strict)) }},
		{"openmetrics.txt", func(w io.Writer) error { return OpenMetrics(w, s.c) }},
	}
	percentiles, err := Percentiles(s.c, s.docs)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(files, percentiles...) {
		golden.Check(t, filepath.Join("testdata", "golden", f.Name), written(t, f.Write))
	}
}
