package cli

import (
	"strings"

	"taskbench/internal/config"
)

// Flags that may stand alone, and what they mean then. The library knows no
// optional values, so a lone flag is given its value before it looks.
var optionalValues = map[string]struct {
	alone string
	takes func(next string) bool // whether the next word is its value
}{
	"pin":    {config.HalfPin, func(next string) bool { return next == config.HalfPin || strings.Trim(next, "0123456789,-:") == "" }},
	"resume": {"latest", func(next string) bool { return !strings.Contains(next, "=") }},
}

// withValues joins each such flag with its value: "--pin 0:1" becomes
// "--pin=0:1", and "--pin" at the end or before anything else "--pin=halves".
// What follows "--" is left alone.
func withValues(argv []string) []string {
	var out []string
	for i := 0; i < len(argv); i++ {
		word := argv[i]
		if word == "--" {
			return append(out, argv[i:]...)
		}
		flag, known := optionalValues[strings.TrimLeft(word, "-")]
		if !known || !isFlag(word) {
			out = append(out, word)
			continue
		}
		value := flag.alone
		if i+1 < len(argv) && argv[i+1] != "" && argv[i+1][0] != '-' && flag.takes(argv[i+1]) {
			i++
			value = argv[i]
		}
		out = append(out, word+"="+value)
	}
	return out
}
