package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/shirou/gopsutil/v4/process"

	"taskbench/internal/cmd/lab"
	"taskbench/results"
)

// findings are what a storm found.
type findings struct {
	kills   map[string]int // by signal
	pairs   int            // complete when a run was killed, over all kills; each was to be kept
	resumed int            // runs that went on with an earlier one
	lost    []string       // pairs that were there and are not any more
	orphans []string       // processes that outlived their run
	left    []string       // files that are there after the last run
	odd     []string       // whatever else should not be
}

func (f findings) clean() bool { return len(f.lost)+len(f.orphans)+len(f.left)+len(f.odd) == 0 }

func (f findings) String() string {
	var b strings.Builder
	for _, name := range []string{"SIGKILL", "SIGTERM", "SIGHUP", "SIGINT"} {
		fmt.Fprintf(&b, "%-8s %3d kills\n", name, f.kills[name])
	}
	fmt.Fprintf(&b, "%d runs went on with an earlier one; %d times a complete pair stood before a kill\n", f.resumed, f.pairs)
	for _, line := range []struct {
		what string
		list []string
	}{{"pairs lost", f.lost}, {"processes that outlived their run", f.orphans}, {"files left after the last run", f.left}, {"anything else", f.odd}} {
		fmt.Fprintf(&b, "%s: %d (bar: 0)\n", line.what, len(line.list))
		for _, text := range line.list {
			fmt.Fprintf(&b, "  %s\n", text)
		}
	}
	return b.String()
}

var signals = []struct {
	name   string
	signal syscall.Signal
}{{"SIGKILL", syscall.SIGKILL}, {"SIGTERM", syscall.SIGTERM}, {"SIGHUP", syscall.SIGHUP}, {"SIGINT", syscall.SIGINT}}

// site is where runs are made and killed.
type site struct {
	self, dir string
	store     *results.Store
	random    *rand.Rand
	within    time.Duration
	found     findings
	seen      map[string]bool // complete pairs: session, target, pair, and when it began
}

const (
	mark          = "KILLBENCH_SITE" // in the environment of all processes of a site
	pairs         = "12"             // of a run; killed several times before they are done
	configuration = "targets:\n  a: {url: http://%[2]s, start: '%[1]s serve --addr %[2]s'}\n  b: {url: http://%[3]s, start: '%[1]s serve --addr %[3]s'}\nreset: 'true'\nrun: {pairs: " + pairs + "}\n"
	scenario      = "name: flow\nload: {connections: 2, duration: 200ms, warmup: 0s}\nflow:\n  - {name: health, request: GET /health}\n"
)

// storm kills so many runs, then lets one go on to its end.
func storm(ctx context.Context, kills int, seed uint64, within time.Duration, progress io.Writer) (findings, error) {
	s, err := newSite(seed, within)
	if err != nil {
		return findings{}, err
	}
	defer os.RemoveAll(s.dir)
	for n := 1; n <= kills; n++ {
		name, err := s.kill(ctx)
		if err != nil {
			return s.found, err
		}
		fmt.Fprintf(progress, "kill %d of %d: %s, %d pairs stand\n", n, kills, name, len(s.seen))
	}
	return s.found, s.finish(ctx)
}

func newSite(seed uint64, within time.Duration) (*site, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "killbench-")
	if err != nil {
		return nil, err
	}
	s := &site{
		self: self, dir: dir, within: within, random: rand.New(rand.NewPCG(seed, 0)), seen: map[string]bool{},
		store: &results.Store{Dir: filepath.Join(dir, "results")}, found: findings{kills: map[string]int{}},
	}
	s.store.Skipped = func(err error) { s.found.odd = append(s.found.odd, err.Error()) }
	a, errA := lab.FreeAddress()
	b, errB := lab.FreeAddress()
	return s, errors.Join(errA, errB, os.Mkdir(s.temporary(), 0o755),
		os.WriteFile(filepath.Join(dir, "taskbench.yaml"), fmt.Appendf(nil, configuration, self, a, b), 0o644),
		os.WriteFile(filepath.Join(dir, "flow.yaml"), []byte(scenario), 0o644))
}

func (s *site) temporary() string { return filepath.Join(s.dir, "tmp") }

// command goes on with the run that stands, or begins one.
func (s *site) command(ctx context.Context) (*exec.Cmd, *bytes.Buffer) {
	args := []string{"run", "flow.yaml"}
	if s.resumable() {
		args = []string{"run", "--resume"}
		s.found.resumed++
	}
	cmd := exec.CommandContext(ctx, s.self, args...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "TMPDIR="+s.temporary(), mark+"="+s.dir)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // it stops its servers and wrk
	cmd.WaitDelay = time.Minute
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	return cmd, &stderr
}

// kill makes one run, kills it somewhere, and looks at what is left.
func (s *site) kill(ctx context.Context) (name string, err error) {
	cmd, stderr := s.command(ctx)
	if err := cmd.Start(); err != nil {
		return "", err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	by := signals[s.random.IntN(len(signals))]
	var result error
	select {
	case result = <-ended:
		name = "it was done before"
	case <-time.After(time.Duration(s.random.Int64N(int64(s.within)))):
		_ = cmd.Process.Signal(by.signal) // it may have ended this moment
		result = <-ended
		name = by.name
		s.found.kills[name]++
	}
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if exit, ok := errors.AsType[*exec.ExitError](result); ok && exit.Exited() && exit.ExitCode() != 130 {
		s.found.odd = append(s.found.odd, fmt.Sprintf("%s: %v: %s", name, result, stderr))
	}
	s.orphans(name)
	s.compare(name)
	return name, nil
}

// patience is how long what a killed run left may take to end.
const patience = 20 * time.Second

// orphans are processes of the site when no run is on.
func (s *site) orphans(after string) {
	var left []string
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if left = s.running(); len(left) == 0 {
			return
		}
	}
	for _, line := range left {
		s.found.orphans = append(s.found.orphans, "after "+after+": "+line)
	}
}

func (s *site) running() (out []string) {
	all, err := process.Processes()
	if err != nil {
		return nil
	}
	for _, p := range all {
		if environment, err := p.Environ(); err == nil && slices.Contains(environment, mark+"="+s.dir) {
			line, _ := p.Cmdline() // it may have ended this moment
			out = append(out, fmt.Sprint(p.Pid, " ", line))
		}
	}
	return out
}
