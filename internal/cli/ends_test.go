package cli

import (
	"bytes"
	"context"
	"io"
	"testing"

	"taskbench/internal/cli/console"
)

// waiting is standard input that nobody writes to; it tells when it is read.
type waiting struct {
	io.Reader
	read chan struct{}
}

func (w *waiting) Read(p []byte) (int, error) {
	close(w.read)
	return w.Reader.Read(p)
}

// A command that waits for what never comes ends when it is told to.
func TestEndsThoughItWaits(t *testing.T) {
	t.Parallel()
	never, _ := io.Pipe()
	in := &waiting{never, make(chan struct{})}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-in.read
		cancel()
	}()
	var out, errs bytes.Buffer
	p := console.Process{Args: []string{"taskbench", "parse", "-"}, Stdin: in, Stdout: &out, Stderr: &errs, Getenv: func(string) string { return "" }}
	if code := Run(ctx, p); code != console.ExitInterrupted || errs.String() != "interrupted\n" {
		t.Errorf("exit code %d: %s", code, errs.String())
	}
}
