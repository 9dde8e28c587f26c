package parse

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"taskbench/internal/source"
)

// The files of one run. Criterion writes all four; a run that lacks one was
// interrupted, or pruned by a cache.
var criterionFiles = []string{"benchmark.json", "estimates.json", "sample.json", "tukey.json"}

// csvFile is only there when the bench crate asks for it. It is the only file
// of a folder that names the unit.
const csvFile = "raw.csv"

// CriterionFolder reads the runs of a target/criterion folder whose name
// choose accepts: "new" is the latest, others are baselines as Criterion keeps
// them by name. Identity comes from what the files say, never from folder names,
// which Criterion shortens and numbers.
//
// A run that cannot be used is reported by name and the others are kept.
// Runs come in the order of their folders' names. Figures have the unit that raw.csv
// names, else ns: the JSON of Criterion does not tell.
func CriterionFolder(fsys fs.FS, choose func(baseline string) bool) ([]MicroRun, []error) {
	w := folderWalk{fsys: fsys, choose: choose, at: map[[2]string]string{}}
	w.visit(".")
	return w.runs, w.problems
}

// CriterionBaselines names the runs that a folder holds, sorted, each once.
func CriterionBaselines(fsys fs.FS) []string {
	seen := map[string]bool{}
	w := folderWalk{fsys: fsys, choose: func(name string) bool { seen[name] = true; return false }}
	w.visit(".")
	var names []string
	for name := range seen {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// folderWalk collects what it meets.
type folderWalk struct {
	fsys     fs.FS
	choose   func(baseline string) bool
	runs     []MicroRun
	problems []error
	at       map[[2]string]string // where an id of a baseline was met first
}

func (w *folderWalk) problem(where, hint, format string, args ...any) {
	w.problems = append(w.problems, source.Errorf(source.Position{File: where}, hint, format, args...))
}

const runAgain = "run the benchmark again: cargo bench"

// visit reads a folder if it is a run, then looks into its folders. Groups and
// functions may have any name, even "new" or "report", so only the files tell
// what a folder is: the report/ of Criterion's plots holds none of a run's.
func (w *folderWalk) visit(dir string) {
	entries, err := fs.ReadDir(w.fsys, dir)
	if err != nil {
		w.problem(dir, "make it readable", "%w", bare(err))
		return
	}
	files := map[string]bool{}
	var folders []string
	for _, e := range entries {
		if e.IsDir() {
			folders = append(folders, e.Name())
		} else {
			files[e.Name()] = true
		}
	}
	name := path.Base(dir)
	switch {
	case slices.ContainsFunc(criterionFiles, func(f string) bool { return files[f] }):
		if !comparison(name, files) && w.choose(name) {
			w.read(dir, files)
		}
	case len(entries) == 0 && (name == "new" || name == "base") && w.choose(name):
		w.problem(dir, runAgain+"; a cache between builds may have pruned the files", "the folder is empty")
	}
	for _, f := range folders {
		w.visit(path.Join(dir, f))
	}
}

// comparison reports whether a folder is the change/ that Criterion writes
// beside a run: estimates of a difference, without the benchmark they are of.
// A run that was saved under that name has both.
func comparison(name string, files map[string]bool) bool {
	return name == "change" && !files["benchmark.json"]
}

func (w *folderWalk) read(dir string, files map[string]bool) {
	text := map[string][]byte{}
	for _, f := range criterionFiles {
		if !files[f] {
			w.problem(dir, runAgain, "%s is missing: the run was interrupted, or a cache pruned it", f)
			return
		}
		data, err := fs.ReadFile(w.fsys, path.Join(dir, f))
		if err != nil {
			w.problem(path.Join(dir, f), "make it readable", "%w", bare(err))
			return
		}
		if !gjson.ValidBytes(data) {
			w.problem(path.Join(dir, f), runAgain, "not valid JSON, %d bytes: it was written by halves", len(data))
			return
		}
		text[f] = data
	}
	run := MicroRun{Where: dir, Baseline: path.Base(dir), Unit: w.unit(dir, files)}
	run.describe(gjson.ParseBytes(text["benchmark.json"]))
	run.Estimates = estimates(gjson.ParseBytes(text["estimates.json"]))
	run.sample(gjson.ParseBytes(text["sample.json"]))
	w.keep(run)
}

// keep takes a run that can be used and was not met before.
func (w *folderWalk) keep(run MicroRun) {
	if why := run.problem(); why != "" {
		w.problem(run.Where, runAgain, "benchmark %q: %s", run.ID, why)
		return
	}
	key := [2]string{run.Baseline, run.ID}
	if first, twice := w.at[key]; twice {
		w.problem(run.Where, "give every benchmark an id of its own, or remove the folder that is out of date",
			"benchmark %q was already read from %s: this one is left out", run.ID, first)
		return
	}
	w.at[key] = run.Where
	w.runs = append(w.runs, run)
}

// unit is what the first line of raw.csv says, "ns" without it.
func (w *folderWalk) unit(dir string, files map[string]bool) string {
	const wallTime, unitColumn = "ns", 6
	if !files[csvFile] {
		return wallTime
	}
	data, err := fs.ReadFile(w.fsys, path.Join(dir, csvFile))
	if err != nil {
		return wallTime
	}
	if u := csvField(data, "unit", unitColumn); u != "" {
		return u
	}
	return wallTime
}

// bare is the reason without the path that the caller adds.
func bare(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// describe takes identity and throughput from benchmark.json.
func (r *MicroRun) describe(v gjson.Result) {
	r.ID, r.Group = v.Get("full_id").String(), v.Get("group_id").String()
	r.Function, r.Parameter = v.Get("function_id").String(), v.Get("value_str").String()
	throughput := v.Get("throughput")
	if !throughput.IsObject() {
		return
	}
	throughput.ForEach(func(kind, amount gjson.Result) bool {
		if amount.IsObject() { // {"ElementsAndBytes": {"elements": 1, "bytes": 8}}
			amount.ForEach(func(unit, n gjson.Result) bool {
				r.Throughput = append(r.Throughput, MicroThroughput{n.Num, unit.Str})
				return true
			})
			return true
		}
		if amount.Type == gjson.Number { // critcmp writes the other kinds too, as null
			unit := strings.ToLower(strings.TrimSuffix(kind.Str, "Decimal"))
			r.Throughput = append(r.Throughput, MicroThroughput{amount.Num, unit})
		}
		return true
	})
}

// sample takes the measurements from sample.json: an object, or before
// Criterion 0.3.3 a pair of lists.
func (r *MicroRun) sample(v gjson.Result) {
	iterations, totals := v.Get("iters"), v.Get("times")
	if v.IsArray() {
		iterations, totals = v.Get("0"), v.Get("1")
	}
	r.Sampling = v.Get("sampling_mode").String()
	r.Samples = MicroSamples{numbers(iterations), numbers(totals)}
}
