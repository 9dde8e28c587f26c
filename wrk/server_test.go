package wrk

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

func TestServersThatFail(t *testing.T) {
	t.Parallel()
	realWrk(t)
	refuses := refusing(t)
	hangs := listen(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	drops := listen(t, func(c net.Conn) {
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_, _ = c.Read(make([]byte, 1))
		c.Close()
	})
	cases := []struct{ name, url, want string }{
		{"refused", "http://" + refuses, "cannot connect to " + refuses + ": connection refused"},
		{"unknown host", "http://server.invalid", "unknown host server.invalid:http: …"},
		{"hangs", hangs, "no answer came from " + hangs + " in 1s"},
		{"drops", drops, "no answer came from " + drops + " (socket errors: connect 0, read …"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := run(t, oneSecond(c.url))
			wantProblem(t, err, c.want)
		})
	}
}

// refusing is an address at which connections are refused: it is taken, so that no
// other test's server comes to be there, and nobody listens.
func refusing(t *testing.T) string {
	t.Helper()
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Close(socket) })
	if err := syscall.Bind(socket, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	bound, err := syscall.Getsockname(socket)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("127.0.0.1:%d", bound.(*syscall.SockaddrInet4).Port)
}

// A server that answers nothing but errors is no failure of the run: what is
// expected of answers is for the reader of the figures.
func TestAllAnswersAre500(t *testing.T) {
	t.Parallel()
	realWrk(t)
	out, err := run(t, oneSecond(serve(t, 500, "")))
	if err != nil || !strings.Contains(string(out.Stdout), "Non-2xx or 3xx responses: ") {
		t.Errorf("%v\n%s", err, out.Stdout)
	}
}

// A server that dies while it is measured leaves a summary of what was.
func TestServerDies(t *testing.T) {
	t.Parallel()
	realWrk(t)
	var s *httptest.Server
	var answers atomic.Int64
	died := make(chan struct{})
	s = httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		if answers.Add(1) == 2 { // soon: wrk must still be there to see it
			go func() { s.Listener.Close(); s.CloseClientConnections(); close(died) }()
		}
	}))
	s.Start()
	t.Cleanup(s.Close)
	out, err := run(t, oneSecond(s.URL))
	<-died
	if err != nil || !strings.Contains(string(out.Stdout), "Socket errors: ") {
		t.Errorf("%v\n%s", err, out.Stdout)
	}
}

func TestInterruptKeepsFigures(t *testing.T) {
	t.Parallel()
	realWrk(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var answers atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		if answers.Add(1) == 50 {
			cancel()
		}
	}))
	t.Cleanup(s.Close)
	o := oneSecond(s.URL)
	o.Duration = time.Minute
	o.Script = writeScript(t, "")
	out, err := Run(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	if !out.Interrupted || out.Killed || string(out.Block) != "{}" || !strings.Contains(string(out.Stdout), "Requests/sec:") {
		t.Errorf("%+v\n%s", out, out.Stdout)
	}
}

// wrk ignores SIGINT while it creates its threads, so one is not enough.
func TestInterruptWhileStarting(t *testing.T) {
	t.Parallel()
	realWrk(t)
	ready := filepath.Join(t.TempDir(), "ready")
	ctx, cancel := context.WithCancel(context.Background())
	go func() { waitForFile(ready); cancel() }()
	o := oneSecond(serve(t, 200, "hello"))
	o.Threads, o.Connections, o.Duration = 4, 4, time.Minute
	o.Env = map[string]string{"READY": ready}
	o.Script = writeScript(t, `local ffi = require('ffi') ffi.cdef('int usleep(unsigned);')
function setup()
  local f = io.open(os.getenv('READY'), 'w') f:write('x') f:close()
  ffi.C.usleep(200000)
end`)
	out, err := Run(ctx, o)
	if err != nil || !out.Interrupted || out.Killed || out.Wall > 30*time.Second {
		t.Errorf("%v, %+v", err, out)
	}
}
