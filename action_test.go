package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestActionRuns runs every script of action.yml as GitHub's runner would, against
// two reference servers, and looks at what a job is left with.
func TestActionRuns(t *testing.T) {
	for _, program := range []string{"bash", "jq", "wrk"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed", program)
		}
	}
	j := newJob(t)
	action := readSteps(t, "action.yml")
	j.run(t, action.step(t, "Build taskbench"), nil)
	missed := map[string]string{"scenarios": "missed.yaml", "config": "delayed.yaml", "expected": "true"}
	for _, c := range []struct {
		name    string
		inputs  map[string]string
		code    int
		outcome string
		says    string // annotations
	}{
		{"failed", missed, 3, "fail", "::error title=taskbench%3A slower than the gate allows::missed (windjammer): expected p50 < 350ms"},
		{"undecided", map[string]string{"scenarios": "quick.yaml\n"}, 0, "inconclusive", "::notice title=taskbench%3A undecided::"},
		{"strict", map[string]string{"strict": "true"}, 4, "inconclusive", "::error title=taskbench%3A undecided::"},
		{"nothing measured", map[string]string{"scenarios": "nosuch.yaml", "folder": "nothing"}, 1, "", "hint: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			j.reset(t)
			inputs := map[string]string{"pairs": "1", "folder": "results of this job"}
			for k, v := range c.inputs {
				inputs[k] = v
			}
			if inputs["scenarios"] != "" {
				j.run(t, action.step(t, "Measure"), inputs)
			}
			code := j.run(t, action.step(t, "Gate and export"), inputs)
			if code != c.code || j.output(t, "outcome") != c.outcome || !strings.Contains(j.printed, c.says) {
				t.Errorf("exit code %d, outcome %q, want %d and %q, and %q:\n%s", code, j.output(t, "outcome"), c.code, c.outcome, c.says, j.printed)
			}
			j.leaves(t, filepath.Join(inputs["folder"], "exports"), c.outcome != "")
		})
	}
	t.Run("baseline", func(t *testing.T) { j.keepsBaseline(t, action) })
}

