package cli

import (
	"bytes"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"taskbench/internal/cli/console"
	"taskbench/internal/server"
	"taskbench/results"
)

// A server that is killed in the middle: when and after how much work is told,
// and the windows before it are kept and printed.
func TestSoakedServerIsKilled(t *testing.T) {
	needsWrk(t)
	program, err := exec.LookPath("taskbench")
	if err != nil {
		t.Fatal(err)
	}
	port, err := server.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	process := exec.Command(program, "serve", "--addr", address)
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = process.Process.Kill() }() // where the test ended early
	spec := server.Spec{Name: "rust", URL: "http://" + address, ReadyTimeout: time.Minute}
	if _, err := server.Open(t.Context(), spec); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	soak := exec.Command(program, "soak", "health", "--connections", "2", "--warmup", "0s", "--duration", "60s", "--window", "1s",
		"--hz", "20", "--target", "rust="+spec.URL, "--results", dir)
	var stdout bytes.Buffer
	stderr := &awaited{pattern: regexp.MustCompile(`window 2 of 60`), found: make(chan struct{})}
	soak.Env = append(os.Environ(), "TMPDIR="+dir) // others measure at the same time
	soak.Stdout, soak.Stderr = &stdout, stderr
	soak.Env = append(os.Environ(), "TMPDIR="+t.TempDir()) // where the lock is: another measurement is not waited for
	if err := soak.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- soak.Wait() }()
	select {
	case <-stderr.found:
		_ = process.Process.Kill()
		_ = process.Wait() // a process that nobody waited for would still be there
		err = <-ended
	case err = <-ended:
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != console.ExitFailed {
		t.Fatalf("%v, want exit code %d\n%s%s", err, console.ExitFailed, &stdout, stderr)
	}
	told := regexp.MustCompile(`rust: the server's process ended [\d.ms]+ into the soak, in window \d+ of 60, after \d+ answers`)
	if !told.MatchString(stderr.String()) {
		t.Errorf("not told when the server died:\n%s", stderr)
	}
	if out := stdout.String(); !strings.Contains(out, "(1 not counted)") || !strings.Contains(out, "not complete") || !strings.Contains(out, "throughput") {
		t.Errorf("the windows before are not printed:\n%s", out)
	}
	paths, _ := filepath.Glob(filepath.Join(dir, "rust", "soak_*.json"))
	if len(paths) != 1 {
		t.Fatalf("%q are stored", paths)
	}
	doc, err := results.ReadFile(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	trials := doc.Scenarios[0].Trials
	if last := len(trials) - 1; last < 1 || trials[0].Error != "" || trials[0].Good == 0 || trials[last].Error == "" || doc.Complete {
		t.Errorf("%d windows are stored, the first with error %q", len(trials), trials[0].Error)
	}
}

// A stored soak in which memory leaks fails where that is asked for.
func TestSoakGetsWorse(t *testing.T) {
	dir := t.TempDir()
	created := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	doc := &results.Document{
		Kind: results.Soak, Session: "s", Implementation: "rust", Baseline: "rust", Created: created, Complete: true,
		Plan:      results.Plan{Pairs: 20},
		Scenarios: []results.Measurement{{Scenario: "workflow", Load: results.Load{Connections: 10, DurationS: 60}}},
	}
	for n := range 20 {
		held := 50e6 + 6e6*float64(n)
		doc.Scenarios[0].Trials = append(doc.Scenarios[0].Trials, results.Trial{
			Pair: n + 1, Started: created.Add(time.Duration(n) * time.Minute), WindowS: 60, ThroughputPS: 1000,
			Memory: &results.MemoryUse{MeanBytes: &held},
		})
	}
	if _, err := (&results.Store{Dir: dir}).Save(doc); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		words []string
		code  int
		want  string
	}{
		{nil, console.ExitOK, ""},
		{[]string{"--check-expected"}, console.ExitGate, "rust: memory is growing 6.00 MB/min\n"},
	} {
		var stdout, stderr bytes.Buffer
		p := console.Process{Args: append([]string{"taskbench", "soak", "--stored", "latest", "--results", dir}, c.words...),
			Stdout: &stdout, Stderr: &stderr, Getenv: func(string) string { return "" }}
		if code := Run(t.Context(), p); code != c.code || stderr.String() != c.want {
			t.Errorf("%q: exit code %d, want %d; %q, want %q", c.words, code, c.code, &stderr, c.want)
		}
		if !strings.Contains(stdout.String(), "growing 6.00 MB/min") {
			t.Errorf("%q prints\n%s", c.words, &stdout)
		}
	}
}
