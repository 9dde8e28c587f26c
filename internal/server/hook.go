package server

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// hookGrace is how long a hook's output is waited for when the hook has ended
// and something that it started keeps it open.
const hookGrace = time.Second

// Hook runs a shell command to its end and returns what it wrote. env is added
// to the environment. When ctx ends, or this process however it ends, so does
// the command, with all that it started.
func Hook(ctx context.Context, command string, env ...string) (output []byte, err error) {
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, "sh", "-c", command)
	cmd.Env = append(os.Environ(), env...)
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
		guard := newGuard(cmd.Process.Pid)
		if err = cmd.Wait(); errors.Is(err, exec.ErrWaitDelay) {
			err = nil // it left something running that has its output: its own affair
		}
		guard.release()
	}()
	<-done
	return out.Bytes(), err
}
