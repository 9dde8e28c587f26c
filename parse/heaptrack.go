package parse

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"taskbench/internal/source"
)

// HeapWindow is a part of a recording, in time since it began.
type HeapWindow struct {
	From, To time.Duration
	Doubt    time.Duration // by how much either may be off
}

// Heaptrack is what surely happened in a window of a recording.
type Heaptrack struct {
	Allocations uint64 // calls to allocation functions in the window
	Temporary   uint64 // of them: freed again before the next allocation
	PeakBytes   uint64 // the most that was held at a moment of the window, whenever it was allocated
	LeakedBytes uint64 // allocated in the window, and not freed when the recording ended
	Before      uint64 // allocations that were before the window opened, or may have been
	After       uint64 // and after it closed
	// AtEdges is how many of those before and after are likely to be of the window:
	// of what happened between two times that heaptrack told, the share of that
	// time which is in the window.
	AtEdges float64
	Covered time.Duration // the part of the window that the rest is of
}

// HeapCost is what a count of a HeapStack is of.
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
	Count uint64      // calls or bytes, by Cost; > 0
	Stack []PerfFrame // the innermost function, the one that called malloc or new, first
}

// ReadHeaptrack reads a recording of heaptrack, uncompressed, and adds up what
// surely happened in a window of it. heaptrack tells the time every 10 ms, later
// where the machine is busy: what lies between a time within the window and one
// outside is left out. At the end each place's costs are handed to each; an error of each ends the reading
// and is returned. The stack is used again for the next one. Memory grows with
// the number of different places, not with the recording.
//
// heaptrack tells what was freed by place and size: of two allocations that are
// alike, one before the window and one in it, it does not tell which was freed.
// As many count as leaked as there are more of them than before.
//
// name is only for messages. The error is a *source.Error unless it comes from
// each: reading failed, or a line is not heaptrack's.
func ReadHeaptrack(name string, r io.Reader, w HeapWindow, each func(*HeapStack) error) (Heaptrack, error) {
	h := heapReader{name: name, window: w}
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), longestHeapLine)
	for lines.Scan() {
		h.line++
		if err := h.read(lines.Bytes()); err != nil {
			return Heaptrack{}, h.wrong(lines.Bytes(), err)
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		h.line++
		return Heaptrack{}, h.wrong(nil, fmt.Errorf("line is longer than %d bytes", longestHeapLine))
	case err != nil:
		return Heaptrack{}, source.WithHint(fmt.Errorf("reading %s: %w", name, err), "was heaptrack ended before it had written everything?")
	case h.version == 0:
		return Heaptrack{}, source.Errorf(source.Position{File: name}, heaptrackHint, "there is no recording of heaptrack in it")
	}
	h.pass(math.MaxInt64)
	h.reach(2) // a recording may end within the window
	err := h.report(each)
	return h.sum, err
}

// longestHeapLine, in bytes, is beyond any function's name.
const longestHeapLine = 1 << 20

const heaptrackHint = "it must be what heaptrack 1.2 or later records, uncompressed"

// heapReader adds a recording up line by line. The first letter of a line says
// what it is; numbers are hexadecimal, and references count from 1, but for those
// to sizes, which count from 0:
//
//	v VERSION FORMAT       s LENGTH TEXT             c MILLISECONDS
//	i ADDRESS OBJECT [FUNCTION FILE LINE]...         a SIZE TRACE
//	t INSTRUCTION CALLER                             + SIZE   - SIZE
type heapReader struct {
	name    string
	line    int
	version uint64   // of the format
	numbers []uint64 // of the line
	texts   []string
	frames  [][]PerfFrame // of instructions: the innermost first, where functions were inlined
	traces  []heapTrace
	sizes   []heapSize

	window HeapWindow
	now    time.Duration
	edge   int         // how many ends of the window have passed
	since  []heapEvent // since the time was told
	events uint64      // before
	last   uint64      // the size of the last event + 1, if it was an allocation
	live   int64       // bytes
	peak   int64       // the most of them in the window
	peakAt uint64      // the event of which it was
	sum    Heaptrack
}

