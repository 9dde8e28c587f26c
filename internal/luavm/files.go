package luavm

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// files is the file system of a process: what it wrote, in memory, over what
// Config.ReadFile gives.
type files struct {
	read    func(string) ([]byte, error)
	written map[string][]byte
	names   int
}

func (f *files) readFile(path string) ([]byte, error) {
	if data, ok := f.written[path]; ok {
		return data, nil
	}
	if f.read == nil {
		return nil, errNoFile
	}
	return f.read(path)
}

func (f *files) rename(from, to string) error {
	data, ok := f.written[from]
	if !ok {
		return errNoFile
	}
	delete(f.written, from)
	f.written[to] = data
	return nil
}

func (f *files) remove(path string) error {
	if _, ok := f.written[path]; !ok {
		return errNoFile
	}
	delete(f.written, path)
	return nil
}

func (f *files) temporary() string {
	f.names++
	return fmt.Sprintf("lua_%06d.tmp", f.names)
}

// open does fopen: modes r, w and a, with + and b allowed.
func (f *files) open(path, mode string) (*file, error) {
	data, err := f.readFile(path)
	switch mode[:1] {
	case "r":
		if err != nil {
			return nil, err
		}
	case "w":
		data = nil
	}
	opened := &file{files: f, path: path, data: bytes.Clone(data), readable: mode[0] == 'r' || strings.Contains(mode, "+")}
	opened.writable = mode[0] != 'r' || strings.Contains(mode, "+")
	if mode[0] == 'a' {
		opened.pos = len(opened.data)
	}
	if mode[0] != 'r' {
		opened.flush()
	}
	return opened, nil
}

// file is one open file, or a standard stream when sink is set.
type file struct {
	files    *files
	path     string
	sink     io.Writer
	data     []byte
	pos      int
	readable bool
	writable bool
	closed   bool
}

var errNotWritable = errors.New("bad file descriptor")

func (f *file) write(s string) error {
	if f.sink != nil {
		_, err := io.WriteString(f.sink, s)
		return err
	}
	if !f.writable {
		return errNotWritable
	}
	if f.pos+len(s) > maxString {
		return errors.New("no space left on device")
	}
	f.data = append(f.data[:f.pos], append([]byte(s), f.data[min(len(f.data), f.pos+len(s)):]...)...)
	f.pos += len(s)
	f.flush()
	return nil
}

// flush lets readers of the path see the data.
func (f *file) flush() { f.files.written[f.path] = f.data }

// line reads up to the next newline; ok is false at the end.
func (f *file) line() (s string, ok bool) {
	if f.pos >= len(f.data) {
		return "", false
	}
	rest := f.data[f.pos:]
	n := bytes.IndexByte(rest, '\n')
	if n < 0 {
		f.pos = len(f.data)
		return string(rest), true
	}
	f.pos += n + 1
	return string(rest[:n]), true
}

// take reads up to n bytes; ok is false at the end.
func (f *file) take(n int) (s string, ok bool) {
	if f.pos >= len(f.data) && n > 0 {
		return "", false
	}
	end := min(len(f.data), f.pos+max(n, 0))
	s = string(f.data[f.pos:end])
	f.pos = end
	return s, true
}

// readFormat reads by one of Lua's formats.
func (f *file) readFormat(format lua.LValue) (lua.LValue, error) {
	if n, ok := format.(lua.LNumber); ok {
		return optional(f.take(int(n))), nil
	}
	switch strings.TrimPrefix(lua.LVAsString(format), "*") {
	case "a":
		s, _ := f.take(len(f.data) - f.pos)
		return lua.LString(s), nil
	case "l":
		return optional(f.line()), nil
	case "n":
		return f.number(), nil
	}
	return nil, errors.New("invalid format")
}

func optional(s string, ok bool) lua.LValue {
	if !ok {
		return lua.LNil
	}
	return lua.LString(s)
}

func (f *file) number() lua.LValue {
	rest := string(f.data[f.pos:])
	trimmed := strings.TrimLeft(rest, " \t\r\n")
	word := trimmed
	if i := strings.IndexFunc(trimmed, func(r rune) bool { return !strings.ContainsRune("0123456789abcdefABCDEFxX+-.", r) }); i >= 0 {
		word = trimmed[:i]
	}
	v, ok := parseNumber(word)
	if !ok {
		return lua.LNil
	}
	f.pos += len(rest) - len(trimmed) + len(word)
	return lua.LNumber(v)
}
