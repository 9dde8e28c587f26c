package results

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"taskbench/internal/source"
)

// latest is the reference to the newest results.
const latest = "latest"

// Session is the documents of one run, one an implementation and kind.
type Session struct {
	ID      string
	Created time.Time // of its newest document
	Entries []Entry   // by implementation, then kind
}

// Sessions groups all documents by session, newest first; problems as List.
func (s *Store) Sessions() ([]Session, []error) {
	entries, problems := s.List()
	return group(entries), problems
}

func group(newestFirst []Entry) []Session {
	var sessions []Session
	at := make(map[string]int)
	for _, e := range newestFirst {
		i, ok := at[e.Session]
		if !ok {
			i = len(sessions)
			at[e.Session] = i
			sessions = append(sessions, Session{ID: e.Session, Created: e.Created})
		}
		sessions[i].Entries = append(sessions[i].Entries, e)
	}
	for _, g := range sessions {
		slices.SortFunc(g.Entries, func(a, b Entry) int {
			return strings.Compare(a.Implementation+"\x00"+string(a.Kind), b.Implementation+"\x00"+string(b.Kind))
		})
	}
	return sessions
}

// Latest is what `compare` shows when nothing is named: the newest load test
// in which at least two implementations were measured together or, when there
// is none, the newest load test. Its Entries are load tests only.
func Latest(newestFirst []Session) (Session, bool) { return latestOf(newestFirst, LoadTest) }

func latestOf(newestFirst []Session, kind Kind) (Session, bool) {
	var alone *Session
	for _, g := range newestFirst {
		g.Entries = slices.DeleteFunc(slices.Clone(g.Entries), func(e Entry) bool { return e.Kind != kind })
		if len(g.Entries) > 1 {
			return g, true
		}
		if len(g.Entries) == 1 && alone == nil {
			alone = &g
		}
	}
	if alone == nil {
		return Session{}, false
	}
	return *alone, true
}

// Resolve finds the documents a reference means:
//
//	latest                     the documents of the newest session, as Latest
//	rust, rust/latest          the newest load test of rust
//	rust@2026-11-23            its newest of that day; rust@2026-11-23_1 its first
//	rust@memory_2026-11-23     its document of another kind, as its file is called
//	rust@sy1abc0d2f            its document of that session
//	results/rust/load_….json   the file, inside the store or not
//	main                       the documents of the baseline saved under that name
//	7f3a                       the documents of the session whose id starts so
//
// Files that cannot be read do not stop it: Skipped is told of them. For
// "latest" only files of the newest days are read.
func (s *Store) Resolve(ref string) ([]Entry, error) {
	if strings.HasSuffix(ref, ".json") {
		return resolvePath(ref)
	}
	if s.isBaseline(ref) {
		b, err := s.Baseline(ref)
		return b.Entries, err
	}
	read := s.List
	if ref == latest {
		read = s.newest
	}
	entries, problems := read()
	for _, p := range problems {
		if s.Skipped != nil {
			s.Skipped(p)
		}
	}
	if len(entries) == 0 {
		if all, _ := s.List(); len(all) > 0 { // of other kinds
			return nil, source.Errorf(source.Position{}, "measure something first: taskbench run; what there is: taskbench results list", "no load test in %s", s.Dir)
		}
		return nil, s.nothing(ref, problems)
	}
	found, err := resolve(entries, ref)
	if err != nil && isFolder(ref) {
		err = ofFolder(ref)
	}
	return found, err
}

// nothing is why there is nothing to mean.
func (s *Store) nothing(ref string, problems []error) error {
	switch {
	case isFolder(ref):
		return ofFolder(ref)
	case len(problems) > 0:
		return source.Errorf(source.Position{}, "mend or move what is named above, or measure anew: taskbench run",
			"none of the results in %s can be read", s.Dir)
	}
	return source.Errorf(source.Position{}, "measure something first: taskbench run", "no results in %s", s.Dir)
}

func isFolder(ref string) bool {
	info, err := os.Stat(ref)
	return err == nil && info.IsDir()
}

