package cli

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"taskbench/internal/cli/console"
	"taskbench/internal/server"
)

// Passwords that a setup has hashed are in no profile, however dear they are; those of
// a scenario that hashes are. The server is a program with symbols, which that of a
// test is not.
func TestCPUWithoutSetup(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: no load")
	}
	needsWrk(t)
	if exec.Command("perf", "record", "--quiet", "--output", os.DevNull, "true").Run() != nil {
		t.Skip("perf is not installed, or not permitted")
	}
	t.Setenv("TMPDIR", t.TempDir()) // others measure at the same time
	program := filepath.Join(t.TempDir(), "taskbench")
	if out, err := exec.Command("go", "build", "-o", program, "taskbench").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for scenario, hashes := range map[string]bool{"workflow": false, "auth": true} {
		t.Run(scenario, func(t *testing.T) {
			cost := 9 // a setup that was in the profile would show
			if hashes {
				cost = 4 // the window is long against that
			}
			stacks := profiled(t, program, scenario, cost)
			if !strings.Contains(stacks, "internal/taskflow") {
				t.Fatalf("the server is not in the profile:\n%s", stacks)
			}
			if got := strings.Contains(stacks, "blowfish"); got != hashes {
				t.Errorf("hashing is in the profile: %t\n%s", got, stacks)
			}
		})
	}
}

// profiled is what `cpu` records of a scenario, at a server whose passwords cost so
// much. Where the machine is so busy that the window is short against an answer, it is
// recorded again with a longer one.
func profiled(t *testing.T, program, scenario string, cost int) string {
	t.Helper()
	port, err := server.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	config := fmt.Sprintf("targets: {rust: {url: 'http://127.0.0.1:%d', start: '%s serve --addr 127.0.0.1:%d --bcrypt-cost %d'}}\nsuite: taskflow\n", port, program, port, cost)
	if err := os.WriteFile(filepath.Join(dir, "taskbench.yaml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	code, errs := recorded(t, dir, scenario, 2*time.Second)
	for window := 8 * time.Second; window < 4*time.Minute && strings.Contains(errs, "is short against the mean latency"); window *= 4 {
		code, errs = recorded(t, dir, scenario, window)
	}
	if code != console.ExitOK {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	files, err := filepath.Glob(filepath.Join(dir, "r", "rust", "*.folded"))
	if err != nil || len(files) != 1 {
		t.Fatalf("stacks in %v, %v", files, err)
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// recorded runs `cpu` with the configuration of a folder, whose results are only these.
func recorded(t *testing.T, dir, scenario string, window time.Duration) (code int, errs string) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(dir, "r")); err != nil {
		t.Fatal(err)
	}
	var out, said bytes.Buffer
	code = Run(t.Context(), console.Process{
		Args: []string{"taskbench", "cpu", scenario, "--config", filepath.Join(dir, "taskbench.yaml"), "--results", filepath.Join(dir, "r"),
			"--duration", window.String(), "--warmup", "200ms", "--connections", "1"},
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &said, Width: 100, Getenv: func(string) string { return "" },
	})
	return code, said.String()
}
