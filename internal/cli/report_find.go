package cli

import (
	"errors"
	"maps"
	"slices"

	"taskbench/compare"
	htmlreport "taskbench/internal/report"
	"taskbench/results"
)

// reported are the documents that a page is made of, by what they hold.
type reported struct {
	load, micro, memory, cpu, heap, soak []results.Document
	paths                                map[string]string // of each, by documentKey
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
		for _, e := range leading(entries) {
			if err := found.add(e); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

// besideLoad are the kinds of documents that a page shows beside load tests.
var besideLoad = []results.Kind{results.Microbench, results.Memory, results.CPU, results.Soak}

// named are the documents of all kinds that a reference means: read as one to
// load tests first, then as one to the others.
func named(store *results.Store, word string) ([]results.Entry, error) {
	entries, err := store.Resolve(word)
	quiet := &results.Store{Dir: store.Dir} // Resolve told of damaged files
	for _, kind := range besideLoad {
		if slices.ContainsFunc(entries, func(e results.Entry) bool { return e.Kind == kind }) {
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

// mostSessions of a kind are looked through for what a page shows of it: a
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
	for _, kind := range besideLoad {
		r.addNewestOf(kind, sessions)
	}
	if r.empty() {
		_, err := store.Resolve("latest") // says what to do
		return err
	}
	return nil
}

// addNewestOf takes the newest session of a kind, and of memory the newest with
// samples and the newest with allocations. What cannot be read is left out:
// the page is of load tests first.
func (r *reported) addNewestOf(kind results.Kind, sessions []results.Session) {
	looked := 0
	for _, s := range sessions {
		var one reported
		one.paths = map[string]string{}
		for _, e := range s.Entries {
			if e.Kind == kind {
				_ = one.add(e)
			}
		}
		if one.empty() {
			continue
		}
		r.takeMissing(one)
		if looked++; looked == mostSessions || kind != results.Memory || len(r.memory) > 0 && len(r.heap) > 0 {
			return
		}
	}
}

// takeMissing takes over what it has nothing of.
func (r *reported) takeMissing(one reported) {
	for _, part := range []struct{ to, from *[]results.Document }{{&r.micro, &one.micro}, {&r.memory, &one.memory}, {&r.cpu, &one.cpu}, {&r.heap, &one.heap}, {&r.soak, &one.soak}} {
		if len(*part.to) == 0 {
			*part.to = *part.from
		}
	}
	maps.Copy(r.paths, one.paths)
}

func (r *reported) empty() bool {
	return len(r.load)+len(r.micro)+len(r.memory)+len(r.cpu)+len(r.heap)+len(r.soak) == 0
}

func (r *reported) add(e results.Entry) error {
	d, err := results.ReadFile(e.Path)
	if err != nil {
		return err
	}
	r.paths[documentKey(*d)] = e.Path
	switch {
	case d.Kind == results.LoadTest:
		r.load = append(r.load, *d)
	case d.Kind == results.Microbench:
		r.micro = append(r.micro, *d)
	case d.Kind == results.CPU:
		r.cpu = append(r.cpu, *d)
	case d.Kind == results.Soak:
		r.soak = append(r.soak, *d)
	case d.Kind == results.Memory:
		if compare.Holds([]results.Document{*d}, func(t results.Trial) bool { return t.Memory != nil }) {
			r.memory = append(r.memory, *d)
		}
		if compare.Holds([]results.Document{*d}, func(t results.Trial) bool { return t.Heap != nil }) {
			r.heap = append(r.heap, *d)
		}
	}
	return nil
}

// material compares what was found, kind by kind.
func (r *reported) material(o compare.Options) (htmlreport.Material, error) {
	var m htmlreport.Material
	var errs []error
	m.Load, errs = part(r.load, errs, func(docs []results.Document) (*compare.Comparison, error) { return compare.New(docs, o) })
	m.Micro, errs = part(r.micro, errs, func(docs []results.Document) (*compare.MicroComparison, error) {
		return compare.CompareMicro(docs, compare.MicroOptions{Baseline: among(o.Baseline, docs), First: o.First})
	})
	m.Memory, errs = part(r.memory, errs, compare.NewMemory)
	m.CPU, errs = part(r.cpu, errs, func(docs []results.Document) (*compare.Profile, error) {
		return compare.NewProfile(compare.CPUProfile, docs)
	})
	m.Heap, errs = part(r.heap, errs, func(docs []results.Document) (*compare.Profile, error) {
		return compare.NewProfile(compare.HeapProfile, docs)
	})
	m.Soak, errs = part(r.soak, errs, compare.NewSoak)
	return m, errors.Join(errs...)
}

// part is a comparison with its documents; nothing where there are none.
func part[C any](docs []results.Document, errs []error, of func([]results.Document) (*C, error)) (htmlreport.Part[C], []error) {
	if len(docs) == 0 {
		return htmlreport.Part[C]{}, errs
	}
	c, err := of(docs)
	if err != nil {
		return htmlreport.Part[C]{}, append(errs, err)
	}
	return htmlreport.Part[C]{Comparison: c, Documents: docs}, errs
}

// among is the baseline where it was measured, else "": load tests may have one
// that other kinds lack.
func among(baseline string, docs []results.Document) string {
	if slices.ContainsFunc(docs, func(d results.Document) bool { return d.Implementation == baseline }) {
		return baseline
	}
	return ""
}
