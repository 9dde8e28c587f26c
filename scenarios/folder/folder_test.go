package folder

import (
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// A path means a file, the scenarios of a folder, or what a pattern finds.
func TestFind(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{
		"s/b.yaml": "name: b\nrequest: GET /\n", "s/a.yml": "{name: a, mix: []}", "s/broken.yaml": "name: x\nflow: [\n", "s/typo.yaml": "nmae: x\nload: {}\n",
		"s/compose.yaml": "services: {}\n", "s/list.yaml": "- flow\n", "s/other.yaml": "\tnot: [yaml", "s/notes.txt": "flow: x", "s/deep/c.yaml": "name: c\nrequest: GET /\n",
		"empty/x.yaml": "services: {}\n", "odd[1].yaml": "name: odd\nrequest: GET /\n",
	} {
		write(t, name, text)
	}
	if err := syscall.Mkfifo("s/pipe.yaml", 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, want, err string }{
		{"s", "s/a.yml s/b.yaml s/broken.yaml s/typo.yaml", ""},
		{"s/", "s/a.yml s/b.yaml s/broken.yaml s/typo.yaml", ""},
		{"s/deep/c.yaml", "s/deep/c.yaml", ""},
		{"s/compose.yaml", "s/compose.yaml", ""}, // named is meant
		{"s/[ab].y*", "s/a.yml s/b.yaml", ""},
		{"odd[1].yaml", "odd[1].yaml", ""},
		{"empty", "", "no scenarios in the folder empty\nhint: x.yaml: no flow, mix or request in it"},
		{"s/x*", "", "no file is named like s/x*"},
		{"s/[", "", "is no pattern of files"},
		{"nowhere", "", `cannot read scenario "nowhere"`},
	} {
		got, err := Find(c.name)
		if strings.Join(got, " ") != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: %q, %v; want %q, %q", c.name, got, err, c.want, c.err)
		}
	}
	if got, err := Scenarios("nowhere"); err != nil || got != nil {
		t.Errorf("a folder that is not there: %q, %v", got, err)
	}
	if got, err := Scenarios("empty"); err != nil || got != nil {
		t.Errorf("a folder without scenarios: %q, %v", got, err)
	}
	if got, err := Scenarios("."); err != nil || !slices.Equal(got, []string{"odd[1].yaml"}) {
		t.Errorf("this folder: %q, %v", got, err)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if dir, _, found := strings.Cut(name, "/"); found {
		deeper := dir
		if strings.Count(name, "/") > 1 {
			deeper = name[:strings.LastIndex(name, "/")]
		}
		if err := os.MkdirAll(deeper, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Files that others of the folder include are no scenarios.
func TestIncludedFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "shop.yaml", "name: shop\ninclude: [common.yaml]\nrequest: GET /\n")
	write(t, "common.yaml", "load: {connections: 2}\nsetup: []\n")
	if found, err := Scenarios("."); err != nil || !slices.Equal(found, []string{"shop.yaml"}) {
		t.Errorf("%q %v", found, err)
	}
}
