package machine

import (
	"os"
	"path/filepath"
	"testing"
)

func TestAvailable(t *testing.T) {
	t.Parallel()
	if bytes, ok := AvailableBytes(); !ok || bytes == 0 {
		t.Errorf("%d bytes, %v", bytes, ok)
	}
}

// TestLeftInGroup: what is left is the least of a group's and of those above it,
// and pages of files that nobody uses are left, too.
func TestLeftInGroup(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for path, text := range map[string]string{
		"a/memory.max": "1000\n", "a/memory.current": "300\n",
		"a/b/memory.max": "max\n", "a/b/memory.current": "300\n",
		"a/b/c/memory.max": "500\n", "a/b/c/memory.current": "400\n", "a/b/c/memory.stat": "anon 350\ninactive_file 50\n",
		"full/memory.max": "100\n", "full/memory.current": "101\n",
	} {
		path = filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for group, want := range map[string]uint64{"/a": 700, "/a/b": 700, "/a/b/c": 150, "/full": 0} {
		if left, limited := leftInGroup(root, group); !limited || left != want {
			t.Errorf("%s has %d left (limited: %v), want %d", group, left, limited, want)
		}
	}
	for _, group := range []string{"", "/", "/elsewhere"} {
		if left, limited := leftInGroup(root, group); limited {
			t.Errorf("%q is limited to %d", group, left)
		}
	}
}

func TestGroupOf(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{"0::/user.slice/a": "/user.slice/a", "0::/": "/", "4:memory:/docker/1": "", "": ""} {
		if got := groupOf(line); got != want {
			t.Errorf("%q: %q", line, got)
		}
	}
}
