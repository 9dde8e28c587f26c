package scenarios

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"taskbench/internal/source"
)

// Whatever a file holds, loading it neither panics nor leaves a user without
// a place to look at; and what loads, loads the same again, for every target.
func FuzzLoad(f *testing.F) {
	for _, name := range BuiltinNames() {
		text, err := embedded.ReadFile(name + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(whole))
	f.Add([]byte(overridden))
	f.Add([]byte("a: &a [*a]\nb: {<<: *a, ? [x]: y}\n"))
	archives := []string{"keys", "types", "loads", "steps", "references", "captures", "expect", "overrides", "bodies", "control", "journeys", "around"}
	for _, name := range archives {
		archive, err := txtar.ParseFile("testdata/errors/" + name + ".txtar")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(archive.Files[0].Data)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		fsys := fstest.MapFS{
			"s.yaml":     {Data: text},
			"people.csv": {Data: []byte("email,name\na@x,A\n")},
		}
		s, err := LoadFS(fsys, "s.yaml")
		if err != nil {
			checkPlaces(t, text, err)
			return
		}
		again, err := LoadFS(fsys, "s.yaml")
		if err != nil || again.Hash != s.Hash {
			t.Errorf("loaded once, then: %v", err)
		}
		for target := range s.Overrides {
			if len(s.For(target).Steps) == 0 {
				t.Errorf("%s has no steps", target)
			}
		}
	})
}

func checkPlaces(t *testing.T, text []byte, err error) {
	t.Helper()
	var list source.List
	if !errors.As(err, &list) || len(list) == 0 {
		t.Fatalf("no list of errors: %v", err)
	}
	lines := bytes.Split(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), []byte("\n"))
	for _, e := range list {
		if strings.HasSuffix(e.Pos.File, ".csv") {
			continue
		}
		if e.Pos.File != "s.yaml" || e.Pos.Line < 1 || e.Pos.Line > len(lines) {
			t.Fatalf("outside the file: %+v", e)
		}
		if line := lines[e.Pos.Line-1]; e.Pos.Column < 1 || e.Pos.Column > len(line)+1 {
			t.Fatalf("outside line %q: %+v", line, e)
		}
		if e.Message == "" || strings.Contains(e.Message, "%!") {
			t.Errorf("message %q", e.Message)
		}
	}
}
