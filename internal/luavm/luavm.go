// Package luavm runs scripts for the load generator wrk without wrk: the same
// globals, the same callbacks in the same order, one Lua state per thread and
// one for setup and done, the same surprises. It is how a script is checked,
// dry-run and smoke-tested before it meets a server.
//
// Scripts written for LuaJIT run on gopher-lua; what differs between the two
// and is met by scripts (number formatting, string.format, escapes, bit, the
// sequence of math.random) follows LuaJIT. There is no ffi: scripts that use it
// are for the real wrk.
//
// It never opens a socket, starts a program, sleeps, or touches the file
// system: time, environment, names and files come from Config, and what a
// script prints or writes is captured. A script that never returns is ended
// by a budget of instructions.
//
//	p, err := luavm.New("post.lua", src, luavm.Config{URL: "http://localhost:3000/"})
//	err = p.Start()                  // setup and init, and wrk's dry run of request
//	raw, err := p.Threads()[0].Request()
//	err = p.Threads()[0].Response(200, http.Header{}, body)
//	err = p.Done(luavm.Summary{Requests: 1})
package luavm

import (
	"io"
	"strings"
	"sync/atomic"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// Config is what wrk's command line and the machine would give a script. The
// zero value of each field but URL is usable.
type Config struct {
	URL         string   // as on wrk's command line; scheme and host are required
	Threads     int      // wrk's -t; 0 means 1
	Connections int      // wrk's -c; 0 means one a thread
	Args        []string // behind "--" on wrk's command line
	Headers     []string // wrk's -H, "Name: value"; without ": " ignored, as wrk does

	Clock    Clock                                      // nil: a VirtualClock of its own
	Env      func(name string) (value string, set bool) // os.getenv; nil: nothing is set
	Stdout   io.Writer                                  // print and io.write; nil: dropped
	Stderr   io.Writer                                  // io.stderr; nil: dropped
	ReadFile func(path string) ([]byte, error)          // io.open(path, "r"), require; nil: no file exists

	// Lookup resolves a host and service for wrk.lookup, as "address:port".
	// nil: literal addresses, and 127.0.0.1 for every name.
	Lookup func(host, service string) ([]string, error)
	// Connect says whether an address of Lookup accepts connections, for
	// wrk.connect. nil: all do.
	Connect func(address string) bool

	// Host gives the script the module taskbench.host: clock, sleep, end of the
	// run, and a table that all states share, for what LuaJIT does through ffi.
	Host bool

	// Budget is the most VM instructions one callback may take; 0 means
	// DefaultBudget.
	Budget int64
}

// DefaultBudget lets done() merge hundreds of histograms and still ends an
// endless loop within seconds.
const DefaultBudget = 500_000_000

// Process is one run of wrk with one script. It is not safe for concurrent
// use: its threads take turns.
type Process struct {
	config  Config
	name    string
	src     []byte
	url     target
	program program
	shared  *lua.LTable // of all states, for taskbench.host
	files   files
	began   time.Time // start of the monotonic clock
	main    *state
	threads []*Thread

	pipeline    int
	dynamic     bool // the script defines request()
	delays      bool
	wants       bool // the script defines response()
	interrupted bool
	exited      bool     // by os.exit
	missing     []string // what the script asked for that is not here

	stop atomic.Pointer[beyondError] // set from outside to end the script
}

// New compiles a script and runs it in the main state, as wrk does first.
// Errors of the script are *source.Error, with the line they are on.
func New(name string, src []byte, c Config) (*Process, error) {
	p, err := prepare(name, src, c)
	if err != nil {
		return nil, err
	}
	return p, p.load()
}

// prepare compiles a script.
func prepare(name string, src []byte, c Config) (*Process, error) {
	c = c.withDefaults()
	url, err := parseURL(c.URL)
	if err != nil {
		return nil, err
	}
	program, err := compile(name, src)
	if err != nil {
		return nil, err
	}
	p := &Process{config: c, name: name, src: src, url: url, program: program}
	p.files = files{read: c.ReadFile, written: map[string][]byte{}}
	now := c.Clock.Now()
	p.began = now.Add(-bootTime - time.Duration(now.Nanosecond()))
	return p, nil
}

// load runs the script in the main state.
func (p *Process) load() (err error) {
	p.main, err = p.newState()
	return err
}

// bootTime is how long the machine is supposed to have been up: a monotonic
// clock that starts at 0 would hide subtractions that go wrong. It came up at a
// full second: scripts take milliseconds from this clock to tell runs of one
// second apart, so these must not be the same in every process.
const bootTime = 1000 * time.Second

func (c Config) withDefaults() Config {
	if c.Threads <= 0 {
		c.Threads = 1
	}
	if c.Connections < c.Threads {
		c.Connections = c.Threads
	}
	if c.Clock == nil {
		c.Clock = NewVirtualClock()
	}
	if c.Env == nil {
		c.Env = func(string) (string, bool) { return "", false }
	}
	if c.Stdout == nil {
		c.Stdout = io.Discard
	}
	if c.Stderr == nil {
		c.Stderr = io.Discard
	}
	if c.Lookup == nil {
		c.Lookup = lookupLiteral
	}
	if c.Connect == nil {
		c.Connect = func(string) bool { return true }
	}
	if c.Budget <= 0 {
		c.Budget = DefaultBudget
	}
	return c
}

// Interrupted says that the script ended the run before wrk's -d, through
// taskbench.host.
func (p *Process) Interrupted() bool { return p.interrupted }

// Pipeline is the number of requests that one call of request() returns, as
// the dry run found it. 0 before Start.
func (p *Process) Pipeline() int { return p.pipeline }

// WantsResponse says that the script defines response(). Valid after Start.
func (p *Process) WantsResponse() bool { return p.wants }

// Threads are wrk's threads, in their order; empty before Start.
func (p *Process) Threads() []*Thread { return p.threads }

// File gives what the script wrote to a path and whether it wrote there.
func (p *Process) File(path string) ([]byte, bool) {
	data, ok := p.files.written[path]
	return data, ok
}

// header splits a -H argument as wrk does: at the first colon, which must be
// followed by a space.
func header(line string) (name, value string, ok bool) {
	name, value, ok = strings.Cut(line, ":")
	if !ok || !strings.HasPrefix(value, " ") {
		return "", "", false
	}
	return name, value[1:], true
}
