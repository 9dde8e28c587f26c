package wrk

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The script's world, as far as what taskbench generates rests on it.
func TestScriptFacts(t *testing.T) {
	t.Parallel()
	realWrk(t)
	url := listen(t, answerAll("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Twice: one\r\nX-Twice: two\r\nx-cAsE: y\r\n\r\nhello"))
	const write = "local f = io.open(os.getenv('TASKBENCH_OUT'), 'w') f:write(%s) f:close()"
	cases := []struct{ name, script, result, want string }{
		{"thread 1 asks once more than it sends",
			"local th n, m = 0, 0 function setup(t) th = t end function request() n = n + 1 return wrk.format() end function response() m = m + 1 end",
			"tostring(th:get('n') - th:get('m') - 1 <= 1)", "true"},
		{"all threads draw the same numbers",
			"local ths = {} function setup(t) ths[#ths + 1] = t end function init() r = math.random() end",
			"tostring(ths[1]:get('r') == ths[2]:get('r'))", "true"},
		{"arguments count from 0, and that is the URL",
			"local th function setup(t) th = t end function init(args) a = args[0] .. ' ' .. args[1] end",
			"th:get('a')", url + " -x"},
		{"the last of equal headers, in the server's case",
			"local th function setup(t) th = t end function response(_, h) a = h['X-Twice'] .. tostring(h['X-Case']) .. h['x-cAsE'] end",
			"th:get('a')", "twonily"},
		{"format without a body takes wrk.body",
			"local th function setup(t) th = t end function init() wrk.body = 'left' a = wrk.format('POST', '/', {}, nil):match('left') end",
			"th:get('a')", "left"},
		{"strings end at NUL between states",
			"local th function setup(t) th = t th:set('s', 'ab\\0cd') end function init() n = #s end",
			"tostring(th:get('n'))", "2"},
		{"the hundredth percentile is 0", "", "tostring(latency:percentile(100))", "0"},
		{"files: the soft limit is raised to the hard one", "",
			"io.open('/proc/self/limits'):read('*a'):match('Max open files +(%d+)')", hardFileLimit(t)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := oneSecond(url)
			o.Threads, o.Connections, o.Args = 2, 2, []string{"-x"}
			if strings.Contains(c.script, "local th ") {
				o.Threads, o.Connections = 1, 1
			}
			o.Script = writeScript(t, c.script+"\nfunction done(summary, latency) "+fmt.Sprintf(write, c.result)+" end\n")
			out, err := run(t, o)
			if err != nil || string(out.Block) != c.want {
				t.Errorf("%q, %v, want %q", out.Block, err, c.want)
			}
		})
	}
}

// answerAll answers every request of a connection, bodies aside, with text.
func answerAll(text string) func(net.Conn) {
	return func(c net.Conn) {
		defer c.Close()
		r := bufio.NewReader(c)
		for {
			if _, err := http.ReadRequest(r); err != nil {
				return
			}
			if _, err := io.WriteString(c, text); err != nil {
				return
			}
		}
	}
}

func hardFileLimit(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("/proc/self/limits")
	if err != nil {
		t.Skip(err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, found := strings.CutPrefix(line, "Max open files"); found {
			return strings.Fields(rest)[1]
		}
	}
	t.Fatal("no limit of open files")
	return ""
}

// After an answer that broke off, wrk asks again without a response() between,
// and hands the next answer over with the remains of the broken one in front.
func TestStaleBody(t *testing.T) {
	t.Parallel()
	realWrk(t)
	var broken atomic.Bool
	url := listen(t, func(c net.Conn) {
		defer c.Close()
		r := bufio.NewReader(c)
		for {
			if _, err := http.ReadRequest(r); err != nil {
				return
			}
			if broken.CompareAndSwap(false, true) {
				_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbad")
				return
			}
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood")
		}
	})
	o := oneSecond(url)
	o.Script = writeScript(t, `local th
function setup(t) th = t end
n, m, seen = 0, 0, ''
function request() n = n + 1 return wrk.format() end
function response(_, _, body) m = m + 1 if seen == '' then seen = body end end
function done() local f = io.open(os.getenv('TASKBENCH_OUT'), 'w')
  f:write(th:get('seen'), ' ', th:get('n') - th:get('m')) f:close() end`)
	out, err := run(t, o)
	// Without a response: the dry run, the broken request, and perhaps one
	// under way at the end.
	if got := string(out.Block); err != nil || got != "badgood 2" && got != "badgood 3" {
		t.Errorf("%q, %v", got, err)
	}
}

// A wrong request after the first one hangs its connection, and wrk says
// nothing about it.
func TestLaterRequestsAreNotVerified(t *testing.T) {
	t.Parallel()
	realWrk(t)
	o := oneSecond(serve(t, 200, "hello"))
	o.Script = writeScript(t, `local n = 0
function request() n = n + 1
  if n > 10 then return 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabc' end
  return wrk.format() end`)
	out, err := run(t, o)
	if answers, _ := answersIn(out.Stdout); err != nil || answers != "9" {
		t.Errorf("%q answers, %v\n%s", answers, err, out.Stdout)
	}
}

func TestConnectionsThatAreOpened(t *testing.T) {
	t.Parallel()
	realWrk(t)
	var mutex sync.Mutex
	clients := map[string]bool{}
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mutex.Lock()
		defer mutex.Unlock()
		clients[r.RemoteAddr] = true
	}))
	t.Cleanup(s.Close)
	o := oneSecond(s.URL)
	o.Threads, o.Connections = 3, 10
	out, err := run(t, o)
	if err != nil || len(out.Warnings) != 1 || !strings.Contains(string(out.Stdout), "3 threads and 10 connections") {
		t.Errorf("%v, %q\n%s", err, out.Warnings, out.Stdout)
	}
	mutex.Lock()
	defer mutex.Unlock()
	if len(clients) != 9 {
		t.Errorf("%d connections", len(clients))
	}
}

func TestBodiesArriveWhole(t *testing.T) {
	t.Parallel()
	realWrk(t)
	bodies := make(chan string, 1)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		select {
		case bodies <- r.Header.Get("X-One") + string(body):
		default:
		}
	}))
	t.Cleanup(s.Close)
	o := oneSecond(s.URL)
	o.Headers = []string{"X-One: head"}
	o.Script = writeScript(t, `wrk.method = 'POST' wrk.body = 'a\000b\r\nc\195\164"'`)
	if _, err := run(t, o); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff("head"+"a\x00b\r\ncä\"", <-bodies); d != "" {
		t.Error(d)
	}
}
