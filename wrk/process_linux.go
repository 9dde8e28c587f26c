package wrk

import (
	"fmt"
	"syscall"

	"golang.org/x/sys/unix"
)

// maxrssUnit is what getrusage counts resident memory in, in bytes.
const maxrssUnit = 1024

// processAttributes gives a generator a process group of its own, so that Ctrl-C
// reaches it through Execute only, and ends it when its parent thread ends.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// pin puts the calling thread on the given CPUs, or leaves it where it is when
// there are none: a child that it starts inherits them. The calling goroutine
// must be locked to its thread. unpin gives it back those it had.
func pin(cpus []int) (unpin func(), err error) {
	if len(cpus) == 0 {
		return func() {}, nil
	}
	var before, wanted unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return nil, fmt.Errorf("reading those of this process: %w", err)
	}
	for _, cpu := range cpus {
		if !before.IsSet(cpu) {
			return nil, fmt.Errorf("CPU %d is not among the %d this process may use", cpu, before.Count())
		}
		wanted.Set(cpu)
	}
	if err := unix.SchedSetaffinity(0, &wanted); err != nil {
		return nil, err
	}
	return func() { _ = unix.SchedSetaffinity(0, &before) }, nil
}

// raiseFileLimit lifts the soft limit of open files of a process that has just
// started to the hard one, and warns if that is too low: generators drop
// connections they have no descriptor for, and wrk says so only in a count.
func raiseFileLimit(pid int, name string, needed int) (warning string) {
	var limit unix.Rlimit
	if err := unix.Prlimit(pid, unix.RLIMIT_NOFILE, nil, &limit); err != nil {
		return "" // gone already: how it ended tells more
	}
	warning = fewFiles(name, needed, limit.Max, "ulimit -Hn")
	if limit.Cur < limit.Max {
		limit.Cur = limit.Max
		_ = unix.Prlimit(pid, unix.RLIMIT_NOFILE, &limit, nil) // then it keeps the soft one
	}
	return warning
}
