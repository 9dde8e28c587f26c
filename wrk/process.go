package wrk

import (
	"context"
	"os/exec"
	"syscall"
	"time"
)

// Process is a generator that runs, wherever that is.
type Process interface {
	// Ended is closed when it has ended, or is beyond reach.
	Ended() <-chan struct{}
	// Interrupt sends it SIGINT; all says that what it started is meant, too.
	Interrupt(all bool)
	// Kill ends it and whatever it started. Ended is closed soon after.
	Kill()
	// Left adds what it left behind to an Output. Ended is closed.
	Left(*Output) error
}

// RunBy is Run for a wrk that start starts, which may be on another host. Of o,
// start has to see to the program, the environment, the result block and CPUs.
func RunBy(ctx context.Context, o Options, start func() (Process, error)) (Output, error) {
	if err := o.validate(); err != nil {
		return Output{}, err
	}
	if ctx.Err() != nil {
		return Output{}, interrupted(ctx)
	}
	out := Output{Warnings: o.warnings(), Started: time.Now()}
	p, err := start()
	if err != nil {
		return out, err
	}
	supervise(ctx, o.Duration+o.Linger+overtime, o.Enough, p, &out)
	out.Wall = time.Since(out.Started)
	if err := p.Left(&out); err != nil {
		return out, err
	}
	return out, diagnoseRun(ctx, o, &out)
}

// child is a generator that this process started.
type child struct {
	cmd   *exec.Cmd
	ended chan struct{}
}

// watch waits for a command that has been started.
func watch(cmd *exec.Cmd) child {
	c := child{cmd: cmd, ended: make(chan struct{})}
	go func() {
		defer close(c.ended)
		cmd.Wait() // what it could tell is in ProcessState
	}()
	return c
}

func (c child) Ended() <-chan struct{} { return c.ended }

func (c child) Interrupt(all bool) {
	if all {
		killGroup(c.cmd.Process.Pid, syscall.SIGINT)
		return
	}
	_ = syscall.Kill(c.cmd.Process.Pid, syscall.SIGINT)
}

func (c child) Kill() { killGroup(c.cmd.Process.Pid, syscall.SIGKILL) }

func (c child) Left(out *Output) error {
	out.recordExit(c.cmd.ProcessState)
	return nil
}

// supervise waits for a generator and ends it if it must be ended: when it has run
// for so long, when ctx ends, or when enough is closed.
func supervise(ctx context.Context, longest time.Duration, enough <-chan struct{}, p Process, out *Output) {
	limit := time.NewTimer(longest)
	defer limit.Stop()
	for running := true; running; {
		select {
		case <-p.Ended():
			running = false
		case <-enough:
			enough = nil
			p.Interrupt(false) // once: a second one would cut done() short
		case <-ctx.Done():
			out.Interrupted, running = true, false
			out.Killed = stop(p)
		case <-limit.C:
			out.Overdue, running = true, false
			out.Killed = stop(p)
		}
	}
	p.Kill() // children that it left behind
}

// stop interrupts a generator until it ends, and kills it when the grace is over; killed
// says that it came to that.
func stop(p Process) (killed bool) {
	deadline := time.NewTimer(grace)
	defer deadline.Stop()
	again := time.NewTicker(repeatSIGINT)
	defer again.Stop()
	for {
		p.Interrupt(true)
		select {
		case <-p.Ended():
			return false
		case <-deadline.C:
			p.Kill()
			<-p.Ended()
			return true
		case <-again.C:
		}
	}
}

// killGroup signals the process group of pid. The group may be gone already,
// which is what was wanted.
func killGroup(pid int, signal syscall.Signal) { _ = syscall.Kill(-pid, signal) }
