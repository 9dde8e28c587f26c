package wrk

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"taskbench/internal/files"
	"taskbench/internal/source"
)

// maxQuoted is how long, in bytes, a text may be that a line is quoted from.
const maxQuoted = 64 << 20

// diagnoseRun is Diagnose with what only the edge knows: why the context
// ended, and the script's text for the excerpt.
func diagnoseRun(ctx context.Context, o Options, out *Output) error {
	err := Diagnose(o, *out)
	if err == nil {
		out.Warnings = append(out.Warnings, summaryWarnings(out.Stdout)...)
		return nil
	}
	if out.Interrupted && len(bytes.TrimSpace(out.Stderr)) == 0 {
		return interrupted(ctx)
	}
	if err.Pos.File != "" {
		if text, readErr := files.Read(err.Pos.File, maxQuoted); readErr == nil { // a script can say any name
			err.In(text)
		}
	}
	return err
}

// Diagnose says what went wrong in a run, from what it left behind, and what
// to do about it; nil if there is proof that it went as asked. It is pure.
func Diagnose(o Options, out Output) *source.Error {
	stderr := strings.TrimSpace(string(out.Stderr))
	known := explain(o, stderr)
	switch {
	case known != nil:
		return known
	case out.Overdue:
		return overdue(o, out)
	case out.Signal != "" && !out.Killed:
		return problem("if it happens again, run the script with luajit or: taskbench check "+o.Script,
			"wrk was ended by a signal: %s%s", out.Signal, quoteStderr(stderr))
	case out.ExitCode != 0 && strings.Contains(string(out.Stdout), "Usage: wrk"):
		return problem("check the numbers: wrk takes whole ones, and durations in whole seconds",
			"wrk did not accept its arguments: %s%s", strings.Join(out.Argv, " "), quoteStderr(stderr))
	case out.ExitCode != 0:
		return problem("a script that calls os.exit ends wrk with it; otherwise run the command by hand: "+strings.Join(out.Argv, " "),
			"wrk ended with exit status %d%s", out.ExitCode, quoteStderr(stderr))
	case stderr != "":
		return problem("wrk itself is silent when all is well: mend what it complains about, or what the script prints to stderr",
			"wrk complained: %s", firstLines(stderr))
	}
	return diagnoseResult(o, out)
}

// diagnoseResult looks at a run that ended as if all were well.
func diagnoseResult(o Options, out Output) *source.Error {
	if answers, found := answersIn(out.Stdout); found && answers == "0" {
		if !nothingDue(out.Block) {
			return noAnswers(o, out)
		}
		if o.Env["TASKBENCH_SHARE"] == "" { // else others had what was due
			return NothingDue(o)
		}
	}
	if o.Script != "" && len(bytes.TrimSpace(out.Block)) == 0 {
		return problem("scripts made by taskbench lua write one; one that stops in done(), or is not made by it, does not",
			"the script %s wrote no result block, so nothing proves that it ran", o.Script)
	}
	if o.Script == "" && !bytes.Contains(out.Stdout, []byte("Requests/sec:")) {
		return problem("run the command by hand: "+strings.Join(out.Argv, " "), "wrk printed no summary")
	}
	return nil
}

func overdue(o Options, out Output) *source.Error {
	how := "and stopped when interrupted"
	if out.Killed {
		how = "did not stop when interrupted, and was killed"
	}
	return problem("a script that loops or waits does this, or far more threads than the machine can start",
		"wrk was still running %s after its %s, %s", wholeSeconds(o.Linger+overtime), wholeSeconds(o.Duration), how)
}

func noAnswers(o Options, out Output) *source.Error {
	if m := summaryLine(out.Stdout, socketErrors); m != nil {
		return problem("the server accepts connections and drops them: look at its log; does it speak HTTP/1.1 on this port?",
			"no answer came from %s (%s)", o.URL, strings.ToLower(m[1]))
	}
	length := o.Duration
	if o.Enough != nil { // it may have been ended before
		length = min(length, out.Wall)
	}
	return problem("the server accepts connections but does not answer: is it stuck, or slower than the run is long?",
		"no answer came from %s in %s", o.URL, wholeSeconds(length))
}

// nothingDue reports whether a block is of a schedule that had nothing to send.
func nothingDue(block []byte) bool {
	var of struct {
		Rate *struct {
			Due uint64 `json:"due"`
		} `json:"rate"`
	}
	return json.Unmarshal(block, &of) == nil && of.Rate != nil && of.Rate.Due == 0
}

// NothingDue is the error of a run at a rate that had nothing to send in its window.
func NothingDue(o Options) *source.Error {
	return problem("measure for longer, or at a higher rate", "no iteration was due in the window at this rate, so nothing was asked of %s", o.URL)
}

var (
	answersLine  = regexp.MustCompile(`^ {2}(\d+) requests in \S+, \S+ read`)
	socketErrors = regexp.MustCompile(`^ {2}(Socket errors: connect (\d+), .*\d)`)
)

// summaryLine gives the groups of the last line of stdout that matches: wrk
// prints its summary after all threads of a script have ended.
func summaryLine(stdout []byte, pattern *regexp.Regexp) []string {
	const longest = 200 // of wrk's own lines; scripts may print megabytes
	var last []string
	for line := range bytes.Lines(stdout) {
		if len(line) > longest || !bytes.HasPrefix(line, []byte("  ")) {
			continue
		}
		if m := pattern.FindSubmatch(line); m != nil {
			last = last[:0]
			for _, group := range m {
				last = append(last, string(group))
			}
		}
	}
	return last
}

// answersIn is the number of answers in wrk's summary, as printed.
func answersIn(stdout []byte) (answers string, found bool) {
	m := summaryLine(stdout, answersLine)
	if m == nil {
		return "", false
	}
	return m[1], true
}

// summaryWarnings picks what a successful summary says about lost connections.
func summaryWarnings(stdout []byte) []string {
	m := summaryLine(stdout, socketErrors)
	if m == nil || m[2] == "0" {
		return nil
	}
	return []string{fmt.Sprintf("wrk failed to connect %s times; without a free file descriptor or port it never tries a connection again", m[2])}
}

func problem(hint, format string, args ...any) *source.Error {
	return source.Errorf(source.Position{}, hint, format, args...)
}

// quoteStderr appends what stands on stderr, if anything.
func quoteStderr(stderr string) string {
	if stderr == "" {
		return ""
	}
	return ": " + firstLines(stderr)
}

// firstLines is the beginning of a text on one line, each different line once:
// wrk repeats an error for every thread.
func firstLines(text string) string {
	const most = 3
	var lines []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if len(line) > 300 {
			line = strings.ToValidUTF8(line[:300], "") + "…"
		}
		if line == "" || len(lines) > 0 && lines[len(lines)-1] == line {
			continue
		}
		if len(lines) == most {
			return strings.Join(lines, "; ") + "; …"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "; ")
}
