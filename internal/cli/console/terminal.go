package console

import (
	"taskbench/internal/cli/live"
	"taskbench/internal/secret"
)

// Display shows a run on standard error. The run's secrets become known with its
// plan.
type Display struct {
	*live.Display
	Secrets *secret.Keeper
}

// NewDisplay moves on one line where that can be.
func NewDisplay(p Process) *Display {
	width := p.ErrWidth
	if !p.Terminal.Stderr || p.Getenv("TERM") == "dumb" {
		width = nil
	}
	return &Display{live.New(p.Stderr, width), p.Secrets}
}
