package luavm

import (
	"bytes"
	"context"
	"errors"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"taskbench/internal/source"
)

func TestScriptErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, src, want string }{
		{"loading", "local x\nx.y = 1", "s.lua:2: attempt to index a non-table object(nil) with key 'y'"},
		{"setup", "function setup(t)\n  error('no')\nend", "s.lua:2: no"},
		{"init", "function init()\n\n  local s = 1 .. nil\nend", "s.lua:3: cannot perform concat operation between string and nil"},
		{"request", "function request()\n  return nope()\nend", "s.lua:2: attempt to call a non-function object"},
		{"request gives nil", "function request() end", "s.lua: bad request from the script: request() returned nil, not a string"},
		{"request gives half a request", "function request() return 'GET / HTTP/1.1\\r\\n' end", "s.lua: bad request from the script: incomplete request"},
		{"NUL in a header", "wrk.headers.A = '\\0'", "s.lua: bad request from the script: invalid character in header at 2:4"},
		{"endless loop", "while true do end", "s.lua:1: the script does not return"},
		{"endless loop in pcall", "while true do\n pcall(function() while true do end end) end", "s.lua:2: the script does not return"},
		{"endless coroutine", "local c = coroutine.wrap(function()\nwhile true do end end)\nc()", "s.lua:2: the script does not return"},
		{"nested table to a thread", "function setup(t)\n t:set('x', {{}})\nend", "s.lua:2: cannot transfer a table in a table: wrk crashes on it; pass scalars, or the address of ffi memory as a number"},
		{"function to a thread", "function setup(t)\n t:set('x', print)\nend", "s.lua:2: cannot transfer 'function' to thread"},
		{"exit", "os.exit(3)", "s.lua:1: the script ended its process with os.exit(3)"},
		{"ffi", "\nlocal ffi = require 'ffi'", "s.lua:2: the embedded VM has no ffi"},
		{"host", "local host = require 'taskbench.host'", "s.lua:1: module 'taskbench.host' not found"},
		{"program", "os.execute('ls')", "s.lua:1: os.execute is not run by the embedded VM"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, err := New("s.lua", []byte(c.src), Config{URL: testURL, Budget: 100_000})
			if err == nil {
				err = p.Start()
			}
			var e *source.Error
			if !errors.As(err, &e) {
				t.Fatalf("error %v is not a *source.Error", err)
			}
			if got := e.Pos.String() + ": " + e.Message; got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if e.Hint == "" || e.Pos.Line > 0 && e.Excerpt == "" {
				t.Errorf("no hint or excerpt: %+v", e)
			}
		})
	}
}

func TestInvalidURL(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "localhost:3000", "http://", "/path", "http://a b/"} {
		if _, err := New("s.lua", nil, Config{URL: url}); err == nil {
			t.Errorf("%q accepted", url)
		}
	}
}

func TestURLParts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ url, want string }{
		{"http://a:1/p?q=1#f", "http a 1 /p?q=1#f"},
		{"https://a", "https a  /"},
		{"http://a?q=1", "http a  /"}, // wrk loses a query without a path
		{"http://[::1]:80/", "http ::1 80 /"},
	} {
		u, err := parseURL(c.url)
		if got := strings.Join([]string{u.scheme, u.host, u.port, u.path}, " "); err != nil || got != c.want {
			t.Errorf("%s: %q, %v; want %q", c.url, got, err, c.want)
		}
	}
}

func TestDone(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := startSource(t, "s.lua", `
function done(s, l, r)
   print(s.duration, s.requests, s.bytes)
   print(s.errors.connect, s.errors.read, s.errors.write, s.errors.status, s.errors.timeout)
   print(l.min, l.max, l.mean, l.stdev, #l, l:percentile(50), l:percentile(100), l.other)
   print(l(1)) print(l(2)) print(l(9))
   print(r.min, r.max, r.mean, r.stdev, #r, r:percentile(50))
end`, Config{Stdout: &out})
	err := p.Done(Summary{
		Duration: 1500 * time.Millisecond, Requests: 4, Bytes: 99, Errors: Errors{1, 2, 3, 4, 5}, Latency: []uint64{30, 10, 10, 10},
	})
	want := "1500000\t4\t99\n1\t2\t3\t4\t5\n10\t30\t15\t10\t2\t10\t0\tother\n10\t3\n30\t1\n0\t2\n1.844674407371e+19\t0\t0\t0\t0\t0\n"
	if err != nil || out.String() != want {
		t.Errorf("%v, printed\n%s\nwant\n%s", err, out.String(), want)
	}
}

