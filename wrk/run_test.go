package wrk

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRunGood(t *testing.T) {
	t.Parallel()
	o := fake(t, "good")
	o.Script = "some.lua"
	out, err := run(t, o)
	if err != nil {
		t.Fatal(err)
	}
	if string(out.Stdout) != fakeSummary || string(out.Block) != `{"taskbench_block":1}` {
		t.Errorf("stdout %q, block %q", out.Stdout, out.Block)
	}
	if out.ExitCode != 0 || out.Interrupted || out.Overdue || out.Killed || out.Signal != "" || len(out.Warnings) > 0 {
		t.Errorf("%+v", out)
	}
	if out.Wall <= 0 || out.CPU() <= 0 || out.MaxResidentSize <= 0 || out.Started.IsZero() {
		t.Errorf("wall %v, CPU %v, memory %d, started %v", out.Wall, out.CPU(), out.MaxResidentSize, out.Started)
	}
}

func TestRunHandsOver(t *testing.T) {
	t.Parallel()
	o := fake(t, "report")
	o.Script, o.Args = "some.lua", []string{"-x", "a b"}
	o.Headers = []string{"X-One: 1"}
	o.Timeout = 1500 * time.Millisecond
	o.OutFile, o.RunName, o.Seed = filepath.Join(t.TempDir(), "out.json"), "run-7", -42
	o.Env["EXTRA"] = "more"
	out, err := run(t, o)
	if err != nil {
		t.Fatal(err)
	}
	want := `["-t" "1" "-c" "1" "-d" "1s" "-T" "2s" "-H" "X-One: 1" "-s" "some.lua" "--" "http://127.0.0.1:1/" "-x" "a b"]` + "\n" +
		o.OutFile + "|run-7|-42|more\n" + fakeSummary
	if d := cmp.Diff(want, string(out.Stdout)); d != "" {
		t.Error(d)
	}
}

// A block that lies there from an earlier run must not prove anything.
func TestRunRemovesStaleBlock(t *testing.T) {
	t.Parallel()
	o := fake(t, "no block")
	o.Script, o.OutFile = "some.lua", filepath.Join(t.TempDir(), "out.json")
	if err := os.WriteFile(o.OutFile, []byte(`{"old":1}`), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := run(t, o)
	wantProblem(t, err, "the script some.lua wrote no result block, so nothing proves that it ran")
}

func TestRunFailures(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, kind, script, want string }{
		{"stderr", "stderr=odd", "", "wrk complained: odd"},
		{"exit status", "exit", "", "wrk ended with exit status 3"},
		{"usage", "usage", "", "wrk did not accept its arguments: …"},
		{"crash", "crash", "", "wrk was ended by a signal: killed"},
		{"no block", "no block", "x.lua", "the script x.lua wrote no result block, so nothing proves that it ran"},
		{"no summary", "version=hello", "", "wrk ended with exit status 1"},
		{"nothing at all", "silent", "", "wrk printed no summary"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := fake(t, c.kind)
			o.Script = c.script
			_, err := run(t, o)
			wantProblem(t, err, c.want)
		})
	}
}

func TestRunCutsHugeOutput(t *testing.T) {
	t.Parallel()
	o := fake(t, "huge")
	o.Script = "some.lua"
	out, err := run(t, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Stdout) != maxOutput {
		t.Errorf("kept %d bytes", len(out.Stdout))
	}
	want := []string{"standard output of wrk was cut: 6553600 bytes beyond the first 16777216 are gone"}
	if d := cmp.Diff(want, out.Warnings); d != "" {
		t.Error(d)
	}
}

