package luavm

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"taskbench/internal/luavm/syntax"
	"taskbench/internal/source"
)

// LuaJIT gives functions with "..." no table arg, which would be a variable of
// each, and hide those of that name around it.
func init() { lua.CompatVarArg = false }

// Check says whether LuaJIT would compile a script, without running it: its
// syntax, escapes, labels and breaks, and LuaJIT's limits of locals, upvalues and
// nesting. With such a script wrk says so on stderr, benchmarks a plain GET, and exits with 0.
// The error is a *source.Error.
func Check(name string, src []byte) error {
	_, err := compile(name, src)
	return err
}

// compile turns source for LuaJIT into gopher-lua's bytecode.
func compile(name string, src []byte) (p program, err error) {
	defer func() {
		if r := recover(); r != nil { // gopher-lua's compiler panics on rare input
			err = source.Errorf(source.Position{File: name}, "simplify the script", "the embedded VM cannot compile this script: %v", r)
		}
	}()
	chunk, err := syntax.Parse(name, src)
	if err != nil {
		return program{}, err
	}
	stmts, constants := rewrite(chunk)
	p.constants = constants
	outer, err := lua.Compile(stmts, name)
	var failed *lua.CompileError
	switch {
	case errors.As(err, &failed):
		return p, compileError(name, src, failed)
	case err != nil:
		return p, err
	}
	p.proto = outer.FunctionPrototypes[0]
	return p, nil
}

// compileError places an error that only code generation finds: too many
// registers of gopher-lua's.
func compileError(name string, src []byte, err *lua.CompileError) error {
	line := err.Line
	message := err.Message
	if before, after, ok := strings.Cut(message, " at line "); ok {
		if n, convErr := strconv.Atoi(strings.TrimSpace(after)); convErr == nil {
			message, line = before, n
		}
	}
	e := source.Errorf(source.Position{File: name, Line: line}, "split the function into smaller ones", "%s", message)
	e.Err = err
	return e.In(src)
}

// runError turns an error of running Lua into one with the script's position.
func (p *Process) runError(err error) error {
	var api *lua.ApiError
	if !errors.As(err, &api) {
		return err
	}
	message := "error object is not a string"
	if s, ok := api.Object.(lua.LString); ok {
		message = strings.TrimSpace(string(s))
	}
	message = notFound.ReplaceAllString(message, "module '$1' not found")
	line, rest := p.cutLine(message)
	if line == 0 {
		line = p.traceLine(api.StackTrace)
	} else {
		message = rest
	}
	e := source.Errorf(source.Position{File: p.name, Line: line}, runHint(message), "%s", message)
	e.Err = err
	return e.In(p.src)
}

// notFound is require's message, with all the places it has looked at.
var notFound = regexp.MustCompile(`module (\S+) not found:\n(?s:.*)`)

func runHint(message string) string {
	switch {
	case strings.HasPrefix(message, "module "):
		return "put the module beside the script, or where package.path of wrk's LuaJIT points"
	case strings.Contains(message, errBudget.Error()):
		return "look for a loop that never ends; the run was ended here"
	}
	return "wrk would end here, with nothing measured"
}

// cutLine splits "name:12: message".
func (p *Process) cutLine(message string) (line int, rest string) {
	after, ok := strings.CutPrefix(message, p.name+":")
	if !ok {
		return 0, message
	}
	digits, rest, ok := strings.Cut(after, ":")
	line, err := strconv.Atoi(digits)
	if !ok || err != nil {
		return 0, message
	}
	return line, strings.TrimSpace(rest)
}

// traceLine finds the innermost line of the script in a stack trace.
func (p *Process) traceLine(trace string) int {
	for entry := range strings.Lines(trace) {
		if line, _ := p.cutLine(strings.TrimSpace(entry)); line > 0 {
			return line
		}
	}
	return 0
}

var errBudget = fmt.Errorf("the script does not return")
