package profile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"taskbench/internal/source"
	"taskbench/parse"
)

// Perf is an installed perf.
type Perf struct {
	Path    string
	Version string // "6.1.187"
}

// oldestPerf is the first whose script knows --no-inline.
var oldestPerf = [2]int{4, 14}

const perfInstall = "install it (Debian: apt install linux-perf; Ubuntu: apt install linux-tools-common linux-tools-generic; Fedora: dnf install perf)"

// FindPerf looks for a perf on PATH that works here. An error says what to do.
func FindPerf(ctx context.Context) (Perf, error) {
	path, err := exec.LookPath("perf")
	if err != nil {
		return Perf{}, source.WithHint(errors.New("perf is not on PATH"), perfInstall)
	}
	out, err := exec.CommandContext(ctx, path, "--version").CombinedOutput()
	if err != nil { // Ubuntu's perf is a script that looks for one of this kernel
		return Perf{}, source.WithHint(fmt.Errorf("%s does not work: %s", path, firstLine(out, err)), perfInstall)
	}
	p := Perf{Path: path, Version: perfVersion(string(out))}
	if !atLeast(p.Version, oldestPerf) {
		return Perf{}, source.WithHint(fmt.Errorf("perf %s is too old: %d.%d is needed", p.Version, oldestPerf[0], oldestPerf[1]), perfInstall)
	}
	return p, nil
}

// perfVersion reads "perf version 6.1.187" and "perf version 5.15.g8bb7eca972ad".
func perfVersion(text string) string {
	_, v, _ := strings.Cut(strings.TrimSpace(text), "version ")
	v, _, _ = strings.Cut(v, "\n")
	return v
}

// atLeast reports whether a version is not older than one. A version that
// cannot be read is given the benefit of the doubt.
func atLeast(version string, oldest [2]int) bool {
	var major, minor int
	if n, _ := fmt.Sscanf(version, "%d.%d", &major, &minor); n < 2 {
		return true
	}
	return major > oldest[0] || major == oldest[0] && minor >= oldest[1]
}

// Call graphs that perf can record.
const (
	FramePointers = "fp"    // cheap; needs a server built with frame pointers
	Dwarf         = "dwarf" // any server with debug information; copies 8 KB of stack a sample
)

// Options says what to record.
type Options struct {
	Frequency int    // samples a second and core
	CallGraph string // FramePointers or Dwarf
}

// recording is a perf record that runs.
type recording struct {
	cmd    *exec.Cmd
	file   string
	pids   []int
	stderr bytes.Buffer
	exited chan error
	pipes  []*os.File // to and from perf; it gives up when they are closed
}

// record has perf watch processes and all they will start, and write samples
// to file, each with the time of the monotonic clock. It returns when perf is at
// work, or cannot be.
func (p Perf) record(ctx context.Context, o Options, pids []int, file string) (*recording, error) {
	list := make([]string, len(pids))
	for i, pid := range pids {
		list[i] = strconv.Itoa(pid)
	}
	r := &recording{file: file, pids: pids, exited: make(chan error, 1)}
	args := []string{"record", "--quiet", "--sample-cpu", "--clockid", "monotonic", "--freq", strconv.Itoa(o.Frequency),
		"--call-graph", o.CallGraph, "--pid", strings.Join(list, ","), "--output", file}
	r.cmd = exec.Command(p.Path, args...)
	r.cmd.Stderr = &r.stderr
	r.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a Ctrl-C ends it through stop, so that it writes its file
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	begun := make(chan struct{})
	started := func() { go awaitFile(ctx, file, begun) }
	if atLeast(p.Version, controllablePerf) {
		var err error
		if started, err = r.controlled(begun); err != nil {
			return nil, err
		}
	}
	err := r.cmd.Start()
	started()
	if err != nil {
		r.hangUp()
		return nil, fmt.Errorf("cannot start perf: %w", err)
	}
	go func() { r.exited <- r.cmd.Wait() }()
	select {
	case <-begun:
		return r, nil
	case err := <-r.exited:
		r.hangUp()
		return nil, explainPerf(r.stderr.String(), err, factsOf(r.pids))
	case <-ctx.Done():
		return nil, errors.Join(ctx.Err(), r.stop())
	case <-time.After(perfGrace):
		return nil, errors.Join(fmt.Errorf("perf did not begin within %s", perfGrace), r.stop())
	}
}

