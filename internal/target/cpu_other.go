//go:build !linux

package target

import "github.com/shirou/gopsutil/v4/process"

// cpuSeconds is the CPU time of a process, user and system.
func cpuSeconds(pid int) (float64, error) {
	times, err := (&process.Process{Pid: int32(pid)}).Times()
	if err != nil {
		return 0, err
	}
	return times.User + times.System, nil
}
