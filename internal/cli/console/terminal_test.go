package console

import (
	"strings"
	"testing"
)

// processOf has a terminal of 80 columns, or none, and an environment of
// NAME=VALUE words.
func processOf(terminal bool, environment string) Process {
	p := Process{Width: 80, Getenv: func(name string) string {
		for _, word := range strings.Fields(environment) {
			if value, ok := strings.CutPrefix(word, name+"="); ok {
				return value
			}
		}
		return ""
	}}
	p.Terminal.Stdout = terminal
	return p
}

func TestColor(t *testing.T) {
	t.Parallel()
	for environment, want := range map[string][2]bool{ // at a terminal, elsewhere
		"":                            {true, false},
		"NO_COLOR=1":                  {false, false},
		"TERM=xterm":                  {true, false},
		"TERM=dumb":                   {false, false},
		"CLICOLOR_FORCE=1":            {true, true},
		"CLICOLOR_FORCE=1 TERM=dumb":  {true, true},
		"CLICOLOR_FORCE=0":            {true, false},
		"CLICOLOR_FORCE=1 NO_COLOR=1": {false, false},
	} {
		if got := [2]bool{processOf(true, environment).color(), processOf(false, environment).color()}; got != want {
			t.Errorf("%q: %v, want %v", environment, got, want)
		}
	}
}

func TestASCII(t *testing.T) {
	t.Parallel()
	for environment, want := range map[string]bool{
		"":                              false,
		"LANG=de_DE.UTF-8":              false,
		"LANG=C.utf8":                   false,
		"LANG=C":                        true,
		"LANG=de_DE.ISO-8859-1":         true,
		"LC_ALL=C LANG=C.UTF-8":         true,
		"LC_CTYPE=C.UTF-8 LANG=C":       false,
		"LC_ALL=en_US.UTF-8 LC_CTYPE=C": false,
	} {
		if got := processOf(true, environment).textOptions(); got.ASCII != want || got.Width != 80 {
			t.Errorf("%q: %+v, want %v", environment, got, want)
		}
	}
}
