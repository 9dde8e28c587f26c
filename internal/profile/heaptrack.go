package profile

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"debug/buildinfo"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/klauspost/compress/zstd"

	"taskbench/internal/machine"
	"taskbench/internal/server"
	"taskbench/internal/shell"
	"taskbench/internal/source"
	"taskbench/parse"
)

// Heaptrack is an installed heaptrack.
type Heaptrack struct {
	Path    string
	Version string // "1.4.0"
}

const heaptrackInstall = "install it (Debian, Ubuntu: apt install heaptrack; Fedora: dnf install heaptrack)"

// FindHeaptrack looks for heaptrack on PATH.
func FindHeaptrack(ctx context.Context) (Heaptrack, error) {
	path, err := exec.LookPath("heaptrack")
	if err != nil {
		return Heaptrack{}, source.WithHint(errors.New("heaptrack is not on PATH"), heaptrackInstall)
	}
	out, err := exec.CommandContext(ctx, path, "--version").CombinedOutput()
	if err != nil {
		return Heaptrack{}, source.WithHint(fmt.Errorf("%s does not work: %s", path, firstLine(out, err)), heaptrackInstall)
	}
	version := strings.TrimPrefix(strings.TrimSpace(string(out)), "heaptrack ")
	if !atLeast(version, oldestHeaptrack) {
		return Heaptrack{}, source.WithHint(fmt.Errorf("heaptrack %s is too old: %d.%d is needed", version, oldestHeaptrack[0], oldestHeaptrack[1]), heaptrackInstall)
	}
	return Heaptrack{Path: path, Version: version}, nil
}

// oldestHeaptrack is the first whose recording parse.ReadHeaptrack reads.
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
	program, err := server.Locate(words[0], spec.Dir)
	if err != nil {
		return spec, fmt.Errorf("%s: %w", spec.Name, err)
	}
	if err := followable(program); err != nil {
		return spec, fmt.Errorf("%s: %w", spec.Name, err)
	}
	spec.Start = ""
	for _, w := range append([]string{h.Path, "--output", file, "--"}, words...) {
		spec.Start += shell.Quote(w) + " "
	}
	return spec, nil
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

// read reads a recording, the file that was given to Wrap, and hands the costs of
// a window of it to each. The window is in µs since heaptrack began.
func (h Heaptrack) read(file string, fromUS, toUS float64, each func(*parse.HeapStack) error) (parse.Heaptrack, error) {
	recordings, err := filepath.Glob(file + ".*")
	if err != nil || len(recordings) == 0 {
		return parse.Heaptrack{}, source.WithHint(errors.New("heaptrack left no recording"), "try by hand: heaptrack PROGRAM")
	}
	compressed, err := os.Open(recordings[0])
	if err != nil {
		return parse.Heaptrack{}, err
	}
	defer compressed.Close()
	text, err := decompressed(compressed)
	if err != nil {
		return parse.Heaptrack{}, fmt.Errorf("reading %s: %w", recordings[0], err)
	}
	defer text.Close()
	since := func(us float64) time.Duration { return time.Duration(us * float64(time.Microsecond)) }
	return parse.ReadHeaptrack(recordings[0], text, parse.HeapWindow{From: since(fromUS), To: since(toUS), Doubt: clockError}, each)
}

// decompressed reads what heaptrack compressed: with zstd where that is
// installed, else with gzip.
func decompressed(file *os.File) (io.ReadCloser, error) {
	if filepath.Ext(file.Name()) == ".gz" {
		return gzip.NewReader(bufio.NewReader(file))
	}
	d, err := zstd.NewReader(file, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(longestZstdWindow))
	if err != nil {
		return nil, err
	}
	return d.IOReadCloser(), nil
}

// longestZstdWindow, in bytes, is that of zstd's usual levels.
const longestZstdWindow = 8 << 20

// clockError is how far beganUS may be off.
const clockError = 10 * time.Millisecond

// beganUS is when heaptrack began to record a process, in µs of the monotonic
// clock, as exact as the kernel tells it: to 10 ms. heaptrack then starts a thread
// to tell the time, the first that the process has beside its main one.
func beganUS(pid int) (float64, error) {
	up, err := os.ReadFile("/proc/uptime")
	if err != nil {
		return 0, err
	}
	var uptime float64
	if _, err := fmt.Sscan(string(up), &uptime); err != nil {
		return 0, err
	}
	bootUS := machine.NowUS() - uptime*1e6 // the monotonic clock leaves out what the machine slept
	stats, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
	began := math.Inf(1)
	for _, path := range stats {
		if text, err := os.ReadFile(path); err == nil && path != fmt.Sprintf("/proc/%d/task/%d/stat", pid, pid) {
			began = min(began, bootUS+startTicks(text)*1e6/ticksPerSecond)
		}
	}
	if math.IsInf(began, 1) {
		return 0, errors.New("heaptrack's thread was not found in the server: when it began to record is not known")
	}
	return began, nil
}

// ticksPerSecond is USER_HZ, which is 100 on every architecture Go runs on.
const ticksPerSecond = 100

// startTicks reads the 22nd field of proc_pid_stat(5): when a thread began, since
// the machine did. The second field, a name, may hold spaces and brackets.
func startTicks(stat []byte) float64 {
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 20 {
		return math.Inf(1)
	}
	ticks, err := strconv.ParseFloat(string(fields[19]), 64)
	if err != nil {
		return math.Inf(1)
	}
	return ticks
}
