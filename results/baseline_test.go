package results

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// storeOfRun has one run of two implementations in it.
func storeOfRun(t *testing.T) (*Store, []Entry) {
	t.Helper()
	s := &Store{Dir: t.TempDir()}
	for _, name := range []string{"rust", "windjammer"} {
		d := sampleDocument(t, name, "ab12")
		if _, err := s.Save(d); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := s.Resolve(latest)
	if err != nil || len(entries) != 2 {
		t.Fatal(entries, err)
	}
	return s, entries
}

func TestBaselineIsACopy(t *testing.T) {
	t.Parallel()
	s, entries := storeOfRun(t)
	saved, err := s.SaveBaseline("main", entries, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if err := os.Remove(e.Path); err != nil {
			t.Fatal(err)
		}
	}
	found, err := s.Resolve("main")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(saved.Entries, found); diff != "" || saved.Session != "ab12" || len(found) != 2 {
		t.Errorf("session %s\n%s", saved.Session, diff)
	}
	for _, e := range found {
		if d, err := s.Load(e.Path); err != nil || d.Implementation != e.Implementation {
			t.Error(d, err)
		}
	}
}

// Baselines are no implementations: lists, newest results and names know
// nothing of them.
func TestBaselinesAreNoImplementation(t *testing.T) {
	t.Parallel()
	s, entries := storeOfRun(t)
	if _, err := s.SaveBaseline("main", entries, false); err != nil {
		t.Fatal(err)
	}
	listed, problems := s.List()
	if len(listed) != 2 || len(problems) != 0 {
		t.Errorf("%d results, problems %v", len(listed), problems)
	}
	if CheckName("baselines") == nil {
		t.Error("an implementation may be called baselines")
	}
}

func TestSaveBaselineRefuses(t *testing.T) {
	t.Parallel()
	s, entries := storeOfRun(t)
	if _, err := s.SaveBaseline("main", entries, false); err != nil {
		t.Fatal(err)
	}
	other := entries[1]
	other.Session = "cd34"
	for name, c := range map[string]struct {
		baseline string
		entries  []Entry
		want     string
	}{
		"taken":             {"main", entries, `there is a baseline "main" already`},
		"an implementation": {"rust", entries, `"rust" is an implementation`},
		"no name":           {"a/b", entries, `a baseline cannot be called "a/b"`},
		"latest":            {"latest", entries, `a baseline cannot be called "latest"`},
		"nothing":           {"empty", nil, "a baseline needs results"},
		"two sessions":      {"mixed", []Entry{entries[0], other}, "a baseline is of one session: these are of ab12 and cd34"},
		"twice":             {"twice", []Entry{entries[0], entries[0]}, entries[0].Path + " is given twice"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := s.SaveBaseline(c.baseline, c.entries, false)
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
	if left, _ := filepath.Glob(filepath.Join(s.Dir, baselines, ".writing-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestForceReplacesABaseline(t *testing.T) {
	t.Parallel()
	s, entries := storeOfRun(t)
	if _, err := s.SaveBaseline("main", entries, false); err != nil {
		t.Fatal(err)
	}
	b, err := s.SaveBaseline("main", entries[:1], true)
	if err != nil || len(b.Entries) != 1 {
		t.Fatal(b, err)
	}
	all, problems := s.Baselines()
	if len(all) != 1 || len(problems) != 0 {
		t.Errorf("%d baselines, problems %v", len(all), problems)
	}
}

// A document that is damaged is not saved, and the name stays free.
func TestDamagedDocumentIsNoBaseline(t *testing.T) {
	t.Parallel()
	s, entries := storeOfRun(t)
	if err := os.WriteFile(entries[1].Path, []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SaveBaseline("main", entries, false); err == nil {
		t.Fatal("saved")
	}
	_, err := s.Baseline("main")
	if err == nil || errors.Is(err, os.ErrExist) {
		t.Error(err)
	}
}
