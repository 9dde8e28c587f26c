package k6

import (
	"fmt"

	"taskbench/internal/source"
	"taskbench/wrk"
)

// interruptedByUs is the status of a k6 that was ended by a signal it handles.
const interruptedByUs = 105

// judge says what went wrong in one process, which has ended, with its name; nil
// where there is proof that all its virtual users did what they were to do.
func judge(name string, out wrk.Output, l *Log, expected []int) error {
	silent := l.silent(expected)
	whole := len(silent) == 0
	said := l.said()
	switch {
	case out.Overdue && out.Killed:
		return failed(busy, "%s ran on long beyond its time, did not stop when interrupted, and was killed%s", name, said)
	case out.Overdue:
		return failed(busy, "%s ran on long beyond its time, and was interrupted%s", name, said)
	case out.Signal != "":
		return failed("if nobody ended it, it may have had too little memory: look at dmesg, or give fewer virtual users", "%s was ended by a signal: %s%s", name, out.Signal, said)
	case out.ExitCode != 0 && (out.ExitCode != interruptedByUs || !whole):
		return failed("run the command by hand: taskbench k6 SCENARIO -o DIR writes its script", "%s ended with exit status %d%s", name, out.ExitCode, said)
	case len(l.Complaints) > 0:
		return failed("what it measured may not be what the scenario says", "%s complained: %s", name, l.Complaints[0])
	case !whole:
		return failed("the disk may be full, or the script none of taskbench's", "%s ended as if all were well, but %d of its %d virtual users did not tell what they counted: %s%s", name, len(silent), len(expected), some(silent, len(silent)), said)
	}
	return nil
}

const busy = "the machine may be too busy, or the process was stopped; run it again"

func failed(hint, format string, args ...any) error {
	return source.WithHint(fmt.Errorf(format, args...), hint)
}

// said is what k6 gave as a reason, if anything.
func (l *Log) said() string {
	switch {
	case len(l.Complaints) > 0:
		return ": " + l.Complaints[0]
	case l.Aborted:
		return ": it was interrupted"
	}
	return ""
}
