package results

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"taskbench/internal/source"
)

// Inside says why a path of the store in dir is none: links on the way lead out
// of it. A store may come from somebody else, with an unpacked archive or a
// checked-out branch. What does not exist leads nowhere.
func Inside(dir, path string) error {
	root, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return ifExists(err)
	}
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return ifExists(err)
	}
	root, rootErr := filepath.Abs(root)
	real, realErr := filepath.Abs(real)
	if err := errors.Join(rootErr, realErr); err != nil {
		return err
	}
	if way, err := filepath.Rel(root, real); err != nil || !filepath.IsLocal(way) {
		return source.WithHint(fmt.Errorf("%s leads out of the results folder %s", path, dir), "replace the link by what it points to, or name that folder with --results DIR")
	}
	return nil
}

func ifExists(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// open opens a file for reading. What is no file is refused: a pipe would be
// waited for, a device never ends.
func open(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, source.WithHint(fmt.Errorf("cannot read results: %w", err), "list what there is with: taskbench results list")
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = source.WithHint(fmt.Errorf("%s is no file", path), "move it out of the results folder")
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func readFile(path string) ([]byte, error) {
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		return nil, source.WithHint(fmt.Errorf("cannot read results: %w", err), "make the file readable, or move it away")
	}
	return text, nil
}
