package luavm

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const testURL = "http://127.0.0.1:3000/base?x=1"

// start loads a script from testdata/wrk, which holds wrk's own examples
// unchanged, and starts its threads.
func start(t *testing.T, script string, c Config) *Process {
	t.Helper()
	path := filepath.Join("testdata", "wrk", script)
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return startSource(t, script, string(src), c)
}

func startSource(t *testing.T, name, src string, c Config) *Process {
	t.Helper()
	if c.URL == "" {
		c.URL = testURL
	}
	p, err := New(name, []byte(src), c)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	return p
}

func request(t *testing.T, th *Thread) string {
	t.Helper()
	raw, err := th.Request()
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func ok(int, []byte) (Answer, error) {
	return Answer{Status: 200, Header: http.Header{"X-Token": {"first", "secret"}}, Body: []byte("hi")}, nil
}

func TestExampleAddr(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := start(t, "addr.lua", Config{Threads: 2, Stdout: &out, Lookup: func(host, service string) ([]string, error) {
		return []string{"10.0.0.1:" + service, "10.0.0.2:" + service}, nil
	}, Connect: func(a string) bool { return a == "10.0.0.2:3000" }})
	if want := "thread addr: 10.0.0.2:3000\n"; out.String() != want+want {
		t.Errorf("printed %q", out.String())
	}
	if got := p.Threads()[1].Addr(); got != "10.0.0.2:3000" {
		t.Errorf("address %q", got)
	}
}

func TestExampleAuth(t *testing.T) {
	t.Parallel()
	th := start(t, "auth.lua", Config{}).Threads()[0]
	if got, want := request(t, th), "GET /authenticate HTTP/1.1\r\nHost: 127.0.0.1:3000\r\n\r\n"; got != want {
		t.Errorf("first request %q, want %q", got, want)
	}
	answer, _ := ok(1, nil)
	if err := th.Response(answer.Status, answer.Header, answer.Body); err != nil {
		t.Fatal(err)
	}
	if got, want := request(t, th), "GET /resource HTTP/1.1\r\nHost: 127.0.0.1:3000\r\nX-Token: secret\r\n\r\n"; got != want {
		t.Errorf("second request %q, want %q", got, want)
	}
}

func TestExampleCounter(t *testing.T) {
	t.Parallel()
	p := start(t, "counter.lua", Config{Threads: 2})
	// The dry run has taken 0 from the first thread.
	for i, want := range []string{"1", "0"} {
		got := request(t, p.Threads()[i])
		if !strings.HasPrefix(got, "GET /"+want+" HTTP/1.1\r\n") || !strings.Contains(got, "X-Counter: "+want+"\r\n") {
			t.Errorf("thread %d: %q", i+1, got)
		}
	}
}

func TestExampleDelay(t *testing.T) {
	t.Parallel()
	th := start(t, "delay.lua", Config{}).Threads()[0]
	// LuaJIT's sequence, the same in every run: 42, 38, 34, 40 for math.random(10, 50).
	for _, want := range []int64{42, 38, 34, 40} {
		d, ok, err := th.Delay()
		if err != nil || !ok || d.Milliseconds() != want {
			t.Errorf("delay %v, %v, %v; want %d ms", d, ok, err, want)
		}
	}
}

func TestExamplePipeline(t *testing.T) {
	t.Parallel()
	p := start(t, "pipeline.lua", Config{})
	if p.Pipeline() != 3 {
		t.Errorf("pipeline %d, want 3", p.Pipeline())
	}
	var lines []string
	summary, err := p.Run(context.Background(), func(_ int, raw []byte) (Answer, error) {
		line, _, _ := strings.Cut(string(raw), "\r\n")
		lines = append(lines, line)
		return Answer{Status: 404}, nil
	}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(lines, "|"); got != "GET /?foo HTTP/1.1|GET /?bar HTTP/1.1|GET /?baz HTTP/1.1" {
		t.Errorf("sent %s", got)
	}
	if summary.Requests != 3 || summary.Errors.Status != 3 || len(summary.Latency) != 1 {
		t.Errorf("summary %+v", summary)
	}
}

func TestExamplePost(t *testing.T) {
	t.Parallel()
	p := start(t, "post.lua", Config{Headers: []string{"X-A: b: c", "X-Lost:d"}})
	want := "POST /base?x=1 HTTP/1.1\r\nX-A: b: c\r\nContent-Type: application/x-www-form-urlencoded\r\n" +
		"Host: 127.0.0.1:3000\r\nContent-Length: 16\r\n\r\nfoo=bar&baz=quux"
	if got := request(t, p.Threads()[0]); got != want {
		t.Errorf("request %q\nwant    %q", got, want)
	}
}

func TestExampleReport(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := start(t, "report.lua", Config{Stdout: &out})
	samples := make([]uint64, 1000)
	for i := range samples {
		samples[i] = uint64(i + 1)
	}
	if err := p.Done(Summary{Latency: samples}); err != nil {
		t.Fatal(err)
	}
	if want := "------------------------------\n50%,501\n90%,901\n99%,991\n99.999%,1000\n"; out.String() != want {
		t.Errorf("printed %q, want %q", out.String(), want)
	}
}

func TestExampleSetup(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := start(t, "setup.lua", Config{Threads: 2, Stdout: &out})
	summary, err := p.Run(context.Background(), ok, 5)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Done(summary); err != nil {
		t.Fatal(err)
	}
	want := "thread 1 created\nthread 2 created\n" +
		"thread 1 made 6 requests and got 5 responses\n" + // one more: the dry run
		"thread 2 made 5 requests and got 5 responses\n"
	if out.String() != want {
		t.Errorf("printed %q, want %q", out.String(), want)
	}
}

func TestExampleStop(t *testing.T) {
	t.Parallel()
	p := start(t, "stop.lua", Config{})
	summary, err := p.Run(context.Background(), ok, 1000)
	if err != nil {
		t.Fatal(err)
	}
	if summary.Requests != 100 || !p.Threads()[0].Stopped() {
		t.Errorf("%d requests before the stop, want 100", summary.Requests)
	}
}