type heapEvent struct {
	size       uint32
	allocation bool // else it was freed
}

type heapTrace struct{ instruction, caller uint32 }

// heapSize is what one place allocates in one size.
type heapSize struct {
	bytes   uint64
	trace   uint32
	calls   uint64 // in the window, as what follows
	brief   uint64
	live    int64    // not freed, now
	edges   [2]int64 // live at the ends of the window
	atPeak  int64    // live when the heap was largest, if it changed since
	changed uint64   // the last event
}

// leastHeapNumbers is how many numbers a line of each kind has at least. Lines of
// other kinds say nothing about allocations.
var leastHeapNumbers = map[byte]int{'v': 2, 'c': 1, 'i': 2, 't': 2, 'a': 2, '+': 1, '-': 1}

func (h *heapReader) read(line []byte) error {
	if len(line) < 2 || line[1] != ' ' {
		return nil
	}
	if line[0] == 's' {
		return h.text(line[2:])
	}
	least, known := leastHeapNumbers[line[0]]
	if !known {
		return nil
	}
	if err := h.split(line[2:]); err != nil {
		return err
	}
	if len(h.numbers) < least {
		return fmt.Errorf("%d of %d numbers", len(h.numbers), least)
	}
	return h.record(line[0], h.numbers)
}

// split reads a line's numbers.
func (h *heapReader) split(text []byte) error {
	h.numbers = h.numbers[:0]
	for field := range bytes.FieldsSeq(text) {
		var n uint64
		for _, c := range field {
			digit := bytes.IndexByte([]byte("0123456789abcdef"), c)
			if digit < 0 || n >= 1<<60 {
				return fmt.Errorf("%q is no number in hexadecimal digits", field)
			}
			n = n<<4 | uint64(digit)
		}
		h.numbers = append(h.numbers, n)
	}
	return nil
}

// text keeps a name; its length comes first since format 3.
func (h *heapReader) text(text []byte) error {
	if h.version >= 3 {
		_, text, _ = bytes.Cut(text, []byte(" "))
	}
	h.texts = append(h.texts, string(text))
	return nil
}

func (h *heapReader) record(kind byte, n []uint64) error {
	switch kind {
	case 'v':
		h.version = n[1]
	case 'c':
		h.pass(time.Duration(min(n[0], 1<<40)) * time.Millisecond)
	case 'i':
		return h.instruction(n[1], n[2:])
	case 't':
		if n[0] > uint64(len(h.frames)) || n[1] > uint64(len(h.traces)) { // callers come first: there is no circle
			return fmt.Errorf("instruction %x or caller %x was not named before", n[0], n[1])
		}
		h.traces = append(h.traces, heapTrace{uint32(n[0]), uint32(n[1])})
	case 'a':
		if n[1] > uint64(len(h.traces)) {
			return fmt.Errorf("trace %x was not named before", n[1])
		}
		h.sizes = append(h.sizes, heapSize{bytes: min(n[0], 1<<50), trace: uint32(n[1])})
	default:
		if n[0] >= uint64(len(h.sizes)) {
			return fmt.Errorf("size %x was not named before", n[0])
		}
		h.since = append(h.since, heapEvent{uint32(n[0]), kind == '+'})
	}
	return nil
}

// instruction keeps the functions that an address is in: of three numbers each
// the first is the name, the others file and line.
func (h *heapReader) instruction(object uint64, functions []uint64) error {
	where, err := h.textOf(object)
	if err != nil {
		return err
	}
	frames := []PerfFrame{}
	for i := 0; i+2 < len(functions); i += 3 {
		name, err := h.textOf(functions[i])
		if err != nil {
			return err
		}
		frames = append(frames, PerfFrame{Symbol: name, Object: where})
	}
	if len(frames) == 0 {
		frames = append(frames, PerfFrame{Object: where})
	}
	h.frames = append(h.frames, frames)
	return nil
}

