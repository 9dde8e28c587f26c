package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"taskbench/internal/cli/console"
)

// A gate of microbenchmarks tells GitHub Actions and CI servers what a gate of
// load tests tells them.
func TestGateMicro(t *testing.T) {
	store, summary := t.TempDir(), filepath.Join(t.TempDir(), "summary.md")
	if code, _, errs := microDo(t, store, "import", "rust="+captures+"/rounds@round-1", "wj="+captures+"/rounds@round-2"); code != console.ExitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	earlier := ""
	do := func(args ...string) (code int, stdout, stderr string) {
		var out, errs bytes.Buffer
		p := console.Process{
			Args: append([]string{"taskbench"}, args...), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Width: 100,
			Getenv: func(key string) string {
				return map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": summary, "TASKBENCH_RESULTS": store, "TASKBENCH_BASELINE_RUN": earlier}[key]
			},
		}
		code = Run(context.Background(), p)
		return code, out.String(), errs.String()
	}
	code, out, errs := do("gate", "--micro", "--results", store, "--strict")
	if code != console.ExitInconclusive {
		t.Errorf("exit %d", code)
	}
	wantAll(t, out, "gate: wj against rust", "json/escape/64", "per iteration", "inconclusive: 2 inconclusive (strict")
	wantAll(t, errs, "::error title=taskbench%3A undecided::2 not decided, such as hash: title/body (wj): ")
	text, err := os.ReadFile(summary)
	if err != nil {
		t.Fatal(err)
	}
	wantAll(t, string(text), "## gate: wj against rust\n", "| json/escape/64")
	code, out, errs = do("export", "--to", "junit", "--micro", "--results", store)
	if code != console.ExitOK || errs != "" {
		t.Errorf("exit %d: %s", code, errs)
	}
	wantAll(t, out, `<testsuite name="microbenchmarks, json" `, `<testcase name="wj: json/escape/64" `, "<skipped ")

	// A variable that means load tests says nothing of these; a flag does.
	storeOfTwoRuns(t, filepath.Join(store, "loads"))
	loads := filepath.Join(store, "loads")
	if code, _, errs := microDo(t, loads, "import", "rust="+captures+"/rounds@round-1", "wj="+captures+"/rounds@round-2"); code != console.ExitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	code, _, errs = do("gate", "--micro", "--results", loads, "--baseline-run", "main")
	if code != console.ExitFailed {
		t.Errorf("exit %d", code)
	}
	wantAll(t, errs, "the baseline main has no microbenchmarks", "baseline save --micro")
	earlier = "main"
	t.Setenv("TASKBENCH_BASELINE_RUN", earlier)
	if code, out, errs = do("gate", "--micro", "--results", loads); code != console.ExitOK {
		t.Errorf("exit %d: %s", code, errs)
	}
	wantAll(t, out, "gate: wj against rust")
}
