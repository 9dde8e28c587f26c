package cli

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"taskbench/internal/k6/k6test"
	"taskbench/internal/scripttest"
	"taskbench/internal/taskflow"
	"taskbench/results"
)

// A run that two processes of k6 send is stored and shown as one of theirs; a process
// that fails leaves no figures.
func TestRunWithK6(t *testing.T) {
	path := k6test.Path(t)
	program, err := exec.LookPath("taskbench")
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(taskflow.New(taskflow.Config{}))
	t.Cleanup(s.Close)
	run := func(k6 string) (string, *results.Document, error) {
		dir := t.TempDir()
		cmd := exec.Command(program, "run", "health", "--engine", "k6", "--wrk", k6, "--hosts", "local:2", "--connections", "3", "--duration", "1s", "--warmup", "1s", "--quick",
			"--target", "a="+s.URL, "--results", filepath.Join(dir, "r"))
		cmd.Env = append(os.Environ(), "TMPDIR="+t.TempDir()) // where the lock is
		out, failed := cmd.CombinedOutput()
		found, err := (&results.Store{Dir: filepath.Join(dir, "r")}).Resolve("a")
		if err != nil || len(found) != 1 {
			t.Fatalf("%v, %d documents\n%s", err, len(found), out)
		}
		doc, err := results.ReadFile(found[0].Path)
		if err != nil {
			t.Fatal(err)
		}
		return string(out), doc, failed
	}
	out, d, err := run(path)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	trial := d.Scenarios[0].Trials[0]
	if d.Plan.Engine != "k6" || d.Plan.Hosts != 2 || !strings.HasPrefix(d.Environment.WrkVersion, "k6 ") || trial.Answers == 0 || trial.Good != trial.Answers || len(trial.Hosts) != 2 || trial.Resources.CPUPerAnswerUS == nil {
		t.Errorf("%+v, %+v", d.Plan, trial)
	}
	for _, say := range []string{"sent by k6", "latencies are without connecting", "the load comes from hosts or several processes", "sent by 2 processes of this machine"} {
		if !strings.Contains(strings.Join(strings.Fields(out), " "), say) {
			t.Errorf("%q is not said:\n%s", say, out)
		}
	}
	out, d, err = run(scripttest.Write(t, "k6", `case "$*" in *"segment 1/2:1"*) exit 0;; esac`+"\nexec "+path+` "$@"`))
	if err == nil || d.Scenarios[0].Trials[0].Answers != 0 || !strings.Contains(d.Scenarios[0].Trials[0].Error, "k6 2 of 2 ended as if all were well") {
		t.Errorf("%v, %q\n%s", err, d.Scenarios[0].Trials[0].Error, out)
	}
}
