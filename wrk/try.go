package wrk

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"taskbench/internal/scratch"
	"taskbench/internal/source"
)

//go:embed guard.lua
var guard string

// TryOptions is a script that is to meet wrk once, without a server of its own.
type TryOptions struct {
	Path   string   // the executable, or a name to look up in $PATH; "" means wrk
	Script string   // its path, as messages name it
	Source []byte   // its text, for the excerpts of messages
	Args   []string // passed to init(), after the URL
	Answer Answer   // to every request
	// Free lets the script do to the machine whatever it likes. Otherwise its
	// programs are not started, it writes to copies of files, which are thrown
	// away, native code (ffi, C modules) is not there, and names resolve to the
	// listener.
	Free bool
}

// Tried is what became of it.
type Tried struct {
	// Err is why wrk cannot run the script; nil if it can.
	Err *source.Error
	// Unreadable says that Err is of the script's text: nothing of it was run.
	Unreadable bool
	// Kept is what the script asked for and did not get, in order, each once:
	// whatever happened after the first says nothing.
	Kept []Use
	// Dropped is what had no effect, though the script was told that it had.
	Dropped []Use
	// Requests is how many whole ones arrived.
	Requests int
	// Stalled says that no more came for a good part of the run.
	Stalled bool
}

// Use is one thing that a script did or asked for, such as os.execute, and the
// line that did (0 if it was none of the script's own).
type Use struct {
	What string
	Line int
}

// Bounds of a try. A script that prints, allocates or computes without end is
// stopped by them; wrk itself needs 20 MiB.
const (
	tryEnough   = 100                   // answers, after which wrk is told to stop
	tryCompute  = 5 * time.Second       // of the processor, then the kernel ends it
	tryLimit    = 40 * time.Second      // by the clock, which runs faster than a busy machine
	tryPoll     = 20 * time.Millisecond // between looks at the count of answers
	tryOutput   = 1 << 20               // bytes kept of each stream
	tryShell    = `{ ulimit -c 0; ulimit -H -t 10; ulimit -S -t 5; ulimit -v 1500000; [ -n "$FREE" ] || ulimit -f 131072; } 2>/dev/null; unset FREE; exec "$@"`
	tryRate     = "1000"                 // requests a second, for wrk2
	tryDuration = "1"                    // seconds: the shortest that wrk knows
	tryRepeat   = 100 * time.Millisecond // between interrupts
	tryStalled  = 400 * time.Millisecond // without a byte, at the end
)

// Try runs a script in wrk with one connection against a listener on the
// loopback interface for at most a hundred requests or about a second, then
// lets it call done(). Nothing goes to another machine. The error says that it
// could not be tried, such as no wrk; what is wrong with the script is in Tried.
func Try(ctx context.Context, o TryOptions) (Tried, error) {
	found, err := Find(o.Path)
	if err != nil {
		return Tried{}, err
	}
	server, err := newListener(o.Answer)
	if err != nil {
		return Tried{}, source.WithHint(fmt.Errorf("no listener for the script: %w", err), "it needs a port of 127.0.0.1")
	}
	defer server.close()
	dir, remove, err := scratch.Folder()
	if err != nil {
		return Tried{}, err
	}
	defer remove()
	t := try{o: o, server: server, mark: filepath.Base(dir) + ": ", dir: filepath.Join(dir, "written")}
	harness := filepath.Join(dir, "guard.lua")
	if err := os.Mkdir(t.dir, 0o700); err != nil {
		return Tried{}, source.WithHint(err, "make room there, or point TMPDIR to another directory")
	}
	if err := os.WriteFile(harness, t.harness(), 0o600); err != nil {
		return Tried{}, source.WithHint(err, "make room there, or point TMPDIR to another directory")
	}
	if err := t.run(ctx, found, harness, dir); err != nil {
		return Tried{}, err
	}
	server.close() // and everything that came is counted
	return t.judge(), nil
}

// try is one run.
type try struct {
	o      TryOptions
	server *listener
	mark   string
	dir    string // of ours, removed at the end

	stderr  []byte
	state   *os.ProcessState
	overdue bool
	quiet   time.Duration // since the last byte came
}

// harness is the script that wrk loads, which loads the one in question.
func (t *try) harness() []byte {
	return fmt.Appendf(nil, "local SCRIPT, MARK, PORT, DIR, GUARD = %s, %s, \"%d\", %s, %t\n%s",
		luaQuote(t.o.Script), luaQuote(t.mark), t.server.port(), luaQuote(t.dir), !t.o.Free, guard)
}

// luaQuote writes a string as Lua reads it, whatever its bytes are.
func luaQuote(s string) string {
	out := []byte{'"'}
	for i := range len(s) {
		out = fmt.Appendf(out, "\\%03d", s[i])
	}
	return string(append(out, '"'))
}

// run starts wrk and waits for it, on a thread that lasts as long: on Linux the
// kernel ends wrk with the thread that started it.
func (t *try) run(ctx context.Context, found Installation, harness, dir string) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	args := []string{"-c", tryShell, "sh", found.Path, "-t", "1", "-c", "1", "-d", tryDuration, "-s", harness}
	if found.Wrk2 {
		args = append(args, "-R", tryRate)
	}
	args = append(args, "--", t.server.url())
	cmd := exec.Command("/bin/sh", append(args, t.o.Args...)...)
	stdout, stderr := &capture{limit: tryOutput}, &capture{limit: tryOutput}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cmd.WaitDelay = pipeWaitDelay
	cmd.SysProcAttr = processAttributes()
	cmd.Env = append(os.Environ(), "TMPDIR="+dir, "FREE=")
	if t.o.Free {
		cmd.Env = append(cmd.Env, "FREE=yes")
	}
	if err := cmd.Start(); err != nil {
		return source.WithHint(fmt.Errorf("cannot start wrk: %w", err), "check that /bin/sh and "+found.Path+" may be executed")
	}
	t.wait(ctx, cmd)
	t.stderr, t.state = stderr.kept.Bytes(), cmd.ProcessState
	if ctx.Err() != nil {
		return interrupted(ctx)
	}
	return nil
}

// wait ends wrk when enough was seen, and kills it when it does not end.
func (t *try) wait(ctx context.Context, cmd *exec.Cmd) {
	exited := make(chan struct{})
	go func() {
		defer close(exited)
		cmd.Wait() // what it could tell is in ProcessState
	}()
	limit := time.NewTimer(tryLimit)
	defer limit.Stop()
	poll := time.NewTicker(tryPoll)
	defer poll.Stop()
	defer killGroup(cmd.Process.Pid, syscall.SIGKILL) // what wrk left behind
	told := time.Time{}
	for {
		select {
		case <-exited:
			t.quiet = t.server.quiet()
			return
		case <-poll.C:
			if t.server.whole() >= tryEnough && time.Since(told) > tryRepeat {
				_ = cmd.Process.Signal(os.Interrupt) // not the group: done() may be running a program
				told = time.Now()
			}
			continue
		case <-limit.C:
			t.overdue = true
		case <-ctx.Done():
		}
		killGroup(cmd.Process.Pid, syscall.SIGKILL)
		<-exited
		return
	}
}

// exitSignal names the signal that ended wrk, "" if none did.
func exitSignal(state *os.ProcessState) string {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return status.Signal().String()
	}
	return ""
}

// told is one line of the harness: kind, phase, line of the script, text.
type told struct {
	kind, phase string
	line        int
	text        string
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s) // the harness writes numbers; anything else is no line
	return n
}
