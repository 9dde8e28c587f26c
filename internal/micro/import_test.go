package micro

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"taskbench/results"
)

const captures = "../../testdata/criterion"

// imported imports and wants no problem.
func imported(t *testing.T, unit string, sources ...Source) *results.Micro {
	t.Helper()
	m, problems := Import(sources, unit)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return m
}

func rounds(m *results.Micro) []string {
	var names []string
	for _, r := range m.Rounds {
		names = append(names, r.Baseline)
	}
	return names
}

func TestImport(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sources []Source
		want    []string // baselines, one a round
	}{
		"latest run":          {[]Source{{Path: captures + "/0.5.1"}}, []string{"new"}},
		"old layout":          {[]Source{{Path: captures + "/0.3.0"}}, []string{"new"}},
		"named baselines":     {[]Source{{captures + "/rounds", "round-*"}}, []string{"round-1", "round-2"}},
		"one by one":          {[]Source{{captures + "/rounds", "round-2"}, {captures + "/rounds", "round-1"}}, []string{"round-2", "round-1"}},
		"a star without new":  {[]Source{{captures + "/rounds", "*"}}, []string{"round-1", "round-2"}},
		"critcmp":             {[]Source{{Path: captures + "/critcmp/round-1.json"}, {Path: captures + "/critcmp/round-2.json"}}, []string{"round-1", "round-2"}},
		"folder, then export": {[]Source{{captures + "/rounds", "round-1"}, {Path: captures + "/critcmp/round-2.json"}}, []string{"round-1", "round-2"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := imported(t, "", c.sources...)
			if diff := cmp.Diff(c.want, rounds(m)); diff != "" {
				t.Error(diff)
			}
			if len(m.Benchmarks) != 2 || len(m.Benchmarks[0].Runs) != len(c.want) || m.Benchmarks[1].Unit != "ns" {
				t.Errorf("%+v", m.Benchmarks)
			}
		})
	}
}

func TestImportUnit(t *testing.T) {
	t.Parallel()
	if m := imported(t, "cycles", Source{Path: captures + "/0.8.2"}); m.Benchmarks[0].Unit != "cycles" {
		t.Error(m.Benchmarks[0].Unit)
	}
}

// A crate's folder and its target folder lead to target/criterion.
func TestImportFindsTheFolder(t *testing.T) {
	t.Parallel()
	crate := t.TempDir()
	if err := os.CopyFS(filepath.Join(crate, "target", "criterion"), os.DirFS(captures+"/0.8.2")); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"", "target", "target/criterion"} {
		if m := imported(t, "", Source{Path: filepath.Join(crate, dir)}); len(m.Benchmarks) != 2 {
			t.Errorf("%q: %d benchmarks", dir, len(m.Benchmarks))
		}
	}
}

// What cannot be used is named, and what can is kept.
func TestImportProblems(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(captures+"/rounds")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "json/escape/64/round-2/sample.json")); err != nil {
		t.Fatal(err)
	}
	text := filepath.Join(dir, "text.json")
	if err := os.WriteFile(text, []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		source Source
		kept   int // benchmarks
		want   string
	}{
		"half written":    {Source{dir, "round-*"}, 2, filepath.Join(dir, "json/escape/64/round-2") + ": sample.json is missing"},
		"no such folder":  {Source{Path: dir + "/none"}, 0, "name a target/criterion folder, a crate, or an exported file"},
		"no such name":    {Source{dir, "main"}, 0, `no baseline is called "main"`},
		"bad pattern":     {Source{dir, "[a"}, 0, "the pattern"},
		"empty folder":    {Source{Path: t.TempDir()}, 0, "no Criterion results to import"},
		"another format":  {Source{Path: text}, 0, "neither an export of critcmp nor messages of cargo-criterion"},
		"baselines of it": {Source{text, "a"}, 0, "a file has no baselines to choose from"},
		"base is new":     {Source{captures + "/0.8.2", "base"}, 2, "base is a copy of new"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, problems := Import([]Source{c.source}, "")
			if len(m.Benchmarks) != c.kept || len(problems) != 1 || !strings.Contains(problems[0].Error(), c.want) {
				t.Errorf("%d benchmarks, problems %v; want %d, %q", len(m.Benchmarks), problems, c.kept, c.want)
			}
		})
	}
}

// The same run under two names is no second measurement.
func TestImportCopies(t *testing.T) {
	t.Parallel()
	m, problems := Import([]Source{{captures + "/rounds", "round-2"}, {captures + "/rounds", "new"}}, "")
	if len(problems) != 2 || !strings.Contains(problems[0].Error(), "its samples are those of round 1 to the last bit") {
		t.Errorf("problems %v", problems)
	}
	if len(m.Benchmarks[0].Runs) != 1 {
		t.Errorf("%d runs", len(m.Benchmarks[0].Runs))
	}
}

func TestNatural(t *testing.T) {
	t.Parallel()
	names := []string{"round-10", "round-9", "round-1", "a", "round-010", "round"}
	slices.SortStableFunc(names, natural)
	if diff := cmp.Diff([]string{"a", "round", "round-1", "round-9", "round-10", "round-010"}, names); diff != "" {
		t.Error(diff)
	}
}
