package sample

import "strings"

// Squeeze forgets how wide columns are.
func Squeeze(text string) string { return strings.Join(strings.Fields(text), " ") }
