package ffi

import (
	"fmt"
	"strconv"
	"strings"
)

type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenName
	tokenNumber
	tokenPunct
)

type token struct {
	kind tokenKind
	text string
	num  int64
	line int
}

func (t token) String() string {
	if t.kind == tokenEnd {
		return "end of text"
	}
	return strconv.Quote(t.text)
}

// scan splits C declarations into tokens. Comments and #-lines are skipped.
func scan(src string) ([]token, error) {
	var out []token
	line := 1
	for i := 0; i < len(src); {
		c := src[i]
		switch {
		case c == '\n':
			line++
			i++
		case c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v':
			i++
		case strings.HasPrefix(src[i:], "//") || c == '#':
			i += lineLength(src[i:])
		case strings.HasPrefix(src[i:], "/*"):
			end := strings.Index(src[i+2:], "*/")
			if end < 0 {
				return nil, fmt.Errorf("line %d: comment has no end", line)
			}
			line += strings.Count(src[i:i+2+end], "\n")
			i += end + 4
		default:
			t, n, err := scanToken(src[i:], line)
			if err != nil {
				return nil, err
			}
			out = append(out, t)
			i += n
		}
	}
	return append(out, token{line: line}), nil
}

func lineLength(s string) int {
	if n := strings.IndexByte(s, '\n'); n >= 0 {
		return n
	}
	return len(s)
}

func scanToken(s string, line int) (token, int, error) {
	n := 0
	for n < len(s) && isWord(s[n]) {
		n++
	}
	word := s[:n]
	switch {
	case n == 0:
		return scanPunct(s, line)
	case word[0] < '0' || word[0] > '9':
		return token{kind: tokenName, text: word, line: line}, n, nil
	}
	v, err := strconv.ParseInt(strings.TrimRight(word, "uUlL"), 0, 64)
	if err != nil {
		return token{}, 0, fmt.Errorf("line %d: %q is not an integer", line, word)
	}
	return token{kind: tokenNumber, text: word, num: v, line: line}, n, nil
}

func scanPunct(s string, line int) (token, int, error) {
	for _, op := range []string{"...", "<<", ">>"} {
		if strings.HasPrefix(s, op) {
			return token{kind: tokenPunct, text: op, line: line}, len(op), nil
		}
	}
	if !strings.Contains("*;,()[]{}=:+-/%?&|~", s[:1]) {
		return token{}, 0, fmt.Errorf("line %d: unexpected character %q", line, s[0])
	}
	return token{kind: tokenPunct, text: s[:1], line: line}, 1, nil
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
