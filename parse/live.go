package parse

import (
	"bytes"
	"fmt"
)

// Live is what a script has told of a run that is not over: the lines it adds
// to the file that TASKBENCH_LIVE names, one for each second, "second good
// failed". The zero value knows nothing yet.
//
// It is for watching: the lines may miss the last answers of a second, and what
// is stored comes from the Block.
type Live struct {
	Seconds int     // of the window that were told, without a gap
	GoodPS  float64 // good answers per second, in the newest of them
	Failed  uint64  // answers that were not good, in all of them

	rest []byte // of a line that is not whole yet
}

// What is beyond these is no line of ours.
const (
	longestLive = 100           // bytes
	lastLive    = 1_000_000_000 // second
)

// Write takes the next bytes of the file; it never fails. Lines need not arrive
// whole. What is no such line, or of a second that is known already, is left
// out; a line after a gap stands for all seconds since the one before it.
func (l *Live) Write(p []byte) (int, error) {
	l.rest = append(l.rest, p...)
	for {
		line, rest, whole := bytes.Cut(l.rest, []byte("\n"))
		if !whole {
			break
		}
		l.line(line)
		l.rest = rest
	}
	if len(l.rest) > longestLive {
		l.rest = nil
	}
	return len(p), nil
}

func (l *Live) line(text []byte) {
	var second int
	var good, failed uint64
	if n, err := fmt.Sscanf(string(text), "%d %d %d", &second, &good, &failed); n != 3 || err != nil || second < l.Seconds || second > lastLive {
		return
	}
	l.GoodPS = float64(good) / float64(second+1-l.Seconds)
	l.Failed += failed
	l.Seconds = second + 1
}