// controllablePerf is the first that can be told to begin, and tells when it has.
var controllablePerf = [2]int{5, 10}

// controlled has perf begin when it is told to, which started does; begun is
// closed when perf has. On a busy machine that is a second after it has opened
// its file, and a load may be over by then.
func (r *recording) controlled(begun chan struct{}) (started func(), err error) {
	theirCommands, commands, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	answers, theirAnswers, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, theirCommands.Close(), commands.Close())
	}
	r.pipes = []*os.File{commands, answers}
	r.cmd.Args = append(r.cmd.Args, "--delay", "-1", "--control", "fd:3,4")
	r.cmd.ExtraFiles = []*os.File{theirCommands, theirAnswers} // descriptors 3 and 4
	return func() {
		theirCommands.Close()
		theirAnswers.Close()
		go func() {
			if _, err := commands.WriteString("enable\n"); err != nil {
				return // perf has ended
			}
			if n, _ := answers.Read(make([]byte, 16)); n > 0 {
				close(begun)
			}
		}()
	}, nil
}

func (r *recording) hangUp() {
	for _, p := range r.pipes {
		p.Close()
	}
}

// awaitFile closes begun when a perf that cannot be told to begin has opened
// its events: then it begins its file.
func awaitFile(ctx context.Context, file string, begun chan struct{}) {
	for ctx.Err() == nil {
		if info, err := os.Stat(file); err == nil && info.Size() > 0 {
			close(begun)
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// perfGrace is how long perf may take to begin, and to write its file down.
const perfGrace = 30 * time.Second

// stop ends the recording. perf ends by itself when the last process does;
// either way its file is complete.
func (r *recording) stop() error {
	defer r.hangUp()
	_ = r.cmd.Process.Signal(os.Interrupt) // it may have ended already
	select {
	case err := <-r.exited:
		if signalled(err, syscall.SIGINT) || err == nil {
			return nil
		}
		if info, statErr := os.Stat(r.file); statErr == nil && info.Size() > 0 {
			return nil // perf 6 exits with an odd code after an interrupt
		}
		return explainPerf(r.stderr.String(), err, factsOf(r.pids))
	case <-time.After(perfGrace):
		_ = r.cmd.Process.Kill()
		return fmt.Errorf("perf did not end within %s of being told to, and was killed", perfGrace)
	}
}

func signalled(err error, signal syscall.Signal) bool {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == signal
}

// Script has perf print the samples of a recording and hands each to each.
//
// Functions that were inlined are not taken apart (--no-inline): with a large
// program that takes perf minutes to hours. Names stay mangled, for perf drops
// what tells two instances of a Rust function apart.
func (p Perf) Script(ctx context.Context, file string, each func(*parse.PerfSample) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := exec.CommandContext(ctx, p.Path, "script", "--input", file, "--no-inline", "--no-demangle",
		"--fields", "comm,pid,tid,cpu,time,period,event,ip,sym,dso")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("cannot start perf: %w", err)
	}
	if err := parse.Perf("perf script", out, each); err != nil {
		cancel()
		_ = cmd.Wait() // killed: its status says nothing
		return err
	}
	if err := cmd.Wait(); err != nil && !isEmptyRecording(stderr.String()) {
		return source.WithHint(fmt.Errorf("perf script: %s", firstLine(stderr.Bytes(), err)),
			"the recording and perf must be of the same machine and version")
	}
	return nil
}

// isEmptyRecording tells perf's complaint that nothing was sampled.
func isEmptyRecording(stderr string) bool {
	return strings.Contains(stderr, "do not have CPU attribute") || strings.Contains(stderr, "has no samples")
}

// firstLine is what a program said first, or else how it ended.
func firstLine(out []byte, err error) string {
	for line := range bytes.Lines(out) {
		text := strings.TrimSpace(string(line))
		if text != "" && text != "Error:" {
			return text
		}
	}
	return err.Error()
}
