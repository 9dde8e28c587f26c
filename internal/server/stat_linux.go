package server

import (
	"bytes"
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// pageSize is what resident memory is counted in.
var pageSize = uint64(os.Getpagesize())

// statOf reads a process from /proc/PID/stat alone, and its CPU clock.
func statOf(pid int) (stat, error) {
	s, err := placeOf(pid)
	if err != nil {
		return stat{}, err
	}
	own, err := processClock(pid)
	if err != nil {
		return stat{}, err
	}
	s.cpuSeconds += own
	return s, nil
}

// placeOf is statOf without the process's own CPU time, for looking through
// all there are.
func placeOf(pid int) (stat, error) {
	path := "/proc/" + strconv.Itoa(pid) + "/stat"
	// System calls as they are: os.ReadFile makes twice as many, and this is
	// done while load is measured.
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return stat{}, err
	}
	defer unix.Close(fd)
	var text [1024]byte // 52 numbers and a name of 64 bytes at most
	n, err := unix.Read(fd, text[:])
	if err != nil {
		return stat{}, err
	}
	s, err := parseStat(text[:n])
	if err != nil {
		return stat{}, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

// ticksPerSecond is USER_HZ, which is 100 on every architecture Go runs on.
const ticksPerSecond = 100

// parseStat reads proc_pid_stat(5); of CPU time only that of children that
// ended and were waited for. The second field, a name, may hold spaces and
// brackets: count from its end.
func parseStat(text []byte) (stat, error) {
	const first = 3 // the number of the field behind the name
	const state, ppid, cutime, cstime, threads, starttime, rss = 3 - first, 4 - first, 16 - first, 17 - first, 20 - first, 22 - first, 24 - first
	var fields [rss + 1][]byte
	count := 0
	for field := range bytes.FieldsSeq(text[bytes.LastIndexByte(text, ')')+1:]) {
		if count == len(fields) {
			break
		}
		fields[count] = field
		count++
	}
	if count < len(fields) {
		return stat{}, fmt.Errorf("has %d fields after the name", count)
	}
	var numbers [rss + 1]uint64
	for _, i := range []int{ppid, cutime, cstime, threads, starttime, rss} {
		n, err := strconv.ParseUint(string(fields[i]), 10, 64)
		if err != nil {
			return stat{}, err
		}
		numbers[i] = n
	}
	return stat{
		parent: int(numbers[ppid]), born: numbers[starttime], threads: int(numbers[threads]),
		residentBytes: numbers[rss] * pageSize, dead: fields[state][0] == 'Z' || fields[state][0] == 'X',
		cpuSeconds: float64(numbers[cutime]+numbers[cstime]) / ticksPerSecond,
	}, nil
}

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

// allowedCPUs are the cores a process may run on; none when the system does not tell.
func allowedCPUs(pid int) []int {
	var set unix.CPUSet
	if unix.SchedGetaffinity(pid, &set) != nil {
		return nil
	}
	var cpus []int
	for cpu := 0; len(cpus) < set.Count(); cpu++ {
		if set.IsSet(cpu) {
			cpus = append(cpus, cpu)
		}
	}
	return cpus
}
