package luavm

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// recorder is a server that keeps what wrk sends, as the bytes it sends.
type recorder struct {
	net.Listener
	mu   sync.Mutex
	seen []string
	drop int // the request, from 1, that is not answered but cut off
}

const recorderAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nx-token: a b\r\nX-Twice: 1\r\nX-Twice: 2\r\nX-Token: secret\r\n\r\nhello"

func record(t *testing.T, drop int) *recorder {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &recorder{Listener: l, drop: drop}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go r.serve(c)
		}
	}()
	return r
}

func (r *recorder) serve(c net.Conn) {
	defer c.Close()
	var raw []byte
	chunk := make([]byte, 4096)
	for {
		n, err := c.Read(chunk)
		if err != nil {
			return
		}
		raw = append(raw, chunk[:n]...)
		for size, err := requestLength(raw); err == nil; size, err = requestLength(raw) {
			keep := r.keep(string(raw[:size]))
			raw = raw[size:]
			if !keep {
				return
			}
			if _, err := io.WriteString(c, recorderAnswer); err != nil {
				return
			}
		}
	}
}

func (r *recorder) keep(raw string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen = append(r.seen, raw)
	return len(r.seen) != r.drop
}

// sorted puts the header lines of a request in order: LuaJIT's tables have
// another order than gopher-lua's.
func sorted(raw string) string {
	head, body, _ := strings.Cut(raw, "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	slices.Sort(lines[1:])
	return strings.Join(lines, "\n") + "\n\n" + body
}

// TestRealWrk runs scripts in wrk and here: both must put the same requests
// on the wire, and print the same from setup and init.
func TestRealWrk(t *testing.T) {
	t.Parallel()
	wrk, err := exec.LookPath("wrk")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("wrk is not installed")
		}
		t.Skip("wrk is not installed")
	}
	for _, c := range []struct {
		script string
		drop   int
	}{
		{"wrk/addr.lua", 0}, {"wrk/auth.lua", 0}, {"wrk/counter.lua", 0}, {"wrk/delay.lua", 0}, {"wrk/pipeline.lua", 0},
		{"wrk/post.lua", 0}, {"wrk/report.lua", 0}, {"wrk/setup.lua", 0}, {"wrk/stop.lua", 0},
		{"real/format.lua", 0}, {"real/format.lua", 4}, {"wrk/counter.lua", 3},
	} {
		t.Run(c.script, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join("testdata", c.script)
			server := record(t, c.drop)
			url := "http://" + server.Addr().String() + "/base?x=1"
			cmd := exec.Command(wrk, "-t1", "-c1", "-d1", "-H", "X-Cmd: a: b", "-H", "X-Lost:c", "-s", path, url, "--", "one", "two")
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("wrk: %v", err)
			}
			server.mu.Lock()
			defer server.mu.Unlock()
			compareRequests(t, server.seen, path, Config{URL: url, Headers: []string{"X-Cmd: a: b", "X-Lost:c"}, Args: []string{"one", "two"}}, c.drop, string(out))
		})
	}
}

// compareRequests replays the script here and compares the first requests.
func compareRequests(t *testing.T, seen []string, path string, c Config, drop int, printed string) {
	t.Helper()
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	n := min(24, len(seen))
	if n < 5 {
		t.Fatalf("wrk sent %d requests only", n)
	}
	var out bytes.Buffer
	c.Stdout = &out
	p := startSource(t, path, string(src), c)
	if early := out.String(); !strings.HasPrefix(printed, early) {
		t.Errorf("wrk printed %q, here %q", printed[:min(len(printed), len(early)+100)], early)
	}
	var sent []string
	if _, err := p.Run(context.Background(), func(_ int, raw []byte) (Answer, error) {
		if sent = append(sent, sorted(string(raw))); len(sent) == drop {
			return Answer{}, errors.New("cut off")
		}
		return Answer{Status: 200, Body: []byte("hello"), Header: http.Header{
			"Content-Length": {"5"}, "x-token": {"a b"}, "X-Twice": {"1", "2"}, "X-Token": {"secret"},
		}}, nil
	}, n); err != nil {
		t.Fatal(err)
	}
	want := make([]string, n)
	for i := range want {
		want[i] = sorted(seen[i])
	}
	if diff := cmp.Diff(want, sent[:min(n, len(sent))]); diff != "" {
		t.Errorf("requests (-wrk +here):\n%s", diff)
	}
}
