package lua

import (
	"net/http"

	"taskbench/internal/luavm"
)

// Check says whether wrk's LuaJIT would load a script: syntax, escapes, and
// its limits of 200 locals and 60 upvalues a function. wrk itself measures a
// plain GET at full speed when it cannot load its script. Nothing is run. The
// error is a *source.Error with the line and column.
func Check(name string, src []byte) error {
	return luavm.Check(name, src)
}

// Tried is what became of a script in the embedded VM.
type Tried = luavm.Tried

// Try runs a script of any origin through all its callbacks in the embedded
// VM, with the words behind "--" for init() and the same answer to every
// request. It touches nothing but files that it reads, and ends after seconds.
func Try(name string, src []byte, args []string, status int, header http.Header, body []byte) Tried {
	return luavm.Try(name, src, args, luavm.Answer{Status: status, Header: header, Body: body})
}
