package check

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"taskbench/internal/server"
	"taskbench/scenarios"
)

const twoSteps = `
name: two
title: Two pages
load: {connections: 1, duration: 1s}
flow:
  - {name: one, request: GET /one, expect: {status: 200}, capture: {word: "regex:/(\\w+)!/"}}
  - {name: two, request: "GET /two?word=${word}", expect: {status: 200}}
`

func visit(t *testing.T, url string) Visit {
	t.Helper()
	s, err := scenarios.LoadFS(fstest.MapFS{"two.yaml": {Data: []byte(twoSteps)}}, "two.yaml")
	if err != nil {
		t.Fatal(err)
	}
	v := Live(context.Background(), s, server.Spec{Name: "rust", URL: url}, 1)
	if v.Err != nil {
		t.Fatal(v.Err)
	}
	return v
}

// TestLiveReconnects holds the check to what wrk does with a server that
// closes its connection after every answer.
func TestLiveReconnects(t *testing.T) {
	var connections atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		fmt.Fprintf(w, "hello! %s", r.URL.RawQuery)
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	v := visit(t, server.URL)
	server.Close()
	if _, failed := v.Failed(); failed || len(v.Answers) != 2 || connections.Load() != 2 {
		t.Fatalf("%d connections, %+v", connections.Load(), v)
	}
	if got := string(v.Answers[1].Body); got != "hello! word=hello" {
		t.Errorf("the second answer is %q", got)
	}
}

// TestLiveAcceptsAnyCertificate because wrk does.
func TestLiveAcceptsAnyCertificate(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello!") }))
	defer server.Close()
	if v := visit(t, server.URL); len(v.Answers) != 2 {
		t.Errorf("%+v", v)
	}
}

// TestLiveBeyondTheAnswer: what stands behind an answer and belongs to none is
// told before any load; an empty line is let pass.
func TestLiveBeyondTheAnswer(t *testing.T) {
	const answer = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello!"
	for behind, want := range map[string]string{
		"":                          "",
		"\r\n":                      "",
		" you":                      "4 bytes behind the answer belong to no request: the answer's Content-Length is too small",
		"\r\n" + answer:             "a second answer to one request",
		"HTTP/1.1 500 Oops\r\n\r\n": "a second answer to one request",
	} {
		err := answered(t, answer+behind)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("behind the answer %q: %v, want %q", behind, err, want)
		}
	}
}

// TestLineReadsPastInterimAnswers: what comes before an answer is none, whether it comes
// in one piece with it or long before.
func TestLineReadsPastInterimAnswers(t *testing.T) {
	const interim, last = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok"
	for name, pieces := range map[string][]string{
		"in one piece": {"HTTP/1.1 100 Continue\r\n\r\n" + interim + interim + last},
		"in turn":      {interim, interim, last},
	} {
		t.Run(name, func(t *testing.T) {
			early := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				conn, _, err := w.(http.Hijacker).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				defer conn.Close()
				for _, piece := range pieces {
					_, _ = io.WriteString(conn, piece) // whether it gets through is the other side's matter
				}
			}))
			defer early.Close()
			s, err := scenarios.LoadFS(fstest.MapFS{"a.yaml": {Data: []byte("name: a\nrequest: {request: GET /, expect: {status: 201, body: ok}}")}}, "a.yaml")
			if err != nil {
				t.Fatal(err)
			}
			v := Live(context.Background(), s, server.Spec{Name: "rust", URL: early.URL}, 1)
			if v.Err != nil || len(v.Answers) != 1 || v.Answers[0].Status != 201 || len(v.Answers[0].Unmet) > 0 {
				t.Fatalf("%+v", v)
			}
		})
	}
}

// answered is what a line makes of two requests that are answered so.
func answered(t *testing.T, answer string) error {
	client, server := net.Pipe()
	t.Cleanup(func() { client.Close(); server.Close() })
	go func() {
		in := bufio.NewReader(server)
		for {
			if _, err := http.ReadRequest(in); err != nil {
				return
			}
			_, _ = io.WriteString(server, answer) // whether it gets through is the other side's matter
		}
	}()
	l := &line{ctx: context.Background(), conn: client, in: bufio.NewReader(client), timeout: time.Minute}
	for range 2 {
		if _, _, _, err := l.exchange([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n")); err != nil {
			return err
		}
	}
	return nil
}
