package luavm

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func try(src string, args ...string) Tried {
	return Try("s.lua", []byte(src), args, Answer{Status: 200, Body: []byte("{}")})
}

func TestTry(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, src, want string }{
		{"everything", "function setup(t) t:set('a', 1) end function init(args) assert(args[1] == 'x') end function delay() return 1 end " +
			"function request() return wrk.format() end function response(s, h, b) assert(b == '{}') end function done(s) assert(s.requests > 0) end", ""},
		{"text", "local x = = 1", "s.lua:1:11: unexpected symbol near '='"},
		{"load", "local t\nt.x = 1", "s.lua:2: attempt to index a non-table object(nil) with key 'x'"},
		{"module", "require 'no.such'", "s.lua:1: module 'no.such' not found"},
		{"init", "function init(args)\n return args[2] .. 'x' end", "s.lua:2: "},
		{"later request", "local n = 0 function request() n = n + 1 if n > 3 then return nil end return wrk.format() end",
			"s.lua: bad request from the script: request() returned nil, not a string"},
		{"done", "function done(s)\n print(s.latency.mean) end", "s.lua:2: "},
		{"exit", "os.exit(1)", "s.lua:1: the script ended its process with os.exit(1)"},
		{"exit in done", "function done() os.exit(1) end", ""},
		{"endless", "function request() while true do end end", "s.lua:1: the script does not return"},
		{"written and read", "local f = io.open('x', 'w') f:write('a') f:close() assert(io.open('x'):read('*a') == 'a') io.output('y') io.write('b') io.close() " +
			"for l in io.lines('y') do assert(l == 'b') end assert(os.remove('x')) assert(not io.open('x'))", ""},
		{"matches", "local n = '' for w in ('/a /b'):gmatch('%S+') do n = n .. w end assert(n == '/a/b')", ""},
		{"environment", "local f = function() return 'a' .. 1 .. 'b' end setfenv(f, {}) assert(f() == 'a1b')", ""},
		{"no table arg", "arg = 1 local function f(...) return arg end assert(f(2) == 1)", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			tried := try(c.src, "x")
			switch e := tried.Err; {
			case c.name == "endless" && tried.Beyond != "": // on a busy machine the time is over before the budget
			case tried.Beyond != "" || len(tried.Missing) > 0:
				t.Errorf("beyond %q, missing %q", tried.Beyond, tried.Missing)
			case c.want == "" && e != nil:
				t.Errorf("refused: %v", e)
			case c.want != "" && (e == nil || !strings.HasPrefix(e.Pos.String()+": "+e.Message, c.want)):
				t.Errorf("%v, want %s", e, c.want)
			case tried.Request != (c.name == "later request"):
				t.Errorf("request %v", tried.Request)
			}
		})
	}
}

func TestTryMissing(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		"require 'ffi'": "ffi", "pcall(require, 'ffi')": "ffi", "os.execute('x')": "os.execute", "function done() io.popen('x') end": "io.popen",
		"debug.sethook()": "debug.sethook", "package.loadlib('a', 'b')": "package.loadlib",
	} {
		if tried := try(src); !slices.Contains(tried.Missing, want) {
			t.Errorf("%s: missing %q, %v", src, tried.Missing, tried.Err)
		}
	}
}

// TestTryIsBounded: what would take all memory, or for ever in one function,
// is given up; that says nothing of the script.
func TestTryIsBounded(t *testing.T) {
	t.Parallel()
	for name, src := range map[string]string{
		"memory":   "local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1e6) .. i end",
		"replaced": "local s = ('x'):rep(1e6):gsub('x', ('y'):rep(1e5))",
		"copied":   "local s = ('x'):rep(1e6):gsub('.', 'y')",
		"matches":  "for c in ('x'):rep(1e8):gmatch('.') do end",
	} {
		t.Run(name, func(t *testing.T) {
			if tried := try(src); tried.Beyond == "" {
				t.Errorf("%v", tried.Err)
			}
		})
	}
}

// TestTryReads: files beside the script and on package.path, no devices.
func TestTryReads(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "helper.lua"), []byte("return 'found'"), 0o600); err != nil {
		t.Fatal(err)
	}
	path := "package.path = package.path .. ';" + dir + "/?.lua' assert(require 'helper' == 'found') "
	if tried := try(path + "assert(io.open('" + dir + "/helper.lua'):read('*a') == \"return 'found'\") assert(not io.open('/dev/zero'))"); tried.Err != nil {
		t.Error(tried.Err)
	}
}
