package source

import (
	"regexp"
	"strings"
)

// An excerpt as Error prints it, and the line below it.
var (
	excerptLine = regexp.MustCompile(`^ *\d+ \| `)
	caretLine   = regexp.MustCompile(`^ +\| (\s*)\^$`)
)

// mark stands for a place while a line is changed. It is in no text that is
// printed.
const mark = "\uE000"

// Rewrite changes a printed text, such as to take secrets out of it, and keeps
// carets under what they point to.
func Rewrite(text string, change func(string) string) string {
	after := change(text)
	if after == text || !strings.Contains(text, "^") {
		return after
	}
	old, changed := strings.Split(text, "\n"), strings.Split(after, "\n")
	if len(old) != len(changed) {
		return after // lines were taken out: the caret is where it was
	}
	for i := 1; i < len(old); i++ {
		if caretLine.MatchString(old[i]) && old[i-1] != changed[i-1] && excerptLine.MatchString(old[i-1]) {
			changed[i] = moveCaret(old[i], old[i-1], changed[i-1], change)
		}
	}
	return strings.Join(changed, "\n")
}

// moveCaret is the line of a caret below an excerpt that was changed. Where the
// caret's place is within what was taken out, it points to the start of that.
func moveCaret(caret, before, after string, change func(string) string) string {
	bar := strings.Index(caret, "| ") + len("| ")
	begin := len(excerptLine.FindString(before))
	at := begin + placeOf(before[begin:], caret[bar:])
	column := 0
	for column < min(at, len(after)) && before[column] == after[column] {
		column++
	}
	marked := change(before[:at] + mark + before[at:])
	if strings.Replace(marked, mark, "", 1) == after {
		column = strings.Index(marked, mark)
	}
	column = max(runeStart(after, min(column, len(after))), begin)
	return caret[:bar] + blank(after[begin:], column-begin+1) + "^"
}

// placeOf is the byte of a line above which a caret stands.
func placeOf(line, caret string) int {
	for i := range line {
		if len(blank(line, i+1)) >= len(caret)-1 {
			return i
		}
	}
	return len(line)
}
