package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// FS is the folders and plain files below dir; nothing else is opened. Links
// are followed wherever they lead: the folder is one that a user has named.
func FS(dir string) fs.FS { return plainFS(dir) }

type plainFS string

func (dir plainFS) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	path := filepath.Join(string(dir), filepath.FromSlash(name))
	open := Open
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		open = os.Open
	}
	f, err := open(path)
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		failed.Path = name // as fs.FS has it: dir is its caller's
	}
	if err != nil {
		return nil, err // no file that is nil and an fs.File all the same
	}
	return f, nil
}
