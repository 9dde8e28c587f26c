package wrk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var tryAnswer = Answer{Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte("{}")}

// try runs a script in a directory of its own.
func tryScript(t *testing.T, src string, free bool, args ...string) Tried {
	t.Helper()
	path := filepath.Join(t.TempDir(), "script.lua")
	if err := os.WriteFile(path, []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
	tried, err := Try(context.Background(), TryOptions{Script: path, Source: []byte(src), Args: args, Answer: tryAnswer, Free: free})
	if err != nil {
		t.Fatal(err)
	}
	return tried
}

func TestTry(t *testing.T) {
	t.Parallel()
	realWrk(t)
	for _, c := range []struct {
		name, src, want string // want: message; "" if wrk runs it
		line            int
		args            []string
	}{
		{"empty", "", "", 0, nil},
		{"everything", "function setup(t) t:set('a', 1) end function init(args) assert(args[0]) end function delay() return 0 end " +
			"function request() return wrk.format() end function response(s, h, b) assert(s == 200 and b == '{}' and h['Content-Type']) end " +
			"function done(s, l, r) assert(s.requests > 0 and l.max > 0 and #r) end", "", 0, nil},
		{"arguments", "function init(args) local x = args[1] .. args[2] end", "", 0, []string{"--a", "b"}},
		{"no arguments", "function init(args)\n local x = args[1] .. 'x' end", "in init(): attempt to concatenate a nil value", 2, nil},
		{"syntax", "local a\nlocal b = = 1", "unexpected symbol near '='", 2, nil},
		{"ambiguous call", "local f = print\n(f or print)('x')", "ambiguous syntax (function call x new statement) near '('", 2, nil},
		{"module", "\nlocal json = require 'no.such.module'", "module 'no.such.module' not found", 2, nil},
		{"load", "local t\nt.x = 1", "attempt to index local 't' (a nil value)", 2, nil},
		{"error without a place", "local x\nlocal y\nerror({})", "error object is not a string", 3, nil},
		{"setup", "function setup(t)\n t:set('f', print) end", "in setup(): cannot transfer 'function' to thread", 2, nil},
		{"delay", "function delay()\n error('no') end", "in delay(): no", 2, nil},
		{"request", "function request()\n return nope() end", "in request(): attempt to call global 'nope' (a nil value)", 2, nil},
		{"tenth request", "local n = 0\nfunction request() n = n + 1\n if n > 10 then error('dry') end return wrk.format() end", "in request(): dry", 3, nil},
		{"request put in place later", "function init()\n request = function() return wrk.format() end\n response = function() error('later') end end\nfunction response() end",
			"later", 3, nil},
		{"half a request", "function request() return 'GET / HTTP/1.1\\r\\n' end", "bad request from the script: incomplete request", 0, nil},
		{"half a later request", "local n = 0 function request() n = n + 1 if n > 3 then return 'GET / HTTP/1.1\\r\\n' end return wrk.format() end",
			"bad request from the script: incomplete request after 2 whole ones", 0, nil},
		{"a blank in every second path", "local n = 0 function request() n = n + 1 return wrk.format('GET', n % 2 == 0 and '/b' or '/a b') end",
			"bad request from the script", 0, nil},
		{"a folder that is not there", "local f = assert(io.open('no-such-folder/x', 'w'))", "no-such-folder/x: No such file or directory", 1, nil},
		{"a folder for a file", "\nlocal f = assert(io.open('/', 'a'))", "/: Is a directory", 2, nil},
		{"a file without a name", "local f = io.open(nil, 'w')", "bad argument #1 to 'open' (string expected, got nil)", 1, nil},
		{"output to a folder that is not there", "io.output('no-such-folder/x')", "no-such-folder/x: No such file or directory", 1, nil},
		{"half a renaming", "os.rename('a')", "bad argument #2 to 'rename' (string expected, got nil)", 1, nil},
		{"removing nothing", "os.remove(nil)", "bad argument #1 to 'remove' (string expected, got nil)", 1, nil},
		{"the compiler's options", "jit.opt.start(3) require('jit.opt').start('hotloop=10')", "", 0, nil},
		{"NUL in a header", "wrk.headers.A = 'a\\0b'", "bad request from the script: invalid character in header at ", 0, nil},
		{"response", "function response(s, h)\n h.X.y = 1 end", "in response(): attempt to index field 'X' (a nil value)", 2, nil},
		{"done", "function done(s)\n print(s.latency.mean) end", "in done(): attempt to index field 'latency' (a nil value)", 2, nil},
		{"exit", "function init()\n os.exit(0) end", "in init(): the script ends wrk with os.exit(0)", 2, nil},
		{"exit in done", "function done() os.exit(1) end", "", 0, nil},
		{"wrk's own Lua", "wrk.headers = nil", "attempt to index", 0, nil},
		{"dialect", "local größe, x = 5ULL, 0x1.8p1 goto e do local y = 3i end ::e:: function request() return wrk.format(nil, '/' .. tonumber(größe + x)) end", "", 0, nil},
		{"many constants", "local t = {" + manyStrings(40000) + "}", "", 0, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			tried := tryScript(t, c.src, false, c.args...)
			switch e := tried.Err; {
			case c.want == "" && e != nil:
				t.Errorf("refused: %v", e)
			case c.want == "" && tried.Requests == 0 && c.name != "exit in done":
				t.Error("no request came")
			case c.want == "":
			case e == nil:
				t.Errorf("accepted; want %s", c.want)
			case !strings.Contains(e.Message, c.want) || e.Pos.Line != c.line || e.Hint == "" || c.line > 0 && e.Excerpt == "":
				t.Errorf("%v\nwant line %d: %s", e, c.line, c.want)
			}
			if len(tried.Kept)+len(tried.Dropped) > 0 {
				t.Errorf("kept %v, dropped %v", tried.Kept, tried.Dropped)
			}
		})
	}
}

