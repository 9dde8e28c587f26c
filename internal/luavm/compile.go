package luavm

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"
	"github.com/yuin/gopher-lua/parse"

	"taskbench/internal/source"
)

// Check says whether LuaJIT would compile a script, without running it: its
// syntax, escapes, labels and breaks, and LuaJIT's limits of locals, upvalues and
// nesting. With such a script wrk says so on stderr, benchmarks a plain GET, and exits with 0.
// The error is a *source.Error.
func Check(name string, src []byte) error {
	_, err := compile(name, src)
	return err
}

// compile turns source for LuaJIT into gopher-lua's bytecode.
func compile(name string, src []byte) (proto *lua.FunctionProto, err error) {
	defer func() {
		if r := recover(); r != nil { // the parser's generated code and the compiler panic on rare input
			err = source.Errorf(source.Position{File: name}, "simplify the script", "the embedded VM cannot compile this script: %v", r)
		}
	}()
	text, err := translate(name, src)
	if err != nil {
		return nil, err
	}
	chunk, err := parse.Parse(strings.NewReader(text), name)
	if err != nil {
		return nil, parseError(name, src, err)
	}
	if err := checkLimits(name, src, chunk); err != nil {
		return nil, err
	}
	rewrite(chunk)
	return compileChunk(name, src, chunk)
}

func compileChunk(name string, src []byte, chunk []ast.Stmt) (*lua.FunctionProto, error) {
	proto, err := lua.Compile(chunk, name)
	var failed *lua.CompileError
	if errors.As(err, &failed) {
		return nil, compileError(name, src, failed)
	}
	return proto, err
}

// parseError places gopher-lua's syntax error in the source.
func parseError(name string, src []byte, err error) error {
	var failed *parse.Error
	if !errors.As(err, &failed) {
		return &source.Error{Pos: source.Position{File: name}, Message: strings.TrimSpace(err.Error()), Err: err}
	}
	pos := source.Position{File: name, Line: failed.Pos.Line, Column: failed.Pos.Column}
	near := strconv.Quote(failed.Token)
	if pos.Line <= 0 {
		pos.Line, pos.Column = endOf(src)
		near = "the end of the file"
	}
	message := strings.TrimSpace(failed.Message)
	if strings.HasPrefix(message, "syntax error") || message == "" {
		message = "syntax error"
	}
	e := source.Errorf(pos, syntaxHint(failed.Token, pos, src), "%s near %s", message, near)
	e.Err = err
	return e.In(src)
}

func syntaxHint(token string, pos source.Position, src []byte) string {
	if strings.HasPrefix(strings.ToUpper(token), "ULL") || strings.HasPrefix(strings.ToUpper(token), "LL") {
		return `the embedded VM has no 64-bit literals: write ffi.cast("uint64_t", 1) for 1ULL`
	}
	if last, _ := endOf(src); pos.Line >= last {
		return `an "end", a bracket or a quote is probably missing further up`
	}
	return "LuaJIT reads Lua 5.1 with goto; see the line above the mark too"
}

// endOf is the position behind the last character that is not white space.
func endOf(src []byte) (line, column int) {
	text := strings.TrimRight(string(src), " \t\r\n")
	line = strings.Count(text, "\n") + 1
	return line, len(text) - strings.LastIndexByte(text, '\n')
}

// compileError places an error that only code generation finds: a goto
// without its label, a break outside of a loop.
func compileError(name string, src []byte, err *lua.CompileError) error {
	line := err.Line
	message := err.Message
	if before, after, ok := strings.Cut(message, " at line "); ok {
		if n, convErr := strconv.Atoi(strings.TrimSpace(after)); convErr == nil {
			message, line = before, n
		}
	}
	hint := "break and goto reach only loops and labels of the same function"
	if strings.Contains(message, "register") || strings.Contains(message, "too many") {
		hint = "split the function into smaller ones"
	}
	e := source.Errorf(source.Position{File: name, Line: line}, hint, "%s", message)
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