// TestActionCounts runs the step that counts, against two small servers of which one
// does 4 % more for each answer.
func TestActionCounts(t *testing.T) {
	for _, program := range []string{"bash", "valgrind", "cc"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed", program)
		}
	}
	j := newJob(t)
	action := readSteps(t, "action.yml")
	j.run(t, action.step(t, "Build taskbench"), nil)
	if out, err := exec.Command("cc", "-O1", "-o", filepath.Join(j.dir, "server"), "testdata/ledger/server.c").CombinedOutput(); err != nil {
		t.Fatalf("cc: %v\n%s", err, out)
	}
	config := "targets:\n"
	for name, more := range map[string]string{"a": "", "b": " hea:store:4000"} {
		port := freePort(t)
		config += fmt.Sprintf("  %s: {url: \"http://127.0.0.1:%s\", start: \"./server %s%s\"}\n", name, port, port, more)
	}
	j.write(t, "counted.yaml", config+"baseline: a\n", 0o644)
	inputs := map[string]string{"config": "counted.yaml", "scenarios": "quick.yaml", "folder": "counted results", "counts": "instructions,syscalls", "counts-fail": "3.9%"}
	if code := j.run(t, action.step(t, "Count"), inputs); code != 3 || !strings.Contains(j.printed, "FAIL") {
		t.Errorf("exit code %d, want 3:\n%s", code, j.printed)
	}
	for name, want := range map[string]string{"counts.md": "| instructions  |", "counts.xml": `name="b: health: instructions"`} {
		if text := j.read(t, filepath.Join("counted results", "exports", name)); !strings.Contains(text, want) {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// keepsBaseline does what the workflow does on main, and then for a pull request.
func (j *job) keepsBaseline(t *testing.T, action steps) {
	workflow := readSteps(t, ".github/workflows/benchmarks.yml")
	j.reset(t)
	if err := os.Rename(filepath.Join(j.dir, "results of this job"), filepath.Join(j.dir, "taskbench-results")); err != nil {
		t.Fatal(err)
	}
	if code := j.run(t, workflow.step(t, "Is there a baseline?"), nil); code != 0 || j.output(t, "run") != "" {
		t.Errorf("exit code %d: %s", code, j.printed)
	}
	if code := j.run(t, workflow.step(t, "Make this run the baseline"), nil); code != 0 {
		t.Fatalf("exit code %d: %s", code, j.printed)
	}
	if code := j.run(t, workflow.step(t, "Is there a baseline?"), nil); code != 0 || j.output(t, "run") != "main" {
		t.Errorf("exit code %d, run %q: %s", code, j.output(t, "run"), j.printed)
	}
	inputs := map[string]string{"scenarios": "quick.yaml", "pairs": "1", "baseline-run": "main"}
	j.run(t, action.step(t, "Measure"), inputs)
	if code := j.run(t, action.step(t, "Gate and export"), inputs); code != 0 {
		t.Errorf("exit code %d: %s", code, j.printed)
	}
	if comment := j.read(t, "taskbench-results/exports/comment.md"); !strings.Contains(comment, "- held against run ") {
		t.Errorf("not against the baseline:\n%s", comment)
	}
}

// TestComment gives the workflow's last job a gh that only writes down what it
// was called with.
func TestComment(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("bash is not installed")
	}
	step := readSteps(t, ".github/workflows/benchmarks.yml").step(t, "Comment on the pull request")
	for name, c := range map[string]struct {
		earlier, comment string
		want             []string
	}{
		"the first":   {"", "hello", []string{"api --paginate repos/o/r/issues/7/comments", "api --method POST repos/o/r/issues/7/comments -F body=@taskbench-results/exports/comment.md"}},
		"a later one": {"41\n42", "hello", []string{"api --paginate repos/o/r/issues/7/comments", "api --method PATCH repos/o/r/issues/comments/41 -F body=@taskbench-results/exports/comment.md"}},
		"none":        {"", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			j := newJob(t)
			j.write(t, "taskbench-results/exports/comment.md", c.comment, 0o644)
			j.write(t, "temp/taskbench-bin/gh", "#!/bin/sh\nprintf '%s\\n' \"$*\" | sed 's/ --jq.*//' >> gh.log\ncase $* in *--paginate*) printf '%s\\n' '"+c.earlier+"' ;; esac\n", 0o755)
			step.Env = map[string]string{"REPOSITORY": "o/r", "NUMBER": "7", "GH_TOKEN": "x"}
			j.write(t, "path", filepath.Join(j.dir, "temp", "taskbench-bin")+"\n", 0o644)
			if code := j.run(t, step, nil); code != 0 {
				t.Fatalf("exit code %d: %s", code, j.printed)
			}
			if got := strings.TrimSpace(j.read(t, "gh.log")); got != strings.Join(c.want, "\n") {
				t.Errorf("gh was called with\n%s\nwant\n%s", got, strings.Join(c.want, "\n"))
			}
		})
	}
}

// leaves looks at the files of a job that measured something.
func (j *job) leaves(t *testing.T, exports string, measured bool) {
	t.Helper()
	for name, want := range map[string]string{
		"comment.md": "### gate: windjammer against rust", "gate.xml": "<testsuites name=\"taskbench gate\"", "results.csv": "scenario,connections,",
		"benchstat.txt": "impl: windjammer",
	} {
		if text := j.read(t, filepath.Join(exports, name)); strings.Contains(text, want) != measured {
			t.Errorf("%s (measured: %v):\n%s", name, measured, text)
		}
	}
	if files, err := filepath.Glob(filepath.Join(j.dir, exports, "percentiles", "*_windjammer.hgrm")); err != nil || (len(files) > 0) != measured {
		t.Errorf("percentile files %v, %v", files, err)
	}
	if gate := j.read(t, filepath.Join(exports, "gate.json")); json.Valid([]byte(gate)) != measured {
		t.Errorf("gate.json: %s", gate)
	}
	if summary := j.read(t, "summary.md"); strings.HasPrefix(summary, "## gate: windjammer against rust\n") != measured {
		t.Errorf("job summary:\n%s", summary)
	}
	if strings.Contains(j.printed, "skipped") {
		t.Errorf("its own files disturb it:\n%s", j.printed)
	}
}
