package lua

import "taskbench/internal/luavm"

// Check says whether wrk's LuaJIT would load a script: syntax, escapes, and
// its limits of 200 locals and 60 upvalues a function. wrk itself measures a
// plain GET at full speed when it cannot load its script. Nothing is run. The
// error is a *source.Error with the line and column.
func Check(name string, src []byte) error {
	return luavm.Check(name, src)
}
