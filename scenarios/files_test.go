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
			if _, err := LoadFile(file, true); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %q", text, err, want)
			}
		}
	}
}

// A scenario reads what lies in its own folder, however its name is written, and
// nothing else unless it may.
func TestFilesStayInTheFolder(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	dir := filepath.Join(top, "mine")
	for _, folder := range []string{dir, filepath.Join(dir, "sub"), filepath.Join(top, "other")} {
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"other/secret", "mine/body", "mine/sub/body"} {
		if err := os.WriteFile(filepath.Join(top, file), []byte("a\n1\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"link": "../other/secret", "folder": "../other", "inside": "sub/body", "absolute": filepath.Join(top, "other", "secret")} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "s.yaml")
	for name, inside := range map[string]bool{
		"body": true, "./sub/../body": true, "sub/body": true, "inside": true, filepath.Join(dir, "body"): true,
		"../other/secret": false, "sub/../../other/secret": false, filepath.Join(top, "other", "secret"): false,
		"link": false, "absolute": false, "folder/secret": false,
	} {
		for _, text := range []string{"request: {request: POST /, body_file: " + name + "}", "data: {p: {file: " + name + "}}\nrequest: GET /"} {
			if err := os.WriteFile(file, []byte("name: s\n"+text+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := LoadFile(file, false)
			if inside && err != nil {
				t.Errorf("%s: %v", text, err)
			}
			if !inside && (err == nil || !strings.Contains(err.Error(), "it is outside the scenario's folder") || !strings.Contains(err.Error(), "--allow-outside")) {
				t.Errorf("%s: %v, want it refused as outside", text, err)
			}
			if _, err := LoadFile(file, true); err != nil {
				t.Errorf("%s, though it may reach outside: %v", text, err)
			}
		}
	}
}

// A device without an end is refused unopened.
func TestScenarioOfNoEnd(t *testing.T) {
	t.Parallel()
	if _, err := LoadFile("/dev/zero", false); err == nil || !strings.Contains(err.Error(), "it is no plain file but a device") {
		t.Error(err)
	}
}
