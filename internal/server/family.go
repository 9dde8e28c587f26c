package server

import (
	"context"
	"slices"
	"syscall"
	"time"

	"github.com/shirou/gopsutil/v4/process"
	"golang.org/x/sys/unix"
)

// descendants lists a process and all below it, the root first. Processes that
// end meanwhile are left out.
func descendants(root int) []int {
	children := map[int][]int{}
	for _, pid := range pids() {
		if parent, ok := parentOf(pid); ok {
			children[parent] = append(children[parent], pid)
		}
	}
	out := []int{root}
	for i := 0; i < len(out); i++ {
		out = append(out, children[out[i]]...)
	}
	return out
}

func pids() []int {
	all, err := process.Pids()
	if err != nil {
		return nil
	}
	out := make([]int, len(all))
	for i, pid := range all {
		out[i] = int(pid)
	}
	return out
}

func parentOf(pid int) (int, bool) {
	s, err := placeOf(pid)
	return s.parent, err == nil
}

// family is what has to end with a server: its process group, descendants that
// have made groups of their own, and whatever else has its mark.
type family struct {
	root    int           // leader of the group
	mark    string        // what the environment of all of them has
	strayed map[int]int64 // those outside the group, with the time of their start in ms
}

func familyOf(root int, mark string) *family {
	f := &family{root: root, mark: mark, strayed: map[int]int64{}}
	f.refresh()
	return f
}

// refresh looks for those that have strayed; those known stay known, even when
// their parents have gone.
func (f *family) refresh() {
	known := append(marked(f.mark), f.root)
	for pid := range f.strayed {
		known = append(known, pid)
	}
	for _, from := range known {
		for _, pid := range descendants(from) {
			if group, err := unix.Getpgid(pid); err == nil && group != f.root && pid != f.root {
				if born, ok := bornAt(pid); ok {
					f.strayed[pid] = born
				}
			}
		}
	}
}

// bornAt is when a process started, in ms since the epoch: with its pid, its identity.
func bornAt(pid int) (int64, bool) {
	at, err := (&process.Process{Pid: int32(pid)}).CreateTime()
	return at, err == nil
}

// signal sends to all of the family; those gone already are as wanted.
func (f *family) signal(signal syscall.Signal) {
	_ = syscall.Kill(-f.root, signal)
	for pid, born := range f.strayed {
		if now, ok := bornAt(pid); ok && now == born {
			_ = syscall.Kill(pid, signal)
		}
	}
}

// gone waits until the root is reaped and nobody of the family runs, for at
// most the given time or until ctx ends.
func (f *family) gone(ctx context.Context, exited <-chan struct{}, within time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	select {
	case <-exited:
	case <-ctx.Done():
		return false
	}
	for f.running() {
		select {
		case <-time.After(pollEvery):
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// running reports whether anyone of the family still runs. Dead processes that
// nobody has reaped do not count.
func (f *family) running() bool {
	for pid, born := range f.strayed {
		if now, ok := bornAt(pid); ok && now == born && !isZombie(pid) {
			return true
		}
	}
	if syscall.Kill(-f.root, 0) != nil {
		return false
	}
	return slices.ContainsFunc(pids(), func(pid int) bool {
		group, err := unix.Getpgid(pid)
		return err == nil && group == f.root && !isZombie(pid)
	})
}

func isZombie(pid int) bool {
	states, err := (&process.Process{Pid: int32(pid)}).Status()
	return err != nil || slices.Contains(states, process.Zombie)
}
