// Package shell writes what shells read: words in quotes, and scripts that
// complete command lines.
package shell

import (
	"regexp"
	"strings"
)

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_@%+=:,./-]+$`)

// Join writes words as a command line of a POSIX shell, in quotes where it would
// take them apart or change them, or take the first for an assignment.
func Join(words ...string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		if quoted[i] = word; !plainWord.MatchString(word) || i == 0 && strings.Contains(word, "=") {
			quoted[i] = Quote(word)
		}
	}
	return strings.Join(quoted, " ")
}

// Quote makes any text one word of POSIX shells, bash and zsh.
func Quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
