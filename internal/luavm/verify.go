package luavm

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http/httputil"
	"strconv"
	"strings"

	"taskbench/internal/source"
)

// errIncomplete is wrk's message for a request without its end: no empty line,
// or a body shorter than Content-Length.
var errIncomplete = errors.New("incomplete request")

// splitRequests takes what request() returned apart into the requests it
// holds, and refuses what is not one or more whole HTTP requests. It looks at
// the frame only, as wrk does: two Host headers, say, are the server's business.
func splitRequests(raw []byte) ([][]byte, error) {
	var out [][]byte
	for rest := raw; len(rest) > 0; {
		n, err := requestLength(rest)
		if err != nil {
			return nil, err
		}
		out = append(out, rest[:n])
		rest = rest[n:]
	}
	if len(out) == 0 {
		return nil, errIncomplete
	}
	return out, nil
}

// requestLength measures the first request of raw, body included.
func requestLength(raw []byte) (int, error) {
	head, _, complete := bytes.Cut(raw, []byte("\r\n\r\n"))
	if err := checkCharacters(head); err != nil {
		return 0, err
	}
	if !complete {
		return 0, errIncomplete
	}
	lines := strings.Split(string(head), "\r\n")
	if !isRequestLine(lines[0]) {
		return 0, fmt.Errorf("invalid request line %q", lines[0])
	}
	size, chunked := 0, false
	for i, line := range lines[1:] {
		name, value, ok := strings.Cut(line, ":")
		if !ok || name == "" || strings.ContainsAny(name, " \t\"(),/;<=>?@[\\]{}") {
			return 0, fmt.Errorf("invalid header in line %d: %q", i+2, line)
		}
		value = strings.TrimSpace(value)
		switch strings.ToLower(name) {
		case "content-length":
			n, err := strconv.ParseUint(value, 10, 31)
			if err != nil {
				return 0, fmt.Errorf("invalid Content-Length %q", value)
			}
			size = int(n)
		case "transfer-encoding":
			chunked = strings.EqualFold(value, "chunked")
		}
	}
	start := len(head) + len("\r\n\r\n")
	if chunked {
		return chunkedEnd(raw, start)
	}
	if size > len(raw)-start {
		return 0, errIncomplete
	}
	return start + size, nil
}

func isRequestLine(line string) bool {
	method, rest, _ := strings.Cut(line, " ")
	path, version, ok := strings.Cut(rest, " ")
	upper := strings.Trim(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-") == ""
	return ok && method != "" && upper && path != "" && (version == "HTTP/1.1" || version == "HTTP/1.0")
}

// chunkedEnd finds the end of a chunked body that begins at start.
func chunkedEnd(raw []byte, start int) (int, error) {
	under := &byteReader{raw[start:]}
	if _, err := io.Copy(io.Discard, httputil.NewChunkedReader(under)); err != nil {
		return 0, errIncomplete
	}
	end := len(raw) - len(under.rest)
	if !bytes.HasPrefix(raw[end:], []byte("\r\n")) {
		return 0, errIncomplete
	}
	return end + len("\r\n"), nil
}

// byteReader gives one byte at a time, so that a buffering reader on top takes
// no more than it needs.
type byteReader struct{ rest []byte }

func (r *byteReader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(1, len(p))], r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// checkCharacters finds control characters before the body by their place, as
// wrk reports them.
func checkCharacters(head []byte) error {
	line, column := 1, 1
	for _, c := range head {
		if c < ' ' && c != '\r' && c != '\n' && c != '\t' || c == 0x7f {
			return fmt.Errorf("invalid character in header at %d:%d", line, column)
		}
		if column++; c == '\n' {
			line, column = line+1, 1
		}
	}
	return nil
}

// requestError reports a request that wrk would refuse, or worse, wait for an
// answer to until the end of the run.
func (p *Process) requestError(err error) error {
	err = &requestError{err}
	e := source.Errorf(source.Position{File: p.name},
		"request() must return a whole HTTP request; wrk.format() builds one", "bad request from the script: %v", err)
	e.Err = err
	return e
}

// requestError is what is wrong with the bytes of a request.
type requestError struct{ error }
