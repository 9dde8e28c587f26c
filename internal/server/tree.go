package server

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/shirou/gopsutil/v4/process"
	"golang.org/x/sys/unix"
)

// rescanEvery is how long the processes of a server are taken to be the same.
// What begins and ends in between is in its parent's time if it was waited for.
const rescanEvery = time.Second

// carelessEvery is the same where some process does not wait for its children:
// they are to be seen, as nothing else tells of them.
const carelessEvery = 100 * time.Millisecond

// member is a process of a tree.
type member struct {
	born     uint64
	parent   int
	careless bool // it ignores SIGCHLD: the time of its children is lost with them
	stray    bool // its parent ended before it: the server will not wait for it
}

// tree follows the processes of a server from sample to sample.
type tree struct {
	root    int
	members map[int]member
	scanned time.Time

	last float64 // CPU seconds handed out
	gone float64 // of those, what processes had used that took it with them

	begun, ended, restarted, unseen int
}

// usage samples the tree below root, which may be another one than last time.
func (t *tree) usage(root int) (Usage, error) {
	t.adopt(root)
	if now := time.Now(); now.Sub(t.scanned) >= t.rescan() {
		t.scan(now)
	}
	var u Usage
	for pid, m := range t.members {
		s, err := statOf(pid)
		if err != nil || s.born != m.born || s.dead {
			delete(t.members, pid)
			t.ended++
			if m.stray || t.members[m.parent].careless {
				t.unseen++
			}
			continue
		}
		u.Processes++
		u.CPUSeconds += s.cpuSeconds
		u.ResidentBytes += s.residentBytes
		u.Threads += s.threads
	}
	if u.Processes == 0 {
		t.scanned = time.Time{}
		return Usage{}, ErrNoProcess
	}
	u.CPUSeconds = t.steady(u.CPUSeconds)
	u.Begun, u.Ended, u.Restarted, u.Unseen = t.begun, t.ended, t.restarted, t.unseen
	return u, nil
}

// adopt starts anew when the root has been replaced.
func (t *tree) adopt(root int) {
	if t.root == root {
		return
	}
	if t.root != 0 {
		t.restarted++
	}
	t.root, t.scanned = root, time.Time{}
}

// scan looks for processes that have joined. Those known stay known, even when
// their parents have gone.
func (t *tree) scan(now time.Time) {
	first := t.members == nil
	if first {
		t.members = map[int]member{}
	}
	t.scanned = now
	family := descendants(t.root)
	strays := t.strays(family)
	for _, pid := range slices.Concat(family, strays) {
		if _, known := t.members[pid]; known {
			continue
		}
		s, err := statOf(pid)
		if err != nil || s.dead {
			continue
		}
		t.members[pid] = member{born: s.born, parent: s.parent, careless: ignoresChildren(pid), stray: slices.Contains(strays, pid)}
		if !first {
			t.begun++
		}
	}
}

// steady keeps the sum of CPU times from falling. A process that ends takes its
// time out of the sum; when its parent has waited for it, the parent's own
// figure has grown by as much, and else it is added here.
func (t *tree) steady(sum float64) float64 {
	if sum+t.gone < t.last {
		t.gone = t.last - sum
	}
	t.last = sum + t.gone
	return t.last
}

// rescan is how long the processes are taken to be the same now.
func (t *tree) rescan() time.Duration {
	for _, m := range t.members {
		if m.careless || m.stray {
			return carelessEvery
		}
	}
	return rescanEvery
}

// strays are processes of the server that are nobody's children any more, as a
// double fork leaves them: they are of its group still, or its twins in a group
// or session of their own. A group that the root does not lead may be a
// script's, and holds others; then only those of the root's name are the
// server's.
func (t *tree) strays(family []int) (out []int) {
	group, err := unix.Getpgid(t.root)
	if err != nil {
		return nil
	}
	root, err := placeOf(t.root)
	if err != nil {
		return nil
	}
	name := ""
	if group != t.root {
		name = processOf(t.root).Name
	}
	of := likenessOf(t.root)
	for _, pid := range pids() {
		if slices.Contains(family, pid) || !orphaned(pid, root.born) {
			continue
		}
		g, err := unix.Getpgid(pid)
		inGroup := err == nil && g == group && group != unix.Getpgrp() && (group == t.root || processOf(pid).Name == name)
		if inGroup || of != "" && likenessOf(pid) == of {
			out = append(out, pid)
		}
	}
	return out
}

// likenessOf is what a process shares with those that it forks, and with no other
// server: program, arguments, environment and folder. "" where the system does
// not tell.
func likenessOf(pid int) string {
	p := &process.Process{Pid: int32(pid)}
	program, err := p.Exe()
	arguments, argumentsErr := p.CmdlineSlice()
	environment, environmentErr := p.Environ()
	folder, folderErr := p.Cwd()
	if errors.Join(err, argumentsErr, environmentErr, folderErr) != nil {
		return ""
	}
	return strings.Join(slices.Concat([]string{program, folder}, arguments, environment), "\x00")
}

// orphaned reports whether a process that was born after another was left to
// init, or to who stands in for it.
func orphaned(pid int, after uint64) bool {
	s, err := placeOf(pid)
	if err != nil || s.dead || s.born < after {
		return false
	}
	if s.parent <= 1 {
		return true
	}
	mine, err := unix.Getpgid(pid)
	theirs, parentErr := unix.Getpgid(s.parent)
	return err == nil && parentErr == nil && mine != theirs
}
