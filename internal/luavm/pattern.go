package luavm

import (
	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/pm"
)

// gopher-lua collects all matches of a pattern, and copies the text for each
// that it replaces, in functions that nothing can end. Beyond these bounds a
// script is not judged here.
const (
	maxSubject  = 4 << 20 // bytes that a pattern is looked for in
	maxCopied   = 4 << 30 // bytes that replacing copies
	smallEnough = 32 << 10
)

// openPatterns puts bounds on the functions of patterns.
func (s *state) openPatterns() {
	lib := s.L.GetGlobal("string").(*lua.LTable)
	for _, name := range []string{"find", "match", "gmatch", "gsub"} {
		original := lib.RawGetString(name).(*lua.LFunction)
		do := original.GFunction
		bounded := s.L.NewFunction(func(L *lua.LState) int {
			text := L.CheckString(1)
			plain := name == "find" && L.ToBool(4)
			if len(text) > maxSubject && !plain || name == "gsub" && copies(text, L.CheckString(2), L.Get(3)) > maxCopied {
				s.process.stop.Store(&beyondError{"patterns on very long text"})
				L.RaiseError("the text is too long for the embedded VM")
			}
			return do(L)
		})
		bounded.Upvalues = original.Upvalues // gmatch has its iterator there
		lib.RawSetString(name, bounded)
	}
}

// copies is about how many bytes replacing a pattern copies.
func copies(text, pattern string, with lua.LValue) int {
	longest := len(text) + 1
	if s, ok := with.(lua.LString); ok {
		longest += len(text) * len(s)
	}
	if longest <= smallEnough {
		return 0
	}
	matches, err := pm.Find(pattern, []byte(text), 0, -1)
	if err != nil {
		return 0 // gsub says what is wrong
	}
	result := len(text)
	if s, ok := with.(lua.LString); ok {
		result += len(matches) * len(s)
	}
	return len(matches) * result
}
