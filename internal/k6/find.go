package k6

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"time"

	"taskbench/internal/source"
)

// Installation is a k6 that can be run.
type Installation struct {
	Path    string
	Version string // "1.8.1"
}

// String names it the way result documents do.
func (i Installation) String() string { return "k6 " + i.Version }

const (
	installHint   = "install it: https://grafana.com/docs/k6/latest/set-up/install-k6/, or go install go.k6.io/k6@v1.8.1"
	oldest        = 1 // the first major version with the options that Arguments gives
	versionWindow = 10 * time.Second
)

// Find looks k6 up, in $PATH when path is "" or a bare name, and asks it for its
// version. An error says what to do: there is none, it is not k6, or older than 1.0.
func Find(path string) (Installation, error) {
	if path == "" {
		path = "k6"
	}
	found, err := exec.LookPath(path)
	if err != nil {
		return Installation{}, source.WithHint(fmt.Errorf("k6 is not here: %w", err), installHint)
	}
	ctx, cancel := context.WithTimeout(context.Background(), versionWindow)
	defer cancel()
	cmd := exec.CommandContext(ctx, found, "version")
	cmd.WaitDelay = time.Second
	text, err := cmd.Output()
	if ctx.Err() != nil {
		return Installation{}, source.WithHint(fmt.Errorf("%s does not tell its version within %v", found, versionWindow), "if it is k6, the machine is too busy to measure anything; otherwise "+installHint)
	}
	m := version.FindStringSubmatch(string(text))
	if err != nil || m == nil {
		return Installation{}, source.WithHint(fmt.Errorf("%s is not k6: it does not tell a version of it", found), installHint)
	}
	if major, err := strconv.Atoi(m[2]); err != nil || major < oldest {
		return Installation{}, source.WithHint(fmt.Errorf("%s is k6 %s, which is too old: scripts need %d.0 or newer", found, m[1], oldest), installHint)
	}
	return Installation{Path: found, Version: m[1]}, nil
}

// version is in the first line that `k6 version` prints.
var version = regexp.MustCompile(`^k6(?:\.exe)? v((\d+)\.\d+\.\d+\S*)`)
