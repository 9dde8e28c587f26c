// Package counter counts what the processes of a server do while load is on,
// such as the instructions they carry out, through `perf stat`: beside the
// servers, which notice nothing but the counting itself.
//
// It never judges a figure, and never fails a measurement: what cannot be
// counted is absent, and said in one sentence.
//
//	perf, err := counter.Find(ctx, counter.Instructions)
//	end, err := perf.Count(ctx, pids, 25*time.Millisecond)
//	… load …
//	tally := end().Between(openedUS, closedUS)
package counter

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"taskbench/parse"
)

// Instructions are those carried out in user space. The kernel's part is left
// out: it may only be counted with more rights, and a figure must not depend on
// who measured.
const Instructions = "instructions:u"

// Perf is a perf that can count an event on this machine.
type Perf struct {
	path, event string
	patience    time.Duration             // for perf to begin on a busy machine, and to end
	threads     func(pids []int) []string // now
}

// Find looks for perf on PATH and has it count an event once, over a short run
// of its own. An error says in one sentence why it cannot be counted here.
func Find(ctx context.Context, event string) (*Perf, error) {
	path, err := exec.LookPath("perf")
	if err != nil {
		return nil, errors.New("perf is not on PATH (Debian: apt install linux-perf; Ubuntu: linux-tools-generic; Fedora: perf)")
	}
	return find(ctx, path, event)
}

// patience is ample: perf begins within 50 ms on an idle machine.
const patience = 20 * time.Second

func find(ctx context.Context, path, event string) (*Perf, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	p := &Perf{path, event, patience, threads}
	cmd := p.command(ctx, time.Minute, "--", path, "--version")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	var seen tried
	if err := attend(cmd, seen.take); err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("perf stat did not end: %w", ctx.Err())
		}
		return nil, explain(err, stderr.String())
	}
	if err := seen.verdict(event); err != nil {
		return nil, err
	}
	return p, nil
}

// command is a perf that counts the event and prints intervals to descriptor 3.
func (p *Perf) command(ctx context.Context, every time.Duration, what ...string) *exec.Cmd {
	args := []string{"stat", "-x", ",", "-I", fmt.Sprint(every.Milliseconds()), "--log-fd", "3", "-e", p.event}
	cmd := exec.CommandContext(ctx, p.path, append(args, what...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")            // a decimal point
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a Ctrl-C is for taskbench, which then ends it
	return cmd
}

// attend runs a perf until it ends and hands over what it counts, as it comes.
// A perf that prints something else is ended.
func attend(cmd *exec.Cmd, each func(parse.PerfCount) error) error {
	from, err := start(cmd)
	if err != nil {
		return err
	}
	return follow(cmd, from, each)
}

// start runs a perf whose counts can be read from the pipe.
func start(cmd *exec.Cmd) (*os.File, error) {
	from, to, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer to.Close() // perf has its own
	cmd.ExtraFiles = []*os.File{to}
	if err := cmd.Start(); err != nil {
		from.Close()
		return nil, fmt.Errorf("cannot start perf: %w", err)
	}
	return from, nil
}

func follow(cmd *exec.Cmd, from io.ReadCloser, each func(parse.PerfCount) error) error {
	defer from.Close()
	err := parse.PerfStat("perf stat", from, each)
	if err != nil {
		_ = cmd.Process.Kill() // it may have ended already
	}
	ended := cmd.Wait()
	if err != nil {
		return err
	}
	return ended
}

// tried is what a first run counted.
type tried struct{ lines, supported, counted int }

func (t *tried) take(c parse.PerfCount) error {
	t.lines++
	if c.Supported {
		t.supported++
	}
	if c.N > 0 {
		t.counted++
	}
	return nil
}

// ErrNoCounter is in the reason where no permission would help.
var ErrNoCounter = errors.New("counter")

// verdict is the reason why an event cannot be counted. It is enough that one
// kind of core counts.
func (t tried) verdict(event string) error {
	switch {
	case t.lines == 0:
		return errors.New("perf stat printed nothing")
	case t.supported == 0:
		return fmt.Errorf("this machine has no %w for %s, as most virtual machines have none", ErrNoCounter, name(event))
	case t.counted == 0:
		return fmt.Errorf("perf stat could not count %s: another program may hold the processor's counters", name(event))
	}
	return nil
}

// name is an event without its modifiers: instructions.
func name(event string) string {
	text, _, _ := strings.Cut(event, ":")
	return text
}

// explain turns how perf ended, and what it wrote before, into what is missing:
// one sentence, fit for a note.
func explain(err error, stderr string) error {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		line, _, _ := strings.Cut(err.Error(), "\n") // without excerpt and hint: there is nothing to mend
		return errors.New(line)
	}
	for _, sign := range []string{"paranoid", "ermission", "not permitted", "is limited"} {
		if strings.Contains(stderr, sign) {
			return errors.New("perf is not permitted to look at the processes (sudo sysctl kernel.perf_event_paranoid=2 allows one's own; in Docker: --cap-add PERFMON)")
		}
	}
	for line := range strings.Lines(stderr) {
		if text := strings.TrimSpace(line); text != "" && text != "Error:" {
			return fmt.Errorf("perf stat: %s", text)
		}
	}
	return fmt.Errorf("perf stat: %w", err)
}
