package micro_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"taskbench/compare/lineup"
	"taskbench/compare/micro"
	"taskbench/compare/sample"
	"taskbench/parse"
	"taskbench/results"
)

// The same folders give the same pairs and ratios as critcmp: by its exported
// estimates to the last bit, and by the table it printed, to its two decimals.
func TestCritcmp(t *testing.T) {
	t.Parallel()
	var docs, exported []results.Document
	printed := critcmpTable(t)
	for _, name := range []string{"round-1", "round-2"} {
		runs, problems := parse.CriterionFolder(os.DirFS("../../testdata/criterion/rounds"), func(b string) bool { return b == name })
		docs = append(docs, imported(t, name, runs, problems))
		file := "../../testdata/criterion/critcmp/" + name + ".json"
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		runs, problems = parse.CriterionExport(file, text)
		exported = append(exported, imported(t, name, runs, problems))
	}
	o := micro.Options{Options: lineup.Options{Baseline: "round-1"}, Statistic: micro.Mean}
	a, b := compareMicroDocs(t, o, docs...), compareMicroDocs(t, o, exported...)
	if len(a.Rows) != len(printed) {
		t.Errorf("%d rows, critcmp has %d", len(a.Rows), len(printed))
	}
	for i, row := range a.Rows {
		ratio := row.Cells[1].Ratio.Ratio
		if other := b.Rows[i]; other.ID != row.ID || other.Cells[1].Ratio.Ratio != ratio {
			t.Errorf("%s: %v, by the export %s %v", row.ID, ratio, other.ID, other.Cells[1].Ratio.Ratio)
		}
		// critcmp prints each side over the better of the two.
		want := fmt.Sprintf("%.2f %.2f", max(1, 1/ratio), max(1, ratio))
		if printed[row.ID] != want {
			t.Errorf("%s: %s, critcmp prints %q", row.ID, want, printed[row.ID])
		}
	}
}

// critcmpTable is what critcmp printed: both ratios by benchmark.
func critcmpTable(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../../testdata/criterion/critcmp/compare.txt")
	if err != nil {
		t.Fatal(err)
	}
	table := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[2:] {
		columns := slices.DeleteFunc(strings.Split(line, "  "), func(s string) bool { return strings.TrimSpace(s) == "" })
		first, second := strings.Fields(columns[1])[0], ""
		for _, c := range columns[2:] {
			if f := strings.Fields(c)[0]; len(f) == 4 && f[1] == '.' {
				second = f
			}
		}
		table[strings.TrimSpace(columns[0])] = first + " " + second
	}
	return table
}

func imported(t *testing.T, name string, runs []parse.MicroRun, problems []error) results.Document {
	t.Helper()
	d := sample.Micro(name)
	problems = append(problems, d.Micro.AddRound(results.MicroRound{Round: 1}, runs)...)
	if len(problems) > 0 || len(runs) == 0 {
		t.Fatalf("%d runs, problems %v", len(runs), problems)
	}
	return d
}

// Where critcmp is installed, it is asked itself: the estimates it reads off
// the same folder are those that were imported.
func TestCritcmpLive(t *testing.T) {
	t.Parallel()
	critcmp, err := exec.LookPath("critcmp")
	if err != nil {
		t.Skip("critcmp is not here: cargo install critcmp")
	}
	target := t.TempDir()
	if err := os.CopyFS(filepath.Join(target, "criterion"), os.DirFS("../../testdata/criterion/rounds")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"round-1", "round-2"} {
		text, err := exec.Command(critcmp, "--target-dir", target, "--export", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		exported, problems := parse.CriterionExport("export", text)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		runs, _ := parse.CriterionFolder(os.DirFS("../../testdata/criterion/rounds"), func(b string) bool { return b == name })
		theirs, ours := map[string]float64{}, map[string]float64{}
		for _, r := range exported {
			theirs[r.ID] = r.Estimates.Mean.Point
		}
		for _, r := range runs {
			ours[r.ID] = r.Estimates.Mean.Point
		}
		if diff := cmp.Diff(theirs, ours); diff != "" || len(ours) != 2 {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}
