package stored

import (
	"slices"

	"taskbench/compare/kinds"
	"taskbench/internal/cli/documents"
	"taskbench/results"
)

// reported are the documents that a page is made of.
type reported struct {
	docs  []results.Document
	paths map[string]string // of each, by documentKey
}

// documentKey names a document of a store.
func documentKey(d results.Document) string {
	return d.Implementation + "\x00" + d.Session + "\x00" + string(d.Kind)
}

// findReported reads what the words name: of every kind the newest where there
// are none.
func findReported(store *results.Store, words []string) (*reported, error) {
	found := &reported{paths: map[string]string{}}
	if len(words) == 0 {
		return found, found.addNewest(store)
	}
	for _, word := range words {
		entries, err := named(store, word)
		if err != nil {
			return nil, err
		}
		for _, e := range documents.BaselineFirst(entries) {
			if err := found.add(e); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

// named are the documents of all kinds that a reference means: read as one to
// load tests first, then as one to the others.
func named(store *results.Store, word string) ([]results.Entry, error) {
	entries, err := store.Resolve(word)
	quiet := &results.Store{Dir: store.Dir} // Resolve told of damaged files
	for _, kind := range results.Kinds {
		if kind == results.LoadTest || slices.ContainsFunc(entries, func(e results.Entry) bool { return e.Kind == kind }) {
			continue
		}
		if more, kindErr := quiet.ResolveKind(kind, word); kindErr == nil && !isFile(word) {
			entries = append(entries, more...)
		}
	}
	if len(entries) > 0 {
		return entries, nil
	}
	return nil, err
}

// isFile tells the path of a document from other references.
func isFile(word string) bool { return len(word) > 5 && word[len(word)-5:] == ".json" }

// mostSessions of a stored kind are looked through for what a page shows of it: a
// memory document may hold samples or allocations.
const mostSessions = 20

// addNewest takes the newest session of everything there is.
func (r *reported) addNewest(store *results.Store) error {
	sessions, problems := store.Sessions()
	for _, problem := range problems {
		store.Skipped(problem)
	}
	if tests, ok := results.Latest(sessions); ok {
		for _, e := range tests.Entries {
			if err := r.add(e); err != nil {
				return err
			}
		}
	}
	for _, kind := range kinds.All {
		if kind.Stored != results.LoadTest {
			r.addNewestOf(kind, sessions)
		}
	}
	if len(r.docs) == 0 {
		_, err := store.Resolve("latest") // says what to do
		return err
	}
	return nil
}

// addNewestOf takes the newest session that holds something of a kind. What cannot
// be read is left out: the page is of load tests first.
func (r *reported) addNewestOf(kind *kinds.Kind, sessions []results.Session) {
	looked := 0
	for _, s := range sessions {
		one := reported{paths: map[string]string{}}
		for _, e := range s.Entries {
			if e.Kind == kind.Stored {
				_ = one.add(e)
			}
		}
		if len(one.docs) == 0 {
			continue
		}
		if own := kind.Of(one.docs); len(own) > 0 {
			for _, d := range own {
				r.take(d, one.paths[documentKey(d)])
			}
			return
		}
		if looked++; looked == mostSessions {
			return
		}
	}
}

func (r *reported) add(e results.Entry) error {
	d, err := results.ReadFile(e.Path)
	if err != nil {
		return err
	}
	r.take(*d, e.Path)
	return nil
}

// take adds a document once.
func (r *reported) take(d results.Document, path string) {
	key := documentKey(d)
	if r.paths[key] == "" {
		r.paths[key] = path
		r.docs = append(r.docs, d)
	}
}
