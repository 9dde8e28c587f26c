package results

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// An error names the file that was asked for, and not the hidden one beside it.
func TestUnwritableIsNamed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "nope", "x.html")
	err := WriteFile(path, []byte("x"))
	if err == nil || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), ".writing-") {
		t.Errorf("%v", err)
	}
}

// What is there and cannot be read is not called missing, and a folder is called one.
func TestNothingToMean(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := &Store{Dir: dir}
	if err := os.MkdirAll(filepath.Join(dir, "rust"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "rust", "load_test_2026-11-29.json"), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Resolve("latest"); err == nil || !strings.Contains(err.Error(), "none of the results in") {
		t.Errorf("damaged: %v", err)
	}
	if _, err := s.Resolve(dir); err == nil || !strings.Contains(err.Error(), "is a folder, and no result") {
		t.Errorf("a folder: %v", err)
	}
}
