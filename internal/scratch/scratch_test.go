package scratch

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestMain is also the process that takes something, says what, and waits to
// be killed.
func TestMain(m *testing.M) {
	switch os.Getenv("SCRATCH_TEST") {
	case "folder":
		path, _, err := Folder()
		fmt.Println(path, err)
		select {}
	case "lock":
		_, err := Acquire(Owner{PID: os.Getpid(), Command: "taskbench run", Since: time.Now(), URLs: []string{"http://localhost:1"}})
		fmt.Println("locked", err)
		select {}
	}
	os.Exit(m.Run())
}

// another starts a process that takes something, and returns what it said.
func another(t *testing.T, what string) (said string, kill func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "SCRATCH_TEST="+what)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill = func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	t.Cleanup(kill)
	var second string
	if _, err := fmt.Fscan(out, &said, &second); err != nil || second != "<nil>" {
		t.Fatalf("the other process: %s %s, %v", said, second, err)
	}
	return said, kill
}

func TestSweep(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	mine, remove, err := Folder()
	if err != nil {
		t.Fatal(err)
	}
	theirs, kill := another(t, "folder")
	old := time.Now().Add(-time.Hour)
	foreign := filepath.Join(os.TempDir(), "taskbench-123")
	unborn := filepath.Join(os.TempDir(), "taskbench-124")
	newly := filepath.Join(os.TempDir(), "taskbench-125")
	target := t.TempDir()
	link := filepath.Join(os.TempDir(), "taskbench-126")
	for _, err := range []error{
		os.Mkdir(foreign, 0o700), os.WriteFile(filepath.Join(foreign, "work"), nil, 0o600), os.Chtimes(foreign, old, old),
		os.Mkdir(unborn, 0o700), os.WriteFile(filepath.Join(unborn, "holding-1"), nil, 0o600), os.Chtimes(unborn, old, old),
		os.Mkdir(newly, 0o700), os.Symlink(target, link), os.WriteFile(filepath.Join(target, held), nil, 0o600),
		os.WriteFile(filepath.Join(os.TempDir(), "taskbench-127"), nil, 0o600), os.Mkdir(filepath.Join(os.TempDir(), "taskbench-results"), 0o700),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	Sweep()
	exists(t, true, mine, theirs, foreign, newly, link, filepath.Join(target, held), filepath.Join(os.TempDir(), "taskbench-127"), filepath.Join(os.TempDir(), "taskbench-results"))
	exists(t, false, unborn)
	kill()
	remove()
	exists(t, true, theirs)
	exists(t, false, mine)
	Sweep()
	exists(t, false, theirs)
}

func exists(t *testing.T, want bool, paths ...string) {
	t.Helper()
	for _, path := range paths {
		if _, err := os.Lstat(path); (err == nil) != want {
			t.Errorf("%s: %v, want it there: %t", path, err, want)
		}
	}
}

func TestLock(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	me := Owner{PID: os.Getpid(), Command: "taskbench soak", Since: time.Now(), URLs: []string{"http://localhost:2", "http://localhost:1"}}
	_, kill := another(t, "lock")
	_, err := Acquire(me)
	busy, ok := errors.AsType[*Busy](err)
	if !ok || busy.PID == 0 || !strings.Contains(err.Error(), `"taskbench run", since`) || !strings.Contains(err.Error(), "the same server, http://localhost:1\nhint: ") {
		t.Fatalf("error %v, want the other one named", err)
	}
	kill()
	release, err := Acquire(me)
	if err != nil {
		t.Fatalf("the lock of a killed process: %v", err)
	}
	if _, err := Acquire(me); err == nil || !strings.Contains(err.Error(), "taskbench soak") {
		t.Errorf("taken twice: %v", err)
	}
	release()
	exists(t, false, filepath.Join(os.TempDir(), name))
	again, err := Acquire(me)
	if err != nil {
		t.Fatal(err)
	}
	again()
}

// TestLockOfNobody: what stands in the file of a lock is no reason to wait, nor
// to believe it.
func TestLockOfNobody(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	path := filepath.Join(os.TempDir(), name)
	for _, text := range []string{"", "{", `{"pid": 1}`, `{"pid": -5}`, strings.Repeat("x", maxOwner+1)} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		release, err := Acquire(Owner{PID: os.Getpid()})
		if err != nil {
			t.Fatalf("%.20q: %v", text, err)
		}
		release()
	}
	if err := os.Symlink("/dev/null", path); err != nil {
		t.Fatal(err)
	}
	if _, err := Acquire(Owner{}); err == nil {
		t.Error("a link was followed")
	}
}
