package luavm

import lua "github.com/yuin/gopher-lua"

// addr is what wrk.lookup returns: an address that prints as host:port.
type addr struct{ text string }

func (s *state) addrValue(a *addr) *lua.LUserData {
	u := s.L.NewUserData()
	u.Value = a
	meta := s.L.NewTypeMetatable("wrk.addr")
	if meta.RawGetString("__tostring") == lua.LNil {
		meta.RawSetString("__tostring", s.L.NewFunction(func(L *lua.LState) int {
			L.Push(lua.LString(checkAddr(L, 1).text))
			return 1
		}))
	}
	u.Metatable = meta
	return u
}

func checkAddr(L *lua.LState, arg int) *addr {
	if u, ok := L.Get(arg).(*lua.LUserData); ok {
		if a, ok := u.Value.(*addr); ok {
			return a
		}
	}
	L.ArgError(arg, "wrk.addr expected, got "+typeName(L.Get(arg)))
	return nil
}

// addresses resolves for wrk.lookup; wrk ends its process when that fails.
func (s *state) addresses(L *lua.LState, host, service string) []*addr {
	texts, err := s.process.config.Lookup(host, service)
	if err != nil {
		L.RaiseError("unable to resolve %s:%s %v", host, service, err)
	}
	out := make([]*addr, len(texts))
	for i, text := range texts {
		out[i] = &addr{text}
	}
	return out
}

func (s *state) lookup(L *lua.LState) int {
	list := L.NewTable()
	for _, a := range s.addresses(L, L.CheckString(1), L.CheckString(2)) {
		list.Append(s.addrValue(a))
	}
	L.Push(list)
	return 1
}

func (s *state) connect(L *lua.LState) int {
	L.Push(lua.LBool(s.process.config.Connect(checkAddr(L, L.GetTop()).text)))
	return 1
}
