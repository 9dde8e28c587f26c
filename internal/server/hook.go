package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// ForCheck is what a reset hook is told in place of a scenario's name where no
// trial of one follows.
const ForCheck = "check"

// Reset runs the user's hook, which brings a target's data back to where every
// trial begins, before the target is started; "" is none. It has the target's
// environment, and is told whose turn it is, and of which scenario.
func Reset(ctx context.Context, command string, t Spec, scenario string) error {
	if command == "" {
		return nil
	}
	var env []string
	for name, value := range t.Env {
		env = append(env, name+"="+value)
	}
	out, err := Hook(ctx, command, append(env, "TASKBENCH_TARGET="+t.Name, "TASKBENCH_URL="+t.URL, "TASKBENCH_SCENARIO="+scenario)...)
	if err != nil {
		return fmt.Errorf("reset hook %q for %s: %w\n%s", command, t.Name, err, strings.TrimSpace(string(out)))
	}
	return nil
}

// hookGrace is how long a hook's output is waited for when the hook has ended
// and something that it started keeps it open.
const hookGrace = time.Second

// Hook runs a shell command to its end and returns what it wrote. env is added
// to the environment. When ctx ends, or this process however it ends, so does
// the command, with all that it started.
func Hook(ctx context.Context, command string, env ...string) (output []byte, err error) {
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, "sh", "-c", command)
	mark := newMark()
	cmd.Env = append(append(os.Environ(), env...), mark)
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.SysProcAttr = processAttributes()
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = hookGrace
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked: on Linux the command ends with this thread
		if err = cmd.Start(); err != nil {
			return
		}
		guard := newGuard(cmd.Process.Pid, mark)
		if err = cmd.Wait(); errors.Is(err, exec.ErrWaitDelay) {
			err = nil // it left something running that has its output: its own affair
		}
		guard.release()
	}()
	<-done
	return out.Bytes(), err
}
