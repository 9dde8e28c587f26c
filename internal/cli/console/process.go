// Package console is what every command has of the world around it: the process with
// its streams, environment and terminal, formats to print in, exit codes, and the
// printers that let neither foreign escape sequences nor secrets through.
package console

import (
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"taskbench/internal/page"
	"taskbench/internal/secret"
	"taskbench/internal/source"
)

// Process is what a command sees of the world around it.
type Process struct {
	Args   []string // with the program's name first
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	// Terminal tells whether Stdout, and whether Stderr, is a person's terminal.
	Terminal struct{ Stdout, Stderr bool }
	Width    int        // columns of the terminal; 0: unknown
	ErrWidth func() int // columns of the terminal that Stderr is, at this moment
	Getenv   func(string) string

	Raw     struct{ Stdout, Stderr io.Writer } // as given, see guard
	Secrets *secret.Keeper
}

// usualWidth is assumed of a terminal that does not tell how wide it is.
const usualWidth = 80

// System is the real process.
func System() Process {
	p := Process{
		Args: os.Args, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv,
	}
	p.Terminal.Stdout = term.IsTerminal(int(os.Stdout.Fd()))
	p.Terminal.Stderr = term.IsTerminal(int(os.Stderr.Fd()))
	if w, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil {
		p.Width = w
	}
	p.ErrWidth = func() int {
		if w, _, err := term.GetSize(int(os.Stderr.Fd())); err == nil && w > 0 {
			return w
		}
		return usualWidth
	}
	return p
}

// Guard has everything printed pass through the one printer for foreign text.
// What is made for programs to the last byte (scripts, completions), or for the CI
// service itself, goes to raw. Messages quote answers and logs, and hide secrets.
func (p *Process) Guard() {
	p.Raw.Stdout, p.Raw.Stderr = p.Stdout, p.Stderr
	p.Stdout = source.NewGuard(p.Stdout, p.color(), false)
	p.Secrets = new(secret.Keeper)
	p.Stderr = hiding{source.NewGuard(p.Stderr, p.Terminal.Stderr, p.Terminal.Stderr), p.Secrets}
}

// textOptions says what standard output can show.
func (p Process) textOptions() page.Options {
	return page.Options{Width: p.Width, Color: p.color(), ASCII: p.Ascii()}
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

// Ascii is for locales that say they are not UTF-8. The first of the variables
// that is set decides, as for every program (POSIX, 8.2). Where none is set, as
// in most containers, UTF-8 is what all terminals of today show.
func (p Process) Ascii() bool {
	for _, variable := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := strings.ToLower(p.Getenv(variable)); locale != "" {
			return !strings.Contains(locale, "utf-8") && !strings.Contains(locale, "utf8")
		}
	}
	return false
}
