package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"taskbench/internal/cli/console"
	"taskbench/results"
)

const captures = "../../testdata/criterion"

// microDo runs a command line of `taskbench micro` on a store of its own.
func microDo(t *testing.T, store string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	p := console.Process{
		Args: append([]string{"taskbench", "micro", args[0], "--results", store}, args[1:]...), Stdin: strings.NewReader(""),
		Stdout: &out, Stderr: &errs, Width: 100, Getenv: func(string) string { return "" },
	}
	code = Run(context.Background(), p)
	return code, out.String(), errs.String()
}

func wantAll(t *testing.T, text string, wanted ...string) {
	t.Helper()
	for _, w := range wanted {
		if !strings.Contains(text, w) {
			t.Errorf("no %q in:\n%s", w, text)
		}
	}
}

func TestMicroImportAndCompare(t *testing.T) {
	store := t.TempDir()
	code, out, errs := microDo(t, store, "import", "rust="+captures+"/rounds@round-1", "wj="+captures+"/rounds@round-2")
	if code != console.ExitOK || errs != "" {
		t.Fatalf("exit %d: %s", code, errs)
	}
	wantAll(t, out, "rust: 2 benchmarks, 1 rounds, ", "wj: 2 benchmarks")
	d := storedMicro(t, store, "rust")
	if d.Environment.LoadBefore != 0 || d.Environment.Cores == 0 {
		t.Errorf("how busy this machine is now is nothing that was measured: %+v", d.Environment)
	}
	code, out, errs = microDo(t, store, "compare", "--statistic", "mean")
	if code != console.ExitOK || errs != "" {
		t.Fatalf("exit %d: %s", code, errs)
	}
	wantAll(t, out, "wj against rust", "one round a side", "json/escape/64", "1.31", "indicative", "Tukey's fences")
	for format, want := range map[string]string{"csv": "benchmark,group,target", "json": `"taskbench_micro_comparison": 2`, "markdown": "## wj against rust"} {
		if _, out, _ := microDo(t, store, "compare", "rust", "wj", "--format", format); !strings.HasPrefix(strings.TrimLeft(out, "{\n "), want) {
			t.Errorf("%s: %s", format, out)
		}
	}
}

// storedMicro is an implementation's only document of microbenchmarks.
func storedMicro(t *testing.T, dir, implementation string) *results.Document {
	t.Helper()
	store := &results.Store{Dir: dir}
	entries, err := store.ResolveKind(results.Microbench, implementation)
	if err != nil || len(entries) != 1 {
		t.Fatal(entries, err)
	}
	d, err := store.Load(entries[0].Path)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A name without anything to import fails; the others are stored all the same.
func TestMicroImportProblems(t *testing.T) {
	store := t.TempDir()
	code, out, errs := microDo(t, store, "import", "rust="+captures+"/0.3.0", "wj="+t.TempDir())
	if code != console.ExitFailed {
		t.Errorf("exit %d", code)
	}
	wantAll(t, out, "rust: 2 benchmarks")
	wantAll(t, errs, "wj: ", "no Criterion results to import", "nothing to import for 1 of 2")
}

func TestMicroUsage(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		code int
		want string
	}{
		"no names":       {[]string{"run"}, console.ExitUsage, "name at least one NAME=PATH"},
		"no path":        {[]string{"import", "rust"}, console.ExitUsage, `"rust" is not NAME=PATH`},
		"bad name":       {[]string{"import", "a/b=x"}, console.ExitUsage, "cannot name an implementation"},
		"twice":          {[]string{"run", "a=x", "a=y"}, console.ExitUsage, `"a" is given twice`},
		"no rounds":      {[]string{"run", "--rounds", "0", "a=x"}, console.ExitUsage, "at least one round"},
		"no baseline":    {[]string{"run", "--baseline", "c", "a=x"}, console.ExitUsage, `baseline "c" is none of the names`},
		"statistic":      {[]string{"compare", "--statistic", "meen"}, console.ExitUsage, "did you mean"},
		"margin":         {[]string{"compare", "--margin", "5"}, console.ExitUsage, "must be above 0 and below 1"},
		"match":          {[]string{"compare", "--match", "a"}, console.ExitUsage, "is not BASELINE=CANDIDATE"},
		"format":         {[]string{"compare", "--format", "xml"}, console.ExitUsage, "unknown format"},
		"cargo missing":  {[]string{"run", "--cargo", "no-such-cargo", "a=x"}, console.ExitFailed, "cargo is missing"},
		"nothing stored": {[]string{"compare"}, console.ExitFailed, "taskbench micro run"},
	} {
		code, _, errs := microDo(t, t.TempDir(), c.args...)
		if code != c.code {
			t.Errorf("%s: exit %d, want %d", name, code, c.code)
		}
		wantAll(t, errs, c.want)
	}
}

// What stands behind the names is Criterion's.
func TestForCriterion(t *testing.T) {
	for _, c := range []struct {
		words       []string
		behind      int
		names, rest string
	}{
		{[]string{"a=x", "b=y", "--", "--quick", "z"}, 2, "a=x b=y", "--quick z"},
		{[]string{"a=x", "b=y", "--quick", "z"}, 2, "a=x b=y", "--quick z"},
		{[]string{"a=x", "b=y", "--quick", "z"}, 0, "a=x b=y", "--quick z"},
		{[]string{"a=x", "b=y", "json/escape"}, 1, "a=x b=y", "json/escape"}, // a filter
		{[]string{"a=x", "b=y"}, 0, "a=x b=y", ""},
		{[]string{"a=x"}, 3, "a=x", ""},
	} {
		names, rest := forCriterion(c.words, c.behind)
		if strings.Join(names, " ") != c.names || strings.Join(rest, " ") != c.rest {
			t.Errorf("%v, %d: %v and %v", c.words, c.behind, names, rest)
		}
	}
}

// The whole command on the real crate, with the real cargo.
func TestMicroRun(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: cargo is not run")
	}
	store := t.TempDir()
	t.Setenv("CARGO_TARGET_DIR", filepath.Join(os.TempDir(), "taskbench-testdata-crate"))
	t.Setenv("TMPDIR", store) // others measure at the same time
	code, out, errs := microDo(t, store, "run", "--rounds", "1", "rust=../../testdata/crate", "wj=../../testdata/crate", "--", "--warm-up-time", "0.1", "--measurement-time", "0.2")
	if strings.Contains(errs, "cargo is missing") {
		t.Skip("cargo is not here")
	}
	if code != console.ExitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	wantAll(t, out, "wj against rust", "json/escape/64", "hash: title/body", "indicative")
	wantAll(t, errs, "building the benches of rust", "2/2 round 1 of 1", "stored: ")
}
