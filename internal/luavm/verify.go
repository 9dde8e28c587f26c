package luavm

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"

	"taskbench/internal/source"
)

// splitRequests takes what request() returned apart into the requests it
// holds, and refuses what is not one or more whole HTTP requests.
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
		return nil, errors.New("incomplete request")
	}
	return out, nil
}

// requestLength measures the first request of raw, body included.
func requestLength(raw []byte) (int, error) {
	if err := checkHead(raw); err != nil {
		return 0, err
	}
	under := bytes.NewReader(raw)
	buffered := bufio.NewReader(under)
	request, err := http.ReadRequest(buffered)
	if err == nil {
		_, err = io.Copy(io.Discard, request.Body)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return 0, errors.New("incomplete request")
	}
	if err != nil {
		return 0, err
	}
	return len(raw) - under.Len() - buffered.Buffered(), nil
}

// checkHead finds control characters before the body, which wrk's parser
// refuses, by their place.
func checkHead(raw []byte) error {
	head, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
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
	e := source.Errorf(source.Position{File: p.name},
		"request() must return a whole HTTP request; wrk.format() builds one", "bad request from the script: %v", err)
	e.Err = err
	return e
}
