package cli

import (
	"errors"
	"fmt"

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

func exit(code int, err error) error { return &exitError{code, err} }

// exitWith gives an error its code, where there is one.
func exitWith(code int, err error) error {
	if err == nil {
		return nil
	}
	return exit(code, err)
}

// usagef is a usage error about a word that is not one of the allowed ones.
func usagef(got string, allowed []string, format string, args ...any) error {
	return exit(ExitUsage, source.WithHint(fmt.Errorf(format, args...), source.Allowed(got, allowed)))
}

func exitCode(err error) int {
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

func badFlag(format string, args ...any) error {
	return exit(ExitUsage, fmt.Errorf(format, args...))
}
