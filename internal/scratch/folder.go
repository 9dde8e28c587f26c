// Package scratch is what taskbench keeps in the system's temporary folder
// (TMPDIR) while it runs: folders that a later run clears when their process is
// gone, and the lock by which two runs on one machine see each other.
//
// Both rest on flock(2), which the kernel lets go of when a process ends,
// however it ends: nothing here can be left locked.
package scratch

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"taskbench/internal/source"
)

const (
	prefix = "taskbench-"
	held   = "held" // in every folder; locked while its process lives
	// newborn is how long a folder may be without the file held, while it is made.
	newborn = time.Minute
)

// ours are the names that Folder makes.
var ours = regexp.MustCompile(`^` + prefix + `[0-9]+$`)

// Folder makes a temporary folder of this process. remove ends it; where the
// process ends before, a later Sweep does.
func Folder() (path string, remove func(), err error) {
	path, err = os.MkdirTemp("", prefix)
	if err != nil {
		return "", nil, source.WithHint(err, "taskbench keeps what it needs there while it runs: make room, or set TMPDIR to a folder that is writable")
	}
	hold, err := holdFolder(path)
	if err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(path))
	}
	return path, func() {
		_ = os.RemoveAll(path) // what cannot be removed now, the next Sweep tries again
		hold.Close()
	}, nil
}

// holdFolder puts the locked file into a folder. It gets its name when it is
// locked: whoever finds it unlocked may take the folder for abandoned.
func holdFolder(path string) (*os.File, error) {
	f, err := os.CreateTemp(path, "holding-*")
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if err := os.Rename(f.Name(), filepath.Join(path, held)); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Sweep removes the folders that processes of this user left behind when they
// were killed. Those of living ones, and whatever else has such a name, stay.
func Sweep() {
	entries, err := os.ReadDir(os.TempDir())
	if err != nil {
		return // a folder that cannot be listed cannot be cleared
	}
	for _, e := range entries {
		if path := filepath.Join(os.TempDir(), e.Name()); ours.MatchString(e.Name()) && isMine(path) {
			sweep(path)
		}
	}
}

// isMine reports whether a path is a folder, and no link, of this user.
func isMine(path string) bool {
	info, err := os.Lstat(path)
	if err != nil || !info.IsDir() {
		return false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Getuid()
}

// sweep removes one folder when its process is gone.
func sweep(path string) {
	f, err := os.OpenFile(filepath.Join(path, held), os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if errors.Is(err, os.ErrNotExist) {
		sweepNewborn(path)
		return
	}
	if err != nil {
		return
	}
	defer f.Close()
	if unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil {
		_ = os.RemoveAll(path) // what cannot be removed harms nobody
	}
}

// sweepNewborn removes a folder whose process was killed while it made it:
// nothing but the file that was to be held is in it.
func sweepNewborn(path string) {
	info, err := os.Stat(path)
	if err != nil || time.Since(info.ModTime()) < newborn {
		return
	}
	holding, _ := filepath.Glob(filepath.Join(path, "holding-*")) // the pattern is well formed
	for _, name := range holding {
		_ = os.Remove(name)
	}
	_ = os.Remove(path) // fails, as it should, where anything else is in it
}
