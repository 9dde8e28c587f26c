package server

import (
	"crypto/rand"
	"slices"

	"github.com/shirou/gopsutil/v4/process"
)

// markName is the variable by which a process that a server started is known,
// wherever it went: one that has made a session of its own and lost its parent is
// nobody's descendant any more, but keeps its environment.
const markName = "TASKBENCH_STARTED"

// newMark is a setting that no other server's processes have. It is always of one
// length, so that a count of instructions does not depend on it.
func newMark() string { return markName + "=" + rand.Text() }

// marked are the processes that have a mark in their environment. A program that
// writes over its environment is not seen, nor any where the system does not tell.
func marked(mark string) (out []int) {
	for _, pid := range pids() {
		environment, err := (&process.Process{Pid: int32(pid)}).Environ()
		if err == nil && slices.Contains(environment, mark) && !isZombie(pid) {
			out = append(out, pid)
		}
	}
	return out
}
