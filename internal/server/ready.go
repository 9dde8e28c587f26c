package server

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"taskbench/internal/source"
)

// readyReply is the first answer of a server that is ready.
type readyReply struct {
	status int
	body   []byte
}

// client asks directly, one connection a request, and follows nothing. It does
// not verify certificates, as wrk does not: a server under test often has one
// that it signed itself.
var client = &http.Client{
	Timeout:       2 * time.Second,
	Transport:     &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// awaitReady asks for the ready page until it is answered with a status below
// 500, the process has ended, or the time is up.
func awaitReady(ctx context.Context, spec Spec, c *child) (readyReply, error) {
	deadline := time.NewTimer(spec.ReadyTimeout)
	defer deadline.Stop()
	var exited <-chan struct{}
	if c != nil {
		exited = c.exited
	}
	for pause := pollEvery; ; pause = min(2*pause, 100*time.Millisecond) {
		reply, err := ask(ctx, spec)
		if wrong := wrongScheme(ctx, spec, reply, err); wrong != nil {
			return readyReply{}, wrong // waiting does not change it
		}
		if err == nil && (c == nil || !c.hasExited()) {
			return reply, nil
		}
		select {
		case <-ctx.Done():
			return readyReply{}, fmt.Errorf("%s: gave up waiting for it: %w", spec.Name, ctx.Err())
		case <-exited:
			return readyReply{}, ended(ctx, spec, c)
		case <-deadline.C:
			return readyReply{}, late(spec, err)
		case <-time.After(pause):
		}
	}
}

// NotAnswering is the error for a server that cannot be reached, whatever the
// network's own error, with what to do about it.
func NotAnswering(spec Spec, err error) error {
	hint := "start it, or give its command with start: in taskbench.yaml, or try `taskbench demo`"
	if bad, ok := errors.AsType[*unready](err); ok && spec.Start == "" {
		return source.WithHint(fmt.Errorf("%s is not ready: %s answers GET %s with %s", spec.Name, spec.URL, cmp.Or(spec.Ready, "/"), bad.status),
			"name a path that it answers where all is well, with ready: /health in taskbench.yaml")
	}
	if isTimeout(err) && spec.Start == "" {
		hint = "it takes longer than that: name a path that it answers sooner, with ready: /health in taskbench.yaml, or see what it waits for"
	}
	if spec.Start != "" {
		hint = "its output may tell why; try its command by hand: " + spec.Start
	}
	return source.WithHint(fmt.Errorf("%s does not answer on %s: %w", spec.Name, spec.URL, cause(err)), hint)
}

// stayHint is what to do about a server that goes into the background.
const stayHint = "have it stay in the foreground, as most servers do with an option (such as nginx -g 'daemon off;'), so that taskbench sees when it ends"

// ended is the error for a process that is gone before its server answered.
func ended(ctx context.Context, spec Spec, c *child) error {
	if c.leftBehind() {
		return source.WithHint(fmt.Errorf("%s went into the background: what start: runs has ended (%s), and left a process behind", spec.Name, c.ending()), stayHint+"; what it left is stopped")
	}
	gone := fmt.Errorf("%s ended before it answered on %s (%s)", spec.Name, spec.URL, c.ending())
	if c.err != nil {
		return gone
	}
	if pid := successor(ctx, spec); pid != 0 {
		return source.WithHint(fmt.Errorf("%s went into the background: what start: runs has ended (%s), and now %s listens on its port. Nothing tells that it is its own, so it is left running", spec.Name, c.ending(), describe(pid)),
			fmt.Sprintf("stop it: kill %d; and %s", pid, stayHint))
	}
	hint := "servers that go into the background end like that: " + stayHint + "; else try its command by hand: " + spec.Start
	if c.logTail(1) == "" {
		hint = "it wrote nothing; " + hint
	}
	return source.WithHint(gone, hint)
}

// successorWithin is how long a process that was left behind takes to listen.
const successorWithin = time.Second

// successor is the process that soon listens where nobody did before the server was
// started; 0: none does.
func successor(ctx context.Context, spec Spec) int {
	address, err := url.Parse(spec.URL)
	if err != nil {
		return 0
	}
	for end := time.Now().Add(successorWithin); time.Now().Before(end) && ctx.Err() == nil; time.Sleep(pollEvery) {
		if pid := listener(address); pid != 0 {
			return pid
		}
	}
	return 0
}

func late(spec Spec, err error) error {
	if spec.Start == "" {
		return NotAnswering(spec, err)
	}
	return fmt.Errorf("%s was started, but does not answer on %s within %s: %w", spec.Name, spec.URL+spec.Ready, spec.ReadyTimeout, cause(err))
}

// unready is an answer that is none of a server that is ready.
type unready struct{ status string }

func (u *unready) Error() string { return "it says " + u.status }

// maxReady is how much of the ready page is read, in bytes.
const maxReady = 64 << 10

func ask(ctx context.Context, spec Spec) (readyReply, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, spec.URL+spec.Ready, nil)
	if err != nil {
		return readyReply{}, err
	}
	response, err := client.Do(request)
	if err != nil {
		return readyReply{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxReady))
	if err != nil {
		return readyReply{}, err
	}
	if response.StatusCode >= http.StatusInternalServerError {
		return readyReply{}, &unready{response.Status}
	}
	return readyReply{response.StatusCode, body}, nil
}

// cause strips a network error of the wrapping that repeats what our own
// message says: "connect: connection refused" becomes "connection refused".
func cause(err error) error {
	if isTimeout(err) {
		return fmt.Errorf("no answer within %s", client.Timeout)
	}
	if errors.Is(err, io.EOF) {
		return errors.New("it closes the connection without an answer")
	}
	if call, ok := errors.AsType[*net.OpError](err); ok {
		err = call.Err
	}
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err
}

func isTimeout(err error) bool {
	t, ok := errors.AsType[net.Error](err)
	return ok && t.Timeout()
}

// portFree refuses to start a server where another one listens: it would be
// the other one that is measured.
func portFree(ctx context.Context, spec Spec, address *url.URL) error {
	dialer := net.Dialer{Timeout: time.Second}
	conn, err := dialer.DialContext(ctx, "tcp", hostPort(address))
	if err != nil {
		return nil // nobody answers, which is what was asked
	}
	_ = conn.Close() // it was only opened to see whether it can be
	return source.WithHint(
		fmt.Errorf("%s cannot be started: port %s is taken by %s", spec.Name, port(address), describe(listener(address))),
		"stop what listens there, or leave start: out to measure it as it is")
}

func port(address *url.URL) string {
	if p := address.Port(); p != "" {
		return p
	}
	if address.Scheme == "https" {
		return "443"
	}
	return "80"
}

func hostPort(address *url.URL) string { return net.JoinHostPort(address.Hostname(), port(address)) }

// serverField is what a JSON answer calls its server, with the fields by which
// taskbench's reference server says what it is.
type serverField struct {
	Server   string `json:"server"`
	Dialect  string `json:"dialect"`
	Switches string `json:"switches"`
	Storage  string `json:"storage"`
}

func (r readyReply) server() serverField {
	var out serverField
	if json.Unmarshal(r.body, &out) != nil {
		return serverField{} // not JSON, so not ours
	}
	return out
}
