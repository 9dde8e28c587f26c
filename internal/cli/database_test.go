package cli

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"taskbench/internal/doctor"
	"taskbench/internal/pgtest"
)

// TestDatabaseScripts runs what needs the reference server with PostgreSQL
// behind it; skipped where PostgreSQL is not installed.
func TestDatabaseScripts(t *testing.T) {
	needsWrk(t)
	database := pgtest.Start(t)
	program, err := exec.LookPath("taskbench")
	if err != nil {
		t.Fatal(err)
	}
	reference := filepath.Join(t.TempDir(), "taskflowdb")
	if out, err := exec.Command("go", "build", "-o", reference, "taskbench/internal/cmd/taskflowdb").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	testscript.Run(t, testscript.Params{
		Dir:           filepath.Join("testdata", "database"),
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Values[mineKey{}] = &mine{program: program}
			env.Setenv("NO_COLOR", "1")
			env.Setenv("DATABASE_URL", database)
			env.Setenv("TASKFLOWDB", reference)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "freeport": freePortInto, "json": assertJSON, "matches": assertCount, "replace": replaceIn,
			"ask": func(ts *testscript.TestScript, neg bool, args []string) { askDatabase(ts, neg, database, args) },
		},
	})
}

// replace FILE OLD NEW writes NEW wherever OLD stands in a file.
func replaceIn(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: replace FILE OLD NEW")
	}
	text := ts.ReadFile(args[0])
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("%s has no %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.ReplaceAll(text, args[1], args[2])), 0o644))
}

// ask DATABASE QUESTION asks a database of the test's cluster. Its answer is in the file out.
func askDatabase(ts *testscript.TestScript, neg bool, cluster string, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: ask DATABASE QUESTION")
	}
	u, err := url.Parse(cluster)
	ts.Check(err)
	u.Path = "/" + args[0]
	answer, err := doctor.Ask(context.Background(), u.String(), args[1])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs("out"), []byte(answer+"\n"), 0o644))
}
