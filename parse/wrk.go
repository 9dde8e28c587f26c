package parse

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"

	"taskbench/internal/source"
)

// Wrk reads the output of wrk (any version) or wrk2: one Report a run, in the
// order of the text. What user scripts print before, between and after is
// skipped, and what mail, logs, terminals and web pages have put around the
// lines is taken off; a Block behind our Marker is attached to its run. wrk
// prints its lines in one order: a line that is out of it, or comes twice,
// begins another run, so that figures of two are never in one Report. What is
// expected and not found, or found and not to be read, is among the warnings;
// a text that ends in the middle gives what it has, with Truncated set. The
// JSON of a Block alone gives a Report with just that.
//
// name is only for messages. The error is a *source.Error: reading failed,
// there is nothing of wrk in the text, or a Block alone is damaged.
func Wrk(name string, r io.Reader) ([]Printout, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, source.WithHint(fmt.Errorf("reading %s: %w", name, err), "check that the file is there and may be read")
	}
	text = decodeText(text)
	if isBlock(text) {
		b, err := ReadBlock(text)
		if err != nil {
			return nil, &source.Error{Pos: source.Position{File: name}, Message: err.(*source.Error).Message, Hint: regenerate, Err: err}
		}
		return []Printout{{Line: 1, Block: b}}, nil
	}
	var reports []Printout
	for _, lines := range streams(slices.Collect(textLines(string(text)))) {
		reports = append(reports, readRuns(name, lines)...)
	}
	if len(reports) == 0 {
		return nil, nothingFound(name, text)
	}
	slices.SortStableFunc(reports, func(a, b Printout) int { return a.Line - b.Line })
	return reports, nil
}

func isBlock(text []byte) bool {
	return bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) && bytes.Contains(text, []byte(`"taskbench_block"`))
}

// told begins what a virtual user of k6 tells in a log.
var told = regexp.MustCompile(`taskbench \d+/\d+ \{`)

func nothingFound(name string, text []byte) error {
	message := "there is no output of wrk in it"
	if len(bytes.TrimSpace(text)) == 0 {
		message = "it is empty"
	}
	if told.Match(text) {
		return source.Errorf(source.Position{File: name}, "parse --k6 FILE... puts together the logs of all k6 processes of a test",
			"there is no output of wrk in it, but what a virtual user of k6 told")
	}
	return source.Errorf(source.Position{File: name},
		"hand over all that wrk printed, from its line \"Running … test @ …\" on: wrk … > run.txt; taskbench parse run.txt", "%s", message)
}
