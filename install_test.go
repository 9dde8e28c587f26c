package main

import (
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// needsMake skips where there is nothing to install with.
func needsMake(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("make is not installed")
	}
}

func runMake(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("make", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("make %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// TestInstall: what is installed runs in an empty folder, with its manual and
// completions beside it, and uninstall leaves none of it.
func TestInstall(t *testing.T) {
	needsMake(t)
	root := filepath.Join(t.TempDir(), "a root")
	where := []string{"DESTDIR=" + root, "PREFIX=/opt/x"}
	runMake(t, ".", append([]string{"install"}, where...)...)
	cmd := exec.Command(filepath.Join(root, "opt/x/bin/taskbench"), "scenarios", "list")
	cmd.Dir = t.TempDir()
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "health") {
		t.Errorf("%v\n%s", err, out)
	}
	for _, name := range []string{"man/man1/taskbench.1", "bash-completion/completions/taskbench", "zsh/site-functions/_taskbench", "fish/vendor_completions.d/taskbench.fish"} {
		if info, err := os.Stat(filepath.Join(root, "opt/x/share", name)); err != nil || info.Size() < 1000 {
			t.Errorf("%s: %v", name, err)
		}
	}
	runMake(t, ".", append([]string{"uninstall"}, where...)...)
	_ = filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			t.Errorf("%s is left (%v)", path, err)
		}
		return nil
	})
}

// TestDist: the binary is static, its checksum is right, and another folder
// makes the same one. The other platforms take minutes: `make dist` builds them.
func TestDist(t *testing.T) {
	needsMake(t)
	if runtime.GOOS != "linux" {
		t.Skip("it looks into an ELF file")
	}
	platform := runtime.GOOS + "/" + runtime.GOARCH
	name := "taskbench-" + strings.ReplaceAll(platform, "/", "-")
	here, there := t.TempDir(), filepath.Join(t.TempDir(), "elsewhere")
	runMake(t, ".", "dist", "PLATFORMS="+platform, "DIST="+here, "VERSION=v1")
	checked := exec.Command("sha256sum", "--check", "--strict", "SHA256SUMS")
	checked.Dir = here
	if out, err := checked.CombinedOutput(); err != nil || !strings.Contains(string(out), name+": OK") {
		t.Errorf("%v\n%s", err, out)
	}
	file, err := elf.Open(filepath.Join(here, name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if libraries, err := file.ImportedLibraries(); err != nil || len(libraries) > 0 || file.Section(".interp") != nil {
		t.Errorf("not static: %q, %v", libraries, err)
	}
	copySources(t, there)
	runMake(t, there, "dist", "PLATFORMS="+platform, "DIST=out", "VERSION=v1")
	first, err := os.ReadFile(filepath.Join(here, "SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	second, err := os.ReadFile(filepath.Join(there, "out", "SHA256SUMS"))
	if err != nil || string(first) != string(second) {
		t.Errorf("two folders, two binaries (%v):\n%s%s", err, first, second)
	}
}

// copySources copies what the program is made of, without its history.
func copySources(t *testing.T, to string) {
	t.Helper()
	for _, name := range []string{"scenarios", "lua", "wrk", "parse", "results", "compare", "internal"} {
		if err := os.CopyFS(filepath.Join(to, name), os.DirFS(name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"Makefile", "go.mod", "go.sum", "main.go"} {
		text, err := os.ReadFile(name)
		if err == nil {
			err = os.WriteFile(filepath.Join(to, name), text, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
