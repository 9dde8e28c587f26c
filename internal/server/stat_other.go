//go:build !linux

package server

import (
	"slices"

	"github.com/shirou/gopsutil/v4/process"
)

// statOf reads a process.
func statOf(pid int) (stat, error) {
	p := &process.Process{Pid: int32(pid)}
	times, err := p.Times()
	if err != nil {
		return stat{}, err
	}
	memory, err := p.MemoryInfo()
	if err != nil {
		return stat{}, err
	}
	threads, err := p.NumThreads()
	if err != nil {
		return stat{}, err
	}
	parent, err := p.Ppid()
	if err != nil {
		return stat{}, err
	}
	born, err := p.CreateTime()
	if err != nil {
		return stat{}, err
	}
	states, _ := p.Status() // where it is not known, the process is taken to live
	return stat{
		parent: int(parent), born: uint64(born), threads: int(threads),
		residentBytes: memory.RSS, dead: slices.Contains(states, process.Zombie),
		cpuSeconds: times.User + times.System,
	}, nil
}

func allowedCPUs(int) []int { return nil }

// placeOf is where a process stands; here it costs as much as statOf.
func placeOf(pid int) (stat, error) { return statOf(pid) }