func ofFolder(ref string) error {
	return source.Errorf(source.Position{}, fmt.Sprintf("name a .json file in it; a folder that holds a folder for each target is what --results means: --results %s", ref),
		"%s is a folder, and no result", ref)
}

func resolvePath(path string) ([]Entry, error) {
	doc, err := ReadFile(path)
	if err != nil {
		return nil, err
	}
	return []Entry{entryOf(filepath.Clean(path), doc)}, nil
}

func resolve(entries []Entry, ref string) ([]Entry, error) {
	if ref == latest {
		g, ok := Latest(group(entries))
		if !ok {
			return nil, source.Errorf(source.Position{}, "measure something first: taskbench run", "no load test among the results")
		}
		return g.Entries, nil
	}
	name, date, dated := strings.Cut(strings.TrimSuffix(ref, "/"+latest), "@")
	if tests, all := ofImplementation(entries, name); len(all) > 0 {
		if dated {
			return among(tests, all, name, date)
		}
		return slices.Concat(tests, all)[:1], nil
	}
	return bySession(entries, ref)
}

// ofImplementation gives the load tests of one implementation, and all its
// documents, newest first.
func ofImplementation(entries []Entry, name string) (tests, all []Entry) {
	for _, e := range entries {
		if e.Implementation != name {
			continue
		}
		all = append(all, e)
		if e.Kind == LoadTest {
			tests = append(tests, e)
		}
	}
	return tests, all
}

// among finds what stands behind an @: the number of a document within its day, a
// day, a file's name without its ending, a session. Load tests go before other
// kinds, newer documents before older.
func among(tests, all []Entry, name, which string) ([]Entry, error) {
	for _, means := range []func(Entry) bool{
		func(e Entry) bool { return e.numbered() == which },
		func(e Entry) bool { day, _, _ := strings.Cut(e.Date(), "_"); return day == which },
		func(e Entry) bool { return e.stem() == which },
		func(e Entry) bool { return e.Session == which },
	} {
		for _, entries := range [][]Entry{tests, all} {
			if i := slices.IndexFunc(entries, means); i >= 0 {
				return entries[i : i+1], nil
			}
		}
	}
	var dates []string
	for _, e := range slices.Concat(tests, all) {
		if !slices.Contains(dates, e.Date()) {
			dates = append(dates, e.Date())
		}
	}
	return nil, source.Errorf(source.Position{}, some(dates), "no results of %s on %q", name, which)
}

func bySession(entries []Entry, ref string) ([]Entry, error) {
	var found []Session
	var names []string
	for _, g := range group(entries) {
		if g.ID == ref {
			return g.Entries, nil
		}
		if ref != "" && strings.HasPrefix(g.ID, ref) {
			found = append(found, g)
		}
	}
	switch len(found) {
	case 1:
		return found[0].Entries, nil
	case 0:
		for _, e := range entries {
			names = append(names, e.Implementation)
		}
		slices.Sort(names)
		return nil, unknown(ref, slices.Compact(names))
	}
	for _, g := range found {
		names = append(names, g.ID)
	}
	return nil, source.Errorf(source.Position{}, "type more of it: "+some(names), "%q is the start of %d sessions", ref, len(found))
}

// ErrUnknown is wrapped by errors about a reference that means nothing.
var ErrUnknown = errors.New("unknown reference")

func unknown(ref string, implementations []string) error {
	name, _, _ := strings.Cut(strings.TrimSuffix(ref, "/"+latest), "@")
	hint := source.DidYouMean(name, append(slices.Clone(implementations), latest))
	if hint == "" {
		hint = some(implementations)
	}
	if _, err := os.Stat(ref); err == nil {
		hint = "a path must name a .json file"
	}
	e := source.Errorf(source.Position{}, hint, "no results are called %q", ref)
	e.Err = ErrUnknown
	return e
}

// some lists what exists, cut where nobody would read on.
func some(names []string) string {
	const most = 8
	if len(names) <= most {
		return "there is " + strings.Join(names, ", ")
	}
	return fmt.Sprintf("there is %s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}
