package luavm

import (
	"fmt"
	"math"
	"net/http"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// Thread is one of wrk's threads: a Lua state of its own with the connections
// that it serves.
type Thread struct {
	state   *state
	id      int
	addr    *addr
	stopped bool
	fixed   []byte // the request of a script without request()
}

// ID is the thread's number, from 1.
func (t *Thread) ID() int { return t.id }

// Addr is the address the thread connects to, as setup left it.
func (t *Thread) Addr() string { return t.addr.text }

// Stopped says that the script stopped the thread with thread:stop().
func (t *Thread) Stopped() bool { return t.stopped }

// Start creates the threads as wrk does, one after the other: the script is
// loaded anew, wrk.setup runs in the main state, wrk.init in the thread's; on
// the first one wrk then asks for a request once, and drops it, to see that it
// is valid and how many requests it holds. Call it once.
func (p *Process) Start() error {
	if _, err := p.main.call(p.main.L.GetField(p.main.wrk(), "resolve"), 0,
		lua.LString(p.url.host), lua.LString(p.url.service())); err != nil {
		return err
	}
	if p.main.L.ObjLen(p.main.L.GetField(p.main.wrk(), "addrs")) == 0 {
		return fmt.Errorf("unable to connect to %s:%s", p.url.host, p.url.service())
	}
	for id := 1; id <= p.config.Threads; id++ {
		t, err := p.startThread(id)
		if err != nil {
			return err
		}
		if id == 1 {
			if err := p.dryRun(t); err != nil {
				return err
			}
		}
		p.threads = append(p.threads, t)
	}
	return nil
}

func (p *Process) startThread(id int) (*Thread, error) {
	s, err := p.newState()
	if err != nil {
		return nil, err
	}
	t := &Thread{state: s, id: id, addr: &addr{}}
	s.thread = t
	s.L.SetField(s.wrk(), "thread", s.threadValue(t))
	setup := p.main.L.GetField(p.main.wrk(), "setup")
	if _, err := p.main.call(setup, 0, p.main.threadValue(t)); err != nil {
		return nil, err
	}
	args := s.L.NewTable()
	for i, arg := range append([]string{p.config.URL}, p.config.Args...) {
		s.L.RawSetInt(args, i, lua.LString(arg))
	}
	_, err = s.call(s.L.GetField(s.wrk(), "init"), 0, args)
	return t, err
}

// dryRun is wrk's script_verify_request, and the questions that wrk asks the
// first thread's state for all of them.
func (p *Process) dryRun(t *Thread) error {
	raw, err := t.produce()
	if err != nil {
		return err
	}
	requests, err := splitRequests(raw)
	if err != nil {
		return p.requestError(err)
	}
	p.pipeline = len(requests)
	p.dynamic = t.state.defines("request")
	p.delays = t.state.defines("delay")
	p.wants = t.state.defines("response")
	return nil
}

// produce calls request(), or wrk.request() where the script has none.
func (t *Thread) produce() ([]byte, error) {
	fn := t.state.L.GetGlobal("request")
	if fn.Type() != lua.LTFunction {
		fn = t.state.L.GetField(t.state.wrk(), "request")
	}
	out, err := t.state.call(fn, 1)
	if err != nil {
		return nil, err
	}
	if !lua.LVCanConvToString(out[0]) {
		return nil, t.state.process.requestError(fmt.Errorf("request() returned %s, not a string", typeName(out[0])))
	}
	return []byte(toString(t.state.L, out[0])), nil
}

// Request is the next thing wrk sends on a connection of the thread: one
// request, or several with pipelining. A script without request() always gives
// the same. Calling it again without Response is what wrk does after a broken
// connection. The bytes may not be changed.
func (t *Thread) Request() ([]byte, error) {
	if t.state.process.dynamic {
		return t.produce()
	}
	if t.fixed == nil {
		raw, err := t.produce()
		if err != nil {
			return nil, err
		}
		t.fixed = raw
	}
	return t.fixed, nil
}

// Response hands an answer to response(), if the script has one. Header names
// go over in the letter case of the map; of several values the last counts, as
// in wrk.
func (t *Thread) Response(status int, header http.Header, body []byte) error {
	if !t.state.process.wants {
		return nil
	}
	t.state.header = header
	headers := t.state.L.NewTable()
	for name, values := range header {
		if len(values) > 0 {
			headers.RawSetString(name, lua.LString(values[len(values)-1]))
		}
	}
	_, err := t.state.call(t.state.L.GetGlobal("response"), 0, lua.LNumber(status), headers, lua.LString(body))
	return err
}

// Delay asks delay() how long to wait before the next request; ok is false if
// the script has none.
func (t *Thread) Delay() (d time.Duration, ok bool, err error) {
	if !t.state.process.delays {
		return 0, false, nil
	}
	out, err := t.state.call(t.state.L.GetGlobal("delay"), 1)
	if err != nil {
		return 0, true, err
	}
	// wrk takes whole milliseconds, and 0 for what is not a number.
	ms := float64(lua.LVAsNumber(out[0]))
	return time.Duration(min(max(math.Trunc(ms), 0), float64(24*time.Hour/time.Millisecond))) * time.Millisecond, true, nil
}

// Summary is what wrk hands to done().
type Summary struct {
	Duration time.Duration
	Requests uint64 // answers
	Bytes    uint64 // read
	Errors   Errors

	Latency []uint64 // microseconds, one per answer
	Rates   []uint64 // answers a second, one per thread and 100 ms
}

// Errors counts as wrk does; Status are the answers above 399.
type Errors struct{ Connect, Read, Write, Status, Timeout uint64 }

// Done calls done(summary, latency, requests) in the main state, if the script
// has it. A script may end the process there: everything is over.
func (p *Process) Done(s Summary) error {
	if !p.main.defines("done") {
		return nil
	}
	table := func(fields map[string]uint64) *lua.LTable {
		out := p.main.L.NewTable()
		for name, v := range fields {
			out.RawSetString(name, lua.LNumber(v))
		}
		return out
	}
	summary := table(map[string]uint64{
		"duration": uint64(s.Duration.Microseconds()), "requests": s.Requests, "bytes": s.Bytes,
	})
	summary.RawSetString("errors", table(map[string]uint64{
		"connect": s.Errors.Connect, "read": s.Errors.Read, "write": s.Errors.Write,
		"status": s.Errors.Status, "timeout": s.Errors.Timeout,
	}))
	_, err := p.main.call(p.main.L.GetGlobal("done"), 0, summary, p.main.statsValue(s.Latency), p.main.statsValue(s.Rates))
	if p.exited {
		return nil
	}
	return err
}
