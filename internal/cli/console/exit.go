package console

import (
	"errors"
	"fmt"
	"io"

	"taskbench/internal/source"
)

// Exit codes, the same for every command.
const (
	ExitOK           = 0   // fine
	ExitFailed       = 1   // could not do it
	ExitUsage        = 2   // wrong usage, configuration or scenario file
	ExitGate         = 3   // a gate or an expectation failed, or answers were wrong
	ExitInconclusive = 4   // undecided, under --strict
	ExitInterrupted  = 130 // stopped by the user; what was measured is kept
)

// exitError gives an error its exit code. Without one it is ExitFailed, or
// ExitUsage when the error points into a file of the user's.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// Exit gives an error its code; nil exits with that code, and says nothing.
func Exit(code int, err error) error { return &exitError{code, err} }

// ExitWith gives an error its code, where there is one.
func ExitWith(code int, err error) error {
	if err == nil {
		return nil
	}
	return Exit(code, err)
}

// Usagef is a usage error about a word that is not one of the allowed ones.
func Usagef(got string, allowed []string, format string, args ...any) error {
	return Exit(ExitUsage, source.WithHint(fmt.Errorf(format, args...), source.Allowed(got, allowed)))
}

// ExitCode is the code that an error ends the program with.
func ExitCode(err error) int {
	var coded *exitError
	if errors.As(err, &coded) {
		return coded.code
	}
	var place *source.Error
	if errors.As(err, &place) && place.Pos.Line > 0 {
		return ExitUsage
	}
	return ExitFailed
}

// BadFlag is a usage error.
func BadFlag(format string, args ...any) error {
	return Exit(ExitUsage, fmt.Errorf(format, args...))
}

// HasCode tells whether an error was given its code.
func HasCode(err error) bool {
	var e *exitError
	return errors.As(err, &e)
}

// Report prints an error once, at the one place where errors end, and gives its code.
func Report(w io.Writer, err error) int {
	if err == nil {
		return ExitOK
	}
	if text := err.Error(); text != "" {
		fmt.Fprintln(w, source.Printable(text))
	}
	return ExitCode(err)
}
