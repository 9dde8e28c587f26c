package check

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"taskbench/internal/server"
	"taskbench/scenarios"
)

// brief answers the first request of each connection, or none where mute, and
// closes it. opened counts the connections.
func brief(t *testing.T, mute bool, opened *atomic.Int64) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil && !mute {
				opened.Add(1)
				_, _ = conn.Write([]byte("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello!"))
			}
			conn.Close()
		}
	}()
	return "http://" + l.Addr().String()
}

// A connection that the server closed after its answer without saying so is
// opened again: nothing was sent over it.
func TestLineOpensAgain(t *testing.T) {
	t.Parallel()
	var opened atomic.Int64
	l := &line{ctx: context.Background(), address: brief(t, false, &opened), timeout: time.Minute}
	defer l.close()
	for range 3 {
		if status, _, _, err := l.exchange([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n")); err != nil || status != http.StatusOK {
			t.Fatalf("status %d: %v", status, err)
		}
		for !hungUp(l.conn) { // its end is on the way
			time.Sleep(time.Millisecond)
		}
	}
	if opened.Load() != 3 {
		t.Errorf("%d connections", opened.Load())
	}
}

// A server that closes without an answer is said to.
func TestLiveClosedWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	s, err := scenarios.LoadFS(fstest.MapFS{"two.yaml": {Data: []byte(twoSteps)}}, "two.yaml")
	if err != nil {
		t.Fatal(err)
	}
	v := Live(context.Background(), s, server.Spec{Name: "rust", URL: brief(t, true, nil)}, 1)
	if v.Err == nil || !strings.Contains(v.Err.Error(), "the server closed the connection without an answer") {
		t.Errorf("%v", v.Err)
	}
}

// A server that cannot be reached is named, not the step.
func TestLiveUnreachable(t *testing.T) {
	t.Parallel()
	s, err := scenarios.LoadFS(fstest.MapFS{"two.yaml": {Data: []byte(twoSteps)}}, "two.yaml")
	if err != nil {
		t.Fatal(err)
	}
	v := Live(context.Background(), s, server.Spec{Name: "rust", URL: "http://127.0.0.1:1"}, 1)
	if v.Err == nil || !strings.HasPrefix(v.Err.Error(), "rust does not answer on http://127.0.0.1:1") || len(v.Answers) > 0 {
		t.Errorf("%v", v.Err)
	}
}
