package profile

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"debug/elf"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"taskbench/internal/server"
	"taskbench/internal/source"
	"taskbench/parse"
)

// Heaptrack is an installed heaptrack.
type Heaptrack struct {
	Path    string
	Print   string // path of heaptrack_print
	Version string // "1.4.0"
}

const heaptrackInstall = "install it (Debian, Ubuntu: apt install heaptrack; Fedora: dnf install heaptrack)"

// FindHeaptrack looks for heaptrack and heaptrack_print on PATH.
func FindHeaptrack(ctx context.Context) (Heaptrack, error) {
	path, err := exec.LookPath("heaptrack")
	if err != nil {
		return Heaptrack{}, source.WithHint(errors.New("heaptrack is not on PATH"), heaptrackInstall)
	}
	printer, err := exec.LookPath("heaptrack_print")
	if err != nil {
		return Heaptrack{}, source.WithHint(errors.New("heaptrack_print is not on PATH: it reads what heaptrack recorded"), heaptrackInstall)
	}
	out, err := exec.CommandContext(ctx, path, "--version").CombinedOutput()
	if err != nil {
		return Heaptrack{}, source.WithHint(fmt.Errorf("%s does not work: %s", path, firstLine(out, err)), heaptrackInstall)
	}
	version := strings.TrimPrefix(strings.TrimSpace(string(out)), "heaptrack ")
	if !atLeast(version, oldestHeaptrack) {
		return Heaptrack{}, source.WithHint(fmt.Errorf("heaptrack %s is too old: %d.%d is needed", version, oldestHeaptrack[0], oldestHeaptrack[1]), heaptrackInstall)
	}
	return Heaptrack{Path: path, Print: printer, Version: version}, nil
}

// oldestHeaptrack is the first whose report parse.ReadHeaptrack reads.
var oldestHeaptrack = [2]int{1, 2}

// Wrap is a target that starts under heaptrack, which writes its recording
// to file with an ending of its own. It refuses what heaptrack cannot follow: a
// server that runs already, a shell's line, a script, a program without malloc.
func (h Heaptrack) Wrap(spec server.Spec, file string) (server.Spec, error) {
	if spec.Start == "" {
		return spec, source.WithHint(fmt.Errorf("%s runs already: heaptrack can only follow a server from its start", spec.Name),
			"give its command with start: in taskbench.yaml")
	}
	words, plain, err := server.Words(spec.Start)
	if err != nil {
		return spec, fmt.Errorf("%s: start: %w", spec.Name, err)
	}
	if !plain {
		return spec, source.WithHint(fmt.Errorf("%s: start is a line for a shell, and heaptrack would follow the shell: %s", spec.Name, spec.Start),
			"let start be a program and its arguments; variables go to env:, the folder to dir:")
	}
	program, err := locate(words[0], spec.Dir)
	if err != nil {
		return spec, fmt.Errorf("%s: %w", spec.Name, err)
	}
	if err := followable(program); err != nil {
		return spec, fmt.Errorf("%s: %w", spec.Name, err)
	}
	spec.Start = ""
	for _, w := range append([]string{h.Path, "--output", file, "--"}, words...) {
		spec.Start += quote(w) + " "
	}
	return spec, nil
}

// quote protects a word from being split, and from a shell's meaning.
func quote(word string) string {
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

func locate(program, dir string) (string, error) {
	if strings.ContainsRune(program, filepath.Separator) && !filepath.IsAbs(program) {
		return filepath.Join(dir, program), nil
	}
	return exec.LookPath(program)
}

// followable says why heaptrack, which takes the place of the C library's
// malloc as the program is loaded, cannot follow it. Nil when it can.
func followable(program string) error {
	if info, err := buildinfo.ReadFile(program); err == nil {
		return source.WithHint(fmt.Errorf("%s is a Go program (%s): Go has an allocator of its own, which heaptrack does not see", program, info.GoVersion),
			"use Go's own heap profile for it: net/http/pprof")
	}
	file, err := elf.Open(program)
	var format *elf.FormatError
	switch {
	case errors.As(err, &format) || err != nil && strings.Contains(err.Error(), "EOF"):
		return source.WithHint(fmt.Errorf("%s is no program but a script: heaptrack would follow what runs the script", program),
			"name the program itself in start:")
	case err != nil:
		return err
	}
	defer file.Close()
	if !slices.ContainsFunc(file.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP }) {
		return source.WithHint(fmt.Errorf("%s is linked statically: heaptrack cannot put itself between it and malloc", program),
			"build it for heaptrack with a shared C library (Rust: --target x86_64-unknown-linux-gnu, without +crt-static)")
	}
	return nil
}

// interpretGrace is how long heaptrack may go on after the server has ended:
// it finds the names of what it recorded.
const interpretGrace = 2 * time.Minute

// Stop ends a server that Wrap made: the program first, so that heaptrack
// completes its recording, then what is left.
func (h Heaptrack) Stop(ctx context.Context, s *server.Server) error {
	if pid := s.ProgramPID(); pid != 0 && pid != s.RootPID() {
		_ = syscall.Kill(pid, syscall.SIGTERM) // it may have ended meanwhile
		select {
		case <-s.Exited():
		case <-time.After(interpretGrace):
		case <-ctx.Done():
		}
	}
	return s.Stop(ctx)
}

// Read has heaptrack_print print a recording, the file that was given to Wrap,
// and hands its stacks to each.
func (h Heaptrack) Read(ctx context.Context, file string, each func(*parse.HeapStack) error) (parse.Heaptrack, error) {
	recordings, err := filepath.Glob(file + ".*")
	if err != nil || len(recordings) == 0 {
		return parse.Heaptrack{}, source.WithHint(errors.New("heaptrack left no recording"), "try by hand: heaptrack PROGRAM")
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	all := strconv.Itoa(1 << 30)
	cmd := exec.CommandContext(ctx, h.Print, "--file", recordings[0], "--merge-backtraces", "0", "--print-leaks", "1",
		"--peak-limit", all, "--sub-peak-limit", all)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return parse.Heaptrack{}, err
	}
	if err := cmd.Start(); err != nil {
		return parse.Heaptrack{}, fmt.Errorf("cannot start heaptrack_print: %w", err)
	}
	summary, err := parse.ReadHeaptrack("heaptrack_print", out, each)
	if err != nil {
		cancel()
	}
	if ended := cmd.Wait(); ended != nil {
		return summary, source.WithHint(fmt.Errorf("heaptrack_print: %s", firstLine(stderr.Bytes(), ended)), "the recording may be cut off: did the server crash?")
	}
	return summary, err
}
