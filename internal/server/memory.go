package server

import (
	"errors"
	"fmt"
	"io/fs"
)

// Memory is what a server's process tree holds beyond Usage, at one moment.
// What the system does not tell, or not to us, is nil: one process that cannot
// be read leaves no sum.
type Memory struct {
	// ProportionalBytes is the PSS: pages that processes share count once in all.
	ProportionalBytes *uint64
	// PeakBytes sums the largest resident sets that the processes ever had
	// (VmHWM), which need not have been at the same moment.
	PeakBytes *uint64
	SwapBytes *uint64
	OpenFiles *int
}

// Memory reads what the processes found by the last Usage hold. It costs more
// than Usage, the more the larger the processes are: call it once a second. The
// error says why some of it is missing; the rest holds.
func (s *Server) Memory() (Memory, error) {
	pids := s.alive()
	if len(pids) == 0 {
		return Memory{}, ErrNoProcess
	}
	return memoryOf(pids)
}

// OpenFiles counts the file descriptors of the processes found by the last
// Usage. It costs little, whatever they hold. Nil, and why, when they are not ours to see.
func (s *Server) OpenFiles() (*int, error) {
	pids := s.alive()
	if len(pids) == 0 {
		return nil, ErrNoProcess
	}
	sum := 0
	for _, pid := range pids {
		n, err := openFilesOf(pid)
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // one that ends meanwhile holds nothing
			return nil, unreadable(pid, err)
		}
		sum += n
	}
	return &sum, nil
}

// alive are the processes found by the last Usage that are still there.
func (s *Server) alive() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	pids := make([]int, 0, len(s.tree.members))
	for pid, m := range s.tree.members {
		if now, err := placeOf(pid); err == nil && now.born == m.born && !now.dead {
			pids = append(pids, pid)
		}
	}
	return pids
}

// memoryOf adds up what processes hold. One that ends meanwhile holds nothing.
func memoryOf(pids []int) (Memory, error) {
	sum := Memory{ProportionalBytes: new(uint64), PeakBytes: new(uint64), SwapBytes: new(uint64), OpenFiles: new(int)}
	var problem error
	for _, pid := range pids {
		m, err := detailsOf(pid)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil && problem == nil {
			problem = unreadable(pid, err)
		}
		sum.ProportionalBytes = add(sum.ProportionalBytes, m.ProportionalBytes)
		sum.PeakBytes = add(sum.PeakBytes, m.PeakBytes)
		sum.SwapBytes = add(sum.SwapBytes, m.SwapBytes)
		sum.OpenFiles = add(sum.OpenFiles, m.OpenFiles)
	}
	return sum, problem
}

// add is a sum that is unknown when a part is.
func add[T int | uint64](sum, part *T) *T {
	if sum == nil || part == nil {
		return nil
	}
	total := *sum + *part
	return &total
}

func unreadable(pid int, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("process %d belongs to another user: its proportional memory and open files cannot be read (run taskbench as that user, or as root)", pid)
	}
	return fmt.Errorf("process %d: %w", pid, err)
}
