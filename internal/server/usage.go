package server

import (
	"errors"
	"net/url"
	"time"
)

// Usage is what a server's process tree has used and holds at one moment.
type Usage struct {
	// CPUSeconds is user and system time since the processes began, of all that
	// live, of those that were seen and have ended and, on Linux, of children
	// that ended unseen and were waited for. It never falls from one call of
	// Usage to the next.
	CPUSeconds float64
	// ResidentBytes sums the resident sets; pages that processes share count
	// once for each.
	ResidentBytes uint64
	Processes     int
	Threads       int

	// AlsoCPUSeconds is the CPU time of what works for the server; nil when not known.
	AlsoCPUSeconds *float64

	// What became of the processes since the first call of Usage.
	Begun     int // that joined the tree
	Ended     int // that left it, the root included
	Restarted int // roots that took the place of one that had ended
	Unseen    int // that ended without their parents waiting for them: what they used after the last look is not known
}

// ErrNoProcess is what Usage returns for a server whose process is not known
// (it runs on another machine, or belongs to someone else) or has ended.
var ErrNoProcess = errors.New("the server's process is not known")

// stat is one process at one moment.
type stat struct {
	parent        int
	born          uint64 // when it started: with its pid, its identity
	threads       int
	residentBytes uint64
	cpuSeconds    float64
	dead          bool // ended, and nobody has waited for it
}

// Usage samples the server's process tree. Its processes are looked for once
// a second, so that calling it ten times a second takes little: tens of
// microseconds a process.
func (s *Server) Usage() (Usage, error) {
	root := s.RootPID()
	s.mu.Lock()
	defer s.mu.Unlock()
	if root == 0 {
		return Usage{}, ErrNoProcess
	}
	u, err := s.tree.usage(root)
	if err == nil {
		u.AlsoCPUSeconds = s.alsoUsage()
	}
	return u, err
}

// CPUs are the cores the server may run on; none when that is not known.
func (s *Server) CPUs() []int {
	if root := s.RootPID(); root != 0 {
		return allowedCPUs(root)
	}
	return nil
}

// RootPID is the process at the top of the server: the one that the spec names,
// that Open started, or that listens on the URL's port where that is none of
// those that Open started. 0 when it is not known, or only passes requests on.
func (s *Server) RootPID() int {
	if s.child != nil && !s.elsewhere && s.spec.PID == "" {
		return s.child.cmd.Process.Pid
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mustLook() {
		s.found, s.looked = s.lookUp(), time.Now()
		if now, err := statOf(s.found); s.found != 0 && err == nil {
			s.born = now.born
		}
	}
	return s.found
}

// mustLook reports whether to look for the process, which is not cheap: the
// first time, and from time to time after one that was found has ended.
func (s *Server) mustLook() bool {
	if s.looked.IsZero() || s.born == 0 {
		return s.looked.IsZero()
	}
	now, err := statOf(s.found)
	alive := err == nil && !now.dead && now.born == s.born
	return !alive && time.Since(s.looked) >= rescanEvery
}

// ProgramPID is the process that answers: the one that listens on the URL's
// port. It differs from RootPID when the server was started through a shell.
// 0 when it is not known.
func (s *Server) ProgramPID() int {
	if pid := s.listeningPID(); pid != 0 && s.spec.PID == "" && !named(processOf(pid), forwarders) {
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
