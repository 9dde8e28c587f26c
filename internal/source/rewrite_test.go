package source

import (
	"strings"
	"testing"
)

// The caret stays below what it points to, whatever is taken out of the line.
func TestRewriteMovesCarets(t *testing.T) {
	t.Parallel()
	hide := func(text string) string {
		return strings.NewReplacer("longsecret", "***", "x", "yyyyyy").Replace(text)
	}
	for _, line := range []string{
		"a: longsecret, b: HERE", "HERE longsecret", "longsecret, HERE, longsecret", "日本 longsecret HERE", "\tx HERE x", "x x HERE", "nothing HERE",
		strings.Repeat("longsecret ", 30) + "HERE" + strings.Repeat(" x", 100),
	} {
		e := &Error{Pos: Position{"f.yaml", 7, strings.Index(line, "HERE") + 1}, Excerpt: line, Message: "bad", Hint: "no longsecret"}
		got := Rewrite(e.Error(), hide)
		if strings.Contains(got, "longsecret") {
			t.Errorf("%s", got)
		}
		lines := strings.Split(got, "\n")
		column := strings.Index(lines[1], "HERE") - len("    7 | ")
		if want := "      | " + blank(lines[1][len("    7 | "):], column+1) + "^"; lines[2] != want {
			t.Errorf("%s\nwant\n%s", got, want)
		}
	}
}

// Within what is taken out, it points to where that stood.
func TestRewriteOfThePlaceItself(t *testing.T) {
	t.Parallel()
	e := &Error{Pos: Position{"f.yaml", 1, 7}, Excerpt: "a: longsecret", Message: "bad"}
	want := "f.yaml:1:7: bad\n    1 | a: ***\n      |    ^"
	if got := Rewrite(e.Error(), func(text string) string { return strings.ReplaceAll(text, "longsecret", "***") }); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
