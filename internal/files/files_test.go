package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"testing/fstest"
	"time"
)

// TestInside: a name may lead anywhere within the folder, by whatever way, and
// nowhere else.
func TestInside(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "dir")
	for _, path := range []string{"outside.txt", "dir/a.txt", "dir/sub/b.txt", "dirs/near.txt"} {
		must(t, os.MkdirAll(filepath.Dir(filepath.Join(top, path)), 0o755))
		must(t, os.WriteFile(filepath.Join(top, path), []byte("x"), 0o644))
	}
	for link, to := range map[string]string{
		"stays": "sub/b.txt", "stays-absolute": filepath.Join(dir, "a.txt"), "leads-out": "../outside.txt",
		"leads-out-absolute": filepath.Join(top, "outside.txt"), "folder": "sub", "folder-out": "..", "twice": "leads-out", "dangling": "nowhere",
	} {
		must(t, os.Symlink(to, filepath.Join(dir, link)))
	}
	must(t, os.Symlink("dir", filepath.Join(top, "link")))
	for name, want := range map[string]error{
		"a.txt": nil, "./sub/b.txt": nil, "sub/../a.txt": nil, filepath.Join(dir, "a.txt"): nil, filepath.Join(top, "link", "a.txt"): nil,
		"stays": nil, "stays-absolute": nil, "folder/b.txt": nil, filepath.Join("..", "dir", "a.txt"): nil,
		"../outside.txt": ErrOutside, "../missing.txt": ErrOutside, "sub/../../outside.txt": ErrOutside, "../dirs/near.txt": ErrOutside,
		filepath.Join(top, "dirs", "near.txt"): ErrOutside, filepath.Join(top, "outside.txt"): ErrOutside, "/etc/hostname": ErrOutside,
		"leads-out": ErrOutside, "leads-out-absolute": ErrOutside, "folder-out/outside.txt": ErrOutside, "twice": ErrOutside,
		"dangling": fs.ErrNotExist, "missing.txt": fs.ErrNotExist, ".": ErrNotPlain, "sub": ErrNotPlain,
	} {
		for _, from := range []string{dir, filepath.Join(top, "link")} {
			if text, err := ReadInside(from, name, 10); !errors.Is(err, want) || err == nil && string(text) != "x" {
				t.Errorf("%s from %s: %q, %v; want %v", name, filepath.Base(from), text, err, want)
			}
		}
		if errors.Is(Inside(dir, name), ErrOutside) != (want == ErrOutside) {
			t.Errorf("Inside(%s) is not as it is opened: %v", name, Inside(dir, name))
		}
	}
}

// TestNeverOpened: the pipe's other end would see that somebody opened it.
func TestNeverOpened(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	must(t, syscall.Mkfifo(pipe, 0o644))
	must(t, os.Symlink("pipe", filepath.Join(dir, "link")))
	opened := make(chan struct{})
	go func() { // waits until the pipe is opened for reading
		f, err := os.OpenFile(pipe, os.O_WRONLY, 0)
		if err == nil {
			close(opened)
			f.Close()
		}
	}()
	for _, name := range []string{pipe, filepath.Join(dir, "link"), "/dev/zero", "/dev/null", dir} {
		if f, err := Open(name); !errors.Is(err, ErrNotPlain) {
			t.Errorf("%s: %v, %v", name, f, err)
		}
	}
	for name, want := range map[string]string{pipe: "a pipe", dir: "a folder", "/dev/null": "a device"} {
		if _, err := Open(name); err == nil || err.Error() != "it is no plain file but "+want {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, write := range []func(string) error{func(name string) error { return Into(name, nil) }, appendTo} {
		if err := write(pipe); err == nil {
			t.Error("a pipe was opened that nobody reads")
		}
		if err := write("/dev/null"); err != nil {
			t.Error(err)
		}
	}
	if _, err := OpenInside(dir, "link"); !errors.Is(err, ErrNotPlain) {
		t.Errorf("a link to a pipe: %v", err)
	}
	if _, err := FS(dir).Open("link"); !errors.Is(err, ErrNotPlain) {
		t.Errorf("a link to a pipe in a folder: %v", err)
	}
	select {
	case <-opened:
		t.Error("the pipe was opened")
	case <-time.After(50 * time.Millisecond):
	}
	f, err := os.OpenFile(pipe, os.O_RDONLY|syscall.O_NONBLOCK, 0) // lets the writer go
	must(t, err)
	defer f.Close()
	<-opened
}

func appendTo(name string) error {
	f, err := Append(name)
	if err == nil {
		err = f.Close()
	}
	return err
}

func TestLimit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	must(t, os.WriteFile(path, make([]byte, 2<<20), 0o644))
	if text, err := Read(path, 2<<20); err != nil || len(text) != 2<<20 {
		t.Errorf("as large as allowed: %d bytes, %v", len(text), err)
	}
	must(t, os.Truncate(path, 2<<20+1))
	if _, err := Read(path, 2<<20); err == nil || err.Error() != "it is larger than 2 MiB" {
		t.Errorf("a byte more: %v", err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A folder of folders and plain files is what os.DirFS makes of it.
func TestFS(t *testing.T) {
	dir := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(dir, "a", "b"), 0o755))
	must(t, os.WriteFile(filepath.Join(dir, "a", "b", "c.json"), []byte("{}"), 0o644))
	if err := fstest.TestFS(FS(dir), "a/b/c.json"); err != nil {
		t.Error(err)
	}
	if _, err := FS(dir).Open("a/../a"); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("a path that is none: %v", err)
	}
}
