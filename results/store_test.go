package results

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"taskbench/internal/source"
)

func save(t testing.TB, s *Store, d *Document) string {
	t.Helper()
	path, err := s.Save(d)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSaveRoundTrip(t *testing.T) {
	t.Parallel()
	s := Store{Dir: t.TempDir()}
	want := sampleDocument(t, "rust", "s1")
	path := save(t, &s, want)
	if rel, _ := filepath.Rel(s.Dir, path); rel != "rust/load_test_2026-11-23.json" {
		t.Errorf("saved as %s", rel)
	}
	got, err := s.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSaveNames(t *testing.T) {
	t.Parallel()
	s := Store{Dir: t.TempDir()}
	var got []string
	record := func(s *Store, session string, created time.Time) {
		d := sampleDocument(t, "rust", session)
		d.Created = created
		got = append(got, filepath.Base(save(t, s, d)))
	}
	record(&s, "a", noon)
	record(&s, "b", noon.Add(time.Hour))
	record(&s, "a", noon)                       // grows in place
	record(&Store{Dir: s.Dir}, "b", noon)       // another process goes on with it
	record(&s, "c", noon.Add(24*time.Hour))     // next day
	record(&s, "d", noon)                       // third of the day
	record(&s, "a", noon.Add(24*365*time.Hour)) // still the same document
	want := []string{
		"load_test_2026-11-23.json", "load_test_2026-11-23_2.json", "load_test_2026-11-23.json", "load_test_2026-11-23_2.json",
		"load_test_2026-11-24.json", "load_test_2026-11-23_3.json", "load_test_2026-11-23.json",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if left, _ := filepath.Glob(filepath.Join(s.Dir, "rust", ".*")); len(left) > 0 {
		t.Errorf("temporary files left: %v", left)
	}
}

func TestSaveConcurrently(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const writers = 20
	paths := make([]string, writers)
	var wg sync.WaitGroup
	for i := range writers {
		d := sampleDocument(t, "rust", fmt.Sprint("session", i))
		wg.Go(func() {
			s := Store{Dir: dir} // its own, as another process has
			paths[i], _ = s.Save(d)
		})
	}
	wg.Wait()
	for i, path := range paths {
		d, err := ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprint("session", i); d.Session != want {
			t.Errorf("%s holds %s, want %s: overwritten", path, d.Session, want)
		}
	}
}

func TestClaimWithoutLinks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	noLinks := func(_, _ string) error { return errors.New("operation not supported") }
	for n, want := range []string{"x.json", "x_2.json"} {
		temp, err := writeTemp(dir, fmt.Appendf(nil, "text %d", n), public)
		if err != nil {
			t.Fatal(err)
		}
		path, err := claim(dir, "x", temp, noLinks)
		if err != nil || filepath.Base(path) != want {
			t.Fatalf("claimed %s, %v; want %s", path, err, want)
		}
		if text, _ := os.ReadFile(path); string(text) != fmt.Sprintf("text %d", n) {
			t.Errorf("%s holds %q", path, text)
		}
	}
}

func TestSaveRefuses(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(*Document)
		want   string
	}{
		"separator":      {func(d *Document) { d.Implementation = "../rust" }, `"../rust" cannot name an implementation: it contains a path separator`},
		"hidden":         {func(d *Document) { d.Implementation = ".rust" }, `".rust" cannot name an implementation: it starts with a dot`},
		"inner":          {func(d *Document) { d.Implementation = "a/b" }, `"a/b" cannot name an implementation: it contains a path separator`},
		"backslash":      {func(d *Document) { d.Implementation = `a\b` }, `"a\\b" cannot name an implementation: it contains a path separator`},
		"empty":          {func(d *Document) { d.Implementation = "" }, `"" cannot name an implementation: it is empty`},
		"reserved":       {func(d *Document) { d.Implementation = "latest" }, `"latest" cannot name an implementation: it is the word for the newest results`},
		"reference sign": {func(d *Document) { d.Implementation = "rust@2" }, `"rust@2" cannot name an implementation: it contains one of @ : * ? " < > |`},
		"control":        {func(d *Document) { d.Implementation = "a\x1b[31m" }, `"a\x1b[31m" cannot name an implementation: it contains unprintable characters or spaces at its ends`},
		"no session":     {func(d *Document) { d.Session = "" }, "a result document needs a session"},
		"no date":        {func(d *Document) { d.Created = time.Time{} }, "a result document needs the time it was created"},
		"kind":           {func(d *Document) { d.Kind = "x/y" }, `a result document cannot be of kind "x/y"`},
		"not a number":   {func(d *Document) { d.Scenarios[0].Trials[0].ThroughputPS = math.NaN() }, "the results of rust cannot be written as JSON: json: unsupported value: NaN"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := Store{Dir: t.TempDir()}
			d := sampleDocument(t, "rust", "s1")
			c.change(d)
			_, err := s.Save(d)
			if err == nil {
				t.Fatal("saved")
			}
			if got, _, _ := strings.Cut(err.Error(), "\n"); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if left, _ := os.ReadDir(s.Dir); len(left) > 0 {
				t.Errorf("left %v", left)
			}
		})
	}
}

func TestProbe(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new", "results")
	if err := (&Store{Dir: dir}).Probe(); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left %v", left)
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	err := (&Store{Dir: filepath.Join(file, "sub")}).Probe()
	var e *source.Error
	if !errors.As(err, &e) || e.Hint != "choose another folder with --results DIR" {
		t.Errorf("got %v", err)
	}
}

// A read-only folder is tested where the user is not root, who may write anywhere.
func TestUnwritable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	err := (&Store{Dir: dir}).Probe()
	if os.Geteuid() == 0 {
		err = unwritable(dir, os.ErrPermission)
	}
	want := "hint: give yourself the right to write there, or choose another folder with --results DIR"
	if err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("got %v", err)
	}
}

func TestEncodeIsStable(t *testing.T) {
	t.Parallel()
	d := sampleDocument(t, "rust", "s1")
	a, errA := Encode(d)
	b, errB := Encode(d)
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		t.Errorf("two encodings differ (%v, %v)", errA, errB)
	}
	if !bytes.HasSuffix(a, documentEnd) || bytes.Count(a, documentEnd) != 1 {
		t.Error("the end of the document is not recognisable")
	}
	if bytes.Contains(a, []byte(`\u003c`)) {
		t.Error("bodies are escaped for HTML")
	}
}

// TestProbeClears: what killed processes left is removed, what others are about
// to write is not.
func TestProbeClears(t *testing.T) {
	t.Parallel()
	s := &Store{Dir: filepath.Join(t.TempDir(), "odd [name]*")}
	old := time.Now().Add(-2 * abandoned)
	var kept, left []string
	for name, stale := range map[string]bool{".probe-1": true, ".writing-2": true, "rust/.writing-3": true, "rust/.writing-4": false, "rust/load_test_2026-11-28.json": true} {
		path := filepath.Join(s.Dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte("{"), 0o644)); err != nil {
			t.Fatal(err)
		}
		if stale {
			if err := os.Chtimes(path, old, old); err != nil {
				t.Fatal(err)
			}
		}
		if stale && strings.HasPrefix(filepath.Base(path), ".") {
			left = append(left, path)
		} else {
			kept = append(kept, path)
		}
	}
	if err := s.Probe(); err != nil {
		t.Fatal(err)
	}
	for _, path := range left {
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s is still there", path)
		}
	}
	for _, path := range kept {
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
}
