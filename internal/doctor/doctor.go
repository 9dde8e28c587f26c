// Package doctor says what is missing before a run: programs, servers, data,
// limits, and what would disturb. Each check is a value with what it found and the
// command that mends it; nothing is measured, and nothing is changed but by the
// user's own reset hook and the servers that are started and stopped again.
package doctor

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"

	"github.com/shirou/gopsutil/v4/mem"

	"taskbench/internal/counter"
	"taskbench/internal/hosts"
	"taskbench/internal/machine"
	"taskbench/internal/server"
	"taskbench/results"
	"taskbench/wrk"
)

// State is how a check ended.
type State string

const (
	OK      State = "ok"
	Note    State = "note"    // a run works; something of it will be missing or disturbed
	Missing State = "missing" // a run cannot work
)

// Check is one thing that was looked at.
type Check struct {
	Name  string `json:"check"` // "wrk", "target rust", …
	State State  `json:"state"`
	Says  string `json:"says"`           // what was found, one sentence or figure
	Mend  string `json:"mend,omitempty"` // the command, or the key, that mends it
}

func ok(name, format string, args ...any) Check {
	return Check{Name: name, State: OK, Says: fmt.Sprintf(format, args...)}
}

func (c Check) but(state State, says, mend string) Check {
	c.State, c.Says, c.Mend = state, says, mend
	return c
}

// Plan is what a run would do.
type Plan struct {
	Targets []server.Spec
	Reset   string       // shell command before every trial; "" is none
	Wrk     string       // its path; "" looks it up
	Hosts   []hosts.Host // that send together; none: this machine alone
	Results string       // folder of the store
	Users   int          // connections at once, at most
}

// world is what the checks ask; tests have one of their own.
type world struct {
	look    func(program string) error
	wrk     func(path string) (wrk.Installation, error)
	fleet   func(context.Context, ...hosts.Host) (facts []hosts.Facts, apart []string, err error)
	count   func(context.Context) error // instructions, by perf
	machine func() results.Environment
	times   func() (machine.Times, bool)
	wait    func(time.Duration)
	free    func() (bytes uint64, ok bool)
	files   func() (limit uint64, ok bool) // that a process may open, at most
	reset   func(ctx context.Context, command string, t server.Spec) error
	open    func(ctx context.Context, t server.Spec) error // and stop again
	ask     func(ctx context.Context, url, question string) (string, error)
	env     func(name string) string
	writes  func(folder string) error
	cores   int
}

// Examine makes every check, in the order in which a run would need them.
func Examine(ctx context.Context, p Plan) []Check { return system().examine(ctx, p) }

// CanRun tells whether nothing is missing.
func CanRun(checks []Check) bool {
	for _, c := range checks {
		if c.State == Missing {
			return false
		}
	}
	return true
}

func (w world) examine(ctx context.Context, p Plan) []Check {
	checks := append(w.generators(ctx, p), w.perf(ctx))
	checks = append(checks, w.optional()...)
	for _, t := range p.Targets {
		checks = append(checks, w.resets(ctx, p.Reset, t)...)
		checks = append(checks, w.database(ctx, t)...) // which the hook may have made
		checks = append(checks, w.target(ctx, t))
	}
	return append(checks, w.openFiles(p.Users), w.store(p.Results), w.governor(), w.load(), w.memory())
}

// system asks the real machine.
func system() world {
	return world{
		look: func(program string) error { _, err := exec.LookPath(program); return err },
		wrk:  wrk.Find, fleet: openFleet,
		count: func(ctx context.Context) error {
			_, err := counter.Find(ctx, counter.Instructions)
			return err
		},
		machine: machine.Describe, times: machine.CPUTimes, wait: time.Sleep, cores: runtime.NumCPU(),
		free: func() (uint64, bool) {
			m, err := mem.VirtualMemory()
			if err != nil {
				return 0, false
			}
			return m.Available, true
		},
		files: func() (uint64, bool) {
			var limit syscall.Rlimit
			err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit)
			return limit.Max, err == nil
		},
		reset: func(ctx context.Context, command string, t server.Spec) error {
			return server.Reset(ctx, command, t, server.ForCheck)
		},
		open: func(ctx context.Context, t server.Spec) error {
			s, err := server.Open(ctx, t)
			if err != nil {
				return err
			}
			return s.Stop(context.WithoutCancel(ctx))
		},
		ask: Ask, env: os.Getenv,
		writes: writable,
	}
}

// writable tries whether files can be made in a folder, or in the nearest one
// above it that exists.
func writable(folder string) error {
	for {
		probe, err := os.CreateTemp(folder, ".taskbench-doctor")
		if os.IsNotExist(err) && folder != above(folder) {
			folder = above(folder)
			continue
		}
		if err != nil {
			return err
		}
		_ = probe.Close() // it is empty
		return os.Remove(probe.Name())
	}
}
