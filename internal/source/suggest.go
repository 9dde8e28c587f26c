package source

import (
	"fmt"
	"strings"
)

// DidYouMean is the hint `did you mean "connections"?` for a misspelt word, or
// "" when none of the allowed words is near: more than a third of the letters
// (at least one, at most three) would have to change. A letter in the other case
// counts as half a change, and a word that differs in nothing else is always
// near. Of two equally near words the one listed first wins. Words whose lengths
// alone are too far apart are not compared, and those longer than maxWord only as
// a whole: a file may call a megabyte of text a name.
func DidYouMean(got string, allowed []string) string {
	best, bestCost := "", 0
	letters := []rune(got)
	for _, word := range allowed {
		cost, near := nearness(letters, []rune(word))
		if strings.EqualFold(got, word) {
			cost, near = min(cost, 1), true
		}
		if near && (best == "" || cost < bestCost) {
			best, bestCost = word, cost
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("did you mean %q?", best)
}

// maxWord is the length, in letters, up to which words are compared letter by letter.
const maxWord = 100

// nearness is how far apart two words are, in half changes, and whether that is
// near; 1 where they are not compared.
func nearness(got, word []rune) (cost int, near bool) {
	changes := min(3, max(1, (len(word)+2)/3))
	if max(len(got), len(word)) > maxWord || max(len(got)-len(word), len(word)-len(got)) > changes {
		return 1, false
	}
	cost = distance(got, word)
	return cost, cost <= 2*changes
}

// Allowed is DidYouMean, or the whole list when nothing is near:
// "one of flow, mix, request". It is "" for an empty list.
func Allowed(got string, allowed []string) string {
	if hint := DidYouMean(got, allowed); hint != "" || len(allowed) == 0 {
		return hint
	}
	return "one of " + strings.Join(allowed, ", ")
}

// distance is the optimal string alignment distance: insertions, deletions,
// replacements and swaps of neighbours, in half changes.
// Source: R. Wagner, M. Fischer, The String-to-String Correction Problem
// (1974); transpositions by R. Lowrance, R. Wagner (1975), restricted to
// letters that are edited once.
func distance(a, b []rune) int {
	const change = 2
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j * change
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i * change
		for j := 1; j <= len(b); j++ {
			row[j] = min(last[j]+change, row[j-1]+change, last[j-1]+replaceCost(a[i-1], b[j-1]))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+change)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}

// replaceCost is 0 for the same letter, 1 for the other case of it, else 2.
func replaceCost(a, b rune) int {
	switch {
	case a == b:
		return 0
	case strings.EqualFold(string(a), string(b)):
		return 1
	default:
		return 2
	}
}
