package machine

import (
	"github.com/shirou/gopsutil/v4/cpu"
	"golang.org/x/sys/unix"
)

// NowUS is the system's monotonic clock, CLOCK_MONOTONIC, in microseconds: the
// same one that generated scripts read, so that times of both can be compared.
func NowUS() float64 {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &t); err != nil {
		return 0 // it cannot fail for a clock that exists
	}
	return float64(t.Nano()) / 1e3
}

// Times is what all cores together have done since the machine started, in
// seconds of CPU time.
type Times struct {
	Busy  float64 // working, for users or the kernel
	Steal float64 // wanting to work, while a hypervisor ran something else
	Total float64 // working, idle and stolen
}

// CPUTimes reads the machine's times; ok is false where the system does not tell.
func CPUTimes() (t Times, ok bool) {
	all, err := cpu.Times(false)
	if err != nil || len(all) == 0 {
		return Times{}, false
	}
	c := all[0] // time of guests is part of the user's
	t.Busy = c.User + c.Nice + c.System + c.Irq + c.Softirq
	t.Steal = c.Steal
	t.Total = t.Busy + t.Steal + c.Idle + c.Iowait
	return t, true
}

// OwnCPU is the CPU time of this process, in seconds, without its children.
func OwnCPU() float64 {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		return 0 // it cannot fail for oneself
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
