package syntax

import (
	"fmt"
	"strings"

	"taskbench/internal/source"
)

// token is one word of Lua. Its kind is its text for keywords and operators,
// and one of the names below for the others.
type token struct {
	kind  string
	value string // of names and strings: what they stand for; of numbers: decimal
	text  string // as written
	line  int
	col   int
}

const (
	tokenName   = "<name>"
	tokenNumber = "<number>"
	tokenString = "<string>"
	tokenEOF    = "<eof>"
)

var keywords = map[string]bool{
	"and": true, "break": true, "do": true, "else": true, "elseif": true, "end": true, "false": true, "for": true,
	"function": true, "goto": true, "if": true, "in": true, "local": true, "nil": true, "not": true, "or": true,
	"repeat": true, "return": true, "then": true, "true": true, "until": true, "while": true,
}

// operators of more than one character, longest first.
var operators = []string{"...", "..", "==", "~=", "<=", ">=", "::"}

// lexer cuts a text into tokens as LuaJIT does. Errors are panics with a
// *source.Error, which Parse recovers.
type lexer struct {
	name string
	src  []byte
	in   string
	pos  int
	line int
	bol  int // where the current line begins
}

func newLexer(name string, src []byte) *lexer {
	l := &lexer{name: name, src: src, in: string(src), line: 1}
	if strings.HasPrefix(l.in, "\xef\xbb\xbf") { // a byte order mark
		l.pos = 3
	}
	if strings.HasPrefix(l.in[l.pos:], "#") {
		for l.pos < len(l.in) && !isNewline(l.in[l.pos]) {
			l.pos++
		}
	}
	return l
}

func isNewline(c byte) bool { return c == '\n' || c == '\r' }
func isDigit(c byte) bool   { return c >= '0' && c <= '9' }

// isIdent is a character of names: all beyond ASCII are.
func isIdent(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || c >= 0x80
}

// peek is the character n places on, 0 behind the end.
func (l *lexer) peek(n int) byte {
	if l.pos+n < len(l.in) {
		return l.in[l.pos+n]
	}
	return 0
}

func (l *lexer) done() bool { return l.pos >= len(l.in) }

// newline takes a line end: LF, CR, CR LF or LF CR.
func (l *lexer) newline() {
	first := l.in[l.pos]
	l.pos++
	if c := l.peek(0); isNewline(c) && c != first {
		l.pos++
	}
	l.line++
	l.bol = l.pos
}

func (l *lexer) fail(line, col int, hint, format string, args ...any) {
	panic(source.Errorf(source.Position{File: l.name, Line: line, Column: col}, hint, format, args...).In(l.src))
}

// next gives the next token; at the end it gives tokenEOF again and again.
func (l *lexer) next() token {
	l.skip()
	t := token{line: l.line, col: l.pos - l.bol + 1}
	start := l.pos
	switch c := l.peek(0); {
	case l.done():
		return l.eof()
	case isDigit(c) || c == '.' && isDigit(l.peek(1)):
		t.kind, t.value = tokenNumber, l.number(t)
	case isIdent(c):
		for isIdent(l.peek(0)) && !l.done() {
			l.pos++
		}
		t.value, t.kind = l.in[start:l.pos], tokenName
		if keywords[t.value] {
			t.kind = t.value
		}
	case c == '"' || c == '\'':
		t.kind, t.value = tokenString, l.quoted(t)
	case c == '[' && (l.peek(1) == '[' || l.peek(1) == '='):
		t.kind, t.value = tokenString, l.long(t, "string")
	default:
		t.kind = l.operator()
	}
	t.text = l.in[start:l.pos]
	return t
}

// eof stands behind the last character that is not white space, where what is
// missing would have to be.
func (l *lexer) eof() token {
	text := strings.TrimRight(l.in, " \t\r\n\v\f")
	line := 1 + strings.Count(strings.NewReplacer("\r\n", "\n", "\n\r", "\n", "\r", "\n").Replace(text), "\n")
	col := len(text) - strings.LastIndexAny(text, "\r\n")
	return token{kind: tokenEOF, text: tokenEOF, line: line, col: col}
}

func (l *lexer) operator() string {
	for _, op := range operators {
		if strings.HasPrefix(l.in[l.pos:], op) {
			l.pos += len(op)
			return op
		}
	}
	l.pos++
	return l.in[l.pos-1 : l.pos]
}

// skip takes white space and comments.
func (l *lexer) skip() {
	for !l.done() {
		switch c := l.peek(0); {
		case isNewline(c):
			l.newline()
		case c == ' ' || c == '\t' || c == '\v' || c == '\f':
			l.pos++
		case c == '-' && l.peek(1) == '-':
			l.comment()
		default:
			return
		}
	}
}

func (l *lexer) comment() {
	t := token{line: l.line, col: l.pos - l.bol + 3}
	l.pos += 2
	if l.peek(0) == '[' && l.bracket() > 0 {
		l.long(t, "comment")
		return
	}
	for !l.done() && !isNewline(l.peek(0)) {
		l.pos++
	}
}

// near names a token in messages, as LuaJIT does: a string by what it stands
// for, and nothing behind a NUL.
func (t token) near() string {
	text := t.text
	switch {
	case len(text) == 1 && (text[0] < ' ' || text[0] == 0x7f):
		text = fmt.Sprintf("char(%d)", text[0])
	case t.kind == tokenString && text[0] != '[':
		text = text[:1] + t.value + text[:1]
	}
	before, _, _ := strings.Cut(text, "\x00")
	return "'" + before + "'"
}
