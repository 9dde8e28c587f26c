package scenarios

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// What a scenario names is read only where it is a plain file: a device never
// ends, and nobody may write to a pipe.
func TestOnlyPlainFilesAreRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/zero", filepath.Join(dir, "zero")); err != nil {
		t.Fatal(err)
	}
	huge := filepath.Join(dir, "huge")
	if err := os.WriteFile(huge, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(huge, 1<<40); err != nil {
		t.Skip("no sparse files here: ", err)
	}
	for name, want := range map[string]string{"pipe": "it is no plain file", "zero": "it is no plain file", "/dev/zero": "it is no plain file", ".": "it is no plain file", "huge": "is larger than"} {
		for _, text := range []string{"request: {request: POST /, body_file: " + name + "}", "data: {p: {file: " + name + "}}\nrequest: GET /"} {
			file := filepath.Join(dir, "s.yaml")
			if err := os.WriteFile(file, []byte("name: s\n"+text+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := LoadFile(file); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %q", text, err, want)
			}
		}
	}
}
