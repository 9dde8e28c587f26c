package callgrind

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"

	"taskbench/internal/source"
)

// longestLine, in bytes, is more than any name of a function takes.
const longestLine = 1 << 20

// Read reads a file of callgrind's; name is what errors call it. They are
// *source.Error with the line. A file whose end is missing, or whose sums are not
// those that it states, is refused.
func Read(name string, in io.Reader) (*Recording, error) {
	r := newReader()
	lines := bufio.NewReaderSize(in, 64<<10)
	for {
		line, err := nextLine(lines)
		if errors.Is(err, io.EOF) {
			break
		}
		r.line++
		if err == nil {
			err = r.read(line)
		}
		if err != nil {
			return nil, r.place(name, err)
		}
	}
	if err := r.finish(); err != nil {
		return nil, r.place(name, err)
	}
	return &r.out, nil
}

func (r *reader) place(name string, err error) error {
	return source.Errorf(source.Position{File: name, Line: r.line},
		"record it anew; what callgrind writes is described at valgrind.org, \"Callgrind Format Specification\"", "not a callgrind recording: %w", err)
}

// nextLine is the next line without its end, valid until the next call; io.EOF
// behind the last.
func nextLine(in *bufio.Reader) ([]byte, error) {
	line, err := in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		long := bytes.Clone(line)
		for errors.Is(err, bufio.ErrBufferFull) {
			if len(long) > longestLine {
				return nil, errors.New("a line is longer than 1 MiB")
			}
			line, err = in.ReadSlice('\n')
			long = append(long, line...)
		}
		line = long
	}
	if errors.Is(err, io.EOF) && len(line) > 0 {
		err = nil
	}
	return bytes.TrimRight(line, "\r\n"), err
}

// read takes one line: a cost, which is most of a file, or KEY=VALUE of the body,
// or KEY: VALUE of a part's head.
func (r *reader) read(line []byte) error {
	line = bytes.TrimLeft(line, " \t")
	if len(line) == 0 || line[0] == '#' {
		return nil
	}
	if c := line[0]; c >= '0' && c <= '9' || c == '+' || c == '-' || c == '*' {
		return r.cost(line)
	}
	if r.calling {
		return errors.New("calls= is not followed by what the calls cost")
	}
	at := bytes.IndexAny(line, "=:")
	if at < 0 {
		return errors.New("a line is neither a cost nor a name nor a heading")
	}
	key, value := string(line[:at]), bytes.TrimSpace(line[at+1:])
	if line[at] == ':' {
		return r.head(key, string(value))
	}
	return r.body(key, value)
}

func (r *reader) head(key, value string) error {
	switch key {
	case "part":
		return r.endPart()
	case "positions":
		r.positions = len(strings.Fields(value))
	case "events":
		return r.events(strings.Fields(value))
	case "totals":
		return r.totals(strings.Fields(value))
	}
	return nil // what else a head tells is for readers who look at the file
}

func (r *reader) body(key string, value []byte) error {
	switch key {
	case "fl", "fi", "fe", "cfi", "cfl":
		_, err := r.files.name(value) // an id of it may be named by a later line
		return err
	case "ob":
		return r.objects.set(&r.object, value)
	case "cob":
		r.calledObject.given = true
		return r.objects.set(&r.calledObject.name, value)
	case "fn":
		return r.enter(value)
	case "cfn":
		return r.called(value)
	case "calls":
		return r.calls(value)
	case "jump", "jcnd":
		return nil // who calls whom is told by calls=
	}
	return errors.New("unknown key " + source.Printable(key) + "=")
}
