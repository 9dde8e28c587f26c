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
	MaxResidentSize int64         // bytes; 0: unknown

	Shares []Share // where several processes sent one load: what each of them did
}

// Share is what one of several processes did that sent one load together.
type Share struct {
	Host    string
	Place   int // from 1
	Users   int // virtual users
	Answers uint64
	Behind  time.Duration // its window opened so much later than the first one's
	CPU     time.Duration // that wrk took there
	Offset  time.Duration // of its clock in this run: the host's minus this machine's
	Within  time.Duration // Offset is right to so much
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
