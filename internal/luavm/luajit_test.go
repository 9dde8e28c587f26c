package luavm

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite golden files, from luajit where it is the reference")

// TestLuaJIT runs the same programs under LuaJIT and here. What LuaJIT prints
// is kept in golden files, so that the test says the same where it is missing.
func TestLuaJIT(t *testing.T) {
	t.Parallel()
	programs, err := filepath.Glob("testdata/luajit/*.lua")
	if err != nil || len(programs) == 0 {
		t.Fatalf("no programs: %v", err)
	}
	for _, program := range programs {
		t.Run(filepath.Base(program), func(t *testing.T) {
			t.Parallel()
			golden := strings.TrimSuffix(program, ".lua") + ".out"
			real := runLuaJIT(t, program)
			if *update && real != nil {
				if err := os.WriteFile(golden, real, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if real != nil {
				if diff := cmp.Diff(string(want), string(real)); diff != "" {
					t.Errorf("golden file against luajit (-golden +luajit):\n%s", diff)
				}
			}
			if diff := cmp.Diff(string(want), runHere(t, program)); diff != "" {
				t.Errorf("luajit against the embedded VM (-luajit +here):\n%s", diff)
			}
		})
	}
}

// runLuaJIT gives what luajit prints, or nil where there is none.
func runLuaJIT(t *testing.T, program string) []byte {
	t.Helper()
	out, err := exec.Command("luajit", program).CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		return nil
	}
	if err != nil {
		t.Fatalf("luajit: %v\n%s", err, out)
	}
	return out
}

func runHere(t *testing.T, program string) string {
	t.Helper()
	src, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := New(program, src, Config{URL: testURL, Stdout: &out}); err != nil {
		t.Error(err)
	}
	return out.String()
}
