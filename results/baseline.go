package results

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"taskbench/internal/source"
)

// baselines is the folder of the store that keeps saved runs:
// DIR/baselines/<name>/<implementation>/<kind>_<date>.json. They are copies, so
// that clearing out old results does not take away what gates compare with.
const baselines = "baselines"

// SavedRun is a saved run: a named copy of one session's documents.
type SavedRun struct {
	Name    string    `json:"name"`
	Session string    `json:"session"`
	Created time.Time `json:"created"` // of its newest document
	Entries []Entry   `json:"documents"`
}

// SaveBaseline copies the documents of one session under a name. A name that
// is taken is an error, unless force replaces what it stands for. The baseline
// is there whole or not at all.
func (s *Store) SaveBaseline(name string, entries []Entry, force bool) (SavedRun, error) {
	if err := s.checkBaseline(name, entries); err != nil {
		return SavedRun{}, err
	}
	if s.isBaseline(name) && !force {
		return SavedRun{}, source.Errorf(source.Position{}, "choose another name, or --force to replace it", "there is a baseline %q already", name)
	}
	parent := filepath.Join(s.Dir, baselines)
	if err := errors.Join(Inside(s.Dir, parent), makeFolder(parent)); err != nil {
		return SavedRun{}, err
	}
	temp, err := os.MkdirTemp(parent, ".writing-*")
	if err != nil {
		return SavedRun{}, unwritable(parent, err)
	}
	defer os.RemoveAll(temp)
	for _, e := range entries {
		if err := copyDocument(temp, e); err != nil {
			return SavedRun{}, err
		}
	}
	if err := swapFolder(temp, filepath.Join(parent, name)); err != nil {
		return SavedRun{}, unwritable(parent, err)
	}
	if err := syncFolder(parent); err != nil {
		return SavedRun{}, err
	}
	return s.Baseline(name)
}

func (s *Store) checkBaseline(name string, entries []Entry) error {
	if err := CheckName(name); err != nil {
		return source.WithHint(fmt.Errorf("a baseline cannot be called %q", name), "letters, digits, - and _ are always fine: main, release-1")
	}
	if _, err := os.Stat(filepath.Join(s.Dir, name)); err == nil {
		return source.Errorf(source.Position{}, "choose another: "+name+" means its newest results", "%q is an implementation", name)
	}
	if len(entries) == 0 {
		return errors.New("a baseline needs results")
	}
	seen := make(map[string]bool)
	for _, e := range entries {
		if e.Session != entries[0].Session {
			return source.Errorf(source.Position{}, "name one session", "a baseline is of one session: these are of %s and %s", entries[0].Session, e.Session)
		}
		if seen[e.Path] {
			return source.Errorf(source.Position{}, "", "%s is given twice", e.Path)
		}
		seen[e.Path] = true
	}
	return nil
}

// copyDocument reads what it copies: a damaged file is no baseline.
func copyDocument(dir string, e Entry) error {
	text, err := readFile(e.Path)
	if err != nil {
		return err
	}
	doc, err := Decode(e.Path, text)
	if err != nil {
		return err
	}
	_, err = create(filepath.Join(dir, e.Implementation), strings.TrimSuffix(filepath.Base(e.Path), ".json"), text, modeOf(doc))
	return err
}

// swapFolder puts temp in the place of path; what was there goes where temp was
// and is removed with it.
func swapFolder(temp, path string) error {
	old := temp + ".old"
	err := os.Rename(path, old)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		return errors.Join(err, os.Rename(old, path))
	}
	return os.RemoveAll(old)
}

// isBaseline reports whether a reference means a baseline. Implementations
// come first: their results may be newer than the name.
func (s *Store) isBaseline(ref string) bool {
	if CheckName(ref) != nil {
		return false
	}
	if _, err := os.Stat(filepath.Join(s.Dir, ref)); err == nil {
		return false
	}
	info, err := os.Stat(filepath.Join(s.Dir, baselines, ref))
	return err == nil && info.IsDir()
}

// SavedRun finds what was saved under a name.
func (s *Store) Baseline(name string) (SavedRun, error) {
	if CheckName(name) != nil || !s.isBaseline(name) {
		all, _ := s.Baselines()
		names := make([]string, len(all))
		for i, b := range all {
			names[i] = b.Name
		}
		hint := "save one with: taskbench baseline save NAME"
		if len(names) > 0 {
			hint = source.Allowed(name, names)
		}
		return SavedRun{}, source.Errorf(source.Position{}, hint, "there is no baseline %q", name)
	}
	return s.readBaseline(name)
}

func (s *Store) readBaseline(name string) (SavedRun, error) {
	copies := Store{Dir: filepath.Join(s.Dir, baselines, name)}
	entries, problems := copies.List()
	if err := errors.Join(problems...); err != nil {
		return SavedRun{}, fmt.Errorf("baseline %s: %w", name, err)
	}
	if len(entries) == 0 {
		return SavedRun{}, source.Errorf(source.Position{}, "save it again: taskbench baseline save --force "+name, "the baseline %q is empty", name)
	}
	b := SavedRun{Name: name, Session: entries[0].Session, Created: entries[0].Created, Entries: entries}
	slices.SortFunc(b.Entries, func(x, y Entry) int { return strings.Compare(x.Path, y.Path) })
	return b, nil
}

// Baselines lists all that were saved, by name. One that cannot be read is
// reported and left out.
func (s *Store) Baselines() ([]SavedRun, []error) {
	folders, err := os.ReadDir(filepath.Join(s.Dir, baselines))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, []error{source.WithHint(fmt.Errorf("cannot read the baselines: %w", err), "make the folder readable")}
	}
	var list []SavedRun
	var problems []error
	for _, f := range folders {
		if !f.IsDir() || strings.HasPrefix(f.Name(), ".") {
			continue
		}
		b, err := s.readBaseline(f.Name())
		if err != nil {
			problems = append(problems, err)
			continue
		}
		list = append(list, b)
	}
	return list, problems
}
