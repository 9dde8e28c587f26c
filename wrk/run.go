package wrk

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"taskbench/internal/scratch"
	"taskbench/internal/source"
)

// Run starts wrk, waits for it and returns what it wrote.
//
// When ctx ends, wrk gets SIGINT, on which it prints its summary and calls the
// script's done(): the partial figures come back with Interrupted set. A wrk
// that runs on 10 s beyond its duration is interrupted too, and that is an
// error. Whatever does not stop within 5 s of the interrupt is killed, with
// all processes it started. wrk does not outlive Run, nor this process (Linux).
//
// A nil error means that the output holds a run as asked for. Otherwise the
// error is a *source.Error with a hint, and Output holds whatever there is; if
// ctx ended before there was anything to keep, it wraps the cause of that.
func Run(ctx context.Context, o Options) (Output, error) {
	if err := o.validate(); err != nil {
		return Output{}, err
	}
	if err := ctx.Err(); err != nil {
		return Output{}, interrupted(ctx)
	}
	cleanup, err := prepare(&o)
	if err != nil {
		return Output{}, err
	}
	defer cleanup()
	out, err := Execute(ctx, Command{
		Name: "wrk", Argv: append([]string{o.Path}, Args(o)...), Env: o.environment(os.Environ()), CPUs: o.CPUs,
		Limit: o.Duration + o.Linger + overtime, Files: o.filesNeeded(), Enough: o.Enough,
	})
	out.Warnings = append(out.Warnings, o.warnings()...)
	if err != nil {
		return out, err
	}
	if out.Block, err = readBlock(o); err != nil {
		return out, err
	}
	return out, diagnoseRun(ctx, o, &out)
}

// prepare resolves the program and makes sure that no block of an earlier run
// can be taken for one of this run.
func prepare(o *Options) (cleanup func(), err error) {
	cleanup = func() {}
	if o.Path, err = lookPath(o.Path); err != nil {
		return cleanup, err
	}
	if o.Script == "" {
		return cleanup, nil
	}
	if o.LiveFile != "" {
		_ = os.Remove(o.LiveFile) // a script that cannot write there tells nothing, which nobody needs
	}
	if o.OutFile == "" {
		dir, remove, err := scratch.Folder()
		if err != nil {
			return cleanup, err
		}
		o.OutFile = filepath.Join(dir, "block.json")
		return remove, nil
	}
	if err := os.Remove(o.OutFile); err != nil && !errors.Is(err, os.ErrNotExist) {
		return cleanup, source.WithHint(err, "the script writes its result there: choose a path that can be written")
	}
	return cleanup, nil
}

// readBlock returns what the script wrote to OutFile; nil if it wrote nothing.
func readBlock(o Options) ([]byte, error) {
	if o.Script == "" {
		return nil, nil
	}
	f, err := os.Open(o.OutFile)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, source.WithHint(err, "the script's result is in that file: make it readable")
	}
	defer f.Close()
	block, err := io.ReadAll(io.LimitReader(f, maxBlock))
	if err != nil {
		return nil, source.WithHint(err, "the script's result is in that file: make it readable")
	}
	return block, nil
}

// interrupted is the error of a run that ctx ended before it had a result.
func interrupted(ctx context.Context) error {
	cause := context.Cause(ctx)
	return &source.Error{Message: "interrupted before wrk had a result: " + cause.Error(),
		Hint: "run it again; nothing was measured", Err: cause}
}
