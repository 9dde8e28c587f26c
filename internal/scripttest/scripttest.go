// Package scripttest writes shell scripts that a test runs as a program: a fake
// cargo, a wrk that does not answer. For tests only.
package scripttest

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// Write writes a shell script called name into a folder of the test's own and
// returns its path. A process that another test starts while the file is open
// for writing would inherit it, and the system then refuses to run the script
// ("text file busy"), so none is started meanwhile.
func Write(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}
