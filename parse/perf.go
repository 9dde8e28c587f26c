package parse

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"

	"taskbench/internal/source"
)

// PerfSample is one sample of `perf script`: what one core did at one moment.
type PerfSample struct {
	Command string  // name of the thread, as the kernel has it: at most 15 bytes
	PID     int     // 0 when it was not printed
	TID     int     // of the thread
	CPU     int     // the core; -1 when it was not recorded (perf record --sample-cpu)
	TimeS   float64 // s, by perf's clock; 0 when it was not printed
	Period  uint64  // events since the last sample: nanoseconds for cpu-clock, cycles for cycles; 0 when it was not printed
	Event   string  // "cpu-clock:ppp", "cycles:u"
	Stack   []PerfFrame
}

// PerfFrame is one function on a stack. Its texts are shared between samples.
type PerfFrame struct {
	Symbol string // as in the object file, so mangled if perf was told --no-demangle; "" when unknown
	Object string // path of the executable or library, "[kernel.kallsyms]"; "" when unknown
}

// Perf reads the text of `perf script` sample by sample and hands each one to
// each; an error of each ends the reading and is returned. The sample and its
// Stack, the innermost function first, are used again for the next one: copy
// what is to stay. Memory is that of one sample and of the names met, whatever
// the length of the text.
//
// Comments, and the fields that `perf script -F` can leave out, may be missing. A sample
// without a stack has an empty one. name is only for messages. The error is a
// *source.Error unless it comes from each; it names the line that is no
// output of perf script. A text without samples is not an error.
func Perf(name string, r io.Reader, each func(*PerfSample) error) error {
	p := perfReader{name: name, names: map[string]string{}, each: each}
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), longestPerfLine)
	for lines.Scan() {
		p.line++
		if err := p.read(bytes.TrimRight(lines.Bytes(), "\r")); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			return p.wrong(nil, "line is longer than %d bytes", longestPerfLine)
		}
		return source.WithHint(fmt.Errorf("reading %s: %w", name, err), "is the disk full, or was perf ended?")
	}
	return p.flush()
}

// longestPerfLine, in bytes, is beyond any function's name.
const longestPerfLine = 1 << 20

type perfReader struct {
	name   string
	line   int
	names  map[string]string // one copy of every name
	sample PerfSample
	open   bool // a sample has begun
	each   func(*PerfSample) error
}

func (p *perfReader) read(line []byte) error {
	switch {
	case len(bytes.TrimSpace(line)) == 0:
		return p.flush()
	case line[0] == '#':
		return nil
	case p.open && isPerfFrame(line):
		p.sample.Stack = append(p.sample.Stack, p.frame(bytes.TrimSpace(line)))
		return nil
	}
	if err := p.flush(); err != nil { // samples without a stack follow each other line by line
		return err
	}
	return p.header(line)
}

// flush hands over the sample that is complete.
func (p *perfReader) flush() error {
	if !p.open {
		return nil
	}
	p.open = false
	return p.each(&p.sample)
}

// perfHeader is the first line of a sample: command, pid/tid, [cpu], time,
// period, event. A command may hold spaces and digits; the time, with its dot
// and colon, is what the line is recognized by.
var perfHeader = regexp.MustCompile(`^\s*(.*?)\s+(-?\d+)(?:/(-?\d+))?\s+(?:\[(\d+)\]\s+)?(\d+\.\d+):\s+(?:(\d+)\s+)?(\S+?):(?:\s|$)`)

func (p *perfReader) header(line []byte) error {
	m := perfHeader.FindSubmatch(line)
	if m == nil {
		return p.wrong(line, "not a line of perf script")
	}
	stack := p.sample.Stack[:0]
	p.sample = PerfSample{Command: p.intern(m[1]), Event: p.intern(m[7]), CPU: -1, Stack: stack}
	p.sample.TID, _ = strconv.Atoi(string(m[2])) // digits, or too many of them: then 0, unknown
	if len(m[3]) > 0 {
		p.sample.PID = p.sample.TID
		p.sample.TID, _ = strconv.Atoi(string(m[3]))
	}
	if len(m[4]) > 0 {
		p.sample.CPU, _ = strconv.Atoi(string(m[4]))
	}
	p.sample.TimeS, _ = strconv.ParseFloat(string(m[5]), 64)
	p.sample.Period, _ = strconv.ParseUint(string(m[6]), 10, 64)
	p.open = true
	return nil
}

// isPerfFrame tells a line of a stack: white space, an address in hexadecimal
// digits, a space.
func isPerfFrame(line []byte) bool {
	text := bytes.TrimLeft(line, " \t")
	if len(text) == len(line) {
		return false
	}
	digits := 0
	for digits < len(text) && isHexDigit(text[digits]) {
		digits++
	}
	return digits > 0 && (digits == len(text) || text[digits] == ' ')
}

func isHexDigit(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f'
}

// frame reads "ADDRESS SYMBOL+0xOFFSET (OBJECT)". Symbols may hold spaces and
// parentheses, objects too: "operator()(int) const+0x3 (/tmp/a b (deleted))".
func (p *perfReader) frame(text []byte) PerfFrame {
	_, rest, _ := bytes.Cut(text, []byte(" "))
	symbol, object := bytes.TrimSpace(rest), []byte(nil)
	if open := objectStart(symbol); open >= 0 {
		object = symbol[open+1 : len(symbol)-1]
		symbol = bytes.TrimSpace(symbol[:open])
	}
	if at := bytes.LastIndex(symbol, []byte("+0x")); at > 0 {
		symbol = symbol[:at]
	}
	object = bytes.TrimSuffix(object, []byte(" (deleted)")) // rebuilt since it was started
	return PerfFrame{Symbol: p.known(symbol), Object: p.known(object)}
}

// objectStart is where the parenthesis opens that closes at the end; -1: there is none.
func objectStart(text []byte) int {
	if len(text) == 0 || text[len(text)-1] != ')' {
		return -1
	}
	for depth, i := 0, len(text)-1; i >= 0; i-- {
		switch text[i] {
		case ')':
			depth++
		case '(':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

func (p *perfReader) known(text []byte) string {
	if len(text) == 0 || string(text) == "[unknown]" {
		return ""
	}
	return p.intern(text)
}

func (p *perfReader) intern(text []byte) string {
	if s, ok := p.names[string(text)]; ok {
		return s
	}
	s := string(text)
	p.names[s] = s
	return s
}

func (p *perfReader) wrong(line []byte, format string, args ...any) error {
	e := source.Errorf(source.Position{File: p.name, Line: p.line},
		"hand over what `perf script` prints, whole and unchanged", format, args...)
	e.Excerpt = string(line[:min(len(line), 200)])
	return e
}