func TestReconnect(t *testing.T) {
	t.Parallel()
	p := startSource(t, "s.lua", `
local sent, got = 0, 0
function request() sent = sent + 1 return wrk.format("GET", "/" .. sent .. "/" .. got) end
function response() got = got + 1 end`, Config{})
	var paths []string
	summary, err := p.Run(context.Background(), func(_ int, raw []byte) (Answer, error) {
		path := strings.Fields(string(raw))[1]
		paths = append(paths, path)
		if len(paths) == 2 {
			return Answer{}, errors.New("connection reset")
		}
		return Answer{Status: 500, Bytes: 120}, nil
	}, 4)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(paths, " "); got != "/2/0 /3/1 /4/1 /5/2" { // 1 was the dry run
		t.Errorf("sent %s", got)
	}
	if summary.Requests != 3 || summary.Errors != (Errors{Read: 1, Status: 3}) || summary.Bytes != 360 {
		t.Errorf("summary %+v", summary)
	}
}

func TestStaticScriptIsAskedOnce(t *testing.T) {
	t.Parallel()
	p := startSource(t, "s.lua", `function init() local n = 0
wrk.method = "HEAD" end
function late() request = function() return "never" end end`, Config{Threads: 2})
	for _, th := range p.Threads() {
		if _, err := th.state.call(th.state.L.GetGlobal("late"), 0); err != nil {
			t.Fatal(err)
		}
	}
	if p.WantsResponse() || p.Pipeline() != 1 {
		t.Errorf("response %v, pipeline %d", p.WantsResponse(), p.Pipeline())
	}
	if err := p.Threads()[0].Response(200, http.Header{}, nil); err != nil {
		t.Error(err)
	}
	if _, ok, err := p.Threads()[0].Delay(); ok || err != nil {
		t.Errorf("delay %v, %v", ok, err)
	}
}

// TestHost is how scripts generated for the dry run work: memory that all
// states share, a common start, an end of the run.
func TestHost(t *testing.T) {
	t.Parallel()
	clock := NewVirtualClock()
	p := startSource(t, "s.lua", `
local host = require "taskbench.host"
local shared = host.memory
local users = 0
function setup(thread)
   users = users + 1
   thread:set("user", users)
   shared.total, shared[users], shared.go = 0, 0, host.now() + 500000
end
local begun, calls = false, 0
function request()
   calls = calls + 1
   if not begun and not (user == 1 and calls == 1) then
      while host.now() < shared.go do host.sleep(1000) end
      begun = true
   end
   return wrk.format("GET", "/" .. user)
end
function response()
   shared[user] = shared[user] + 1
   shared.total = shared.total + 1
   if shared.total >= 7 then host.interrupt() end
end
function done()
   local f = assert(io.open(os.getenv("OUT") .. ".tmp", "w"))
   f:write(shared[1], " ", shared[2], " ", tostring(shared.total), "\n")
   f:close()
   assert(os.rename(os.getenv("OUT") .. ".tmp", os.getenv("OUT")))
end`, Config{Threads: 2, Clock: clock, Host: true, Env: func(name string) (string, bool) { return "out.json", name == "OUT" }})
	began := clock.Now()
	summary, err := p.Run(context.Background(), ok, 100)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Done(summary); err != nil {
		t.Fatal(err)
	}
	data, written := p.File("out.json")
	if !p.Interrupted() || !written || string(data) != "4 3 7\n" {
		t.Errorf("interrupted %v, wrote %q", p.Interrupted(), data)
	}
	if waited := clock.Now().Sub(began); waited < 490*time.Millisecond || waited > 600*time.Millisecond {
		t.Errorf("start after %v of virtual time", waited)
	}
	if _, left := p.File("out.json.tmp"); left {
		t.Error("temporary file left behind")
	}
}

func TestTimeComesFromTheClock(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	startSource(t, "s.lua", `
local host = require "taskbench.host"
local from = host.now()
host.sleep(5500000)
print(os.time(), os.date("!%Y-%m-%d %H:%M:%S"), math.floor(host.unix_us() / 1000000))
print(os.clock() > 5.4, os.clock() < 5.6, host.now() - from > 5500000, host.now() > from, from > 1e9)
print(os.time({ year = 2024, month = 1, day = 1, hour = 12 }) > 0)`, Config{Stdout: &out, Host: true})
	want := "1704067205\t2024-01-01 00:00:05\t1704067205\ntrue\ttrue\ttrue\ttrue\ttrue\ntrue\n"
	// The main state prints first, then the thread's, each 5.5 s later.
	if got := out.String(); !strings.HasPrefix(got, want) {
		t.Errorf("printed\n%s\nwant\n%s", got, want)
	}
}

