package results

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"taskbench/internal/files"
)

// Modes of files: what quotes answers is the user's alone, for answers may hold
// what was meant for one reader.
const (
	public  fs.FileMode = 0o644
	private fs.FileMode = 0o600
)

// modeOf is the mode of a document's file.
func modeOf(doc *Document) fs.FileMode {
	if doc.quotes() {
		return private
	}
	return public
}

// create writes text to a new file of dir, stem.json or the first of
// stem_2.json, stem_3.json, … that is free, and returns its path. The name is
// taken by a hard link, which fails when the name exists: two processes that
// choose the same name at the same time cannot overwrite each other, and the
// file is complete from the first moment it has a name.
func create(dir, stem string, text []byte, mode fs.FileMode) (string, error) {
	if err := makeFolder(dir); err != nil {
		return "", err
	}
	temp, err := writeTemp(dir, text, mode)
	if err != nil {
		return "", unwritable(dir, err)
	}
	defer os.Remove(temp)
	path, err := claim(dir, stem, temp, os.Link)
	if err == nil {
		err = syncFolder(dir)
	}
	if err != nil {
		return "", unwritable(dir, err)
	}
	return path, nil
}

// claim gives the file temp the first free name. Where link is impossible
// (FAT, some network folders) an empty file reserves the name and is renamed
// over; readers may then see it empty for a moment.
func claim(dir, stem, temp string, link func(old, new string) error) (string, error) {
	for n := 1; ; n++ {
		path := filepath.Join(dir, numbered(stem, n))
		err := link(temp, path)
		if err != nil && !errors.Is(err, fs.ErrExist) {
			err = reserve(path, temp)
		}
		if err == nil {
			return path, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", err
		}
	}
}

func reserve(path, temp string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, private)
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Rename(temp, path))
}

func numbered(stem string, n int) string {
	if n == 1 {
		return stem + ".json"
	}
	return fmt.Sprintf("%s_%d.json", stem, n)
}

// replace puts text in place of the file at path in one step.
func replace(path string, text []byte, mode fs.FileMode) error {
	if err := writeFile(path, text, mode); err != nil {
		return unwritable(filepath.Dir(path), err)
	}
	return nil
}

// WriteFile puts text at path in one step, in place of what was there: readers
// see the old text or the new one, whole, after a power cut too. A link stays
// one. What is no file, such as a device or a pipe, is written to as it is; a
// pipe that nobody reads is an error.
func WriteFile(path string, text []byte) error { return writeFile(path, text, public) }

func writeFile(path string, text []byte, mode fs.FileMode) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return files.Into(path, text)
	}
	temp, err := writeTemp(filepath.Dir(path), text, mode)
	if err != nil {
		return about(path, err)
	}
	if err := os.Rename(temp, path); err != nil {
		os.Remove(temp)
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// writeTemp writes text to a hidden file of dir that is on the disk, not only
// in memory, when it returns.
func writeTemp(dir string, text []byte, mode fs.FileMode) (string, error) {
	f, err := os.CreateTemp(dir, ".writing-*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}

// about says an error of the hidden file of the one that was asked for.
func about(path string, err error) error {
	if hidden, ok := errors.AsType[*fs.PathError](err); ok {
		return &fs.PathError{Op: "write", Path: path, Err: hidden.Err}
	}
	return err
}

func makeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return unwritable(dir, err)
	}
	return nil
}

// syncFolder makes a new or changed name survive a power cut. Some file
// systems cannot sync a folder: that is no reason to call a saved document
// unsaved.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	_ = d.Sync()
	return d.Close()
}
