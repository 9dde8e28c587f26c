package results

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"taskbench/internal/files"
	"taskbench/internal/source"
)

// maxDocument bounds a document, in bytes: those of a day's soak have some MiB.
const maxDocument = 256 << 20

// Inside says why a path of the store in dir is none: links on the way lead out
// of it. A store may come from somebody else, with an unpacked archive or a
// checked-out branch. What does not exist leads nowhere.
func Inside(dir, path string) error {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	switch err := files.Inside(dir, absolute); {
	case errors.Is(err, files.ErrOutside):
		return source.WithHint(fmt.Errorf("%s leads out of the results folder %s", path, dir), "replace the link by what it points to, or name that folder with --results DIR")
	case errors.Is(err, fs.ErrNotExist):
		return nil
	default:
		return err
	}
}

// open opens a document for reading.
func open(path string) (*os.File, error) {
	f, err := files.Open(path)
	return f, unreadable(path, err)
}

func readFile(path string) ([]byte, error) {
	text, err := files.Read(path, maxDocument)
	return text, unreadable(path, err)
}

// unreadable is the error of a document that cannot be read, with what to do.
func unreadable(path string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, files.ErrNotPlain):
		return source.WithHint(fmt.Errorf("%s is no file", path), "move it out of the results folder")
	case errors.Is(err, fs.ErrNotExist):
		return source.WithHint(fmt.Errorf("cannot read results: %w", err), "list what there is with: taskbench results list")
	case errors.Is(err, fs.ErrPermission):
		return source.WithHint(fmt.Errorf("cannot read results: %w", err), "make the file readable, or move it away")
	}
	return source.WithHint(fmt.Errorf("cannot read results: %s: %w", path, err), "move it out of the results folder")
}
