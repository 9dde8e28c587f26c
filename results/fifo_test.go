package results

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

func fifo(t *testing.T, path string) {
	t.Helper()
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip(err)
	}
}

// What is no document is named, and the others are listed: pipes, devices,
// links to them, folders, and files that no document is as large as.
func TestNoDocuments(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	store := &Store{Dir: dir}
	save(t, store, sampleDocument(t, "good", "s1"))
	path := func(date string) string { return filepath.Join(dir, "good", "load_test_"+date+".json") }
	fifo(t, path("2001-01-01"))
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.Symlink("load_test_2001-01-01.json", path("2001-01-02")))
	must(os.Symlink("/dev/zero", path("2001-01-03")))
	must(os.WriteFile(path("2001-01-04"), []byte("{"), 0o600))
	must(os.Truncate(path("2001-01-04"), maxDocument+1))
	entries, problems := store.List()
	if len(entries) != 1 || len(problems) != 4 {
		t.Fatalf("%d documents and %d problems: %v", len(entries), len(problems), problems)
	}
	for i, want := range []string{"is no file", "is no file", "leads out of the results folder", "it is larger than 256 MiB"} {
		name := path("2001-01-0" + strconv.Itoa(i+1))
		if text := problems[i].Error(); !strings.Contains(text, want) || !strings.Contains(text, name) {
			t.Errorf("%s: %s, want %q", name, text, want)
		}
	}
}
