// Package source holds the one error type a user of taskbench sees: what is
// wrong, where (file, line, column, with the line and a caret under it), and
// what to do about it.
//
// It knows nothing of YAML, Lua or JSON: packages that read such text build an
// Error from a position; packages with no text to point at leave the position
// empty and still give a hint.
package source

// Position is a place in a text. Line and Column count from 1, Column in
// bytes; 0 means unknown. The zero Position means "no place".
type Position struct {
	File   string
	Line   int
	Column int
}

// Error is one problem, told so that it can be mended.
type Error struct {
	Pos     Position
	Excerpt string // the offending line, without its line end; "" when there is none
	Message string // lower case, no full stop
	Hint    string // what to type instead; "" when there is nothing to say
	Err     error  // the cause, if another error led here; reached by errors.As
}

// List is several problems of one reading, in the order of their positions.
type List []*Error
