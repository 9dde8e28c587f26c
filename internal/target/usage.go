package target

import (
	"errors"
	"net/url"

	"github.com/shirou/gopsutil/v4/process"
)

// Usage is what a server's process tree has used and holds at one moment.
type Usage struct {
	// CPUSeconds is user and system time since the processes began, of all that
	// live and, on Linux, of children that ended and were waited for. It falls
	// when a process leaves the tree unseen: take differences only of samples
	// with no such loss.
	CPUSeconds float64
	// ResidentBytes sums the resident sets; pages that processes share count
	// once for each.
	ResidentBytes uint64
	Processes     int
	Threads       int
}

// ErrNoProcess is what Usage returns for a server whose process is not known:
// it runs on another machine, or belongs to someone else.
var ErrNoProcess = errors.New("the server's process is not known")

// RootPID is the process at the top of the server: the one that Open started,
// or the one that listens on the URL's port; 0 when it is not known.
func (s *Server) RootPID() int {
	if s.child != nil {
		return s.child.cmd.Process.Pid
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.found == 0 {
		s.found = s.listeningPID()
	}
	return s.found
}

// ProgramPID is the process that answers: the one that listens on the URL's
// port. It differs from RootPID when the server was started through a shell.
// 0 when it is not known.
func (s *Server) ProgramPID() int {
	if pid := s.listeningPID(); pid != 0 {
		return pid
	}
	return s.RootPID()
}

func (s *Server) listeningPID() int {
	address, err := url.Parse(s.spec.URL)
	if err != nil {
		return 0
	}
	return listener(address)
}

// PIDs lists the processes of the server, its root first; none when it is not known.
func (s *Server) PIDs() []int {
	root := s.RootPID()
	if root == 0 {
		return nil
	}
	return descendants(root)
}

// Usage samples the server's process tree. It takes a few milliseconds of CPU
// time on a machine with some hundred processes.
func (s *Server) Usage() (Usage, error) {
	var total Usage
	for _, pid := range s.PIDs() {
		u, err := usageOf(pid)
		if err != nil {
			continue // it ended meanwhile
		}
		total.CPUSeconds += u.CPUSeconds
		total.ResidentBytes += u.ResidentBytes
		total.Threads += u.Threads
		total.Processes++
	}
	if total.Processes == 0 {
		return Usage{}, ErrNoProcess
	}
	return total, nil
}

// usageOf samples one process.
func usageOf(pid int) (Usage, error) {
	cpu, err := cpuSeconds(pid)
	if err != nil {
		return Usage{}, err
	}
	p := &process.Process{Pid: int32(pid)}
	memory, err := p.MemoryInfo()
	if err != nil {
		return Usage{}, err
	}
	threads, err := p.NumThreads()
	if err != nil {
		return Usage{}, err
	}
	return Usage{CPUSeconds: cpu, ResidentBytes: memory.RSS, Processes: 1, Threads: int(threads)}, nil
}
