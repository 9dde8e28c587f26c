package parse

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"taskbench/internal/source"
)

// Heaptrack is the summary at the end of what heaptrack_print prints. It
// prints sizes with three digits.
type Heaptrack struct {
	RuntimeS    float64 // s
	Allocations uint64  // calls to allocation functions
	Temporary   uint64  // of them: freed again before the next allocation
	PeakBytes   uint64  // of the heap
	PeakRSS     uint64  // bytes, heaptrack's own included
	LeakedBytes uint64  // not freed when the recording ended
}

// HeapCost is what a section of heaptrack_print's report sorts stacks by.
type HeapCost int

const (
	HeapCalls     HeapCost = iota // calls to allocation functions
	HeapTemporary                 // temporary allocations
	HeapPeak                      // bytes held when the whole heap was largest
	HeapLeaked                    // bytes never freed
)

// HeapStack is one place that allocates, with one of its costs.
type HeapStack struct {
	Cost  HeapCost
	Count uint64      // calls or bytes, by Cost
	Stack []PerfFrame // the innermost function, the one that called malloc or new, first
}

// ReadHeaptrack reads the text of `heaptrack_print --merge-backtraces 0` with
// all of its sections, and hands each stack of each section to each; an error
// of each ends the reading and is returned. The stack is used again for the
// next one. Memory is that of one stack and of the names met. name is only for
// messages. The error is a *source.Error unless it comes from each: reading
// failed, a figure is none, or the summary at the end is missing.
func ReadHeaptrack(name string, r io.Reader, each func(*HeapStack) error) (Heaptrack, error) {
	h := heapReader{name: name, names: map[string]string{}, each: each}
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), longestHeapLine)
	for lines.Scan() {
		h.line++
		if err := h.read(bytes.TrimRight(lines.Bytes(), "\r")); err != nil {
			return h.summary, err
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return h.summary, source.Errorf(source.Position{File: name, Line: h.line + 1}, heaptrackHint, "line is longer than %d bytes", longestHeapLine)
	case err != nil:
		return h.summary, source.WithHint(fmt.Errorf("reading %s: %w", name, err), "was heaptrack_print ended?")
	case h.found < 2:
		return h.summary, source.Errorf(source.Position{File: name}, heaptrackHint, "there is no summary of heaptrack_print in it")
	}
	return h.summary, nil
}

// longestHeapLine, in bytes, is beyond any function's name.
const longestHeapLine = 1 << 20

const heaptrackHint = "hand over all that heaptrack_print 1.2 or later prints, down to \"total memory leaked\""

type heapReader struct {
	name    string
	line    int
	names   map[string]string // one copy of every name
	stack   HeapStack
	open    bool // a stack has begun
	each    func(*HeapStack) error
	summary Heaptrack
	found   int // lines of the summary
}

// heapBegin is the line before a stack, one form for each section.
var heapBegin = regexp.MustCompile(`^(?:(\d+) calls to allocation functions with .*|(\d+) temporary allocations of .*|(\S+) peak memory consumed over .*|(\S+) leaked over .*) from:?$`)

func (h *heapReader) read(line []byte) error {
	switch {
	case h.open && bytes.HasPrefix(line, []byte("    in ")):
		if n := len(h.stack.Stack); n > 0 {
			h.stack.Stack[n-1].Object = h.intern(line[len("    in "):])
		}
		return nil
	case h.open && bytes.HasPrefix(line, []byte("    ")): // source file and line
		return nil
	case h.open && bytes.HasPrefix(line, []byte("  ")):
		h.stack.Stack = append(h.stack.Stack, PerfFrame{Symbol: h.intern(bytes.TrimSpace(line))})
		return nil
	}
	if err := h.flush(); err != nil {
		return err
	}
	if m := heapBegin.FindSubmatch(line); m != nil {
		return h.begin(m[1:], line)
	}
	return h.total(line)
}

func (h *heapReader) begin(counts [][]byte, line []byte) error {
	for cost, text := range counts {
		if len(text) == 0 {
			continue
		}
		count, err := heapCount(string(text))
		if err != nil {
			return h.wrong(line, err)
		}
		h.stack = HeapStack{Cost: HeapCost(cost), Count: count, Stack: h.stack.Stack[:0]}
		h.open = true
	}
	return nil
}

func (h *heapReader) flush() error {
	if !h.open {
		return nil
	}
	h.open = false
	return h.each(&h.stack)
}

// total reads a line of the summary; others say nothing.
func (h *heapReader) total(line []byte) error {
	key, value, ok := strings.Cut(string(line[:min(len(line), 200)]), ": ")
	if !ok {
		return nil
	}
	into := map[string]*uint64{
		"calls to allocation functions":           &h.summary.Allocations,
		"temporary memory allocations":            &h.summary.Temporary,
		"peak heap memory consumption":            &h.summary.PeakBytes,
		"peak RSS (including heaptrack overhead)": &h.summary.PeakRSS,
		"total memory leaked":                     &h.summary.LeakedBytes,
	}[key]
	value, _, _ = strings.Cut(value, " ") // "5002 (1494/s)"
	var err error
	switch {
	case key == "total runtime":
		h.summary.RuntimeS, err = strconv.ParseFloat(strings.TrimSuffix(value, "s."), 64)
	case into == nil:
		return nil
	default:
		*into, err = heapCount(value)
	}
	if err != nil {
		return h.wrong(line, err)
	}
	h.found++
	return nil
}

var heapSize = regexp.MustCompile(`^(-?\d+(?:\.\d+)?)([KMGTP]?)B?$`)

// heapCount reads "5002" and "229.80K". heaptrack's K is 1000. It prints negative
// sizes for a place that gave back more than it took within the recording: 0 here.
func heapCount(text string) (uint64, error) {
	m := heapSize.FindStringSubmatch(text)
	if m == nil {
		return 0, fmt.Errorf("%q is neither a count nor a size", text)
	}
	v, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return 0, err
	}
	for _, unit := range "KMGTP" {
		if m[2] == "" {
			break
		}
		v *= 1000
		if string(unit) == m[2] {
			break
		}
	}
	return uint64(min(max(v, 0), 1e18) + 0.5), nil
}

func (h *heapReader) intern(text []byte) string {
	if s, ok := h.names[string(text)]; ok {
		return s
	}
	s := string(text)
	h.names[s] = s
	return s
}

func (h *heapReader) wrong(line []byte, err error) error {
	e := source.Errorf(source.Position{File: h.name, Line: h.line}, heaptrackHint, "%w", err)
	e.Excerpt = string(line[:min(len(line), 200)])
	return e
}
