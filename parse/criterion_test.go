package parse

import (
	"fmt"
	"io/fs"
	"math"
	"os"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

const criterionCaptures = "../testdata/criterion"

// generations are folders that these versions of Criterion wrote.
var generations = []string{"0.3.0", "0.3.6", "0.4.0", "0.5.1", "0.8.2"}

func latest(name string) bool { return name == "new" }

// Every generation of Criterion gives the same benchmarks, complete.
func TestCriterionGenerations(t *testing.T) {
	t.Parallel()
	for _, version := range generations {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			runs, problems := CriterionFolder(os.DirFS(path.Join(criterionCaptures, version)), latest)
			if len(problems) > 0 || len(runs) != 2 {
				t.Fatalf("%d runs, problems %v", len(runs), problems)
			}
			type identity struct {
				ID, Group, Function, Parameter, Baseline, Unit string
				Throughput                                     []MicroThroughput
				Samples                                        int
			}
			var got []identity
			for _, r := range runs {
				got = append(got, identity{r.ID, r.Group, r.Function, r.Parameter, r.Baseline, r.Unit, r.Throughput, len(r.Samples.Totals)})
				if r.Estimates.MAD == nil || r.Estimates.StdDev == nil || r.Estimates.Slope == nil {
					t.Errorf("%s: estimates are missing: %+v", r.ID, r.Estimates)
				}
			}
			want := []identity{
				{ID: "hash: title/body", Group: "hash: title/body", Baseline: "new", Unit: "ns", Samples: 100},
				{"json/escape/64", "json", "escape", "64", "new", "ns", []MicroThroughput{{64, "bytes"}}, 100},
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What follows from the samples is what Criterion itself estimated.
func TestPointsAreCriterions(t *testing.T) {
	t.Parallel()
	for _, version := range append([]string{"rounds"}, generations...) {
		runs, problems := CriterionFolder(os.DirFS(path.Join(criterionCaptures, version)), func(string) bool { return true })
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		for _, r := range runs {
			p := r.Samples.Points()
			for _, c := range []struct {
				name      string
				got, want float64
			}{
				{"mean", p.Mean, r.Estimates.Mean.Point}, {"median", p.Median, r.Estimates.Median.Point},
				{"slope", p.Slope, r.Estimates.Slope.Point}, {"MAD", p.MAD, r.Estimates.MAD.Point},
				{"standard deviation", p.StdDev, r.Estimates.StdDev.Point},
			} {
				if off := math.Abs(c.got-c.want) / c.want; !(off <= 1e-9) {
					t.Errorf("%s %s %s: %v, Criterion has %v", version, r.Where, c.name, c.got, c.want)
				}
			}
		}
	}
}

// The fences are those of tukey.json.
func TestOutliersAreCriterions(t *testing.T) {
	t.Parallel()
	total := 0
	for _, version := range generations {
		fsys := os.DirFS(path.Join(criterionCaptures, version))
		runs, _ := CriterionFolder(fsys, latest)
		for _, r := range runs {
			text, err := fs.ReadFile(fsys, path.Join(r.Where, "tukey.json"))
			if err != nil {
				t.Fatal(err)
			}
			var f [4]float64
			if _, err := fmt.Sscanf(strings.NewReplacer("[", " ", "]", " ", ",", " ").Replace(string(text)), "%g %g %g %g", &f[0], &f[1], &f[2], &f[3]); err != nil {
				t.Fatal(err)
			}
			var want MicroOutliers
			for _, x := range r.Samples.Each() {
				switch {
				case x < f[0]:
					want.LowSevere++
				case x < f[1]:
					want.LowMild++
				case x > f[3]:
					want.HighSevere++
				case x > f[2]:
					want.HighMild++
				}
			}
			if got := r.Samples.Outliers(); got != want {
				t.Errorf("%s %s: %+v, by tukey.json %+v", version, r.ID, got, want)
			}
			total += want.HighMild + want.HighSevere
		}
	}
	if total == 0 {
		t.Error("no capture has an outlier: the test shows nothing")
	}
}

func TestCriterionBaselines(t *testing.T) {
	t.Parallel()
	got := CriterionBaselines(os.DirFS(path.Join(criterionCaptures, "rounds")))
	if diff := cmp.Diff([]string{"new", "round-1", "round-2"}, got); diff != "" {
		t.Error(diff)
	}
}

// run is a folder's four files, as Criterion writes them.
func run(id string) map[string]string {
	return map[string]string{
		"benchmark.json": fmt.Sprintf(`{"group_id":%q,"function_id":null,"value_str":null,"throughput":null,"full_id":%q,"directory_name":"x","title":"x"}`, id, id),
		"estimates.json": `{"mean":{"confidence_interval":{"confidence_level":0.95,"lower_bound":1.5,"upper_bound":2.5},"point_estimate":2.0,"standard_error":0.1},` +
			`"median":{"confidence_interval":{"confidence_level":0.95,"lower_bound":1.5,"upper_bound":2.5},"point_estimate":2.0,"standard_error":0.1},` +
			`"median_abs_dev":null,"slope":null,"std_dev":null}`,
		"sample.json": `{"sampling_mode":"Flat","iters":[10.0,10.0,10.0],"times":[10.0,20.0,30.0]}`,
		"tukey.json":  `[-4.0,-1.0,5.0,8.0]`,
	}
}

// folder puts runs under their paths.
func folder(runs map[string]map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for dir, files := range runs {
		fsys[dir] = &fstest.MapFile{Mode: fs.ModeDir | 0o755}
		for name, text := range files {
			fsys[path.Join(dir, name)] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	return fsys
}

func with(files map[string]string, name, text string) map[string]string {
	if text == "" {
		delete(files, name)
	} else {
		files[name] = text
	}
	return files
}

// What is broken is reported under its name; the healthy neighbour is kept.
func TestCriterionBadFolders(t *testing.T) {
	t.Parallel()
	sample := run("x")["sample.json"]
	for name, c := range map[string]struct {
		files map[string]string
		want  string // in the problem
	}{
		"hollow":           {map[string]string{}, "bad/new: the folder is empty"},
		"half written":     {with(run("bad"), "sample.json", ""), "bad/new: sample.json is missing"},
		"pruned":           {with(run("bad"), "tukey.json", ""), "bad/new: tukey.json is missing"},
		"cut off":          {with(run("bad"), "sample.json", sample[:40]), "bad/new/sample.json: not valid JSON, 40 bytes"},
		"empty file":       {with(run("bad"), "estimates.json", " "), "bad/new/estimates.json: not valid JSON, 1 bytes"},
		"mean NaN":         {with(run("bad"), "estimates.json", strings.Replace(run("")["estimates.json"], "2.0", "null", 1)), `benchmark "bad": its mean or median is missing or not a number`},
		"sample NaN":       {with(run("bad"), "sample.json", strings.Replace(sample, "20.0", "null", 1)), `benchmark "bad": sample 2 is not a number`},
		"sample infinite":  {with(run("bad"), "sample.json", strings.Replace(sample, "20.0", "1e999", 1)), `benchmark "bad": sample 2 is not a number`},
		"no iterations":    {with(run("bad"), "sample.json", strings.Replace(sample, "[10.0", "[0.0", 1)), `benchmark "bad": sample 1 is not a number: 10 in 0 iterations`},
		"one sample less":  {with(run("bad"), "sample.json", strings.Replace(sample, "10.0,20.0", "20.0", 1)), `benchmark "bad": it has 3 iteration counts for 2 samples`},
		"of two runs":      {with(run("bad"), "sample.json", strings.Replace(sample, "30.0", "90.0", 1)), `benchmark "bad": its estimates are not those of its samples`},
		"duplicated id":    {run("good"), `benchmark "good" was already read from a/new: this one is left out`},
		"another document": {with(run(""), "benchmark.json", `[]`), `benchmark "": it has no id`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runs, problems := CriterionFolder(folder(map[string]map[string]string{"a/new": run("good"), "bad/new": c.files}), latest)
			if len(runs) != 1 || runs[0].ID != "good" {
				t.Errorf("runs %+v", runs)
			}
			if len(problems) != 1 || !strings.Contains(problems[0].Error(), c.want) {
				t.Errorf("problems %v, want %q", problems, c.want)
			}
		})
	}
}

// Folder names mean nothing: groups and functions may be called as baselines
// and Criterion's own folders are, and change/ is not a run.
func TestCriterionFolderNames(t *testing.T) {
	t.Parallel()
	fsys := folder(map[string]map[string]string{
		"new/new":      run("new"),
		"new/base":     {},
		"new/change":   {"estimates.json": "{}"},
		"new/f/_2/new": run("new/f|"),
		"x/report":     {"index.html": "<html>", "pdf.svg": "<svg>"},

		"report/new":          run("report"),
		"report/report":       {"index.html": "<html>"},
		"report/csv/new":      run("report/csv"),
		"report/csv/report":   {"index.html": "<html>"},
		"parse/report/new":    run("parse/report"),
		"parse/report/change": {"estimates.json": "{}"},
		"change/base/new":     run("change/base"),
		"base/change/new":     run("base/change"),
		"base/_/new":          run("base//"),
		"base/__2/new":        run("base/?"),
	})
	runs, problems := CriterionFolder(fsys, latest)
	var ids []string
	for _, r := range runs {
		ids = append(ids, r.ID)
	}
	if diff := cmp.Diff([]string{"base//", "base/?", "base/change", "change/base", "new/f|", "new",
		"parse/report", "report/csv", "report"}, ids); diff != "" || len(problems) > 0 {
		t.Error(diff, problems)
	}
}

// Any name may be saved with --save-baseline, those of Criterion's folders too.
func TestCriterionBaselinesNamedLikeFolders(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"change", "report", "base"} {
		fsys := folder(map[string]map[string]string{"x/" + name: run("x"), "x/new": run("x")})
		runs, problems := CriterionFolder(fsys, func(b string) bool { return b == name })
		if len(runs) != 1 || runs[0].Baseline != name || len(problems) > 0 {
			t.Errorf("%s: %+v, problems %v", name, runs, problems)
		}
	}
}

// Criterion cuts folder names at 64 characters and numbers those that are then
// alike: the ids inside keep them apart.
func TestCriterionCutNames(t *testing.T) {
	t.Parallel()
	cut := strings.Repeat("long_", 13)[:64]
	fsys := folder(map[string]map[string]string{cut + "/new": run(cut + "_fast"), cut + "_2/new": run(cut + "_slow")})
	runs, problems := CriterionFolder(fsys, latest)
	if len(runs) != 2 || runs[0].ID != cut+"_fast" || runs[1].ID != cut+"_slow" || len(problems) > 0 {
		t.Errorf("%+v, problems %v", runs, problems)
	}
}

// raw.csv, where a crate asks for it, names the unit of a custom measurement.
func TestCriterionUnit(t *testing.T) {
	t.Parallel()
	for csv, want := range map[string]string{
		"": "ns",
		"group,function,value,throughput_num,throughput_type,sample_measured_value,unit,iteration_count\ng,,,,,3.0,cycles,1\n": "cycles",
		"group,function\ng,f\n": "ns",
	} {
		runs, problems := CriterionFolder(folder(map[string]map[string]string{"a/new": with(run("a"), "raw.csv", csv)}), latest)
		if len(problems) > 0 || runs[0].Unit != want {
			t.Errorf("%q: %+v, problems %v", csv, runs, problems)
		}
	}
}

func TestCriterionThroughputs(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]MicroThroughput{
		`null`:               nil,
		`{"Bytes":8}`:        {{8, "bytes"}},
		`{"BytesDecimal":8}`: {{8, "bytes"}},
		`{"Elements":3}`:     {{3, "elements"}},
		`{"Bits":64}`:        {{64, "bits"}},
		`{"ElementsAndBytes":{"elements":2,"bytes":16}}`: {{2, "elements"}, {16, "bytes"}},
	} {
		files := with(run("a"), "benchmark.json", strings.Replace(run("a")["benchmark.json"], `"throughput":null`, `"throughput":`+text, 1))
		runs, problems := CriterionFolder(folder(map[string]map[string]string{"a/new": files}), latest)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if diff := cmp.Diff(want, runs[0].Throughput); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

// FuzzCriterionFolder: whatever the files hold, there is no panic, and what is
// kept is finite.
func FuzzCriterionFolder(f *testing.F) {
	seed := run("a")
	f.Add(seed["benchmark.json"], seed["estimates.json"], seed["sample.json"])
	f.Add("{}", "[]", "[[1],[2]]")
	f.Fuzz(func(t *testing.T, benchmark, estimates, sample string) {
		files := map[string]string{"benchmark.json": benchmark, "estimates.json": estimates, "sample.json": sample, "tukey.json": "[]"}
		runs, problems := CriterionFolder(folder(map[string]map[string]string{"a/new": files}), latest)
		if len(runs)+len(problems) != 1 {
			t.Fatalf("%d runs, problems %v", len(runs), problems)
		}
		for _, r := range runs {
			for _, v := range append([]float64{r.Estimates.Mean.Point, r.Estimates.Median.Low}, r.Samples.Totals...) {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Errorf("not finite: %+v", r)
				}
			}
		}
	})
}

// Exports of other tools give the same benchmarks, as far as they tell.
func TestCriterionExports(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file    string
		samples int
		group   string
	}{{"critcmp/round-1.json", 0, "json"}, {"cargo-criterion/messages.json", 100, "json"}} {
		text, err := os.ReadFile(path.Join(criterionCaptures, c.file))
		if err != nil {
			t.Fatal(err)
		}
		runs, problems := CriterionExport(c.file, text)
		if len(problems) > 0 || len(runs) != 2 {
			t.Fatalf("%s: %d runs, problems %v", c.file, len(runs), problems)
		}
		for _, r := range runs {
			if r.ID != "json/escape/64" {
				continue
			}
			if r.Group != c.group || r.Function != "escape" || r.Parameter != "64" || r.Unit != "ns" || len(r.Samples.Totals) != c.samples {
				t.Errorf("%s: %+v", c.file, r)
			}
			if diff := cmp.Diff([]MicroThroughput{{64, "bytes"}}, r.Throughput); diff != "" {
				t.Errorf("%s: %s", c.file, diff)
			}
			if p := r.Samples.Points(); c.samples > 0 && math.Abs(p.Mean/r.Estimates.Mean.Point-1) > 1e-9 {
				t.Errorf("%s: mean %v, its own %v", c.file, p.Mean, r.Estimates.Mean.Point)
			}
		}
	}
}

func TestCriterionBadExports(t *testing.T) {
	t.Parallel()
	const healthy = `{"reason":"benchmark-complete","id":"g/f","iteration_count":[1,1],"measured_values":[2.0,2.0],"unit":"ns","throughput":[],` +
		`"mean":{"estimate":2,"lower_bound":2,"upper_bound":2,"unit":"ns"},"median":{"estimate":2,"lower_bound":2,"upper_bound":2,"unit":"ns"},"slope":null}`
	for name, c := range map[string]struct {
		text, want string
		kept       int
	}{
		"healthy":  {"noise\n" + healthy + "\n", "", 1},
		"twice":    {healthy + "\n" + healthy, `f.json:2: benchmark "g/f" was already read from f.json:1`, 1},
		"cut off":  {healthy + "\n" + healthy[:80], "f.json:2: not valid JSON", 1},
		"NaN":      {strings.Replace(healthy, `"estimate":2`, `"estimate":null`, 1), "its mean or median is missing", 0},
		"nothing":  {"", "neither an export of critcmp nor", 0},
		"another":  {`{"results":[]}`, "neither an export of critcmp nor", 0},
		"critcmp ": {`{"benchmarks":{"a":{"criterion_benchmark_v1":{"full_id":"a"}}}}`, `benchmark "a": its mean`, 0},
	} {
		runs, problems := CriterionExport("f.json", []byte(c.text))
		if len(runs) != c.kept || (c.want == "") != (len(problems) == 0) || len(problems) > 0 && !strings.Contains(problems[0].Error(), c.want) {
			t.Errorf("%s: %d runs, problems %v", name, len(runs), problems)
		}
	}
}

func FuzzCriterionExport(f *testing.F) {
	f.Add([]byte(`{"reason":"benchmark-complete","id":"a","mean":{}}`))
	f.Add([]byte(`{"benchmarks":{"a":null}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, r := range first(CriterionExport("f", text)) {
			if r.ID == "" || r.Estimates.Mean == nil {
				t.Errorf("%+v", r)
			}
		}
	})
}

func first(runs []MicroRun, _ []error) []MicroRun { return runs }