func TestFilesStayInMemory(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	p := startSource(t, "s.lua", `
if wrk.thread then return end
local f = io.open("a.txt", "w")
f:write("one\n", 2, "\n3 0x10 four")
f:close()
for line in io.lines("a.txt") do io.write("[", line, "]") end
f = io.open("a.txt")
print(f:read("*l"), f:read("*n"), f:read("*n"), f:read(3), f:read("*a"), f:read("*l"), f:seek("set", 1), f:read(2))
print(io.open("missing.txt"))
print(io.open("given.csv"):read("*a"), io.type(f), pcall(f.write, f, "x"))
package.path = "lib/?.txt;" .. package.path
assert(require("part.one") == 1)
print(require("helper").answer, dofile("helper.lua").answer, pcall(require, "nothing") == false)
io.stderr:write("warned\n")
print(os.remove("nothing"))`, Config{Stdout: &out, Stderr: &errs, ReadFile: func(path string) ([]byte, error) {
		switch strings.TrimPrefix(path, "./") {
		case "given.csv":
			return []byte("a,b"), nil
		case "helper.lua":
			return []byte("return { answer = 42 }"), nil
		case "lib/part/one.txt":
			return []byte("return 1"), nil
		}
		return nil, errNoFile
	}})
	loaded := out.String()[:len(out.String())/2] // printed by the main state, then by the thread's
	want := "[one][2][3 0x10 four]one\t2\t3\t 0x\t10 four\tnil\t1\tne\n" +
		"nil\tmissing.txt: no such file or directory\t2\na,b\tfile\ttrue\tnil\ta.txt: bad file descriptor\t2\n42\t42\ttrue\n" +
		"nil\tnothing: no such file or directory\t2\n"
	if loaded != want {
		t.Errorf("printed\n%s\nwant\n%s", loaded, want)
	}
	if data, _ := p.File("a.txt"); string(data) != "one\n2\n3 0x10 four" || errs.String() != "warned\nwarned\n" {
		t.Errorf("file %q, stderr %q", data, errs.String())
	}
}

func TestFraming(t *testing.T) {
	t.Parallel()
	const chunked = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
	for _, c := range []struct {
		name, raw string
		want      int // requests; 0: refused
	}{
		{"one", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 1},
		{"body", "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", 1},
		{"pipeline", "POST / HTTP/1.1\r\ncontent-length:3\r\n\r\nabcGET / HTTP/1.0\r\n\r\n", 2},
		{"chunked", chunked + chunked, 2},
		{"two Host headers", "GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n", 1},
		{"empty", "", 0},
		{"short body", "POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nabc", 0},
		{"long body", "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nabc", 0},
		{"no end", "GET / HTTP/1.1\r\nHost: a\r\n", 0},
		{"no version", "GET /\r\n\r\n", 0},
		{"bad header", "GET / HTTP/1.1\r\nHost\r\n\r\n", 0},
		{"broken chunk", chunked[:len(chunked)-4], 0},
		{"negative length", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 0},
	} {
		got, err := splitRequests([]byte(c.raw))
		if len(got) != c.want || (err == nil) != (c.want > 0) {
			t.Errorf("%s: %d requests, %v; want %d", c.name, len(got), err, c.want)
		}
	}
}

// TestStatsLaws: what holds for any samples.
func TestStatsLaws(t *testing.T) {
	t.Parallel()
	samples := []uint64{5, 1, 9, 9, 2, 5, 5, 100}
	s := newStats(samples)
	sum := 0.0
	for i := range s.values {
		v, n := s.at(float64(i + 1))
		sum += float64(v) * float64(n)
		if i > 0 && s.values[i] <= s.values[i-1] {
			t.Errorf("values not ascending: %v", s.values)
		}
	}
	if got := sum / float64(len(samples)); math.Abs(got-s.mean()) > 1e-9 {
		t.Errorf("mean %v from the counts, %v from the statistics", got, s.mean())
	}
	for p := 0.0; p < 99.9; p += 0.5 {
		if v := s.percentile(p); v < s.min() || v > s.max() || v > s.percentile(p+0.05) && s.percentile(p+0.05) != 0 {
			t.Errorf("percentile(%v) is %v", p, v)
		}
	}
}
