// Package k6test finds a k6 for tests, or installs one: through the proxy of Go
// modules, into the user's cache folder, once. For tests only.
package k6test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Version is the k6 that is installed where there is none.
const Version = "v1.8.1"

// Path is a k6 that can be run. The test is skipped where there is none and none can be
// installed.
func Path(t testing.TB) string {
	t.Helper()
	path, err := find()
	if err != nil {
		t.Skipf("no k6, and none can be installed: %v", err)
	}
	return path
}

// find looks once in each process: what failed would fail again.
var find = sync.OnceValues(func() (string, error) {
	if path, err := exec.LookPath("k6"); err == nil {
		return path, nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return install(filepath.Join(cache, "taskbench", "k6-"+Version))
})

// install builds k6 into a folder, if it is not there. Others who want it wait meanwhile.
func install(folder string) (string, error) {
	path := filepath.Join(folder, "k6")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	lock, err := os.Create(filepath.Join(folder, "lock"))
	if err != nil {
		return "", err
	}
	defer lock.Close() // and with it the lock
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", err
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		return path, err
	}
	built, err := os.MkdirTemp(folder, "built") // put in place when it is whole
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(built)
	if err := build(built); err != nil {
		return "", err
	}
	return path, os.Rename(filepath.Join(built, "k6"), path)
}

// patience is less than what `go test` gives a package.
const patience = 8 * time.Minute

// build runs go outside any module, so that k6 is no part of ours.
func build(folder string) error {
	cmd := exec.Command("go", "install", "go.k6.io/k6@"+Version)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "GOBIN="+folder, "GOFLAGS=", "GOWORK=off")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		return err
	}
	late := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("%v: %w\n%s", cmd.Args, err, said.Bytes())
	}
	return nil
}
