// Package source holds the one error type a user of taskbench sees: what is
// wrong, where (file, line, column, with the line and a caret under it), and
// what to do about it.
//
// It knows nothing of YAML, Lua or JSON: packages that read such text build an
// Error from a position; packages with no text to point at leave the position
// empty and still give a hint.
package source

import (
	"errors"
	"fmt"
	"strings"
)

// Position is a place in a text. Line and Column count from 1, Column in
// bytes; 0 means unknown. The zero Position means "no place".
type Position struct {
	File   string
	Line   int
	Column int
}

// IsValid reports whether the position names a place at all.
func (p Position) IsValid() bool { return p.File != "" || p.Line > 0 }

// String is "file:line:column", without the parts that are unknown; "" for the
// zero Position.
func (p Position) String() string {
	var parts []string
	if p.File != "" {
		parts = append(parts, p.File)
	}
	if p.Line > 0 {
		parts = append(parts, fmt.Sprint(p.Line))
		if p.Column > 0 {
			parts = append(parts, fmt.Sprint(p.Column))
		}
	}
	return strings.Join(parts, ":")
}

// Error is one problem, told so that it can be mended.
type Error struct {
	Pos     Position
	Excerpt string // the offending line, without its line end; "" when there is none
	Message string // lower case, no full stop
	Hint    string // what to type instead; "" when there is nothing to say
	Err     error  // the cause, if another error led here; reached by errors.As
}

// Errorf makes an Error at pos. The format is that of fmt.Errorf: a %w becomes
// the cause. An empty hint and the zero Position are allowed.
func Errorf(pos Position, hint, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Pos: pos, Message: err.Error(), Hint: hint, Err: errors.Unwrap(err)}
}

// In fills the excerpt from the text the position points into, and returns e.
func (e *Error) In(text []byte) *Error {
	e.Excerpt = Excerpt(text, e.Pos.Line)
	return e
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// WithHint adds what to do to an error that has no position. A nil error stays
// nil; an error that already carries a hint keeps it, for the hint given
// nearest to the cause knows most.
func WithHint(err error, hint string) error {
	if err == nil {
		return nil
	}
	var list List
	if errors.As(err, &list) {
		return err
	}
	var inner *Error
	if !errors.As(err, &inner) {
		return &Error{Message: err.Error(), Hint: hint, Err: err}
	}
	if inner.Hint != "" {
		return err
	}
	if err != error(inner) {
		return &Error{Message: err.Error(), Hint: hint, Err: err}
	}
	hinted := *inner
	hinted.Hint = hint
	return &hinted
}

// Split takes the hint, if there is any, off what an error says.
func Split(err error) (message, hint string) {
	var inner *Error
	if errors.As(err, &inner) && inner.Hint != "" {
		hint = inner.Hint
	}
	return strings.TrimSuffix(err.Error(), hintLine(hint)), hint
}

// Excerpt is line number `line` (from 1) of text without its line end; "" when
// the text has no such line.
func Excerpt[T ~string | ~[]byte](text T, line int) string {
	if line < 1 {
		return ""
	}
	rest := string(text)
	for ; line > 1; line-- {
		_, after, found := strings.Cut(rest, "\n")
		if !found {
			return ""
		}
		rest = after
	}
	rest, _, _ = strings.Cut(rest, "\n")
	return strings.TrimSuffix(rest, "\r")
}
