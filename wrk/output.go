package wrk

import (
	"bytes"
	"time"
)

// Output is what one run of wrk left behind.
type Output struct {
	Argv     []string // the program and its arguments, as started
	Stdout   []byte
	Stderr   []byte
	Block    []byte   // the result block as the script wrote it; nil if there is none
	Warnings []string // what a reader of the figures must know, one sentence each

	ExitCode    int    // -1 if a signal ended it
	Signal      string // that ended it, "" otherwise: "segmentation fault"
	Interrupted bool   // the context ended first: the figures are of a shorter run
	Overdue     bool   // still running long after its duration, and ended by Run
	Killed      bool   // did not even stop on SIGINT

	Started         time.Time
	Wall            time.Duration // from start to exit
	UserCPU         time.Duration // all threads
	SystemCPU       time.Duration // all threads
	MaxResidentSize int64         // bytes
}

// CPU is the processor time wrk took, in user and kernel mode together.
func (o Output) CPU() time.Duration { return o.UserCPU + o.SystemCPU }

// capture keeps the first bytes of a stream and counts the rest, so that a
// script that prints in a loop cannot fill the memory.
type capture struct {
	kept    bytes.Buffer
	limit   int
	dropped int64
}

// Write never fails: the writer on the other side must not be disturbed.
func (c *capture) Write(p []byte) (int, error) {
	keep := min(len(p), c.limit-c.kept.Len())
	c.kept.Write(p[:keep])
	c.dropped += int64(len(p) - keep)
	return len(p), nil
}
