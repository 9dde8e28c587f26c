package parse

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"

	"taskbench/internal/source"
)

// Wrk reads the output of wrk (any version) or wrk2: one Report a run, in the
// order of the text. What user scripts print before, between and after is
// skipped; a Block behind our Marker is attached to its run; a text that ends
// in the middle gives what it has, with Truncated set and a warning. The JSON
// of a Block alone gives a Report with just that.
//
// name is only for messages. The error is a *source.Error: reading failed,
// there is nothing of wrk in the text, or a Block alone is damaged.
func Wrk(name string, r io.Reader) ([]Report, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, source.WithHint(fmt.Errorf("reading %s: %w", name, err), "check that the file is there and may be read")
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if isBlock(text) {
		b, err := ReadBlock(text)
		if err != nil {
			return nil, &source.Error{Pos: source.Position{File: name}, Message: err.(*source.Error).Message, Hint: regenerate, Err: err}
		}
		return []Report{{Line: 1, Block: b}}, nil
	}
	var reports []Report
	for _, run := range splitRuns(string(text)) {
		if report, found := readRun(run); found {
			reports = append(reports, report)
		}
	}
	if len(reports) == 0 {
		return nil, nothingFound(name, text)
	}
	return reports, nil
}

func isBlock(text []byte) bool {
	return bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) && bytes.Contains(text, []byte(`"taskbench_block"`))
}

func nothingFound(name string, text []byte) error {
	message := "there is no output of wrk in it"
	if len(bytes.TrimSpace(text)) == 0 {
		message = "it is empty"
	}
	return source.Errorf(source.Position{File: name},
		"hand over all that wrk printed, from its line \"Running … test @ …\" on: wrk … > run.txt; taskbench parse run.txt", "%s", message)
}

// runText is the part of a text that belongs to one run.
type runText struct {
	line    int  // of its first line, from 1
	started bool // begins with wrk's own first line
	text    string
}

// startLine is wrk's first line. A script may have printed before it without a
// line end; "Making" is how wrk 1 began.
var startLine = regexp.MustCompile(`(?:Running (\d+[smh]) test @|Making \d+ requests to) (\S.*)$`)

// longestLine is beyond any line of wrk, its target's URL included. Longer ones
// are a script's (a block is one line of megabytes) and not searched.
const longestLine = 1 << 16

// splitRuns cuts a text at the first lines of runs. What comes before the
// first of them is a part of its own: it may be a run without its beginning.
func splitRuns(text string) []runText {
	var runs []runText
	current := runText{line: 1}
	start, at, line := 0, 0, 0
	for l := range strings.Lines(text) {
		line++
		if len(l) <= longestLine && startLine.MatchString(strings.TrimRight(l, "\r\n")) {
			current.text = text[start:at]
			runs = append(runs, current)
			current, start = runText{line: line, started: true}, at
		}
		at += len(l)
	}
	current.text = text[start:]
	return append(runs, current)
}

// readRun reads one part; found is false if nothing of it is wrk's.
func readRun(run runText) (Report, bool) {
	rd := runReader{report: Report{Tool: "wrk", Line: run.line}}
	for l := range strings.Lines(run.text) {
		line := strings.TrimRight(l, "\r\n")
		if len(line) == len(l) && !selfDelimiting.MatchString(line) {
			break // cut off in the middle: 2.41m may have been 2.41ms
		}
		if len(l) <= longestLine {
			rd.read(strings.TrimRight(line, " \t"))
		}
	}
	if !run.started && rd.phase == preamble {
		return readBlockAlone(run)
	}
	rd.finish(run)
	return rd.report, true
}

// readBlockAlone reads a text of which only the part behind the marker is ours.
func readBlockAlone(run runText) (Report, bool) {
	data, found := FindBlock([]byte(run.text))
	if !found {
		return Report{}, false
	}
	r := Report{Line: run.line}
	r.attach(data)
	return r, true
}

// selfDelimiting is the one last line that is believed without a line end,
// for wrk's last line ends in a B.
var selfDelimiting = regexp.MustCompile(`^Transfer/sec: +\d+\.\d\d[KMGTP]?B$`)
