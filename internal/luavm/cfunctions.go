package luavm

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"time"

	"taskbench/internal/luavm/ffi"
)

// processID is what getpid returns; kill knows no other process.
const processID = 4242

// failed is the -1 of a C function.
const failed = ^uint64(0)

// monotonic is the time of CLOCK_MONOTONIC: since the machine started.
func (p *Process) monotonic() time.Duration { return p.config.Clock.Now().Sub(p.began) }

// functions are the C functions that scripts may declare and call. They act on
// the process's clock and memory only.
func (s *state) functions() map[string]ffi.Function {
	p := s.process
	return map[string]ffi.Function{
		"usleep":        func(a []uint64) (uint64, error) { return p.sleep(arg(a, 0), time.Microsecond) },
		"sleep":         func(a []uint64) (uint64, error) { return p.sleep(arg(a, 0), time.Second) },
		"nanosleep":     p.nanosleep,
		"sched_yield":   func([]uint64) (uint64, error) { return p.sleep(1, time.Microsecond) },
		"clock_gettime": p.clockGettime,
		"gettimeofday":  p.getTimeOfDay,
		"time":          func([]uint64) (uint64, error) { return uint64(p.config.Clock.Now().Unix()), nil },
		"getpid":        func([]uint64) (uint64, error) { return processID, nil },
		"kill":          func(a []uint64) (uint64, error) { return p.kill(arg(a, 0), arg(a, 1)) },
		"raise":         func(a []uint64) (uint64, error) { return p.kill(processID, arg(a, 0)) },
		"malloc":        func(a []uint64) (uint64, error) { return p.memory.Alloc(int64(arg(a, 0))) },
		"calloc":        p.calloc,
		"free":          func(a []uint64) (uint64, error) { return 0, p.memory.Free(arg(a, 0)) },
		"strlen":        p.strlen,
		"memchr":        p.memchr,
		"memcmp":        p.memcmp,
		"memmem":        p.memmem,
	}
}

// arg reads an argument; a script may have declared fewer.
func arg(args []uint64, i int) uint64 {
	if i < len(args) {
		return args[i]
	}
	return 0
}

func (p *Process) sleep(n uint64, unit time.Duration) (uint64, error) {
	const longest = 24 * time.Hour
	if n > uint64(longest/unit) {
		return 0, fmt.Errorf("the script sleeps for more than a day")
	}
	p.config.Clock.Sleep(time.Duration(n) * unit)
	return 0, nil
}

func (p *Process) nanosleep(a []uint64) (uint64, error) {
	b, err := p.memory.Bytes(arg(a, 0), 16)
	if err != nil {
		return 0, err
	}
	seconds, nanos := binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])
	if nanos >= uint64(time.Second) {
		return failed, nil
	}
	if _, err := p.sleep(seconds, time.Second); err != nil {
		return 0, err
	}
	return p.sleep(nanos, time.Nanosecond)
}

func (p *Process) clockGettime(a []uint64) (uint64, error) {
	const realtime, monotonic, cputime, monotonicRaw, boot = 0, 1, 2, 4, 7
	var d time.Duration
	switch arg(a, 0) {
	case realtime:
		d = time.Duration(p.config.Clock.Now().UnixNano())
	case monotonic, cputime, monotonicRaw, boot:
		d = p.monotonic()
	default:
		return failed, nil
	}
	return p.putTime(arg(a, 1), d, time.Nanosecond)
}

func (p *Process) getTimeOfDay(a []uint64) (uint64, error) {
	return p.putTime(arg(a, 0), time.Duration(p.config.Clock.Now().UnixNano()), time.Microsecond)
}

// putTime fills a struct of two longs: seconds, and the rest in a unit.
func (p *Process) putTime(at uint64, d, unit time.Duration) (uint64, error) {
	b, err := p.memory.Bytes(at, 16)
	if err != nil {
		return 0, err
	}
	binary.LittleEndian.PutUint64(b, uint64(d/time.Second))
	binary.LittleEndian.PutUint64(b[8:], uint64(d%time.Second/unit))
	return 0, nil
}

// kill accepts the one signal by which a script ends wrk in good order.
func (p *Process) kill(pid, signal uint64) (uint64, error) {
	const probe, interrupt = 0, 2
	switch {
	case pid != processID:
		return 0, fmt.Errorf("the script sends signal %d to another process, %d", signal, int64(pid))
	case signal == interrupt:
		p.interrupted = true
	case signal != probe:
		return 0, fmt.Errorf("the script kills its own process with signal %d: wrk would end without a result", signal)
	}
	return 0, nil
}

func (p *Process) calloc(a []uint64) (uint64, error) {
	n, size := arg(a, 0), arg(a, 1)
	if size > 0 && n > ffi.DefaultLimit/size {
		return 0, fmt.Errorf("not enough memory")
	}
	return p.memory.Alloc(int64(n * size))
}

func (p *Process) strlen(a []uint64) (uint64, error) {
	s, err := p.memory.CString(arg(a, 0))
	return uint64(len(s)), err
}

func (p *Process) memchr(a []uint64) (uint64, error) {
	b, err := p.memory.Bytes(arg(a, 0), int64(arg(a, 2)))
	if i := bytes.IndexByte(b, byte(arg(a, 1))); i >= 0 {
		return arg(a, 0) + uint64(i), err
	}
	return 0, err
}

func (p *Process) memcmp(a []uint64) (uint64, error) {
	x, err := p.memory.Bytes(arg(a, 0), int64(arg(a, 2)))
	if err != nil {
		return 0, err
	}
	y, err := p.memory.Bytes(arg(a, 1), int64(arg(a, 2)))
	return uint64(bytes.Compare(x, y)), err
}

func (p *Process) memmem(a []uint64) (uint64, error) {
	x, err := p.memory.Bytes(arg(a, 0), int64(arg(a, 1)))
	if err != nil {
		return 0, err
	}
	y, err := p.memory.Bytes(arg(a, 2), int64(arg(a, 3)))
	if i := bytes.Index(x, y); i >= 0 && err == nil {
		return arg(a, 0) + uint64(i), nil
	}
	return 0, err
}
