package server

import "time"

// rescanEvery is how long the processes of a server are taken to be the same.
// What begins and ends in between is in its parent's time if it was waited for.
const rescanEvery = time.Second

// tree follows the processes of a server from sample to sample.
type tree struct {
	root    int
	members map[int]uint64 // pid to when it was born
	scanned time.Time

	last float64 // CPU seconds handed out
	gone float64 // of those, what processes had used that took it with them

	begun, ended, restarted int
}

// usage samples the tree below root, which may be another one than last time.
func (t *tree) usage(root int) (Usage, error) {
	t.adopt(root)
	if now := time.Now(); now.Sub(t.scanned) >= rescanEvery {
		t.scan(now)
	}
	var u Usage
	for pid, born := range t.members {
		s, err := statOf(pid)
		if err != nil || s.born != born || s.dead {
			delete(t.members, pid)
			t.ended++
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
	u.Begun, u.Ended, u.Restarted = t.begun, t.ended, t.restarted
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
		t.members = map[int]uint64{}
	}
	t.scanned = now
	for _, pid := range descendants(t.root) {
		if _, known := t.members[pid]; known {
			continue
		}
		s, err := statOf(pid)
		if err != nil || s.dead {
			continue
		}
		t.members[pid] = s.born
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