func TestRunInterrupted(t *testing.T) {
	t.Parallel()
	ready := filepath.Join(t.TempDir(), "ready")
	o := fake(t, "until interrupted="+ready)
	o.Script, o.Duration = "some.lua", time.Minute
	ctx, cancel := context.WithCancel(context.Background())
	go func() { waitForFile(ready); cancel() }()
	out, err := Run(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	if !out.Interrupted || out.Killed || len(out.Block) == 0 || string(out.Stdout) != fakeSummary {
		t.Errorf("%+v", out)
	}
}

// TestRunEnough: a run that is told that it is enough is one that went as asked.
func TestRunEnough(t *testing.T) {
	t.Parallel()
	ready := filepath.Join(t.TempDir(), "ready")
	enough := make(chan struct{})
	o := fake(t, "until interrupted="+ready)
	o.Script, o.Duration, o.Enough = "some.lua", time.Minute, enough
	go func() { waitForFile(ready); close(enough) }()
	out, err := Run(t.Context(), o)
	if err != nil || out.Interrupted || out.Overdue || out.Killed || len(out.Block) == 0 || string(out.Stdout) != fakeSummary {
		t.Errorf("%v, %+v", err, out)
	}
}

func TestRunKillsTheDeaf(t *testing.T) {
	t.Parallel()
	ready := filepath.Join(t.TempDir(), "ready")
	o := fake(t, "deaf="+ready)
	o.Duration = time.Minute
	ctx, cancel := context.WithCancel(context.Background())
	go func() { waitForFile(ready); cancel() }()
	out, err := Run(ctx, o)
	wantProblem(t, err, "interrupted before wrk had a result: context canceled")
	if !errors.Is(err, context.Canceled) || !out.Interrupted || !out.Killed || out.Signal != "killed" {
		t.Errorf("%v, %+v", err, out)
	}
	wantGone(t, ready)
}

func TestRunOverdue(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes as long as the overtime")
	}
	ready := filepath.Join(t.TempDir(), "ready")
	out, err := run(t, fake(t, "until interrupted="+ready))
	wantProblem(t, err, "wrk was still running 10s after its 1s, and stopped when interrupted")
	if !out.Overdue || out.Killed {
		t.Errorf("%+v", out)
	}
}

// What wrk leaves behind goes with it, and cannot hold up Run by its streams.
func TestRunEndsGrandchildren(t *testing.T) {
	t.Parallel()
	ready := filepath.Join(t.TempDir(), "ready")
	if _, err := run(t, fake(t, "child="+ready)); err != nil {
		t.Fatal(err)
	}
	wantGone(t, ready)
}

// wantGone waits for the end of the process whose number is in the file.
func wantGone(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(string(text))
	if err != nil {
		t.Fatal(err)
	}
	for range 1000 {
		if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) || isZombie(pid) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("process %d is still there", pid)
}

// isZombie: an orphan whose new parent has not collected it yet.
func isZombie(pid int) bool {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err == nil && strings.Contains(string(stat), ") Z ")
}

func TestRunAlreadyCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	out, err := Run(ctx, fake(t, "good"))
	wantProblem(t, err, "interrupted before wrk had a result: context canceled")
	if out.Argv != nil {
		t.Errorf("started %v", out.Argv)
	}
}

func TestRunRefusesOptions(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(*Options)
		want   string
	}{
		"no program":           {func(o *Options) { o.Path = "no-such-wrk" }, `wrk is not here: exec: "no-such-wrk": executable file not found in $PATH`},
		"URL":                  {func(o *Options) { o.URL = "localhost:3000" }, `invalid URL "localhost:3000"`},
		"URL without host":     {func(o *Options) { o.URL = "http://" }, `invalid URL "http://"`},
		"no threads":           {func(o *Options) { o.Threads = 0 }, "0 threads"},
		"few connections":      {func(o *Options) { o.Threads = 2 }, "1 connections are too few for 2 threads"},
		"no duration":          {func(o *Options) { o.Duration = 0 }, "a duration of 0s"},
		"timeout":              {func(o *Options) { o.Timeout = -1 }, "a timeout of -1ns"},
		"header without space": {func(o *Options) { o.Headers = []string{"X:a"} }, `wrk would silently drop the header "X:a"`},
		"header line break":    {func(o *Options) { o.Headers = []string{"X: a\r\nY: b"} }, `the header "X: a\r\nY: b" would break the request`},
		"NUL":                  {func(o *Options) { o.Args = []string{"a\x00"} }, `the argument "a\x00" of wrk holds a NUL byte`},
		"block file": {func(o *Options) { o.Script, o.OutFile = "x.lua", "/proc/self/status" },
			"remove /proc/self/status: …"},
		"CPU": {func(o *Options) { o.CPUs = []int{9999} }, "wrk cannot be kept on CPUs [9999]: …"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := fake(t, "good")
			c.change(&o)
			_, err := run(t, o)
			wantProblem(t, err, c.want)
		})
	}
}

func TestRunWarnsOfMissingConnections(t *testing.T) {
	t.Parallel()
	o := fake(t, "good")
	o.Threads, o.Connections = 3, 10
	out, err := run(t, o)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"10 connections do not divide among 3 threads: wrk opens 9 and prints 10"}
	if d := cmp.Diff(want, out.Warnings); d != "" {
		t.Error(d)
	}
}
