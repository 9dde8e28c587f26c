package micro

import (
	"strings"
	"testing"

	"taskbench/internal/scripttest"
	"taskbench/results"
)

// Two checkouts of a crate that cargo would build into one program are built apart:
// else both rounds would be of whichever was built last. One crate twice is one program.
func TestCratesAreBuiltApart(t *testing.T) {
	t.Setenv("SHARED", "/shared/target")
	t.Setenv("CARGO_TARGET_DIR", "")
	crates := fakeCrates(t, "rust", "wj")
	p := Plan{Crates: crates, Rounds: 1}
	r := fakeCargo(t, "exit 0\n")
	var built []string
	r.Progress = func(e Event) {
		if e.Round == 0 {
			built = append(built, e.Crate)
		}
	}
	builds, err := r.buildAll(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if got := builds[0].programs[0] + " " + builds[1].programs[0]; got != "/shared/target/taskbench/rust/release/deps/b /shared/target/taskbench/wj/release/deps/b" {
		t.Error(got)
	}
	if got := strings.Join(built, " "); got != "rust wj rust wj" {
		t.Errorf("built %s", got)
	}
	built = nil
	one := Plan{Crates: []Crate{{Name: "rust", Dir: crates[0].Dir}, {Name: "again", Dir: crates[0].Dir}}, Rounds: 1}
	if _, err := r.buildAll(t.Context(), one); err != nil || strings.Join(built, " ") != "rust again" {
		t.Errorf("one crate twice: built %v, %v", built, err)
	}
	again := Plan{Crates: fakeCrates(t, "rust", "wj"), Rounds: 1, Session: "s"}
	if _, err := r.Run(t.Context(), again, results.Environment{}); again.Crates[0].target != "" || err != nil && !strings.Contains(err.Error(), "left no results") {
		t.Errorf("%+v, %v", again.Crates, err)
	}
}

// A cargo that builds into one program whatever it is told measures nothing.
func TestCratesThatCannotBeBuiltApart(t *testing.T) {
	t.Parallel()
	crates := fakeCrates(t, "rust", "wj")
	r := fakeCargo(t, "exit 0\n")
	r.Cargo = stubborn(t)
	_, err := r.Run(t.Context(), Plan{Crates: crates, Rounds: 1}, results.Environment{})
	if err == nil || !strings.Contains(err.Error(), "rust and wj are built into the same program: /x/t/release/deps/b") && !strings.Contains(err.Error(), "wj and rust are") {
		t.Error(err)
	}
}

func stubborn(t *testing.T) string {
	t.Helper()
	return scripttest.Write(t, "cargo", `echo '{"reason":"compiler-artifact","executable":"/x/t/release/deps/b","target":{"kind":["bench"],"name":"b"}}'
`)
}
