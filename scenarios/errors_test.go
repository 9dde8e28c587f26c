package scenarios

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"taskbench/internal/source"
	"taskbench/internal/yamlfile"
)

var update = flag.Bool("update", false, "write the files under testdata anew")

// Each archive of testdata/errors is a scenario with its data files, and every
// message its loading gives, as a user sees it.
func TestErrors(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/errors/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			_, err = LoadFS(archiveFS(archive), "scenario.yaml")
			if err == nil {
				t.Fatal("loaded without an error")
			}
			checkGolden(t, name, archive, err.Error()+"\n")
		})
	}
}

func archiveFS(archive *txtar.Archive) fs.FS {
	fsys := fstest.MapFS{}
	for _, f := range archive.Files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return fsys
}

// checkGolden compares with the archive's file "want", or writes it.
func checkGolden(t *testing.T, name string, archive *txtar.Archive, got string) {
	t.Helper()
	want := &archive.Files[len(archive.Files)-1]
	if want.Name != "want" {
		t.Fatalf("%s does not end with the file want", name)
	}
	if *update {
		want.Data = []byte(got)
		if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(want.Data), got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestLoadErrorsWithoutAPlace(t *testing.T) {
	t.Parallel()
	_, err := LoadFS(fstest.MapFS{}, "gone.yaml")
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "hint: ") {
		t.Errorf("missing file: %v", err)
	}
	_, err = LoadFile(filepath.Join(t.TempDir(), "gone.yaml"), false)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	_, err = Builtin("project")
	want := "no built-in scenario \"project\"\nhint: did you mean \"projects\"?"
	if err == nil || err.Error() != want {
		t.Errorf("unknown built-in: got %v", err)
	}
}

func TestNotText(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"latin-1":  "name: caf\xe9\n",
		"NUL":      "name: a\x00b\n",
		"too long": "name: x\n#" + strings.Repeat("x", yamlfile.MaxFileBytes),
	} {
		_, err := LoadFS(fstest.MapFS{"s.yaml": {Data: []byte(text)}}, "s.yaml")
		var list source.List
		if !errors.As(err, &list) || len(list) != 1 || list[0].Pos.Line != 1 || list[0].Hint == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