func manyStrings(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%q,", fmt.Sprint("/p", i))
	}
	return b.String()
}

// hostile scripts would leave a file at PATH, or take one away.
var hostile = []struct{ name, src, want string }{
	{"os.execute", "os.execute('touch PATH')", "os.execute"},
	{"io.popen", "io.popen('touch PATH'):read('*a')", "io.popen"},
	{"io.open", "local f = io.open('PATH', 'w') f:write('x') f:close()", "io.open to write"},
	{"io.open to append", "io.open('PATH', 'a')", "io.open to write"},
	{"io.open to update", "io.open('PATH', 'w+b')", "io.open to write"},
	{"io.output", "io.output('PATH') io.write('x')", "io.output"},
	{"os.rename", "os.rename('VICTIM', 'PATH')", "os.rename"},
	{"os.remove", "os.remove('VICTIM')", "os.remove"},
	{"in a callback", "function done() os.execute('touch PATH') end", "os.execute"},
	{"ffi", "local ffi = require 'ffi' ffi.cdef 'int system(const char *);' ffi.C.system('touch PATH')", "ffi"},
	{"ffi behind a literal", "local x = 1ULL local ffi = package.loaded.ffi or require 'ffi' ffi.cdef 'int system(const char *);' ffi.C.system('touch PATH')", "ffi"},
	{"ffi through the registry", "debug.getregistry()", "debug.getregistry"},
	{"upvalues", "local n, open = debug.getupvalue(io.open, 1) open('PATH', 'w')", "debug.getupvalue"},
	{"native code", "package.loadlib('VICTIM', 'luaopen_x')", "package.loadlib"},
	{"native module", "package.cpath = 'DIR/?.so' require 'victim'", "the native module victim"},
	{"function on the stack", "local f load(function() f = debug.getinfo(2, 'f').func end) assert(f == nil) os.execute('touch PATH')", "os.execute"},
}

