package wrk

import (
	"strings"
	"testing"
)

// What wrk does with a script that is wrong: it measures something else and
// ends with 0, or dies without a summary. Run makes an error of each that
// points at the script's line.
func TestBrokenScripts(t *testing.T) {
	t.Parallel()
	realWrk(t)
	url := serve(t, 200, "hello")
	cases := []struct {
		name, script, want string
		line               int
	}{
		{"syntax error", "local a = = 1", "the script does not load: unexpected symbol near '='", 1},
		{"error while loading", "\nerror('no data')", "the script does not load: no data", 2},
		{"200 locals", manyLocals(), "the script does not load: main function has more than 200 local variables", 201},
		{"60 upvalues", manyUpvalues(), "the script does not load: function at line 62 has more than 60 upvalues", 62},
		{"init", "function init()\n local t\n t.x = 1 end", "the script broke while running: attempt to index local 't' (a nil value)", 3},
		{"request", "function request() return nope() end", "the script broke while running: attempt to call global 'nope' (a nil value)", 1},
		{"response", "function response()\n\n error('boom') end", "the script broke while running: boom", 3},
		{"done", "function done() local x = nil + 1 end", "the script broke while running: attempt to perform arithmetic on a nil value", 1},
		{"os.exit", "function response() os.exit(3) end", "wrk ended with exit status 3", 0},
		{"signal", "local ffi = require('ffi') ffi.cdef('int raise(int);') function response() ffi.C.raise(15) end",
			"wrk was ended by a signal: terminated", 0},
		{"stderr", "function init() io.stderr:write('careful\\n') end", "wrk complained: careful", 0},
		{"no block", "function done() end", "the script …", 0},
		{"NUL in a header", "wrk.headers['X-Nul'] = 'a\\0b'", "the first request of …", 0},
		{"not HTTP", "function request() return 'hello' end", "the first request of …", 0},
		{"nested table", "local th function setup(t) th = t end function init() t = {{1}, {2}, {3, {4}}} end " +
			"function done() for i = 1, 300 do th:get('t') end end", "wrk was ended by a signal: segmentation fault", 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := oneSecond(url)
			o.Script = writeScript(t, c.script)
			_, err := run(t, o)
			e := wantProblem(t, err, c.want)
			if e.Pos.Line != c.line {
				t.Errorf("line %d, want %d", e.Pos.Line, c.line)
			}
			if c.line > 0 && (e.Pos.File != o.Script || e.Excerpt == "" || !strings.Contains(c.script, e.Excerpt)) {
				t.Errorf("points at %s, %q", e.Pos, e.Excerpt)
			}
		})
	}
}

func TestMissingScript(t *testing.T) {
	t.Parallel()
	realWrk(t)
	o := oneSecond(serve(t, 200, "hello"))
	o.Script = "no/such.lua"
	_, err := run(t, o)
	wantProblem(t, err, "cannot read the script no/such.lua")
}

// manyLocals is one local more than LuaJIT allows, one a line.
func manyLocals() string {
	return strings.Repeat("local a = 1\n", 201)
}

// manyUpvalues uses one outer local more than LuaJIT allows in one function.
func manyUpvalues() string {
	var names []string
	var b strings.Builder
	for i := range 61 {
		name := "v" + strings.Repeat("x", i)
		names = append(names, name)
		b.WriteString("local " + name + " = 1\n")
	}
	b.WriteString("function request() return " + strings.Join(names, "+") + " end")
	return b.String()
}
