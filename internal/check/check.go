// Package check sends one iteration of a scenario to a target, through the
// same Lua that wrk will run, and says whether the answers are what the scenario
// expects and whether two targets answer alike. Nothing is measured here.
package check

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"taskbench/internal/target"
	"taskbench/lua"
	"taskbench/scenarios"
)

// Visit is one iteration against one target.
type Visit struct {
	Target  string
	Answers []Answer // in the order of the steps, setup first; up to the first failure
	Err     error    // the target could not be asked; nil when it answered, however wrongly
}

// Answer is one step's exchange.
type Answer = lua.Exchange

// Failed returns the first answer that is not what the scenario expects.
func (v Visit) Failed() (Answer, bool) {
	for _, a := range v.Answers {
		if len(a.Unmet) > 0 {
			return a, true
		}
	}
	return Answer{}, false
}

// Live sends one iteration of the scenario, as the target's overrides make it.
func Live(ctx context.Context, s *scenarios.Scenario, t target.Spec, seed int64) Visit {
	v := Visit{Target: t.Name}
	conn, err := connect(ctx, t.URL)
	if err != nil {
		v.Err = target.NotAnswering(t, err)
		return v
	}
	defer conn.Close()
	timeout := s.Load.Timeout
	if timeout <= 0 {
		timeout = 10 * time.Second
	}
	line := &line{conn: conn, in: bufio.NewReader(conn), timeout: timeout}
	v.Answers, v.Err = lua.DryRun(s.For(t.Name), lua.Options{Target: t.Name, URL: t.URL, Connections: 1, Seed: seed}, line.exchange)
	return v
}

// line is one connection, used like one of wrk's: a request's bytes as they are, then its answer.
type line struct {
	conn    net.Conn
	in      *bufio.Reader
	timeout time.Duration
}

func (l *line) exchange(raw []byte) (int, http.Header, []byte, error) {
	// http.ReadResponse needs the request's method to know whether a body follows.
	request, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil {
		return 0, nil, nil, fmt.Errorf("the request is not HTTP: %w", err)
	}
	if err := l.conn.SetDeadline(time.Now().Add(l.timeout)); err != nil {
		return 0, nil, nil, err
	}
	if _, err := l.conn.Write(raw); err != nil {
		return 0, nil, nil, err
	}
	response, err := http.ReadResponse(l.in, request)
	if err != nil {
		return 0, nil, nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, response.Header, body, err
}

func connect(ctx context.Context, address string) (net.Conn, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	host := net.JoinHostPort(u.Hostname(), port)
	if u.Scheme == "https" {
		// wrk does not verify certificates either; the check must not be stricter.
		d := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true, ServerName: u.Hostname()}}
		return d.DialContext(ctx, "tcp", host)
	}
	var d net.Dialer
	return d.DialContext(ctx, "tcp", host)
}
