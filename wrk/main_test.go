package wrk

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"taskbench/internal/source"
)

// fakeVariable makes the test binary behave as a wrk of the kind it names.
const fakeVariable = "TASKBENCH_FAKE_WRK"

func TestMain(m *testing.M) {
	if kind := os.Getenv(fakeVariable); kind != "" {
		os.Exit(fakeWrk(kind))
	}
	os.Exit(m.Run())
}

const fakeSummary = `Running 1s test @ http://127.0.0.1/
  1 threads and 1 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency    62.00us   10.00us 100.00us   90.00%
    Req/Sec    16.00k     1.00k   17.00k    90.00%
  16000 requests in 1.00s, 1.00MB read
Requests/sec:  16000.00
Transfer/sec:      1.00MB
`

// fakeWrk is a wrk that does one thing, whatever it is asked for.
func fakeWrk(kind string) int {
	kind, argument, _ := strings.Cut(kind, "=")
	switch kind {
	case "good":
		fmt.Print(fakeSummary)
		fakeBlock()
	case "no block":
		fmt.Print(fakeSummary)
	case "report": // its arguments and environment
		fmt.Printf("%q\n%s|%s|%s|%s\n%s", os.Args[1:], os.Getenv("TASKBENCH_OUT"), os.Getenv("TASKBENCH_RUN"),
			os.Getenv("TASKBENCH_SEED"), os.Getenv("EXTRA"), fakeSummary)
		fakeBlock()
	case "stderr":
		fmt.Print(fakeSummary)
		fmt.Fprintln(os.Stderr, argument)
		fakeBlock()
	case "exit":
		return 3
	case "usage":
		fmt.Println("Usage: wrk <options> <url>")
		return 1
	case "version":
		fmt.Println(argument)
		return 1
	case "crash":
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		time.Sleep(time.Minute)
	case "huge":
		line := strings.Repeat("x", 1<<16)
		for range (maxOutput >> 16) + 100 {
			fmt.Print(line)
		}
		fakeBlock()
	case "until interrupted", "deaf":
		return fakeWait(kind, argument)
	case "child": // a grandchild that outlives it and holds its streams
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), fakeVariable+"=deaf="+argument)
		child.Stdout, child.Stderr = os.Stdout, os.Stderr
		if err := child.Start(); err != nil {
			return 9
		}
		waitForFile(argument)
		fmt.Print(fakeSummary)
		fakeBlock()
	}
	return 0
}

// fakeWait runs until SIGINT, or beyond it, and tells the file that it is ready.
func fakeWait(kind, ready string) int {
	signals := make(chan os.Signal, 10)
	signal.Notify(signals, syscall.SIGINT)
	if kind == "deaf" {
		signal.Ignore(syscall.SIGINT)
	}
	if err := os.WriteFile(ready, []byte(fmt.Sprint(os.Getpid())), 0o644); err != nil {
		return 9
	}
	select {
	case <-signals:
		fmt.Print(fakeSummary)
		fakeBlock()
		return 0
	case <-time.After(time.Minute):
		return 8
	}
}

func fakeBlock() {
	if file := os.Getenv("TASKBENCH_OUT"); file != "" {
		_ = os.WriteFile(file, []byte(`{"taskbench_block":1}`), 0o644)
	}
}

func waitForFile(name string) {
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if text, err := os.ReadFile(name); err == nil && len(text) > 0 {
			return
		}
	}
}

// fake gives options for a fake wrk of a kind.
func fake(t *testing.T, kind string) Options {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return Options{Path: self, URL: "http://127.0.0.1:1/", Threads: 1, Connections: 1, Duration: time.Second,
		Env: map[string]string{fakeVariable: kind}}
}

// realWrk skips the test where there is no wrk, except in CI.
func realWrk(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("wrk"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
}

// serve starts a server that answers everything with status and text.
func serve(t *testing.T, status int, text string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(text))
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// listen starts a server that does with each connection what handle does. It
// ends with the test.
func listen(t *testing.T, handle func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go handle(c)
		}
	}()
	return "http://" + l.Addr().String()
}

// oneSecond gives options for one second of the real wrk on one connection.
func oneSecond(url string) Options {
	return Options{URL: url, Threads: 1, Connections: 1, Duration: time.Second}
}

// writeScript stores a Lua script. Text that does not define done() itself
// gets one that writes a block.
func writeScript(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "script.lua")
	if !strings.Contains(text, "done") {
		text += "\nfunction done() local f = io.open(os.getenv('TASKBENCH_OUT'), 'w') f:write('{}') f:close() end\n"
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// wantProblem demands a *source.Error with a hint, whose message is want. A
// want that ends in … is a beginning.
func wantProblem(t *testing.T, err error, want string) *source.Error {
	t.Helper()
	var e *source.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want %q", err, want)
	}
	beginning, open := strings.CutSuffix(want, "…")
	if e.Message != want && !(open && strings.HasPrefix(e.Message, beginning)) {
		t.Errorf("message %q, want %q", e.Message, want)
	}
	if e.Hint == "" {
		t.Errorf("no hint with %q", e.Message)
	}
	return e
}

func run(t *testing.T, o Options) (Output, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return Run(ctx, o)
}
