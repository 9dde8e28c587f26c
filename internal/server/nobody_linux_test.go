package server

import (
	"os"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// asNobody runs do on a thread without root's rights. The thread is not used again.
func asNobody(t *testing.T, do func()) {
	t.Helper()
	failed := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		if os.Geteuid() == 0 {
			const nobody = 65534
			if _, _, errno := unix.RawSyscall(unix.SYS_SETRESUID, nobody, nobody, nobody); errno != 0 {
				failed <- errno
				return
			}
		}
		do()
		failed <- nil
	}()
	if err := <-failed; err != nil {
		t.Skipf("cannot become another user: %v", err)
	}
}
