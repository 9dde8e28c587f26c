package ledger

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"taskbench/internal/server"
	"taskbench/internal/shell"
	"taskbench/internal/source"
)

// Valgrind is an installed valgrind.
type Valgrind struct {
	Path    string
	Control string // vgdb, which speaks to servers that run under it
	Version string // "3.19.0"
}

const installValgrind = "install it (Debian, Ubuntu: apt install valgrind; Fedora: dnf install valgrind)"

// Find looks for valgrind on PATH.
func Find(ctx context.Context) (Valgrind, error) {
	v := Valgrind{}
	for name, path := range map[string]*string{"valgrind": &v.Path, "vgdb": &v.Control} {
		found, err := exec.LookPath(name)
		if err != nil {
			return v, source.WithHint(fmt.Errorf("%s is not on PATH: it counts what answers cost", name), installValgrind)
		}
		*path = found
	}
	out, err := exec.CommandContext(ctx, v.Path, "--version").CombinedOutput()
	if err != nil {
		return v, source.WithHint(fmt.Errorf("%s does not work: %w: %s", v.Path, err, firstLine(out)), installValgrind)
	}
	v.Version = strings.TrimPrefix(firstLine(out), "valgrind-")
	return v, nil
}

func firstLine(text []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	return line
}

// oneWorker is what known runtimes read of the number of their threads. With
// several, those that have nothing to do look for work meanwhile: valgrind runs one
// thread at a time, and what they do then is counted, differently each time.
var oneWorker = map[string]string{
	"TOKIO_WORKER_THREADS": "1", "RAYON_NUM_THREADS": "1", "OMP_NUM_THREADS": "1",
}

// Wrap is a target that starts under callgrind, which counts nothing until it is
// told to, and keeps its files in a folder. The server gets one worker and one of
// the cores, unless its target says otherwise. It refuses what valgrind cannot run.
func (v Valgrind) Wrap(spec server.Spec, folder string, cores []int) (server.Spec, error) {
	words, err := program(spec)
	if err != nil {
		return spec, err
	}
	command := append([]string{
		v.Path, "-q", "--tool=callgrind", "--collect-systime=nsec", "--instr-atstart=no", "--dump-line=no", "--demangle=no",
		"--trace-children=yes", "--trace-children-skip=*", // what a server forks can be told to count, too; what it starts is another program
		"--callgrind-out-file=" + filepath.Join(folder, "out.%p"), "--vgdb-prefix=" + filepath.Join(folder, controlPrefix), "--",
	}, words...)
	spec.Start = ""
	for _, w := range command {
		spec.Start += shell.Quote(w) + " "
	}
	spec.Env = maps.Clone(spec.Env)
	if spec.Env == nil {
		spec.Env = map[string]string{}
	}
	for name, value := range oneWorker {
		if _, given := spec.Env[name]; !given {
			spec.Env[name] = value
		}
	}
	if len(spec.CPUs) == 0 && len(cores) > 0 {
		spec.CPUs = cores[len(cores)-1:]
	}
	spec.ReadyTimeout = max(spec.ReadyTimeout, slowest)
	return spec, nil
}

// controlPrefix begins the names of the files by which vgdb finds a server.
const controlPrefix = "vgdb"

// recorded are the processes of a server that run under valgrind.
func recorded(s *server.Server, folder string) (pids []int) {
	for _, pid := range s.PIDs() {
		doors, err := filepath.Glob(filepath.Join(folder, fmt.Sprintf("%s-shared-mem-vgdb-%d-by-*", controlPrefix, pid)))
		if err == nil && len(doors) > 0 {
			pids = append(pids, pid)
		}
	}
	return pids
}

// control has processes of a server that run under valgrind do something. vgdb takes
// one for another's if HOST or USER are not the server's.
func (v Valgrind) control(ctx context.Context, s *server.Server, folder string, pids []int, words ...string) error {
	for _, pid := range pids {
		ctx, cancel := context.WithTimeout(ctx, slowest)
		cmd := exec.CommandContext(ctx, v.Control, append([]string{
			"--vgdb-prefix=" + filepath.Join(folder, controlPrefix), "--max-invoke-ms=1", fmt.Sprintf("--pid=%d", pid)}, words...)...)
		cmd.Env = os.Environ()
		for _, name := range slices.Sorted(maps.Keys(s.Spec().Env)) {
			cmd.Env = append(cmd.Env, name+"="+s.Spec().Env[name])
		}
		out, err := cmd.CombinedOutput()
		cancel()
		if err != nil {
			return source.WithHint(fmt.Errorf("vgdb could not reach %s (pid %d): %w: %s", s.Spec().Name, pid, err, lastLine(out)),
				"it needs ptrace (Docker: --cap-add SYS_PTRACE), and the HOST and USER that the server has")
		}
	}
	if len(pids) == 0 {
		return source.WithHint(errors.New("no process of "+s.Spec().Name+" runs under valgrind"), "start: must run the server itself, and stay until it is stopped")
	}
	return nil
}

func lastLine(text []byte) string {
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return lines[len(lines)-1]
}
