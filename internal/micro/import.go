package micro

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"taskbench/internal/files"
	"taskbench/internal/source"
	"taskbench/parse"
	"taskbench/results"
)

// Source is where an implementation's figures are to be read from.
type Source struct {
	Path string // a target/criterion folder, a crate, or a file that critcmp or cargo-criterion wrote
	// Baselines is a pattern (path.Match) of Criterion's baselines, each one round, in
	// the order of their numbers; "" is the latest run alone.
	Baselines string
}

// latest is Criterion's name of the last run; previous is what it copied
// away before, or, after an ordinary run, a copy of the last.
const (
	latest   = "new"
	previous = "base"
)

// Import reads an implementation's rounds from its sources, in their order. It
// goes on over everything that cannot be used and reports it by name; nothing
// usable at all is among the problems too. unit is that of figures whose
// source names none; "" is ns.
func Import(sources []Source, unit string) (*results.Micro, []error) {
	m := &results.Micro{Source: []string{}, Rounds: []results.MicroRound{}, Benchmarks: []results.Microbenchmark{}}
	var problems []error
	for _, s := range sources {
		m.Source = append(m.Source, s.String())
		problems = append(problems, s.into(m, unit)...)
	}
	return m, problems
}

// String is the source as it is typed.
func (s Source) String() string {
	if s.Baselines == "" {
		return s.Path
	}
	return s.Path + "@" + s.Baselines
}

// maxExport is how many bytes an exported file may have: some hundred thousand benchmarks.
const maxExport = 256 << 20

func (s Source) into(m *results.Micro, unit string) []error {
	info, err := os.Stat(s.Path)
	switch {
	case err != nil:
		return []error{source.WithHint(fmt.Errorf("cannot import: %w", err), "name a target/criterion folder, a crate, or an exported file")}
	case info.IsDir():
		return s.folder(m, unit)
	case s.Baselines != "":
		return []error{source.Errorf(source.Position{File: s.Path}, "name the file alone", "a file has no baselines to choose from")}
	}
	text, err := files.Read(s.Path, maxExport)
	if err != nil {
		return []error{source.WithHint(fmt.Errorf("cannot import: %w", err), "make the file readable")}
	}
	runs, problems := parse.CriterionExport(s.Path, text)
	if len(runs) == 0 {
		return problems
	}
	return append(problems, addRound(m, runs[0].Baseline, runs, unit)...)
}

func addRound(m *results.Micro, baseline string, runs []parse.MicroRun, unit string) []error {
	if unit != "" {
		for i := range runs {
			if runs[i].Unit == "ns" {
				runs[i].Unit = unit
			}
		}
	}
	return m.AddRound(results.MicroRound{Round: len(m.Rounds) + 1, Baseline: baseline}, runs)
}

// folder adds one round for every baseline that is asked for.
func (s Source) folder(m *results.Micro, unit string) []error {
	root := criterionRoot(s.Path)
	fsys := files.FS(root)
	names, err := s.choose(fsys)
	if err != nil {
		return []error{source.Errorf(source.Position{File: root}, "there is "+baselines(fsys), "%w", err)}
	}
	runs, problems := parse.CriterionFolder(fsys, func(name string) bool { return slices.Contains(names, name) })
	for i, err := range problems {
		problems[i] = under(root, err)
	}
	found := false
	for _, name := range names {
		var round []parse.MicroRun
		for _, r := range runs {
			if r.Baseline == name {
				round = append(round, r)
			}
		}
		if len(round) > 0 {
			found = true
			problems = append(problems, addRound(m, name, round, unit)...)
		}
	}
	if !found {
		problems = append(problems, source.Errorf(source.Position{File: root},
			"run cargo bench first, or name the folder: NAME=target/criterion; there is "+baselines(fsys), "no Criterion results to import"))
	}
	if s.Baselines == previous && copied(fsys, runs) {
		problems = append(problems, source.Errorf(source.Position{File: root},
			"save the runs you want to compare under names: cargo bench -- --save-baseline before",
			"%s is a copy of %s, as an ordinary run of Criterion leaves it: the two never differ", previous, latest))
	}
	return problems
}

// choose picks baselines of those that are there. A pattern never means the
// latest run or its copy: they repeat a named one.
func (s Source) choose(fsys fs.FS) ([]string, error) {
	switch s.Baselines {
	case "":
		return []string{latest}, nil
	case latest, previous:
		return []string{s.Baselines}, nil
	}
	var names []string
	for _, name := range parse.CriterionBaselines(fsys) {
		fits, err := path.Match(s.Baselines, name)
		if err != nil {
			return nil, fmt.Errorf("the pattern %q of baselines: %w", s.Baselines, err)
		}
		if fits && name != latest && name != previous {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("no baseline is called %q", s.Baselines)
	}
	slices.SortStableFunc(names, natural)
	return names, nil
}

// copied reports whether the runs are those of the latest run, bit for bit.
func copied(fsys fs.FS, runs []parse.MicroRun) bool {
	now, _ := parse.CriterionFolder(fsys, func(name string) bool { return name == latest })
	totals := map[string][]float64{}
	for _, r := range now {
		totals[r.ID] = r.Samples.Totals
	}
	for _, r := range runs {
		if !slices.Equal(totals[r.ID], r.Samples.Totals) {
			return false
		}
	}
	return len(runs) > 0
}

// criterionRoot finds Criterion's folder in what a user may name: itself, a
// target folder, a crate.
func criterionRoot(dir string) string {
	if filepath.Base(dir) == "criterion" {
		return dir
	}
	for _, below := range []string{filepath.Join("target", "criterion"), "criterion"} {
		if info, err := os.Stat(filepath.Join(dir, below)); err == nil && info.IsDir() {
			return filepath.Join(dir, below)
		}
	}
	return dir
}

// under puts a folder in front of the place that an error names.
func under(root string, err error) error {
	var e *source.Error
	if !errors.As(err, &e) {
		return err
	}
	placed := *e
	placed.Pos.File = filepath.Join(root, filepath.FromSlash(e.Pos.File))
	return &placed
}

// baselines names what a folder holds, for hints.
func baselines(fsys fs.FS) string {
	names := parse.CriterionBaselines(fsys)
	if len(names) == 0 {
		return "nothing of Criterion there"
	}
	return strings.Join(names, ", ")
}

// natural orders "round-2" before "round-10": runs of digits compare as
// numbers.
func natural(a, b string) int {
	for a != "" && b != "" {
		na, nb := digits(a), digits(b)
		if na > 0 && nb > 0 {
			x, y := strings.TrimLeft(a[:na], "0"), strings.TrimLeft(b[:nb], "0")
			if len(x) != len(y) {
				return len(x) - len(y)
			}
			if c := strings.Compare(x, y); c != 0 {
				return c
			}
			a, b = a[na:], b[nb:]
			continue
		}
		if a[0] != b[0] {
			return int(a[0]) - int(b[0])
		}
		a, b = a[1:], b[1:]
	}
	return len(a) - len(b)
}

func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}
