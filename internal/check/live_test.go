package check

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/fstest"

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
