package lua

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestSleepOfThePast: a thread that comes late to its own pause does not sleep at
// all. usleep takes numbers without a sign, of which a negative one is an hour.
func TestSleepOfThePast(t *testing.T) {
	t.Parallel()
	wrk := findWrk(t)
	clock, err := runtimeFiles.ReadFile("runtime/clock.lua")
	if err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(t.TempDir(), "sleep.lua")
	if err := os.WriteFile(script, append(clock, "\nsleep(-5.5)\nsleep(0)\nos.exit(7)\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, wrk, "-t1", "-c1", "-d1s", "-s", script, "http://127.0.0.1:1")
	if out, _ := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != 7 {
		t.Errorf("exit code %d, want 7: %s", cmd.ProcessState.ExitCode(), out)
	}
}
