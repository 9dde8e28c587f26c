package cli

import (
	"taskbench/internal/cli/live"
	"taskbench/internal/secret"
)

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
