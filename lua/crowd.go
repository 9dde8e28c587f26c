package lua

import (
	"bytes"
	"regexp"

	"taskbench/internal/luavm"
)

// mostMainLocals is how many names a script may have, with those of the step that has
// most. Lua has room for 200 in a function, and what is added for a dry run has some.
const mostMainLocals = 188

// isCold are the parts of the runtime whose names may be global where there is no
// room: not those that every answer goes through.
var isCold = map[string]bool{
	"base64": true, "block": true, "board_json": true, "cast": true, "control_json": true, "cookies": true, "escape": true, "head": true, "header": true, "hmac": true,
	"jar": true, "journeys": true, "journeys_json": true, "json": true, "json_path": true, "list": true, "live": true, "matches": true, "pace": true, "rate_json": true,
	"raw": true, "regexp": true, "run": true, "same_json": true, "share": true, "shared": true, "sockets": true, "steps_json": true, "think": true, "time": true, "users_json": true,
	"users_slots_json": true, "values": true,
}

// isCrowded reports whether a script has more names than it may.
func (g *generator) isCrowded(script []byte) bool {
	if locals(script)+g.widest <= mostMainLocals {
		return false
	}
	return g.embedded || luavm.Check(g.s.Name+".lua", script) != nil
}

// mainLocal is a line that gives names to values of the whole script.
var mainLocal = regexp.MustCompile(`(?m)^local (function )?([^=(\n]*?)( *=|\(| *--| *$)`)

// locals counts the names of a script.
func locals(script []byte) int {
	n := 0
	for _, m := range mainLocal.FindAllSubmatch(script, -1) {
		n += 1 + bytes.Count(m[2], []byte(","))
	}
	return n
}

// global is a part of the runtime whose names are global.
func global(part []byte) []byte {
	return mainLocal.ReplaceAllFunc(part, func(line []byte) []byte {
		m := mainLocal.FindSubmatch(line)
		switch end := bytes.TrimSpace(m[3]); {
		case len(m[1]) > 0, len(end) == 1 && end[0] == '=':
			return bytes.TrimPrefix(line, []byte("local "))
		default: // without a value there is nothing to say
			return append([]byte("-- "), line...)
		}
	})
}
