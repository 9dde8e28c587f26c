package cli

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"taskbench/internal/config"
	"taskbench/internal/target"
	"taskbench/results"
	"taskbench/scenarios"
)

// TestHeap runs two native servers under the real heaptrack and wrk.
func TestHeap(t *testing.T) {
	for _, tool := range []string{"cc", "heaptrack", "wrk"} {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("CI") != "" && tool != "cc" {
				t.Fatal(err)
			}
			t.Skip(err)
		}
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "server")
	if out, err := exec.Command("cc", "-O1", "-g", "-o", program, "../../testdata/heaptrack/server.c").CombinedOutput(); err != nil {
		t.Skipf("cc: %v\n%s", err, out)
	}
	health, err := scenarios.Builtin("health")
	if err != nil {
		t.Fatal(err)
	}
	cfg := config.Config{Results: filepath.Join(dir, "results"), Baseline: "rust"}
	for _, name := range []string{"windjammer", "rust"} {
		port, err := freePort()
		if err != nil {
			t.Fatal(err)
		}
		cfg.Targets = append(cfg.Targets, target.Spec{
			Name: name, URL: "http://" + net.JoinHostPort("127.0.0.1", fmt.Sprint(port)), Start: fmt.Sprintf("%s %d", program, port),
		})
	}
	plan, err := newPlan(cfg, []*scenarios.Scenario{health}, true)
	if err != nil {
		t.Fatal(err)
	}
	plan.Cells[0].Connections, plan.Cells[0].Duration = 4, 1e9
	var stdout, stderr bytes.Buffer
	p := Process{Stdout: &stdout, Stderr: &stderr, Getenv: os.Getenv}
	f := &profiling{p: p, cfg: cfg, plan: plan, store: &results.Store{Dir: cfg.Results}, display: newDisplay(p), paths: map[string]string{}}
	if f.runner, f.cleanup, err = newRunner(cfg, f.display); err != nil {
		t.Fatal(err)
	}
	defer f.cleanup()
	if err := profileHeap(t.Context(), f); err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	for _, want := range []string{"heap: health, 4 connections", "allocations per answer", "copy_answer", "leak_some"} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("output lacks %q:\n%s", want, stdout.String())
		}
	}
	doc, err := results.ReadFile(f.paths["rust"])
	if err != nil {
		t.Fatal(err)
	}
	h := doc.Scenarios[0].Trials[0].Heap
	// Three allocations an answer, of which heaptrack keeps the last ones back.
	if h.Answers == 0 || h.AllocationsPerAnswer < 2.5 || h.AllocationsPerAnswer > 3.5 || len(h.Files) != 4 {
		t.Errorf("heap: %d answers, %.2f allocations each, files %v", h.Answers, h.AllocationsPerAnswer, h.Files)
	}
	if pages, _ := filepath.Glob(filepath.Join(cfg.Results, "heap_*.html")); len(pages) != 1 {
		t.Errorf("pages: %v", pages)
	}
	t.Log("\n" + stdout.String())
}
