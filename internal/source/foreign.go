package source

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Printable makes foreign text (of servers, logs, file names, stored documents)
// safe to show: lines and tabs stay, whatever else could move the cursor,
// change the terminal, or turn the reading order becomes U+FFFD.
func Printable(text string) string {
	if isPlain(text) {
		return text
	}
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\r\n", "\n"), string(utf8.RuneError))
	return strings.Map(func(r rune) rune {
		if !harmless(r) {
			return utf8.RuneError
		}
		return r
	}, text)
}

// isPlain is the quick answer for most text.
func isPlain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c >= utf8.RuneSelf || c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// harmless tells characters that only show themselves.
func harmless(r rune) bool {
	switch {
	case r == '\n', r == '\t':
		return true
	case r == '\u2028', r == '\u2029', r == '\ufeff':
		return false
	}
	return !unicode.IsControl(r) && !unicode.Is(unicode.Bidi_Control, r)
}
