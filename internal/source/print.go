package source

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// maxExcerpt is how many bytes of a long line are shown around the caret.
const maxExcerpt = 160

// Error prints the problem the way every message of taskbench looks:
//
//	scenarios/checkout.yaml:14:7: unknown key "conections"
//	   14 |       conections: 64
//	      |       ^
//	hint: did you mean "connections"?
//
// Parts that are unknown are left out. There is no line end at the end.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Pos.IsValid() {
		b.WriteString(printable(e.Pos.String()) + ": ")
	}
	b.WriteString(Printable(e.Message))
	if e.Excerpt != "" && e.Pos.Line > 0 {
		line, column := shorten(e.Excerpt, e.Pos.Column)
		fmt.Fprintf(&b, "\n%5d | %s", e.Pos.Line, printable(line))
		if column > 0 {
			fmt.Fprintf(&b, "\n      | %s^", blank(line, column))
		}
	}
	if e.Hint != "" {
		b.WriteString(hintLine(e.Hint))
	}
	return b.String()
}

// shorten cuts a very long line to what surrounds the column (from 1, 0:
// unknown), and says where the column is in the piece.
func shorten(line string, column int) (string, int) {
	if column > len(line)+1 {
		column = len(line) + 1
	}
	if len(line) <= maxExcerpt {
		return line, column
	}
	start := runeStart(line, max(0, column-1-maxExcerpt/2))
	end := runeStart(line, min(len(line), start+maxExcerpt))
	piece := line[start:end]
	if start > 0 {
		piece = "…" + piece
		column += len("…") - start
	}
	if end < len(line) {
		piece += "…"
	}
	return piece, column
}

// runeStart moves i back to the first byte of the rune it is in; within bytes
// that are no text it stays where it is.
func runeStart(s string, i int) int {
	for back := 0; back < utf8.UTFMax && i-back >= 0; back++ {
		if i == len(s) || utf8.RuneStart(s[i-back]) {
			return i - back
		}
	}
	return i
}

// printable is Printable of what must stay one line.
func printable(line string) string {
	return strings.ReplaceAll(Printable(line), "\n", string(utf8.RuneError))
}

// widths ignores the terminal's locale: the same error prints the same way
// everywhere.
var widths = &runewidth.Condition{StrictEmojiNeutral: true}

// blank is white space as wide as what stands before the column. Tabs stay
// tabs, so that the caret is under its character whatever their width.
func blank(line string, column int) string {
	var b strings.Builder
	for _, r := range printable(line[:runeStart(line, column-1)]) {
		if r == '\t' {
			b.WriteByte('\t')
			continue
		}
		b.WriteString(strings.Repeat(" ", widths.RuneWidth(r)))
	}
	return b.String()
}

// hintLine is the last line of an error that has a hint.
func hintLine(hint string) string { return "\nhint: " + Printable(hint) }
