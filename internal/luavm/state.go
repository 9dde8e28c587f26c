package luavm

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// state is one of wrk's Lua states: the main one, or a thread's.
type state struct {
	L       *lua.LState
	process *Process
	budget  *budget
	random  random
	thread  *Thread     // nil in the main state
	header  http.Header // of the answer that is looked at
}

// newState does what wrk's script_create does: open the libraries, fill the
// wrk table from the command line, run the script.
func (p *Process) newState() (*state, error) {
	L := lua.NewState(lua.Options{
		SkipOpenLibs:        true,
		CallStackSize:       8192,
		MinimizeStackMemory: true,
		RegistrySize:        1024,
		RegistryMaxSize:     1 << 20,
	})
	s := &state{L: L, process: p, budget: newBudget(&p.stop)}
	L.SetContext(s.budget)
	s.openLibraries()
	s.openWrk()
	_, err := s.call(s.function(p.program), 0)
	return s, err
}

func (s *state) openLibraries() {
	L := s.L
	for _, lib := range []struct {
		name string
		open lua.LGFunction
	}{
		{lua.LoadLibName, lua.OpenPackage}, {lua.BaseLibName, lua.OpenBase}, {lua.TabLibName, lua.OpenTable},
		{lua.StringLibName, lua.OpenString}, {lua.MathLibName, lua.OpenMath}, {lua.DebugLibName, lua.OpenDebug},
		{lua.OsLibName, lua.OpenOs}, {lua.CoroutineLibName, lua.OpenCoroutine},
	} {
		L.Push(L.NewFunction(lib.open))
		L.Push(lua.LString(lib.name))
		L.Call(1, 0)
	}
	s.openBase()
	s.openPatterns()
	s.openRandom()
	s.openOS()
	s.openIO()
	s.openCoroutines()
	s.openLoader()
	s.provide("bit", openBit(L), true)
	s.provide("jit", openJIT(L), true)
	s.provide("table.new", L.NewFunction(newTable), false)
	s.provide("table.clear", L.NewFunction(clearTable), false)
	s.openMissing("ffi")
	if s.process.config.Host {
		s.openHost()
	}
}

// provide makes a module known to require, and as a global if asked.
func (s *state) provide(name string, module lua.LValue, global bool) {
	loaded := s.L.GetField(s.L.GetGlobal("package"), "loaded")
	s.L.SetField(loaded, name, module)
	if global {
		s.L.SetGlobal(name, module)
	}
}

// call runs a Lua function within a fresh budget. Errors carry the position
// in the script.
func (s *state) call(fn lua.LValue, results int, args ...lua.LValue) ([]lua.LValue, error) {
	s.budget.refill(s.process.config.Budget)
	defer s.L.SetTop(s.L.GetTop())
	err := s.L.CallByParam(lua.P{Fn: fn, NRet: results, Protect: true}, args...)
	if err != nil {
		return nil, s.process.runError(err)
	}
	out := make([]lua.LValue, results)
	for i := range out {
		out[i] = s.L.Get(i - results)
	}
	return out, nil
}

// defines says that a global of this name is a function.
func (s *state) defines(name string) bool {
	return s.L.GetGlobal(name).Type() == lua.LTFunction
}

func (s *state) wrk() lua.LValue { return s.L.GetGlobal("wrk") }

// budget is a context that ends after a number of VM instructions: gopher-lua
// asks Done before each. Counting them makes the end the same on every
// machine, where a deadline would not.
type budget struct {
	left  int64
	ended chan struct{}
	stop  *atomic.Pointer[beyondError] // ends it before, when set
}

func newBudget(stop *atomic.Pointer[beyondError]) *budget {
	b := &budget{ended: make(chan struct{}), stop: stop}
	close(b.ended)
	return b
}

func (b *budget) refill(n int64) { b.left = n }

// Done is called once an instruction.
func (b *budget) Done() <-chan struct{} {
	if b.left--; b.left < 0 || b.stop.Load() != nil {
		return b.ended
	}
	return nil
}

// Err says why the script was ended.
func (b *budget) Err() error {
	if why := b.stop.Load(); why != nil {
		return why
	}
	if b.left < 0 {
		return errBudget
	}
	return nil
}

// Deadline is never set.
func (b *budget) Deadline() (time.Time, bool) { return time.Time{}, false }

// Value holds nothing.
func (b *budget) Value(any) any { return nil }

var _ context.Context = (*budget)(nil)

// openCoroutines lets coroutines draw on the budget of their state: gopher-lua
// would give each a context that never ends.
func (s *state) openCoroutines() {
	lib := s.L.GetGlobal("coroutine").(*lua.LTable)
	create := lib.RawGetString("create").(*lua.LFunction).GFunction
	wrap := lib.RawGetString("wrap").(*lua.LFunction).GFunction
	lib.RawSetString("create", s.L.NewFunction(func(L *lua.LState) int {
		n := create(L)
		L.Get(-1).(*lua.LState).SetContext(s.budget)
		return n
	}))
	lib.RawSetString("wrap", s.L.NewFunction(func(L *lua.LState) int {
		n := wrap(L)
		for _, up := range L.Get(-1).(*lua.LFunction).Upvalues {
			if thread, ok := up.Value().(*lua.LState); ok {
				thread.SetContext(s.budget)
			}
		}
		return n
	}))
}
