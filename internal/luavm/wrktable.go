package luavm

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// openWrk makes the table wrk of one state, as wrk 4.1.0 fills it.
func (s *state) openWrk() {
	L, url := s.L, s.process.url
	headers := L.NewTable()
	for _, line := range s.process.config.Headers {
		if name, value, ok := header(line); ok {
			headers.RawSetString(name, lua.LString(value))
		}
	}
	wrk := L.NewTable()
	wrk.RawSetString("scheme", lua.LString(url.scheme))
	wrk.RawSetString("host", lua.LString(url.host))
	if url.port != "" {
		wrk.RawSetString("port", lua.LString(url.port))
	}
	wrk.RawSetString("method", lua.LString("GET"))
	wrk.RawSetString("path", lua.LString(url.path))
	wrk.RawSetString("headers", headers)
	L.SetFuncs(wrk, map[string]lua.LGFunction{
		"lookup": s.lookup, "connect": s.connect, "resolve": s.resolve,
		"setup": s.wrkSetup, "init": s.wrkInit, "format": s.format,
	})
	s.provide("wrk", wrk, true)
}

// format is wrk.format(method, path, headers, body). What is nil comes from
// the table wrk. It completes the headers in the table it was given: Host if
// missing, and Content-Length from the body, which removes any other.
func (s *state) format(L *lua.LState) int {
	wrk := s.wrk()
	pick := func(arg int, name string) lua.LValue {
		if v := L.Get(arg); lua.LVAsBool(v) {
			return v
		}
		return L.GetField(wrk, name)
	}
	method, path, headers, body := pick(1, "method"), pick(2, "path"), pick(3, "headers"), pick(4, "body")
	if !lua.LVAsBool(L.GetField(headers, "Host")) {
		L.SetField(headers, "Host", L.GetField(L.GetField(wrk, "headers"), "Host"))
	}
	length := lua.LValue(lua.LNil)
	if lua.LVAsBool(body) {
		if !lua.LVCanConvToString(body) {
			L.RaiseError("wrk.format: body is a %s, not a string", typeName(body))
		}
		length = lua.LNumber(len(toString(L, body)))
	}
	L.SetField(headers, "Content-Length", length)
	table, ok := headers.(*lua.LTable)
	if !ok {
		L.RaiseError("wrk.format: headers is a %s, not a table", typeName(headers))
	}
	var b strings.Builder
	b.WriteString(toString(L, method) + " " + toString(L, path) + " HTTP/1.1\r\n")
	// Next keeps the order of insertion, as pairs does; ForEach has none.
	for name, value := table.Next(lua.LNil); name != lua.LNil; name, value = table.Next(name) {
		b.WriteString(toString(L, name) + ": " + toString(L, value) + "\r\n")
	}
	b.WriteString("\r\n")
	if lua.LVAsBool(body) {
		b.WriteString(toString(L, body))
	}
	L.Push(lua.LString(b.String()))
	return 1
}

// resolve is wrk.resolve(host, service): wrk.addrs becomes the addresses that
// accept a connection.
func (s *state) resolve(L *lua.LState) int {
	usable := L.NewTable()
	for _, a := range s.addresses(L, L.CheckString(1), L.CheckString(2)) {
		if s.process.config.Connect(a.text) {
			usable.Append(s.addrValue(a))
		}
	}
	L.SetField(s.wrk(), "addrs", usable)
	return 0
}

// wrkSetup is wrk.setup(thread), called in the main state.
func (s *state) wrkSetup(L *lua.LState) int {
	thread := L.CheckUserData(1)
	L.SetField(thread, "addr", L.GetTable(L.GetField(s.wrk(), "addrs"), lua.LNumber(1)))
	if setup := L.GetGlobal("setup"); setup.Type() == lua.LTFunction {
		L.Push(setup)
		L.Push(thread)
		L.Call(1, 0)
	}
	return 0
}

// wrkInit is wrk.init(args), called in each thread's state.
func (s *state) wrkInit(L *lua.LState) int {
	headers := L.GetField(s.wrk(), "headers")
	if !lua.LVAsBool(L.GetField(headers, "Host")) {
		L.SetField(headers, "Host", lua.LString(s.hostHeader(L)))
	}
	if init := L.GetGlobal("init"); init.Type() == lua.LTFunction {
		L.Push(init)
		L.Push(L.Get(1))
		L.Call(1, 0)
	}
	L.Push(L.GetField(s.wrk(), "format"))
	L.Call(0, 1)
	request := L.Get(-1)
	L.SetField(s.wrk(), "request", L.NewFunction(func(L *lua.LState) int {
		L.Push(request)
		return 1
	}))
	return 0
}

// hostHeader builds Host from wrk.host and wrk.port, which the script may have
// changed.
func (s *state) hostHeader(L *lua.LState) string {
	host := toString(L, L.GetField(s.wrk(), "host"))
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port := L.GetField(s.wrk(), "port"); lua.LVAsBool(port) {
		host += ":" + toString(L, port)
	}
	return host
}
