package check

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"
)

// line is one connection, used like one of wrk's: a request's bytes as they
// are, then its answer, and a new connection once the server has said that it
// closes this one.
type line struct {
	ctx     context.Context // of one Visit, which a line does not outlive
	address string
	timeout time.Duration
	conn    net.Conn // nil: to be opened
	in      *bufio.Reader

	sent, received int64 // bytes, over all connections
}

// unopened says why there is no connection.
type unopened struct{ err error }

func (u *unopened) Error() string { return u.err.Error() }
func (u *unopened) Unwrap() error { return u.err }

func (l *line) open() error {
	conn, err := connect(l.ctx, l.address)
	if err != nil {
		return &unopened{err}
	}
	l.conn, l.in = conn, bufio.NewReader(l)
	return nil
}

// Read reads from the connection, and counts.
func (l *line) Read(p []byte) (int, error) {
	n, err := l.conn.Read(p)
	l.received += int64(n)
	return n, err
}

func (l *line) close() {
	if l.conn != nil {
		_ = l.conn.Close() // nothing more is asked of it
		l.conn = nil
	}
}

func (l *line) exchange(raw []byte) (int, http.Header, []byte, error) {
	// http.ReadResponse needs the request's method to know whether a body follows.
	request, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil {
		return 0, nil, nil, fmt.Errorf("the request is not HTTP: %w", err)
	}
	if l.conn != nil && hungUp(l.conn) {
		l.close() // a server may end a connection that was idle for long
	}
	if l.conn == nil {
		if err := l.open(); err != nil {
			return 0, nil, nil, err
		}
	}
	received := l.received
	status, header, body, err := l.answer(request, raw)
	if err != nil && l.received == received {
		err = silent(err)
	}
	return status, header, body, err
}

// answer sends a request over the connection that is open, and reads what comes back.
func (l *line) answer(request *http.Request, raw []byte) (int, http.Header, []byte, error) {
	if err := l.conn.SetDeadline(time.Now().Add(l.timeout)); err != nil {
		return 0, nil, nil, err
	}
	conn := l.conn
	defer context.AfterFunc(l.ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })()
	n, err := conn.Write(raw)
	if l.sent += int64(n); err != nil {
		return 0, nil, nil, err
	}
	response, err := final(l.in, request)
	if err != nil {
		return 0, nil, nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil {
		err = l.beyond()
	}
	if response.Close {
		l.close()
	}
	return response.StatusCode, response.Header, body, err
}

// final reads the answer to a request, and what comes before it: any number of interim
// ones (100, 103), which have no body and say nothing of the answer.
func final(in *bufio.Reader, request *http.Request) (*http.Response, error) {
	for {
		response, err := http.ReadResponse(in, request)
		if err != nil || response.StatusCode/100 != 1 || response.StatusCode == http.StatusSwitchingProtocols {
			return response, err
		}
	}
}

// hungUp reports whether the other end has closed a connection on which nothing
// is awaited. A request that is sent then would be lost.
func hungUp(conn net.Conn) bool {
	if wrapped, ok := conn.(*tls.Conn); ok {
		conn = wrapped.NetConn()
	}
	raw, ok := conn.(syscall.Conn)
	if !ok {
		return false
	}
	control, err := raw.SyscallConn()
	if err != nil {
		return false
	}
	ended := false
	err = control.Control(func(fd uintptr) {
		n, _, err := syscall.Recvfrom(int(fd), make([]byte, 1), syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		ended = n == 0 && err == nil || errors.Is(err, syscall.ECONNRESET)
	})
	return ended && err == nil
}

// silent says what an error means where not a byte of an answer came.
func silent(err error) error {
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the server closed the connection without an answer")
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return errors.New("the server broke the connection without an answer")
	}
	return err
}

// beyond is an error where bytes came behind an answer that belong to none.
// Under load wrk could not tell them, where they follow every answer, from a
// server that ends its answers by closing. An empty line is let pass, as by wrk.
func (l *line) beyond() error {
	rest, err := l.in.Peek(l.in.Buffered())
	if err != nil {
		return err
	}
	rest = bytes.TrimLeft(rest, "\r\n")
	if len(rest) == 0 {
		_, err = l.in.Discard(l.in.Buffered())
		return err
	}
	what := "the answer's Content-Length is too small, or it has a body where none may be"
	if bytes.HasPrefix(rest, []byte("HTTP/")) {
		what = "a second answer to one request"
	}
	return fmt.Errorf("%d bytes behind the answer belong to no request: %s: %.40q", len(rest), what, rest)
}

// hostOf is a URL's host and port.
func hostOf(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}

func connect(ctx context.Context, address string) (net.Conn, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	host := hostOf(u)
	if u.Scheme == "https" {
		// wrk does not verify certificates either; the check must not be stricter.
		d := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true, ServerName: u.Hostname()}}
		return d.DialContext(ctx, "tcp", host)
	}
	var d net.Dialer
	return d.DialContext(ctx, "tcp", host)
}
