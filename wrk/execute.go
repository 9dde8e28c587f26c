package wrk

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"

	"taskbench/internal/source"
)

// Command is a process that sends load: wrk's, or that of another generator which is
// to be watched over in the same way.
type Command struct {
	Name   string          // what messages call it: "wrk", "k6 2 of 3"
	Argv   []string        // the program and its arguments
	Env    []string        // its whole environment
	CPUs   []int           // logical CPUs it may run on, from 0; empty: all (Linux only)
	Limit  time.Duration   // how long it may run
	Stderr *os.File        // where its standard error goes; nil: into the Output
	Files  int             // descriptors that it needs
	Enough <-chan struct{} // closed: it is interrupted, and that is no failure. nil: never
}

// Execute starts a generator, waits for its end and returns what it wrote and how it
// ended. When ctx ends, or the limit is over, it is interrupted; whatever does not
// stop within 5 s is killed, with all processes it started. It does not outlive
// Execute, nor this process (Linux).
//
// An error means that it could not be started. How the run went is the caller's to
// judge.
func Execute(ctx context.Context, c Command) (out Output, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		// Never unlocked, so that the thread ends with this goroutine: on Linux the
		// kernel ends the process when the thread that started it ends, and a pinned
		// thread hands its CPUs down before the process can create threads.
		runtime.LockOSThread()
		out, err = executeHere(ctx, c)
	}()
	<-done
	return out, err
}

func executeHere(ctx context.Context, c Command) (Output, error) {
	stdout, stderr := &capture{limit: maxOutput}, &capture{limit: maxOutput}
	cmd := exec.Command(c.Argv[0], c.Argv[1:]...)
	cmd.Env = c.Env
	cmd.Stdout, cmd.Stderr = stdout, stderr
	if c.Stderr != nil {
		cmd.Stderr = c.Stderr
	}
	cmd.WaitDelay = pipeWaitDelay
	cmd.SysProcAttr = processAttributes()

	out := Output{Argv: cmd.Args, Started: time.Now()}
	unpin, err := pin(c.CPUs)
	if err != nil {
		return out, source.WithHint(fmt.Errorf("%s cannot be kept on CPUs %v: %w", c.Name, c.CPUs, err), "name CPUs that this process may use (--pin SERVER:GENERATOR), or leave it out")
	}
	err = cmd.Start()
	unpin()
	if err != nil {
		return out, source.WithHint(fmt.Errorf("cannot start %s: %w", c.Argv[0], err), "check that it may be executed, and that it is what it is named as")
	}
	if warning := raiseFileLimit(cmd.Process.Pid, c.Name, c.Files); warning != "" {
		out.Warnings = append(out.Warnings, warning)
	}
	p := watch(cmd)
	supervise(ctx, c.Limit, c.Enough, p, &out)
	_ = p.Left(&out) // of a process of this machine it is known
	out.Wall = time.Since(out.Started)
	out.Stdout, out.Stderr = stdout.kept.Bytes(), stderr.kept.Bytes()
	for name, dropped := range map[string]int64{"standard output": stdout.dropped, "stderr": stderr.dropped} {
		if dropped > 0 {
			out.Warnings = append(out.Warnings, fmt.Sprintf("%s of %s was cut: %d bytes beyond the first %d are gone", name, c.Name, dropped, maxOutput))
		}
	}
	return out, nil
}

func (o *Output) recordExit(state *os.ProcessState) {
	o.ExitCode = state.ExitCode()
	o.UserCPU, o.SystemCPU = state.UserTime(), state.SystemTime()
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		o.Signal = status.Signal().String()
	}
	if usage, ok := state.SysUsage().(*syscall.Rusage); ok {
		o.MaxResidentSize = int64(usage.Maxrss) * maxrssUnit
	}
}
