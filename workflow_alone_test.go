package main

import (
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestWhatDoesNotBuild: it is said, and only where neither server builds the job
// ends there.
func TestWhatDoesNotBuild(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("bash is not installed")
	}
	step := readSteps(t, ".github/workflows/benchmarks.yml").step(t, "Say what does not build")
	for _, c := range []struct {
		rust, windjammer string
		code             int
		alone, says      string
	}{
		{"success", "success", 0, "", ""},
		{"success", "failure", 0, "rust", "::warning title=taskbench%3A not built::the windjammer server does not build"},
		{"failure", "success", 0, "windjammer", "::warning title=taskbench%3A not built::the rust server does not build"},
		{"failure", "failure", 1, "", "::error title=taskbench%3A nothing to measure::"},
	} {
		j := newJob(t)
		step.Env = map[string]string{"RUST": c.rust, "WINDJAMMER": c.windjammer}
		code := j.run(t, step, nil)
		if code != c.code || j.output(t, "alone") != c.alone || !strings.Contains(j.printed, c.says) || c.says == "" && j.printed != "" {
			t.Errorf("%s, %s: exit code %d, alone %q:\n%s", c.rust, c.windjammer, code, j.output(t, "alone"), j.printed)
		}
		if summary := j.read(t, "summary.md"); strings.Contains(summary, "does not build") != (c.says != "") {
			t.Errorf("%s, %s: job summary:\n%s", c.rust, c.windjammer, summary)
		}
	}
}

// TestAlone: the side that builds is measured against what it was before, and the
// gate decides on that.
func TestAlone(t *testing.T) {
	for _, program := range []string{"bash", "jq", "wrk"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed", program)
		}
	}
	action := readSteps(t, "action.yml")
	build := readSteps(t, ".github/workflows/benchmarks.yml").step(t, "Build what it was before")
	for side, folder := range map[string]string{"rust": "target/release", "windjammer": "build/target/release"} {
		j := newJob(t)
		j.run(t, action.step(t, "Build taskbench"), nil)
		// What was built: cargo finds everything done, and wj too.
		for _, compiler := range []string{"cargo", "wj"} {
			j.write(t, filepath.Join("temp", "taskbench-bin", compiler), "#!/bin/sh\necho \"$PWD: $0 $*\" >> built.log\n", 0o755)
		}
		for _, root := range []string{"", ".before"} {
			j.write(t, filepath.Join(root, "examples/taskflow", side, folder, "taskflow-api"), "#!/bin/sh\nexec taskbench serve --addr \"127.0.0.1:$PORT\"\n", 0o755)
			j.write(t, filepath.Join(root, "examples/taskflow", side, folder, "taskflow-api.d"), "", 0o644)
		}
		j.write(t, "taskflow-reset.sh", "#!/bin/sh\necho \"$TASKBENCH_TARGET $DATABASE_URL\" >> reset.log\n", 0o755)
		build.Env = map[string]string{"SIDE": side, "PORT": freePort(t), "PORT_BEFORE": freePort(t), "DATABASE_URL": "postgresql://db/taskflow", "JWT_SECRET": "s"}
		if code := j.run(t, build, nil); code != 0 || j.output(t, "config") != "taskbench-alone.yaml" {
			t.Fatalf("%s: exit code %d, config %q:\n%s", side, code, j.output(t, "config"), j.printed)
		}
		inputs := map[string]string{"config": "taskbench-alone.yaml", "scenarios": "quick.yaml", "pairs": "1"}
		j.run(t, action.step(t, "Measure"), inputs)
		code := j.run(t, action.step(t, "Gate and export"), inputs)
		if code != 0 || j.output(t, "outcome") != "inconclusive" {
			t.Errorf("%s: exit code %d, outcome %q:\n%s", side, code, j.output(t, "outcome"), j.printed)
		}
		if comment := j.read(t, "taskbench-results/exports/comment.md"); !strings.Contains(comment, side+" against "+side+"-before") {
			t.Errorf("%s is not held against what it was:\n%s", side, comment)
		}
		if log := j.read(t, "reset.log"); !strings.Contains(log, side+"-before postgresql://db/taskflow_"+side+"_before\n") || !strings.Contains(log, side+" postgresql://db/taskflow_"+side+"\n") {
			t.Errorf("%s: each has a database of its own:\n%s", side, log)
		}
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}
