//go:build unix

package micro

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// inOwnGroup gives cargo a process group of its own, so that ending it ends
// the bench it has started, and Ctrl-C reaches both through the context only.
func inOwnGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error {
		err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		if errors.Is(err, syscall.ESRCH) {
			return os.ErrProcessDone
		}
		return err
	}
}
