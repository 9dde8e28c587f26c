package target

import (
	"bytes"
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// cpuSeconds is the CPU time of a process, to the nanosecond, with threads
// that have ended, and that of children it waited for, to the clock tick.
func cpuSeconds(pid int) (float64, error) {
	own, err := processClock(pid)
	if err != nil {
		return 0, err
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	ticks, err := childTicks(stat)
	if err != nil {
		return 0, fmt.Errorf("/proc/%d/stat: %w", pid, err)
	}
	return own + float64(ticks)/ticksPerSecond, nil
}

// ticksPerSecond is USER_HZ, which is 100 on every architecture Go runs on.
const ticksPerSecond = 100

// processClock reads the CPU clock of another process; its number is made as
// clock_getcpuclockid(3) makes it: the pid's complement, and CPUCLOCK_SCHED.
func processClock(pid int) (float64, error) {
	const sched = 2
	var t unix.Timespec
	if err := unix.ClockGettime(int32(^pid<<3|sched), &t); err != nil {
		return 0, fmt.Errorf("CPU clock of process %d: %w", pid, err)
	}
	return float64(t.Nano()) / 1e9, nil
}

// childTicks reads cutime and cstime, fields 16 and 17 of proc_pid_stat(5). The
// second field, a name, may hold spaces and brackets: count from its end.
func childTicks(stat []byte) (int64, error) {
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	const cutime, cstime = 16 - 3, 17 - 3
	if len(fields) <= cstime {
		return 0, fmt.Errorf("has %d fields after the name", len(fields))
	}
	user, err := strconv.ParseInt(string(fields[cutime]), 10, 64)
	if err != nil {
		return 0, err
	}
	system, err := strconv.ParseInt(string(fields[cstime]), 10, 64)
	if err != nil {
		return 0, err
	}
	return user + system, nil
}
