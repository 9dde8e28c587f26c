package wrk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"taskbench/internal/source"
)

// Installation is a wrk that can be run.
type Installation struct {
	Path    string // absolute, or as given
	Version string // as wrk prints it: "debian/4.1.0-3+b2"
	Engine  string // its event engine: epoll, kqueue
	Wrk2    bool   // giltene/wrk2, which demands a rate
}

// String names the installation the way result documents do.
func (i Installation) String() string {
	name := "wrk"
	if i.Wrk2 {
		name = "wrk2"
	}
	return fmt.Sprintf("%s %s [%s]", name, i.Version, i.Engine)
}

const (
	installHint   = "install it: sudo apt-get install wrk (Debian, Ubuntu), brew install wrk (macOS)"
	oldestMajor   = 4 // the first with setup(), thread:set and thread:get
	versionWindow = 10 * time.Second
)

// Find looks wrk up, in $PATH when path is "" or a bare name, and asks it for
// its version. An error says what to install: there is no such program, it is
// not wrk, or it is older than 4.0.
func Find(path string) (Installation, error) {
	path, err := lookPath(path)
	if err != nil {
		return Installation{}, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), versionWindow)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "-v")
	cmd.WaitDelay = pipeWaitDelay
	text, err := cmd.Output() // wrk -v exits with 1
	if ctx.Err() != nil {
		return Installation{}, source.Errorf(source.Position{}, "if it is wrk, the machine is too busy to measure anything; otherwise "+installHint,
			"%s does not tell its version within %v", path, versionWindow)
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return Installation{}, source.WithHint(fmt.Errorf("cannot start %s: %w", path, err), installHint)
	}
	return FindIn(path, string(text))
}

// FindIn is Find where the program has been asked for its version: text is what
// path -v printed.
func FindIn(path, text string) (Installation, error) {
	found, err := readVersion(text)
	if err != nil {
		return Installation{}, &source.Error{Message: path + " " + err.Error(), Hint: installHint, Err: err}
	}
	found.Path = path
	return found, nil
}

func lookPath(path string) (string, error) {
	if path == "" {
		path = "wrk"
	}
	found, err := exec.LookPath(path)
	switch {
	case err == nil:
		return found, nil
	case !strings.ContainsRune(path, filepath.Separator):
		return "", source.WithHint(fmt.Errorf("wrk is not here: %w", err), installHint)
	}
	return "", source.WithHint(notProgram(path, err), "give the path of wrk itself, or leave --wrk (TASKBENCH_WRK, wrk: in taskbench.yaml) out to take the one on PATH")
}

// notProgram says why what was named as wrk cannot be run.
func notProgram(path string, err error) error {
	info, statErr := os.Stat(path)
	switch {
	case errors.Is(statErr, fs.ErrNotExist):
		return fmt.Errorf("there is no wrk at %s: that path does not exist", path)
	case statErr == nil && info.IsDir():
		return fmt.Errorf("%s is a folder, not wrk", path)
	case statErr == nil:
		return fmt.Errorf("%s cannot be run: it is not executable", path)
	}
	return fmt.Errorf("there is no wrk at %s: %w", path, err)
}

var (
	versionLine   = regexp.MustCompile(`(?m)^wrk (\S+) \[(\w+)\]`)
	versionNumber = regexp.MustCompile(`^(?:[a-z]+/)?v?(\d+)\.\d+`)
)

// readVersion reads what wrk -v prints: one line, then the usage text, by which
// wrk2 is told apart. A build from git may print a bare commit; it is taken.
func readVersion(text string) (Installation, error) {
	m := versionLine.FindStringSubmatch(text)
	if m == nil {
		return Installation{}, errors.New("is not wrk: it does not print wrk's version")
	}
	found := Installation{Version: m[1], Engine: m[2], Wrk2: strings.Contains(text, "--rate")}
	if n := versionNumber.FindStringSubmatch(m[1]); n != nil {
		if major, err := strconv.Atoi(n[1]); err == nil && major < oldestMajor {
			return Installation{}, fmt.Errorf("is wrk %s, which is too old: 4.0 or later is needed", m[1])
		}
	}
	return found, nil
}
