package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sort"
	"syscall"
	"time"

	"taskbench/internal/files"
	"taskbench/internal/scratch"
	"taskbench/internal/source"
)

// child is a process that taskbench started, the leader of its own process
// group: a Ctrl-C meant for taskbench does not reach it.
type child struct {
	name   string
	cmd    *exec.Cmd
	mark   string // what the environment of all that it starts has
	log    string // path of its stdout and stderr
	forget func() // removes the log where nobody asked for one
	guard  *guard
	exited chan struct{} // closed when it has ended and is reaped
	err    error         // how it ended; read after exited
	killed bool          // it did not end when it was asked to; read after stop
}

func start(spec Spec) (*child, error) {
	words, err := argv(spec.Start)
	if err != nil {
		return nil, fmt.Errorf("%s: start: %w", spec.Name, err)
	}
	log, forget, err := openLog(spec)
	if err != nil {
		return nil, fmt.Errorf("%s: log of its output: %w", spec.Name, err)
	}
	defer log.Close() // the child has its own
	cmd := exec.Command(words[0], words[1:]...)
	mark := newMark()
	cmd.Dir, cmd.Env = spec.Dir, append(environment(spec.Env), mark)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = processAttributes()
	c := &child{name: spec.Name, cmd: cmd, mark: mark, log: log.Name(), forget: forget, exited: make(chan struct{})}
	if err := c.launch(spec.CPUs); err != nil {
		c.forget() // its log is empty, and of no use to anyone
		return nil, source.WithHint(fmt.Errorf("%s: cannot start it: %w", spec.Name, err), startHint(words[0], spec.Start, err))
	}
	c.guard = newGuard(cmd.Process.Pid, mark)
	return c, nil
}

// launch starts the process from a thread of its own, and keeps that thread
// until it ends: on Linux the child dies with the thread that made it, and
// inherits the cores it may use.
func (c *child) launch(cpus []int) error {
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		err := pinThread(cpus)
		if err == nil {
			err = c.cmd.Start()
		}
		started <- err
		if err == nil {
			c.err = c.cmd.Wait()
			close(c.exited)
		}
	}()
	return <-started
}

// environment is that of taskbench with additions, in a fixed order.
func environment(extra map[string]string) []string {
	env := os.Environ()
	first := len(env)
	for name, value := range extra {
		env = append(env, name+"="+value)
	}
	sort.Strings(env[first:])
	return env
}

func openLog(spec Spec) (_ *os.File, forget func(), err error) {
	path, forget := spec.LogFile, func() {}
	if path == "" {
		dir, remove, err := scratch.Folder()
		if err != nil {
			return nil, nil, err
		}
		path, forget = filepath.Join(dir, "server.log"), remove
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		forget()
		return nil, nil, err
	}
	log, err := files.Append(path)
	if err != nil {
		forget()
	}
	return log, forget, err
}

// hasExited reports whether the process is gone.
func (c *child) hasExited() bool {
	select {
	case <-c.exited:
		return true
	default:
		return false
	}
}

// leftBehind reports whether something that the process started still runs,
// though it has ended itself.
func (c *child) leftBehind() bool { return len(marked(c.mark)) > 0 }

// ending says how the process ended: "exit status 1", "signal: killed".
func (c *child) ending() string {
	if c.err == nil {
		return "exit status 0"
	}
	return c.err.Error()
}

// stop ends the process, its group and what has left the group.
func (c *child) stop(ctx context.Context) error {
	family := familyOf(c.cmd.Process.Pid, c.mark)
	family.signal(syscall.SIGTERM)
	gone := family.gone(ctx, c.exited, StopGrace)
	family.refresh() // some may have left the group, or been started, on the way to their end
	if !gone || family.running() {
		c.killed = !gone
		family.signal(syscall.SIGKILL)
		// A killed process is gone as soon as the system gets to it; ctx may have ended.
		if !family.gone(context.WithoutCancel(ctx), c.exited, StopGrace) {
			return fmt.Errorf("%s (pid %d) does not end, even when killed", c.name, c.cmd.Process.Pid)
		}
	}
	c.guard.release()
	return nil
}

// tailBytes is how much of the end of a log is looked at.
const tailBytes = 16 << 10

// logTail is the last n lines of what the process wrote.
func (c *child) logTail(n int) string {
	file, err := os.Open(c.log)
	if err != nil {
		return ""
	}
	defer file.Close()
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return ""
	}
	from := max(0, size-tailBytes)
	text := make([]byte, size-from)
	read, err := file.ReadAt(text, from)
	if err != nil && !errors.Is(err, io.EOF) {
		return ""
	}
	return lastLines(string(text[:read]), n)
}

// pollEvery is the pause between two looks at whether something has happened.
const pollEvery = 10 * time.Millisecond
