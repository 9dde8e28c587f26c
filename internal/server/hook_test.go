package server

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

func TestHook(t *testing.T) {
	t.Parallel()
	out, err := Hook(t.Context(), `echo "$WORD"; echo no >&2; exit 3`, "WORD=yes")
	if string(out) != "yes\nno\n" || err == nil || err.Error() != "exit status 3" {
		t.Errorf("%q, %v", out, err)
	}
	// What it leaves running is its own affair, and is not waited for.
	out, err = Hook(t.Context(), `sleep 1000 & echo $!`)
	left, _ := strconv.Atoi(strings.TrimSpace(string(out)))
	if err != nil || !alive(left) {
		t.Fatalf("%q, %v; want what it started alive", out, err)
	}
	if err := syscall.Kill(left, syscall.SIGKILL); err != nil {
		t.Error(err)
	}
}

// TestHookEndsWithTheRun: an interrupt ends it, and what it started.
func TestHookEndsWithTheRun(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	file := filepath.Join(t.TempDir(), "pids")
	done := make(chan error, 1)
	go func() {
		_, err := Hook(ctx, `sleep 1000 & echo $$ $! >"$PIDS.new"; mv "$PIDS.new" "$PIDS"; wait`, "PIDS="+file)
		done <- err
	}()
	eventually(t, "the hook to run", func() bool { _, err := os.Stat(file); return err == nil })
	pids := readPIDs(t, file)
	cancel()
	if err := <-done; err == nil || !strings.Contains(err.Error(), "killed") && ctx.Err() == nil {
		t.Errorf("error %v", err)
	}
	eventually(t, "its processes to end", func() bool { return !alive(pids[0]) && !alive(pids[1]) })
}

func TestReset(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "said")
	spec := Spec{Name: "rust", URL: "http://localhost:3001", Env: map[string]string{"DATABASE_URL": "postgresql://db"}}
	command := `echo "$TASKBENCH_TARGET $TASKBENCH_URL $TASKBENCH_SCENARIO $DATABASE_URL" > ` + file
	if err := Reset(t.Context(), command, spec, "projects"); err != nil {
		t.Fatal(err)
	}
	said, err := os.ReadFile(file)
	if want := "rust http://localhost:3001 projects postgresql://db\n"; err != nil || string(said) != want {
		t.Errorf("the hook saw %q, %v; want %q", said, err, want)
	}
	if err := Reset(t.Context(), "", spec, "projects"); err != nil {
		t.Errorf("no hook: %v", err)
	}
	err = Reset(t.Context(), "echo no such table; exit 3", spec, "projects")
	if err == nil || !strings.Contains(err.Error(), "exit status 3") || !strings.Contains(err.Error(), "no such table") {
		t.Errorf("a failing hook: %v, want its status and what it said", err)
	}
}
