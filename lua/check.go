package lua

import (
	"context"
	"net/http"
	"os"

	"taskbench/internal/luavm"
	"taskbench/scenarios"
)

// Check says whether wrk's LuaJIT would load a script: syntax, escapes, and
// its limits of 200 locals and 60 upvalues a function. wrk itself measures a
// plain GET at full speed when it cannot load its script. Nothing is run. The
// error is a *source.Error with the line and column.
func Check(name string, src []byte) error {
	return luavm.Check(name, src)
}

// Rehearse runs a scenario's script in the embedded VM through all callbacks,
// as wrk would, with an empty JSON object as answer to the first requests. An
// error is a defect of the script; that the answers are not those expected is none.
func Rehearse(s *scenarios.Scenario, o Options) error {
	g := newGenerator(s, o)
	g.embedded = true
	src, err := g.script()
	if err != nil {
		return err
	}
	p, err := luavm.New(s.Name+".lua", src, luavm.Config{URL: "http://localhost", Env: os.LookupEnv, Host: true})
	if err != nil {
		return err
	}
	if err := p.Start(); err != nil {
		return err
	}
	summary, err := p.Run(context.Background(), func(int, []byte) (luavm.Answer, error) {
		return luavm.Answer{Status: http.StatusOK, Body: []byte("{}")}, nil
	}, 2*len(g.allSteps()))
	if err != nil {
		return err
	}
	return p.Done(summary)
}

// Tried is what became of a script in the embedded VM.
type Tried = luavm.Tried

// Try runs a script of any origin through all its callbacks in the embedded
// VM, with the words behind "--" for init() and the same answer to every
// request. It touches nothing but files that it reads, and ends after seconds.
func Try(name string, src []byte, args []string, status int, header http.Header, body []byte) Tried {
	return luavm.Try(name, src, args, luavm.Answer{Status: status, Header: header, Body: body})
}
