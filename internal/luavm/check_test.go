package luavm

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"taskbench/internal/source"
)

// times joins n texts made from 0, 1, 2, …
func times(n int, sep, format string) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = strings.ReplaceAll(format, "#", fmt.Sprint(i))
	}
	return strings.Join(parts, sep)
}

// checks are scripts with what Check says of them; "" accepts. LuaJIT agrees
// on which are wrong, and on the line.
var checks = []struct{ name, src, want string }{
	{"empty", "", ""},
	{"shebang", "#!/usr/bin/env wrk\nlocal x = 1", ""},
	{"byte order mark", "\xef\xbb\xbflocal x = 1", ""},
	{"goto", "for i = 1, 3 do if i == 2 then goto continue end ::continue:: end", ""},
	{"escapes", `local s = "\x41\u{20ac}\z   a\065\'\"\\" .. '\n'`, ""},
	{"escapes in comments and long strings", "-- \"\\q\nlocal s = [[\\q \"]] --[==[ \"\\q ]] ]==]", ""},
	{"unknown label", "\n\ngoto nope", "s.lua:3:6"},
	{"break outside of a loop", "local x = 1\nbreak", "s.lua:2:1"},
	{"unknown escape", "local a = 1\nlocal s = \"a\\q\"", "s.lua:2:13"},
	{"decimal escape beyond a byte", `local s = "\300"`, "s.lua:1:12"},
	{"short hexadecimal escape", `local s = "\x4"`, "s.lua:1:12"},
	{"unfinished string", "local s = \"abc\nlocal t", "s.lua:1:11"},
	{"unfinished long string", "local s\ns = [==[ ]] ", "s.lua:2:5"},
	{"unfinished comment", "local s\n--[[ ", "s.lua:2:3"},
	{"missing end", "if x then\n  y()\n", "s.lua:2:6"},
	{"missing expression", "local x =\n", "s.lua:1:10"},
	{"two operators", "local x = 1 + * 2", "s.lua:1:15"},
	{"200 locals", times(200, "\n", "local a#"), ""},
	{"201 locals", times(201, "\n", "local a#"), "s.lua:201:7"},
	{"196 locals and a loop", times(196, "\n", "local a#") + "\nfor i = 1, 2 do end", ""},
	{"197 locals and a loop", times(197, "\n", "local a#") + "\nfor i = 1, 2 do end", "s.lua:198:5"},
	{"many locals in blocks", times(300, "\n", "do local a# end"), ""},
	{"60 upvalues", times(60, "\n", "local a#") + "\nfunction f() return " + times(60, "+", "a#") + " end", ""},
	{"61 upvalues", times(61, "\n", "local a#") + "\nfunction f() return " + times(61, "+", "a#") + " end", "s.lua:62:251"},
	{"61 upvalues of an inner function", times(61, "\n", "local a#") + "\nfunction f() return function() return " + times(61, "+", "a#") + " end end", "s.lua:62:269"},
	{"concatenation of 198", "local s = " + times(198, "..", "'a'"), ""},
	{"concatenation of 199", "local s = " + times(199, "..", "'a'"), "s.lua:1:1001"},
	{"long sum", "local s = " + times(500, "+", "x"), ""},
	{"long elseif", "if x then " + times(300, " ", "elseif x == # then y()") + " end", ""},
	{"198 blocks", strings.Repeat("do ", 198) + strings.Repeat("end ", 198), ""},
	{"199 blocks", strings.Repeat("do ", 199) + strings.Repeat("end ", 199), "s.lua:1:598"},
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := Check("s.lua", []byte(c.src))
			var e *source.Error
			switch {
			case c.want == "" && err != nil:
				t.Errorf("refused: %v", err)
			case c.want == "":
			case !errors.As(err, &e):
				t.Errorf("error %v is not a *source.Error", err)
			case e.Pos.String() != c.want || e.Message == "" || e.Hint == "":
				t.Errorf("at %s: %v\nwant position %s and a hint", e.Pos, e, c.want)
			}
			checkWithLuaJIT(t, c.src, e)
		})
	}
}

// checkWithLuaJIT asks luajit, where it is, whether it agrees.
func checkWithLuaJIT(t *testing.T, src string, e *source.Error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s.lua")
	if err := os.WriteFile(path, []byte(src), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("luajit", "-b", path, os.DevNull).CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		return
	}
	if (err != nil) != (e != nil) {
		t.Errorf("luajit says %v: %s", err, out)
	}
}

func TestCheckShowsThePlace(t *testing.T) {
	t.Parallel()
	err := Check("s.lua", []byte("local a = 1\nlocal b = \"\\d+\"\n"))
	want := "s.lua:2:12: invalid escape sequence \\d\n" +
		"    2 | local b = \"\\d+\"\n" +
		"      |            ^\n" +
		"hint: write \\\\ for a backslash; Lua patterns use % instead"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// TestManyConstants: a function keeps few constants, however many it is written
// with, and each still means what it says.
func TestManyConstants(t *testing.T) {
	t.Parallel()
	const n = 10000
	src := "local strings = {" + times(n, ",", `"s#"`) + "}\n" +
		"local numbers = {" + times(n, ",", "#.5") + "}\n" +
		"local keys = {" + times(n, ",", "k# = #") + "}\n" +
		"local calls = {} local function add(x) calls[#calls + 1] = x end\n" + times(n, "\n", `add("c#")`) + "\n" +
		times(n, "\n", "g# = -#") + "\nfunction g5.x() return 'y' end\n" +
		"for i = 1, #strings do\n" +
		" assert(strings[i] == 's' .. i - 1 and numbers[i] == i - 0.5 and keys['k' .. i - 1] == i - 1 and calls[i] == 'c' .. i - 1)\n" +
		" assert(i == 6 or _G['g' .. i - 1] == 1 - i)\nend\n" +
		"assert(g5.x() == 'y' and g77 + g78 == -155 and #strings == 10000)"
	src = strings.Replace(src, "g5 = -5", "g5 = {}", 1)
	p, err := New("s.lua", []byte(src), Config{URL: testURL})
	if err != nil {
		t.Fatal(err)
	}
	if kept := len(p.program.proto.Constants); kept > maxConstants+treeWidth+10 {
		t.Errorf("%d constants", kept)
	}
}
