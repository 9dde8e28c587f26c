package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"taskbench/results"
)

// documents are those of the store, by session and target.
func (s *site) documents() map[string]map[string]*results.Document {
	out := map[string]map[string]*results.Document{}
	sessions, problems := s.store.Sessions()
	for _, problem := range problems {
		s.store.Skipped(problem)
	}
	for _, session := range sessions {
		for _, e := range session.Entries {
			d, err := s.store.Load(e.Path)
			if err != nil {
				s.store.Skipped(err)
				continue
			}
			if out[d.Session] == nil {
				out[d.Session] = map[string]*results.Document{}
			}
			out[d.Session][d.Implementation] = d
		}
	}
	return out
}

// resumable reports whether there is a run to go on with. One that was killed
// before anything stood is begun anew.
func (s *site) resumable() bool {
	for _, docs := range s.documents() {
		for _, d := range docs {
			if !d.Complete {
				return true
			}
		}
	}
	return false
}

// complete are the pairs that stand, with when each half began: a pair that was
// measured again is another one.
func (s *site) complete() map[string]bool {
	out := map[string]bool{}
	for session, docs := range s.documents() {
		a, b := docs["a"], docs["b"]
		if a == nil || b == nil || len(a.Scenarios) == 0 || len(b.Scenarios) == 0 {
			continue
		}
		for _, x := range a.Scenarios[0].Trials {
			for _, y := range b.Scenarios[0].Trials {
				if x.Pair == y.Pair && !x.Interrupted && !y.Interrupted {
					out[fmt.Sprint(session, " pair ", x.Pair, " ", x.Started.UnixNano(), " ", y.Started.UnixNano())] = true
				}
			}
		}
	}
	return out
}

// compare holds what stands against what stood before.
func (s *site) compare(after string) {
	now := s.complete()
	for pair := range s.seen {
		if !now[pair] {
			s.found.lost = append(s.found.lost, "after "+after+": "+pair)
		}
	}
	s.found.pairs += len(s.seen)
	s.seen = now
}

// finish lets the last run go on to its end, and looks at what is left.
func (s *site) finish(ctx context.Context) error {
	if err := s.age(); err != nil {
		return err
	}
	cmd, stderr := s.command(ctx)
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("the last run: %w\n%s", err, stderr)
	}
	s.orphans("the last run")
	s.compare("the last run")
	for session, docs := range s.documents() {
		for name, d := range docs {
			s.whole(session, name, d)
		}
	}
	return s.leftovers()
}

// whole demands of a complete document each pair once.
func (s *site) whole(session, name string, d *results.Document) {
	times := map[int]int{}
	for _, m := range d.Scenarios {
		for _, t := range m.Trials {
			times[t.Pair]++
		}
	}
	for pair := 1; d.Complete && pair <= d.Plan.Pairs; pair++ {
		if times[pair] != 1 {
			s.found.odd = append(s.found.odd, fmt.Sprintf("%s of %s has pair %d %d times", name, session, pair, times[pair]))
		}
	}
}

// age makes the files that the store's next user has to clear old enough for
// that, which otherwise takes a minute.
func (s *site) age() error {
	old := time.Now().Add(-time.Hour)
	return s.strays(func(path string) error { return os.Chtimes(path, old, old) })
}

func (s *site) leftovers() error {
	return s.strays(func(path string) error {
		s.found.left = append(s.found.left, path)
		return nil
	})
}

// strays visits all that is in the temporary folder, and what is no document in the store.
func (s *site) strays(visit func(path string) error) error {
	for _, root := range []string{s.temporary(), s.store.Dir} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || path == root || root == s.store.Dir && (d.IsDir() || !strings.HasPrefix(d.Name(), ".")) {
				return err
			}
			return visit(path)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
