package server

import (
	"net/url"
	"strings"

	"github.com/shirou/gopsutil/v4/process"
)

// Process is one process of this machine. Two of the same number are told
// apart by when they were born.
type Process struct {
	PID  int
	Name string
	Born int64 // ms since the epoch
}

// processOf describes a process; its zero value when there is none.
func processOf(pid int) Process {
	born, ok := bornAt(pid)
	if pid == 0 || !ok || isZombie(pid) {
		return Process{}
	}
	name, _ := (&process.Process{Pid: int32(pid)}).Name() // "" where the system does not tell
	return Process{PID: pid, Name: strings.ToValidUTF8(name, "?"), Born: born}
}

// Owners are the processes that are the server at this moment: those that
// listen on its port, without the children that share it; where that is not
// known the one that Open started, while it runs. None when nothing is known,
// or nobody is there any more.
func (s *Server) Owners() []Process {
	var out []Process
	if address, err := url.Parse(s.spec.URL); err == nil {
		for _, pid := range owners(address) {
			if p := processOf(pid); p.PID != 0 {
				out = append(out, p)
			}
		}
	}
	if len(out) == 0 && s.child != nil && !s.child.hasExited() {
		if p := processOf(s.child.cmd.Process.Pid); p.PID != 0 {
			out = append(out, p)
		}
	}
	return out
}
