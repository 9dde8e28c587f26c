// Package syntax reads Lua as LuaJIT 2.1 does, into the syntax tree of
// gopher-lua: the same texts are accepted, and refused with LuaJIT's message at
// LuaJIT's line, with the column besides. gopher-lua's own parser knows neither
// names beyond ASCII, nor LuaJIT's numbers, escapes and goto, nor its limits.
//
// What the tree cannot hold is lost: integers of 64 bits and imaginary numbers
// become plain numbers.
package syntax

import (
	"fmt"

	"github.com/yuin/gopher-lua/ast"

	"taskbench/internal/source"
)

// Chunk is the text of a file or string, read.
type Chunk struct {
	Stmts []ast.Stmt
	// Globals are the names in it that no local variable of the text bears.
	Globals map[*ast.IdentExpr]bool
}

// Parse reads a chunk. The error is a *source.Error with line, column and hint.
func Parse(name string, src []byte) (chunk Chunk, err error) {
	defer func() {
		if r := recover(); r != nil {
			failed, ok := r.(*source.Error)
			if !ok {
				panic(r)
			}
			err = failed
		}
	}()
	p := &parser{lexer: newLexer(name, src), globals: map[*ast.IdentExpr]bool{}}
	p.open(0, true)
	p.tok = p.next()
	stmts := p.chunk()
	if p.tok.kind != tokenEOF {
		p.expected(tokenEOF)
	}
	p.close()
	return Chunk{stmts, p.globals}, nil
}

// parser is a recursive descent over LuaJIT's grammar, which reads two tokens
// ahead at most.
type parser struct {
	*lexer
	tok      token
	ahead    *token
	lastLine int // to which the lexer had come when the token before was taken
	level    int
	fn       *function
	globals  map[*ast.IdentExpr]bool
}

func (p *parser) advance() token {
	t := p.tok
	p.lastLine = p.line
	if p.ahead != nil {
		p.tok, p.ahead = *p.ahead, nil
	} else {
		p.tok = p.next()
	}
	return t
}

func (p *parser) lookahead() token {
	if p.ahead == nil {
		t := p.next()
		p.ahead = &t
	}
	return *p.ahead
}

func (p *parser) accept(kind string) bool {
	if p.tok.kind != kind {
		return false
	}
	p.advance()
	return true
}

func (p *parser) expect(kind string) token {
	if p.tok.kind != kind {
		p.expected(kind)
	}
	return p.advance()
}

// match closes what began at another place.
func (p *parser) match(kind string, open token) token {
	if p.tok.kind != kind && open.line != p.line {
		p.syntax("'%s' expected (to close '%s' at line %d)", kind, open.text, open.line)
	}
	return p.expect(kind)
}

func (p *parser) expected(kind string) { p.syntax("'%s' expected", kind) }

// syntax refuses the current token.
func (p *parser) syntax(format string, args ...any) {
	p.failAt(p.tok, p.hint(), "%s near %s", fmt.Sprintf(format, args...), p.tok.near())
}

func (p *parser) failAt(t token, hint, format string, args ...any) {
	p.fail(t.line, t.col, hint, format, args...)
}

func (p *parser) hint() string {
	switch t := p.tok; {
	case t.kind == tokenEOF:
		return `an "end", a bracket or a quote is probably missing further up`
	case t.kind == ";":
		return "LuaJIT takes one ; behind a statement, and none elsewhere"
	case t.kind == "!":
		return "Lua writes ~= for not equal, and not for !"
	case t.kind == "(" && p.lastLine != t.line:
		return "put a ; in front of the bracket, or the bracket on the line of what is called"
	}
	return "LuaJIT reads Lua 5.1 with goto; see the line above the mark too"
}

// name takes a name; goto is one where it cannot be the statement.
func (p *parser) ident() token {
	if p.tok.kind != tokenName && p.tok.kind != "goto" {
		p.expected(tokenName)
	}
	t := p.advance()
	if t.kind == "goto" {
		t.value = "goto"
	}
	return t
}

// enter counts one level of nesting; leave it with p.level--.
func (p *parser) enter() {
	if p.level++; p.level > maxLevels {
		p.failAt(p.tok, "build long texts with table.concat, and name the inner parts", "chunk has too many syntax levels")
	}
}
