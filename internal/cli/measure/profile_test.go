package measure

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"taskbench/internal/cli/console"
	"taskbench/internal/config"
	"taskbench/internal/profile"
	"taskbench/internal/server"
	"taskbench/results"
	"taskbench/scenarios"
)

// session is dear to set up: each /setup costs the server what fifty others do.
const session = `
name: session
load: {connections: 4, duration: 1s}
setup:
  - {name: register, request: GET /setup}
  - {name: confirm, request: GET /setup}
  - {name: login, request: GET /setup}
flow:
  - {name: ask, request: GET /health}
`

// nativeProfiling is one second of load on two native servers, with the real
// wrk and tool.
func nativeProfiling(t *testing.T, tool string) (f *profiling, stdout, stderr *bytes.Buffer) {
	t.Helper()
	for _, name := range []string{"cc", "wrk", tool} {
		if _, err := exec.LookPath(name); err != nil {
			if os.Getenv("CI") != "" && name != "cc" {
				t.Fatal(err)
			}
			t.Skip(err)
		}
	}
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir) // others measure at the same time
	program := filepath.Join(dir, "server")
	build := exec.Command("cc", "-O1", "-g", "-fno-omit-frame-pointer", "-o", program, "../../testdata/heaptrack/server.c")
	if out, err := build.CombinedOutput(); err != nil {
		t.Skipf("cc: %v\n%s", err, out)
	}
	file := filepath.Join(dir, "session.yaml")
	if err := os.WriteFile(file, []byte(session), 0o644); err != nil {
		t.Fatal(err)
	}
	loaded, err := scenarios.LoadFile(file, false)
	if err != nil {
		t.Fatal(err)
	}
	cfg := config.Config{Results: filepath.Join(dir, "results"), Baseline: "rust"}
	for _, name := range []string{"windjammer", "rust"} {
		port, err := server.FreePort()
		if err != nil {
			t.Fatal(err)
		}
		cfg.Targets = append(cfg.Targets, server.Spec{
			Name: name, URL: "http://" + net.JoinHostPort("127.0.0.1", fmt.Sprint(port)), Start: fmt.Sprintf("%s %d", program, port),
		})
	}
	plan, err := profilePlan(cfg, loaded, 1)
	if err != nil {
		t.Fatal(err)
	}
	plan.Cells[0].Connections, plan.Cells[0].Duration, plan.Cells[0].Warmup = 4, time.Second, 500*time.Millisecond
	stdout, stderr = new(bytes.Buffer), new(bytes.Buffer)
	p := console.Process{Stdout: stdout, Stderr: stderr, Getenv: os.Getenv}
	f = &profiling{p: p, cfg: cfg, plan: plan, kept: newKept(cfg, plan, nil), display: console.NewDisplay(p)}
	var cleanup func()
	if f.runner, cleanup, err = newRunner(t.Context(), f.p, cfg, f.display); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cleanup)
	return f, stdout, stderr
}

func TestHeap(t *testing.T) {
	f, stdout, stderr := nativeProfiling(t, "heaptrack")
	if err := profileHeap(t.Context(), f); err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	doc, err := results.ReadFile(f.kept.Paths["rust"])
	if err != nil {
		t.Fatal(err)
	}
	h := doc.Scenarios[0].Trials[0].Heap
	if strings.Contains(h.Missing, "heaptrack told the time") {
		t.Skip(h.Missing) // the machine is busy
	}
	for _, want := range []string{"heap: session, closed, 4 users", "allocations per answer", "copy_answer", "leak_some", "allocations left out"} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("output lacks %q:\n%s", want, stdout.String())
		}
	}
	// Three allocations an answer, four of which may be under way when the window
	// closes. What falls between times that heaptrack told is estimated.
	answers := float64(h.Answers)
	if most := 3 * (h.Answers + 4); h.Answers == 0 || h.Allocations > most || h.AllocationsPerAnswer < float64(h.Allocations)/answers ||
		h.AllocationsPerAnswer > float64(h.Allocations+h.AllocationsLeftOut)/answers || len(h.Files) != 5 { // one for each of four costs, and the page
		t.Errorf("heap: %d answers, %.2f allocations each, files %v", h.Answers, h.AllocationsPerAnswer, h.Files)
	}
	for _, s := range h.Sites {
		if s.Name == "setup_allocates" {
			t.Errorf("%d allocations of the setup are in the window", s.Allocations)
		}
	}
	if h.AllocationsLeftOut < 4*3*50 || h.OpenedAfterS < 0.5 || h.LengthS < 0.9 || h.CoveredS > h.LengthS {
		t.Errorf("a window of %g s, %g s of it covered, %g s after load began; %d allocations left out", h.LengthS, h.CoveredS, h.OpenedAfterS, h.AllocationsLeftOut)
	}
	if pages, _ := filepath.Glob(filepath.Join(f.cfg.Results, "heap_*.html")); len(pages) != 1 {
		t.Errorf("pages: %v", pages)
	}
}

func TestCPU(t *testing.T) {
	f, stdout, stderr := nativeProfiling(t, "perf")
	err := profileCPU(t.Context(), f, profile.Options{Frequency: 499, CallGraph: profile.FramePointers})
	if strings.Contains(stdout.String(), "not permitted") || strings.Contains(stdout.String(), "no performance events") {
		t.Skip(stdout.String())
	}
	if err != nil {
		t.Fatalf("%v\n%s%s", err, stdout.String(), stderr.String())
	}
	for _, want := range []string{"CPU: session, closed, 4 users", "cores busy, mean", "expected of its cores, peak second < 80.0 %", "burn_cpu", "samples left out"} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("output lacks %q:\n%s", want, stdout.String())
		}
	}
	doc, err := results.ReadFile(f.kept.Paths["windjammer"])
	if err != nil {
		t.Fatal(err)
	}
	c := doc.Scenarios[0].Trials[0].CPU
	if doc.Kind != results.CPU || c.Samples == 0 || c.Use == nil || len(c.Functions) == 0 {
		t.Errorf("kind %s, profile %+v", doc.Kind, c)
	}
	for _, f := range c.Functions {
		if f.Name == "expensive_setup" {
			t.Errorf("the setup has %g of the window's samples", f.TotalFraction)
		}
	}
	if c.SamplesLeftOut == 0 || c.OpenedAfterS < 0.5 || c.LengthS < 0.9 || len(c.Use.CoresEachSecond) != 1 {
		t.Errorf("a window of %g s, %g s after load began, seconds %v; %d samples left out", c.LengthS, c.OpenedAfterS, c.Use.CoresEachSecond, c.SamplesLeftOut)
	}
	for _, name := range c.Files {
		if info, err := os.Stat(filepath.Join(f.cfg.Results, "windjammer", name)); err != nil || info.Size() == 0 {
			t.Errorf("file %s: %v", name, err)
		}
	}
	if len(c.Files) != 3 || // folded stacks, pprof, the page
		!strings.Contains(stderr.String(), "flame graphs: ") {
		t.Errorf("files %v; %s", c.Files, stderr.String())
	}
}
