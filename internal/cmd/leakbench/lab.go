package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"taskbench/compare/memory"
	"taskbench/compare/words"
	"taskbench/internal/cmd/lab"
)

// outcome is what `taskbench memory` said of one server.
type outcome struct {
	rate float64 // MB/s that the server leaks in truth; 0: none
	leak memory.Leak
	peak string // resident memory under load, MB
}

// measureAll makes all runs, leaking and sound ones mixed, some at a time. The
// first error ends it.
func measureAll(ctx context.Context, a asked, progress io.Writer) ([]outcome, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "leakbench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	outcomes := make([]outcome, a.leaking+a.stable)
	var running sync.WaitGroup
	slots := make(chan struct{}, a.parallel)
	for i := range outcomes {
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			rate := 0.0
			if i < a.leaking {
				rate = a.rate
			}
			var err error
			if outcomes[i], err = measure(ctx, a, self, filepath.Join(dir, strconv.Itoa(i)), rate); err != nil {
				cancel(err) // the others would only be thrown away
				return
			}
			fmt.Fprintf(progress, "run %d of %d (%g MB/s): %s\n", i+1, len(outcomes), rate, words.LeakText(outcomes[i].leak))
		})
	}
	running.Wait()
	return outcomes, context.Cause(ctx)
}

// configuration has taskbench start the server under test.
const configuration = "targets:\n  server: {url: http://%s, start: %q}\n"

// measure is one run of `taskbench memory` in a folder of its own.
func measure(ctx context.Context, a asked, self, dir string, rate float64) (outcome, error) {
	address, err := lab.FreeAddress()
	if err != nil {
		return outcome{}, err
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		return outcome{}, err
	}
	file := filepath.Join(dir, "taskbench.yaml")
	start := fmt.Sprintf("'%s' serve --addr %s", self, address)
	if rate > 0 {
		start += fmt.Sprintf(" --leak %gMB/s", rate)
	}
	if err := os.WriteFile(file, fmt.Appendf(nil, configuration, address, start), 0o644); err != nil {
		return outcome{}, err
	}
	cmd := exec.CommandContext(ctx, self, "memory", a.scenario, "--config", file, "--results", filepath.Join(dir, "results"),
		"--duration", a.duration.String(), "--connections", strconv.Itoa(a.users), "--format", "json")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.Env = append(os.Environ(), "TASKBENCH_IGNORE_LOCK=1")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // it stops its server and wrk
	cmd.WaitDelay = time.Minute
	if err := cmd.Run(); err != nil {
		return outcome{}, fmt.Errorf("taskbench memory: %w\n%s", err, &stderr)
	}
	return read(stdout.Bytes(), rate)
}

// read takes the verdict out of what the command printed.
func read(text []byte, rate float64) (outcome, error) {
	var printed memory.Comparison
	if err := json.Unmarshal(text, &printed); err != nil {
		return outcome{}, err
	}
	if len(printed.Sides) != 1 || printed.Sides[0].Leak == nil {
		return outcome{}, fmt.Errorf("no verdict in:\n%s", text)
	}
	o := outcome{rate: rate, leak: *printed.Sides[0].Leak}
	for _, row := range printed.Rows {
		if row.Metric.Key == "peak_bytes" && row.Cells[0].Median != nil {
			o.peak = fmt.Sprintf("%.1f", *row.Cells[0].Median/1e6)
		}
	}
	return o, nil
}
