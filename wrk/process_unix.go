//go:build unix && !linux

package wrk

import (
	"errors"
	"syscall"
)

// maxrssUnit is what getrusage counts resident memory in, in bytes (macOS).
const maxrssUnit = 1

// processAttributes gives a generator a process group of its own, so that Ctrl-C
// reaches it through Execute only.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}

func pin(cpus []int) (unpin func(), err error) {
	if len(cpus) > 0 {
		return nil, errors.New("that works on Linux only")
	}
	return func() {}, nil
}

// raiseFileLimit only warns: there is no call to change another process's limit.
func raiseFileLimit(_ int, name string, needed int) (warning string) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return ""
	}
	return fewFiles(name, needed, limit.Cur, "ulimit -n")
}
