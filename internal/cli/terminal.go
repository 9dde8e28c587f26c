package cli

import (
	"strings"

	"taskbench/internal/cli/live"
	"taskbench/internal/page"
	"taskbench/internal/secret"
)

// textOptions says what standard output can show.
func (p Process) textOptions() page.Options {
	return page.Options{Width: p.Width, Color: p.color(), ASCII: p.ascii()}
}

// display shows a run on standard error. The run's secrets become known with its
// plan.
type display struct {
	*live.Display
	secrets *secret.Keeper
}

// newDisplay moves on one line where that can be.
func newDisplay(p Process) *display {
	width := p.ErrWidth
	if !p.Terminal.Stderr || p.Getenv("TERM") == "dumb" {
		width = nil
	}
	return &display{live.New(p.Stderr, width), p.secrets}
}

// color is for people at a terminal who did not refuse it (no-color.org), and
// for those who insist (CLICOLOR_FORCE, bixense.com/clicolors).
func (p Process) color() bool {
	switch {
	case p.Getenv("NO_COLOR") != "":
		return false
	case p.Getenv("CLICOLOR_FORCE") != "" && p.Getenv("CLICOLOR_FORCE") != "0":
		return true
	}
	return p.Terminal.Stdout && p.Getenv("TERM") != "dumb"
}

// ascii is for locales that say they are not UTF-8. The first of the variables
// that is set decides, as for every program (POSIX, 8.2). Where none is set, as
// in most containers, UTF-8 is what all terminals of today show.
func (p Process) ascii() bool {
	for _, variable := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := strings.ToLower(p.Getenv(variable)); locale != "" {
			return !strings.Contains(locale, "utf-8") && !strings.Contains(locale, "utf8")
		}
	}
	return false
}
