// Package shell writes what shells read: words in quotes, and scripts that
// complete command lines.
package shell

import (
	"regexp"
	"strings"
)

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_@%+=:,./-]+$`)

// Join writes a command line of a POSIX shell.
func Join(words ...string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = Argument(word)
		if i == 0 && strings.Contains(word, "=") { // it would be an assignment
			quoted[i] = Quote(word)
		}
	}
	return strings.Join(quoted, " ")
}

// Argument makes any text one word of POSIX shells, bash and zsh, in quotes where
// they would take it apart or change it.
func Argument(text string) string {
	if plainWord.MatchString(text) {
		return text
	}
	return Quote(text)
}

// Quote is Argument, in quotes in any case.
func Quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
