package cli

import (
	"bytes"
	"errors"
	"net"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"taskbench/internal/target"
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
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	server := exec.Command(program, "serve", "--addr", address)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Process.Kill() }() // where the test ended early
	spec := target.Spec{Name: "rust", URL: "http://" + address, ReadyTimeout: time.Minute}
	if _, err := target.Open(t.Context(), spec); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	soak := exec.Command(program, "soak", "health", "--connections", "2", "--warmup", "0s", "--duration", "60s", "--window", "1s",
		"--hz", "20", "--target", "rust="+spec.URL, "--results", dir)
	var stdout bytes.Buffer
	stderr := &awaited{pattern: regexp.MustCompile(`window 2 of 60`), found: make(chan struct{})}
	soak.Stdout, soak.Stderr = &stdout, stderr
	if err := soak.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- soak.Wait() }()
	select {
	case <-stderr.found:
		_ = server.Process.Kill()
		_ = server.Wait() // a process that nobody waited for would still be there
		err = <-ended
	case err = <-ended:
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != ExitFailed {
		t.Fatalf("%v, want exit code %d\n%s%s", err, ExitFailed, &stdout, stderr)
	}
	told := regexp.MustCompile(`rust: the server's process ended [\d.ms]+ into the soak, in window [2-9] of 60, after \d+ answers`)
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