// textOf is a text by its number; 0 is none.
func (h *heapReader) textOf(n uint64) (string, error) {
	if n > uint64(len(h.texts)) {
		return "", fmt.Errorf("text %x was not named before", n)
	}
	if n == 0 {
		return "", nil
	}
	return h.texts[n-1], nil
}

// pass tells the time, and with it whether what happened since the last time
// was in the window.
func (h *heapReader) pass(now time.Duration) {
	now = max(now, h.now)
	edges := 0
	switch {
	case now > h.window.To-h.window.Doubt:
		edges = len(heapSize{}.edges)
	case h.now >= h.window.From+h.window.Doubt:
		edges = 1
	}
	h.reach(edges)
	if h.edge == 1 {
		h.sum.Covered += now - h.now
	}
	left := h.sum.Before + h.sum.After
	for _, e := range h.since {
		h.count(e)
	}
	if within := min(now, h.window.To) - max(h.now, h.window.From); within > 0 {
		h.sum.AtEdges += float64(h.sum.Before+h.sum.After-left) * float64(within) / float64(now-h.now)
	}
	h.since, h.now = h.since[:0], now
}

// reach passes ends of the window.
func (h *heapReader) reach(edges int) {
	for ; h.edge < edges; h.edge++ {
		for i := range h.sizes {
			h.sizes[i].edges[h.edge] = h.sizes[i].live
		}
		if h.edge == 0 {
			h.peak, h.peakAt = h.live, h.events
		}
	}
}

// count counts an allocation, or that one was freed.
func (h *heapReader) count(e heapEvent) {
	s := &h.sizes[e.size]
	if s.changed <= h.peakAt {
		s.atPeak = s.live
	}
	h.events++
	s.changed = h.events
	last := h.last
	if h.last = 0; e.allocation {
		h.last = uint64(e.size) + 1
		s.live++
		h.live += int64(s.bytes)
		*[]*uint64{&h.sum.Before, &h.sum.Allocations, &h.sum.After}[h.edge]++
	} else {
		s.live--
		h.live -= int64(s.bytes)
	}
	if h.edge != 1 {
		return
	}
	if e.allocation {
		s.calls++
	} else if last == uint64(e.size)+1 {
		s.brief++
	}
	if h.live > h.peak {
		h.peak, h.peakAt = h.live, h.events
	}
}

// report hands over what every place cost.
func (h *heapReader) report(each func(*HeapStack) error) error {
	var stack HeapStack
	for i := range h.sizes {
		s := &h.sizes[i]
		if s.changed <= h.peakAt {
			s.atPeak = s.live
		}
		stack.Stack = h.stack(stack.Stack[:0], s.trace)
		leaked := max(min(s.live, s.edges[1])-s.edges[0], 0)
		counts := [...]uint64{s.calls, s.brief, uint64(max(s.atPeak, 0)) * s.bytes, uint64(leaked) * s.bytes}
		h.sum.Temporary += s.brief
		h.sum.PeakBytes += counts[HeapPeak]
		h.sum.LeakedBytes += counts[HeapLeaked]
		for cost, count := range counts {
			if count == 0 {
				continue
			}
			stack.Cost, stack.Count = HeapCost(cost), count
			if err := each(&stack); err != nil {
				return err
			}
		}
	}
	return nil
}

// stack follows a trace outwards.
func (h *heapReader) stack(frames []PerfFrame, trace uint32) []PerfFrame {
	for trace != 0 {
		t := h.traces[trace-1]
		if t.instruction != 0 {
			frames = append(frames, h.frames[t.instruction-1]...)
		}
		trace = t.caller
	}
	return frames
}

func (h *heapReader) wrong(line []byte, err error) error {
	e := source.Errorf(source.Position{File: h.name, Line: h.line}, heaptrackHint, "%w", err)
	e.Excerpt = string(line[:min(len(line), 200)])
	return e
}
