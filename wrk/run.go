package wrk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"taskbench/internal/scratch"
	"taskbench/internal/source"
)

// Run starts wrk, waits for it and returns what it wrote.
//
// When ctx ends, wrk gets SIGINT, on which it prints its summary and calls the
// script's done(): the partial figures come back with Interrupted set. A wrk
// that runs on 10 s beyond its duration is interrupted too, and that is an
// error. Whatever does not stop within 5 s of the interrupt is killed, with
// all processes it started. wrk does not outlive Run, nor this process (Linux).
//
// A nil error means that the output holds a run as asked for. Otherwise the
// error is a *source.Error with a hint, and Output holds whatever there is; if
// ctx ended before there was anything to keep, it wraps the cause of that.
func Run(ctx context.Context, o Options) (Output, error) {
	if err := o.validate(); err != nil {
		return Output{}, err
	}
	if err := ctx.Err(); err != nil {
		return Output{}, interrupted(ctx)
	}
	cleanup, err := prepare(&o)
	if err != nil {
		return Output{}, err
	}
	defer cleanup()
	out, err := execute(ctx, o)
	if err != nil {
		return out, err
	}
	if out.Block, err = readBlock(o); err != nil {
		return out, err
	}
	return out, diagnoseRun(ctx, o, &out)
}

// prepare resolves the program and makes sure that no block of an earlier run
// can be taken for one of this run.
func prepare(o *Options) (cleanup func(), err error) {
	cleanup = func() {}
	if o.Path, err = lookPath(o.Path); err != nil {
		return cleanup, err
	}
	if o.Script == "" {
		return cleanup, nil
	}
	if o.LiveFile != "" {
		_ = os.Remove(o.LiveFile) // a script that cannot write there tells nothing, which nobody needs
	}
	if o.OutFile == "" {
		dir, remove, err := scratch.Folder()
		if err != nil {
			return cleanup, err
		}
		o.OutFile = filepath.Join(dir, "block.json")
		return remove, nil
	}
	if err := os.Remove(o.OutFile); err != nil && !errors.Is(err, os.ErrNotExist) {
		return cleanup, source.WithHint(err, "the script writes its result there: choose a path that can be written")
	}
	return cleanup, nil
}

// execute starts the process and waits for its end. It does so on a thread of
// its own: on Linux the kernel ends wrk when the thread that started it ends,
// and a pinned thread hands its CPUs down to wrk before wrk can create threads.
func execute(ctx context.Context, o Options) (out Output, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked: the thread ends with this goroutine
		out, err = executeHere(ctx, o)
	}()
	<-done
	return out, err
}

func executeHere(ctx context.Context, o Options) (Output, error) {
	stdout, stderr := &capture{limit: maxOutput}, &capture{limit: maxOutput}
	cmd := exec.Command(o.Path, Args(o)...)
	cmd.Env = o.environment(os.Environ())
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cmd.WaitDelay = pipeWaitDelay
	cmd.SysProcAttr = processAttributes()

	out := Output{Argv: cmd.Args, Warnings: o.warnings(), Started: time.Now()}
	unpin, err := pin(o.CPUs)
	if err != nil {
		return out, source.WithHint(fmt.Errorf("wrk cannot be kept on CPUs %v: %w", o.CPUs, err), "name CPUs that this process may use (--pin SERVER:GENERATOR), or leave it out")
	}
	err = cmd.Start()
	unpin()
	if err != nil {
		return out, source.WithHint(fmt.Errorf("cannot start %s: %w", o.Path, err), "check that it is wrk and may be executed")
	}
	if warning := raiseFileLimit(cmd.Process.Pid, o.filesNeeded()); warning != "" {
		out.Warnings = append(out.Warnings, warning)
	}
	supervise(ctx, o, cmd, &out)
	out.Wall = time.Since(out.Started)
	out.Stdout, out.Stderr = stdout.kept.Bytes(), stderr.kept.Bytes()
	for name, dropped := range map[string]int64{"standard output": stdout.dropped, "stderr": stderr.dropped} {
		if dropped > 0 {
			out.Warnings = append(out.Warnings, fmt.Sprintf("%s of wrk was cut: %d bytes beyond the first %d are gone", name, dropped, maxOutput))
		}
	}
	return out, nil
}

// supervise waits for wrk and ends it if it must be ended.
func supervise(ctx context.Context, o Options, cmd *exec.Cmd, out *Output) {
	exited := make(chan struct{})
	go func() {
		defer close(exited)
		cmd.Wait() // what it could tell is in ProcessState
	}()
	limit := time.NewTimer(o.Duration + o.Linger + overtime)
	defer limit.Stop()
	enough := o.Enough
	for running := true; running; {
		select {
		case <-exited:
			running = false
		case <-enough:
			enough = nil
			_ = syscall.Kill(cmd.Process.Pid, syscall.SIGINT) // once: a second one would cut done() short
		case <-ctx.Done():
			out.Interrupted, running = true, false
			out.Killed = stop(cmd.Process.Pid, exited)
		case <-limit.C:
			out.Overdue, running = true, false
			out.Killed = stop(cmd.Process.Pid, exited)
		}
	}
	killGroup(cmd.Process.Pid, syscall.SIGKILL) // children that wrk left behind
	out.recordExit(cmd.ProcessState)
}

// stop interrupts wrk's process group until it exits, and kills it when the
// grace is over; killed says that it came to that.
func stop(pid int, exited <-chan struct{}) (killed bool) {
	deadline := time.NewTimer(grace)
	defer deadline.Stop()
	again := time.NewTicker(repeatSIGINT)
	defer again.Stop()
	for {
		killGroup(pid, syscall.SIGINT)
		select {
		case <-exited:
			return false
		case <-deadline.C:
			killGroup(pid, syscall.SIGKILL)
			<-exited
			return true
		case <-again.C:
		}
	}
}

// killGroup signals the process group of pid. The group may be gone already,
// which is what was wanted.
func killGroup(pid int, signal syscall.Signal) { _ = syscall.Kill(-pid, signal) }

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

// readBlock returns what the script wrote to OutFile; nil if it wrote nothing.
func readBlock(o Options) ([]byte, error) {
	if o.Script == "" {
		return nil, nil
	}
	f, err := os.Open(o.OutFile)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, source.WithHint(err, "the script's result is in that file: make it readable")
	}
	defer f.Close()
	block, err := io.ReadAll(io.LimitReader(f, maxBlock))
	if err != nil {
		return nil, source.WithHint(err, "the script's result is in that file: make it readable")
	}
	return block, nil
}

// interrupted is the error of a run that ctx ended before it had a result.
func interrupted(ctx context.Context) error {
	cause := context.Cause(ctx)
	return &source.Error{Message: "interrupted before wrk had a result: " + cause.Error(),
		Hint: "run it again; nothing was measured", Err: cause}
}
