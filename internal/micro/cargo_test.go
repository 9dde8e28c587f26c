package micro

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"taskbench/results"
)

const sampleCrate = "../../testdata/crate"

// quick is the shortest measurement that Criterion takes.
var quick = []string{"--warm-up-time", "0.1", "--measurement-time", "0.2"}

// runner is a Runner on the real cargo, whose builds are kept between tests
// and runs: Criterion takes a minute to compile.
func runner(t *testing.T) *Runner {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: cargo is not run")
	}
	cargo, err := Find("")
	if err != nil {
		t.Skip(err) // everything after this point fails loudly
	}
	t.Setenv("CARGO_TARGET_DIR", filepath.Join(os.TempDir(), "taskbench-testdata-crate"))
	return &Runner{
		Cargo: cargo, Home: t.TempDir(), Now: time.Now,
		Save: func(*results.Document) error { return nil },
	}
}

func plan(rounds int, crates ...Crate) Plan {
	return Plan{Session: "test", Crates: crates, Baseline: crates[0].Name, Rounds: rounds, Seed: 1, Args: quick}
}

// cargo bench of a real crate, under two names: both have all benchmarks of
// every round, and each round its own order.
func TestRun(t *testing.T) {
	r := runner(t)
	var saved []int
	r.Save = func(d *results.Document) error { saved = append(saved, len(d.Micro.Rounds)); return nil }
	docs, err := r.Run(t.Context(), plan(2, Crate{Name: "rust", Dir: sampleCrate}, Crate{Name: "wj", Dir: sampleCrate}), results.Environment{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range docs {
		if len(d.Warnings) > 0 || !d.Complete || !strings.HasPrefix(d.Micro.Toolchain, "rustc ") {
			t.Errorf("%s: complete %v, toolchain %q, warnings %v", d.Implementation, d.Complete, d.Micro.Toolchain, d.Warnings)
		}
		if len(d.Micro.Benchmarks) != 2 {
			t.Fatalf("%s: %+v", d.Implementation, d.Micro.Benchmarks)
		}
		b := d.Micro.Benchmarks[1]
		if b.ID != "json/escape/64" || len(b.Runs) != 2 || len(b.Runs[1].Totals) != 100 || b.Runs[1].Round != 2 {
			t.Errorf("%s: %s, %d runs", d.Implementation, b.ID, len(b.Runs))
		}
	}
	for i, round := range docs[0].Micro.Rounds {
		if other := docs[1].Micro.Rounds[i]; round.Position+other.Position != 3 || round.Error != "" {
			t.Errorf("round %d: positions %d and %d, %q", i+1, round.Position, other.Position, round.Error)
		}
	}
	if len(saved) != 4 || saved[0] != 1 || saved[3] != 2 {
		t.Errorf("saved with %v rounds, want every round of both", saved)
	}
}

// brokenCrate is the sample with a bench that does not build, one that is not
// Criterion's, and one that panics.
func brokenCrate(t *testing.T, without string) Crate {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(sampleCrate)); err != nil {
		t.Fatal(err)
	}
	manifest := filepath.Join(dir, "Cargo.toml")
	text, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	for name, source := range map[string]string{
		"broken": `fn main() { let x: u32 = "no"; }`, "panics": `fn main() { panic!("out of order") }`, "other": `fn main() { std::process::exit(3) }`,
	} {
		if err := os.WriteFile(filepath.Join(dir, "benches", name+".rs"), []byte(source), 0o644); err != nil {
			t.Fatal(err)
		}
		text = append(text, "\n[[bench]]\nname = \""+name+"\"\nharness = false\n"...)
	}
	if without != "" {
		text = []byte(strings.Replace(string(text), "[[bench]]\nname = \""+without+"\"\nharness = false\n", "", 1))
	}
	if err := os.WriteFile(manifest, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return Crate{Name: "broken", Dir: dir}
}

// Benches that do not build or do not run are named; the healthy one is kept.
func TestRunBroken(t *testing.T) {
	r := runner(t)
	docs, err := r.Run(t.Context(), plan(1, brokenCrate(t, "")), results.Environment{})
	if err != nil {
		t.Fatal(err)
	}
	d := docs[0]
	if len(d.Micro.Benchmarks) != 2 {
		t.Errorf("%d benchmarks", len(d.Micro.Benchmarks))
	}
	if len(d.Warnings) != 1 || !strings.Contains(d.Warnings[0], "bench broken does not build: error[E0308]: mismatched types") {
		t.Errorf("warnings %v", d.Warnings)
	}
	for _, want := range []string{"`--bench panics`", "`--bench other`", "panicked at"} {
		if !strings.Contains(d.Micro.Rounds[0].Error, want) {
			t.Errorf("no %q in %q", want, d.Micro.Rounds[0].Error)
		}
	}
}

func TestRunProblems(t *testing.T) {
	r := runner(t)
	empty := t.TempDir()
	if err := os.MkdirAll(filepath.Join(empty, "src"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"Cargo.toml": "[package]\nname = \"empty\"\nedition = \"2021\"\n", "src/lib.rs": ""} {
		if err := os.WriteFile(filepath.Join(empty, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		crate Crate
		want  string
	}{
		"no crate":          {Crate{Name: "rust", Dir: t.TempDir()}, "rust is not a crate: it has no Cargo.toml"},
		"no benches":        {Crate{Name: "rust", Dir: empty}, "rust has no benches to run"},
		"none with results": {brokenCrate(t, "text"), "left no results of Criterion"},
	} {
		_, err := r.Run(t.Context(), plan(1, c.crate), results.Environment{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The end of the context ends cargo and its bench, and says so.
func TestRunInterrupted(t *testing.T) {
	r := runner(t)
	ctx, cancel := context.WithCancel(t.Context())
	r.Progress = func(e Event) {
		if e.Round == 2 {
			time.AfterFunc(300*time.Millisecond, cancel)
		}
	}
	saved := 0
	r.Save = func(d *results.Document) error { saved = len(d.Micro.Rounds); return nil }
	p := plan(3, Crate{Name: "rust", Dir: sampleCrate})
	p.Args = []string{"--warm-up-time", "0.1", "--measurement-time", "2"}
	docs, err := r.Run(ctx, p, results.Environment{})
	if !errors.Is(err, context.Canceled) || len(docs) != 1 || docs[0].Complete || saved != 1 {
		t.Errorf("%v, %d documents, %d rounds saved", err, len(docs), saved)
	}
}

func TestFind(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("mine", []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if found, err := Find("./mine"); err != nil || !filepath.IsAbs(found) {
		t.Errorf("%q would not be found from a crate's folder, %v", found, err)
	}
	if _, err := Find("no-such-cargo"); !errors.Is(err, exec.ErrNotFound) || !strings.Contains(err.Error(), "hint: install Rust") {
		t.Errorf("%v", err)
	}
}

// cargo's messages are many; benches with an executable and errors count.
func TestReadBuild(t *testing.T) {
	t.Parallel()
	b := readBuild(strings.NewReader(`{"reason":"compiler-artifact","executable":null,"target":{"kind":["lib"],"name":"x"}}
{"reason":"compiler-message","target":{"kind":["bench"],"name":"b"},"message":{"level":"warning","rendered":"warning: unused"}}
{"reason":"compiler-message","target":{"kind":["bench"],"name":"c"},"message":{"level":"error","rendered":"error: no\n"}}
{"reason":"compiler-message","target":{"kind":["bench"],"name":"c"},"message":{"level":"error","rendered":"error: again"}}
{"reason":"compiler-artifact","executable":"/x/b","target":{"kind":["bench"],"name":"b"}}
{"reason":"build-finished","success":false}
cut off {`))
	if len(b.benches) != 1 || b.benches[0] != "b" || len(b.failed) != 1 || b.failed[0] != "bench c does not build: error: no" {
		t.Errorf("%+v", b)
	}
}
