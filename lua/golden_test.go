package lua

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"taskbench/internal/golden"
	"taskbench/scenarios"
)

func load(t testing.TB, name string) *scenarios.Scenario {
	t.Helper()
	s, err := scenarios.LoadFile("testdata/"+name+".yaml", false)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func generate(t testing.TB, s *scenarios.Scenario, o Options) string {
	t.Helper()
	src, err := Generate(s, o)
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

// generateEmbedded gives the script of plain tables that the embedded VM runs.
func generateEmbedded(t testing.TB, s *scenarios.Scenario, o Options) string {
	t.Helper()
	g := newGenerator(s, o)
	g.embedded = true
	src, err := g.script()
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

// TestGolden compares generated scripts. Parts of the runtime stand as one
// line: they are files of their own.
func TestGolden(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"flow", "mix", "request", "inspected", "everything", "rate"} {
		script := generate(t, load(t, name), Options{Target: "rust", URL: "http://localhost:3001/base/", Seed: 42})
		if err := Check(name+".lua", []byte(script)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		inSlots := generate(t, load(t, name), Options{Target: "rust", URL: "http://localhost:3001/base/", Seed: 42, Slots: 2})
		if err := Check(name+".lua", []byte(inSlots)); err != nil {
			t.Errorf("%s, in slots: %v", name, err)
		}
		got := withoutRuntime(t, script)
		golden.Check(t, "testdata/"+name+".lua", got)
	}
}

func withoutRuntime(t *testing.T, script string) string {
	files, err := filepath.Glob("runtime/*.lua")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		script = strings.Replace(script, string(text), "-- … "+filepath.ToSlash(file)+" …\n", 1)
	}
	return script
}

func TestGenerateIsDeterministic(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"flow", "mix", "everything"} {
		s, o := load(t, name), Options{URL: "http://localhost:3000", Seed: 1}
		first := generate(t, s, o)
		for range 10 {
			if generate(t, s, o) != first {
				t.Fatalf("%s: two scripts of one scenario differ", name)
			}
		}
	}
}

func TestBuiltinScenariosCompile(t *testing.T) {
	t.Parallel()
	for _, name := range scenarios.BuiltinNames() {
		s, err := scenarios.Builtin(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, target := range []string{"rust", "windjammer"} {
			script := generate(t, s.For(target), Options{Target: target, URL: "http://localhost:3000"})
			if err := Check(name+".lua", []byte(script)); err != nil {
				t.Errorf("%s for %s: %v", name, target, err)
			}
		}
	}
}
