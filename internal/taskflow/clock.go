package taskflow

import (
	"time"

	"golang.org/x/sys/unix"
)

// monotonic is CLOCK_MONOTONIC, the clock that wrk's scripts and time.Time use
// too, in nanoseconds.
func monotonic() int64 { return int64(clock(unix.CLOCK_MONOTONIC)) }

// threadCPU is the CPU time of the thread that asks. Two readings are of one
// thread only if the goroutine was not moved between them.
func threadCPU() time.Duration { return clock(unix.CLOCK_THREAD_CPUTIME_ID) }

// processCPU is the CPU time of this process, user and system.
func processCPU() time.Duration { return clock(unix.CLOCK_PROCESS_CPUTIME_ID) }

func clock(id int32) time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(id, &t); err != nil {
		return 0 // these clocks are everywhere we build for
	}
	return time.Duration(t.Nano())
}
