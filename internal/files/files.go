// Package files opens the files that documents name: scenarios their data,
// results what lies beside them. A document may come from somebody else, so a
// name in it is followed to a plain file of a bounded size only and, where a
// folder is given, not out of that folder.
package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// ErrNotPlain is what a folder, a device or a pipe is refused for: a device may
// never end, a pipe is waited for, and opening either may do something. What is
// refused says besides which of them it is.
var ErrNotPlain = errors.New("it is no plain file")

// ErrOutside is what a name is refused for that leads out of the folder.
var ErrOutside = errors.New("it is outside the folder")

// Open opens a plain file for reading. Nothing else is ever opened.
func Open(path string) (*os.File, error) { return openPlain(path, os.Stat, os.OpenFile) }

// OpenInside is Open for a name relative to dir, or an absolute one, that must
// not lead out of dir: neither itself nor by a link on the way.
func OpenInside(dir, name string) (*os.File, error) {
	folder, way, err := resolve(dir, name)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(folder) // so that nobody changes a link after it was looked at
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return openPlain(way, root.Stat, root.OpenFile)
}

// Read is the content of a plain file of at most limit bytes.
func Read(path string, limit int64) ([]byte, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	return readAll(f, limit)
}

// ReadInside is the content of a plain file, as OpenInside finds it, of at most
// limit bytes.
func ReadInside(dir, name string, limit int64) ([]byte, error) {
	f, err := OpenInside(dir, name)
	if err != nil {
		return nil, err
	}
	return readAll(f, limit)
}

// Inside is nil where OpenInside would look for the file, and ErrOutside where
// the name leads out of dir. Other errors are those of looking, such as
// fs.ErrNotExist.
func Inside(dir, name string) error {
	_, _, err := resolve(dir, name)
	return err
}

// TooLarge is the error for more than limit bytes.
func TooLarge(limit int64) error { return fmt.Errorf("it is larger than %d MiB", limit>>20) }

// resolve follows all links: to the folder, and to the file relative to it.
func resolve(dir, name string) (folder, way string, err error) {
	if !filepath.IsAbs(name) {
		name = filepath.Join(dir, name)
	}
	folder, err = real(dir)
	if err != nil {
		return "", "", err
	}
	file, err := real(name)
	if err != nil && leadsOut(dir, name) {
		return "", "", ErrOutside // whatever else: what there is elsewhere is not told
	}
	if err != nil {
		return "", "", err
	}
	way, err = filepath.Rel(folder, file)
	if err != nil || !filepath.IsLocal(way) {
		return "", "", ErrOutside
	}
	return folder, way, nil
}

// leadsOut judges a path by its text alone.
func leadsOut(dir, path string) bool {
	from, fromErr := filepath.Abs(dir)
	to, toErr := filepath.Abs(path)
	way, err := filepath.Rel(from, to)
	return errors.Join(fromErr, toErr, err) != nil || !filepath.IsLocal(way)
}

// real is the absolute path without links.
func real(path string) (string, error) {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", err
	}
	return filepath.Abs(path)
}

// openPlain looks before it opens, and again at what it opened: there may be
// something else meanwhile.
func openPlain(path string, stat func(string) (fs.FileInfo, error), open func(string, int, fs.FileMode) (*os.File, error)) (*os.File, error) {
	info, err := stat(path)
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		failed.Op = "open" // which is what was asked
	}
	if err != nil {
		return nil, err
	}
	if err := notPlain(info.Mode()); err != nil {
		return nil, err
	}
	f, err := open(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	if info, err = f.Stat(); err == nil {
		err = notPlain(info.Mode())
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// notPlain is nil for a plain file.
func notPlain(mode fs.FileMode) error {
	if mode.IsRegular() {
		return nil
	}
	for _, k := range []struct {
		bit  fs.FileMode
		name string
	}{{fs.ModeDir, "a folder"}, {fs.ModeNamedPipe, "a pipe"}, {fs.ModeSocket, "a socket"}, {fs.ModeDevice, "a device"}} {
		if mode&k.bit != 0 {
			return fmt.Errorf("%w but %s", ErrNotPlain, k.name)
		}
	}
	return ErrNotPlain
}

// Into writes text into what is there and is no plain file, such as the device
// or the pipe that standard output is. A pipe that nobody reads is an error, and
// not waited for.
func Into(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|syscall.O_NONBLOCK, 0)
	if errors.Is(err, syscall.ENXIO) {
		return &fs.PathError{Op: "open", Path: path, Err: errors.New("nobody reads from it")}
	}
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

// Append opens a file to write at its end, and makes it where there is none. It
// may be a device; a pipe is refused, as opening it waits for who reads it.
func Append(path string) (*os.File, error) {
	if info, err := os.Stat(path); err == nil && info.Mode()&(fs.ModeNamedPipe|fs.ModeSocket) != 0 {
		return nil, &fs.PathError{Op: "open", Path: path, Err: notPlain(info.Mode())}
	}
	return os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
}

// readAll reads the file to its end, and closes it.
func readAll(f *os.File, limit int64) ([]byte, error) {
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(text)) > limit {
		err = TooLarge(limit)
	}
	return text, err
}