// TestTryIsSafe: what a script does to the machine does not happen, and is told.
func TestTryIsSafe(t *testing.T) {
	t.Parallel()
	realWrk(t)
	for _, c := range hostile {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			victim, path := filepath.Join(dir, "victim.so"), filepath.Join(dir, "made")
			if err := os.WriteFile(victim, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			tried := tryScript(t, strings.NewReplacer("PATH", path, "VICTIM", victim, "DIR", dir).Replace(c.src), false)
			if !slices.ContainsFunc(append(tried.Kept, tried.Dropped...), func(u Use) bool { return u.What == c.want && u.Line == 1 }) {
				t.Errorf("kept %v, dropped %v, want %s; %v", tried.Kept, tried.Dropped, c.want, tried.Err)
			}
			if _, err := os.Stat(path); err == nil {
				t.Error("it happened")
			}
			if _, err := os.Stat(victim); err != nil {
				t.Error("the file is gone")
			}
		})
	}
}

// TestTryRefusesBytecode: it could be made to reach any memory.
func TestTryRefusesBytecode(t *testing.T) {
	t.Parallel()
	realWrk(t)
	dir := t.TempDir()
	dump := "local f = string.dump(function() bad = true end) "
	module := filepath.Join(dir, "m.lua")
	tryScript(t, dump+"io.open('"+module+"', 'wb'):write(f)", true)
	if _, err := os.Stat(module); err != nil {
		t.Fatal("a free script may write")
	}
	for _, src := range []string{
		dump + "f = loadstring(f) if f then f() end", dump + "f = load(f, 'x', 'b') if f then f() end",
		dump + "local n = 0 f = load(function() n = n + 1 return n == 1 and f or nil end) if f then f() end",
		"local f = loadfile('" + module + "') if f then f() end", "pcall(dofile, '" + module + "')",
		"package.path = '" + dir + "/?.lua' pcall(require, 'm')",
	} {
		if tried := tryScript(t, src+" assert(not bad)", false); tried.Err != nil {
			t.Errorf("%s: %v", src, tried.Err)
		}
	}
}

func TestTryFree(t *testing.T) {
	t.Parallel()
	realWrk(t)
	path := filepath.Join(t.TempDir(), "made")
	tried := tryScript(t, "local ffi = require 'ffi' function done() os.execute('touch "+path+"') end", true)
	if _, err := os.Stat(path); err != nil || tried.Err != nil || len(tried.Kept) > 0 {
		t.Errorf("%v, %v, kept %v", err, tried.Err, tried.Kept)
	}
}

// TestTryIsBounded: neither time nor memory without end, and nothing is left.
func TestTryIsBounded(t *testing.T) {
	t.Parallel()
	realWrk(t)
	for name, src := range map[string]string{
		"time":          "while true do end",
		"time in pcall": "while true do pcall(function() while true do end end) end",
		"pattern":       "(('a'):rep(40)):find(('a?'):rep(40) .. ('a'):rep(40) .. 'b')",
		"memory":        "local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1e6) .. i end",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// On a busy machine the time is over before the memory is.
			e := tryScript(t, src, false).Err
			if e == nil || !strings.Contains(e.Message, "does not return") && !strings.Contains(e.Message, "not enough memory") {
				t.Errorf("%v", e)
			}
		})
	}
	if e := tryScript(t, "function request() print(('x'):rep(1e6)) return wrk.format() end", false).Err; e != nil {
		t.Errorf("printing: %v", e)
	}
}

func TestTryEnds(t *testing.T) {
	t.Parallel()
	realWrk(t)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	path := writeScript(t, "while true do end")
	if _, err := Try(ctx, TryOptions{Script: path, Answer: tryAnswer}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	if _, err := Try(context.Background(), TryOptions{Path: "no-such-wrk", Script: path, Answer: tryAnswer}); !errors.Is(err, exec.ErrNotFound) {
		t.Errorf("%v", err)
	}
}
