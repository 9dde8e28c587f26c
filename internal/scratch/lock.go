package scratch

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"taskbench/internal/source"
)

// Owner is who measures.
type Owner struct {
	PID     int       `json:"pid"`
	Command string    `json:"command"`
	Since   time.Time `json:"since"`
	URLs    []string  `json:"urls"` // of the servers it measures
}

// Busy is the error of Acquire where somebody else measures.
type Busy struct {
	Owner        // its zero value: not known
	same  string // a server that both measure
	now   time.Time
}

// Error names the other.
func (b *Busy) Error() string {
	if b.PID == 0 {
		return "another taskbench measures on this machine"
	}
	text := fmt.Sprintf("another taskbench measures on this machine: process %d, %q, since %s (%s)",
		b.PID, b.Command, b.Since.Local().Format(time.DateTime), b.now.Sub(b.Since).Round(time.Second))
	if b.same != "" {
		text += "; it loads the same server, " + b.same
	}
	return text
}

// name is that of the lock, in the temporary folder.
const name = "taskbench.lock"

// maxOwner is how much of a lock file is read, in bytes.
const maxOwner = 64 << 10

// Acquire takes the machine for one who measures, until release or the end of
// this process. The error is a *Busy, with a hint, where it is taken.
func Acquire(o Owner) (release func(), err error) {
	path := filepath.Join(os.TempDir(), name)
	for {
		f, err := openLock(path)
		if err != nil {
			return nil, source.WithHint(fmt.Errorf("cannot lock this machine for measuring: %w", err), "set TMPDIR to a folder that is writable, or give --ignore-lock")
		}
		if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
			defer f.Close()
			return nil, source.WithHint(busy(f, o), "two runs at once disturb each other's figures: wait until it is over, or measure all the same with --ignore-lock")
		}
		if isAt(f, path) {
			write(f, o)
			return func() { _ = os.Remove(path); f.Close() }, nil
		}
		f.Close() // its owner removed it meanwhile
	}
}

// openLock opens the lock. That of another user can be read and locked, not written.
func openLock(path string) (*os.File, error) {
	const safely = unix.O_NOFOLLOW | unix.O_NONBLOCK
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|safely, 0o644)
	if errors.Is(err, os.ErrPermission) {
		f, err = os.OpenFile(path, os.O_RDONLY|safely, 0)
	}
	return f, err
}

// isAt reports whether an open file is the one of that path still.
func isAt(f *os.File, path string) bool {
	mine, err := f.Stat()
	there, pathErr := os.Lstat(path)
	return err == nil && pathErr == nil && os.SameFile(mine, there)
}

// write says who holds the lock. Where that fails the lock holds all the same.
func write(f *os.File, o Owner) {
	text, err := json.Marshal(o)
	if err == nil && f.Truncate(0) == nil {
		_, _ = f.WriteAt(text, 0)
	}
}

// busy reads who holds a lock.
func busy(f *os.File, me Owner) *Busy {
	b := &Busy{now: me.Since}
	text, err := io.ReadAll(io.LimitReader(f, maxOwner))
	var other Owner
	if err != nil || json.Unmarshal(text, &other) != nil || !lives(other.PID) {
		return b
	}
	b.Owner = other
	if i := slices.IndexFunc(me.URLs, func(u string) bool { return slices.Contains(other.URLs, u) }); i >= 0 {
		b.same = me.URLs[i]
	}
	b.Command = strings.ToValidUTF8(b.Command, "?")
	return b
}

// lives reports whether a process is there, whoever's it is.
func lives(pid int) bool {
	err := syscall.Kill(pid, 0)
	return pid > 0 && (err == nil || errors.Is(err, syscall.EPERM))
}
