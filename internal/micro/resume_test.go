package micro

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"taskbench/internal/scripttest"
	"taskbench/results"
)

// fakeCargo builds one bench, and runs it without a result, or fails as it is told.
func fakeCargo(t *testing.T, says string) *Runner {
	t.Helper()
	path := scripttest.Write(t, "cargo", `if [ "$1" = build ]; then echo '{"reason":"compiler-artifact","executable":"'"${CARGO_TARGET_DIR:-${SHARED:-$PWD/target}}"'/release/deps/b","target":{"kind":["bench"],"name":"b"}}'; exit 0; fi
`+says)
	return &Runner{Cargo: path, Home: t.TempDir(), Now: time.Now, Save: func(*results.Document) error { return nil }}
}

func fakeCrates(t *testing.T, names ...string) []Crate {
	t.Helper()
	var list []Crate
	for _, name := range names {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "Cargo.toml"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		list = append(list, Crate{Name: name, Dir: dir})
	}
	return list
}

func roundsOf(d *results.Document) (list []string) {
	for _, r := range d.Micro.Rounds {
		list = append(list, fmt.Sprint(r.Round, "/", r.Position))
	}
	return list
}

// A run that was cut short within its third round, and gone on with, has the same
// rounds in the same order as one that was not.
func TestResume(t *testing.T) {
	t.Parallel()
	crates := fakeCrates(t, "rust", "wj")
	p := Plan{Session: "s", Crates: crates, Baseline: "rust", Rounds: 6, Seed: 5, Args: quick}
	r := fakeCargo(t, "exit 0\n")
	whole, _ := r.Run(t.Context(), p, results.Environment{})
	cut, _ := r.Run(t.Context(), p, results.Environment{})
	for i, d := range cut {
		d.Complete = false
		d.Micro.KeepRounds(2 + i) // of the second crate one more
	}
	again, err := Resume(cut, crates, quick)
	if err != nil {
		t.Fatal(err)
	}
	ran := 0
	r.Progress = func(e Event) {
		if e.Round > 0 {
			ran++
		}
	}
	docs, _ := r.Run(t.Context(), again, results.Environment{})
	if ran != 8 {
		t.Errorf("%d process runs, want those of four rounds", ran)
	}
	for i, d := range docs {
		if !slices.Equal(roundsOf(d), roundsOf(whole[i])) || !d.Complete || d.Session != "s" {
			t.Errorf("%s: %v, want %v", d.Implementation, roundsOf(d), roundsOf(whole[i]))
		}
	}
}

func TestCannotResume(t *testing.T) {
	t.Parallel()
	crates := fakeCrates(t, "rust", "wj")
	p := Plan{Session: "s", Crates: crates, Baseline: "rust", Rounds: 2, Seed: 5, Args: quick}
	docs, _ := fakeCargo(t, "exit 0\n").Run(t.Context(), p, results.Environment{})
	for name, c := range map[string]struct {
		docs   []*results.Document
		crates []Crate
		args   []string
		want   string
	}{
		"one crate less":  {docs, crates[:1], quick, "it measured [rust wj]"},
		"one crate more":  {docs, append(fakeCrates(t, "x"), crates...), quick, "it measured [rust wj]"},
		"another folder":  {docs, []Crate{crates[1], {Name: "rust", Dir: t.TempDir()}}[1:], quick, "it measured [rust wj]"},
		"swapped folders": {docs, []Crate{{Name: "rust", Dir: crates[1].Dir}, {Name: "wj", Dir: crates[0].Dir}}, quick, "rust was measured in"},
		"other arguments": {docs, crates, nil, "Criterion's arguments were"},
		"half of it":      {docs[:1], crates, quick, "the results of wj are missing"},
	} {
		if _, err := Resume(c.docs, c.crates, c.args); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "hint: name crates") {
			t.Errorf("%s: %v", name, err)
		}
	}
	docs[0].Micro.Toolchain = "rustc 1.0"
	again, err := Resume(docs, crates, quick)
	if err != nil {
		t.Fatal(err)
	}
	again.Rounds = 3
	if _, err := fakeCargo(t, "exit 0\n").Run(t.Context(), again, results.Environment{}); err == nil || !strings.Contains(err.Error(), `compiled by "rustc 1.0"`) {
		t.Errorf("another compiler: %v", err)
	}
}

// Where benches do not know their arguments, that is what is said.
func TestHintForArguments(t *testing.T) {
	t.Parallel()
	for says, want := range map[string]string{
		"echo \"error: unexpected argument '--features' found\" >&2; exit 2\n":                                     "cargo's own arguments belong",
		"echo \"error: Found argument '--x' which wasn't expected, or isn't valid in this context\" >&2; exit 1\n": "Criterion has to know it",
		"exit 0\n": "Criterion 0.3.3 or newer",
	} {
		p := Plan{Session: "s", Crates: fakeCrates(t, "rust"), Baseline: "rust", Rounds: 1}
		_, err := fakeCargo(t, says).Run(t.Context(), p, results.Environment{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s%v", says, err)
		}
	}
}
