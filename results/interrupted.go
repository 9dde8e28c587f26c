package results

import (
	"errors"
	"slices"

	"taskbench/internal/source"
)

// Interrupted reads the results of one kind of a session that is not complete,
// the newest when ref says "latest".
func (s *Store) Interrupted(kind Kind, ref string) ([]*Document, error) {
	isInterrupted := func(e Entry) bool { return e.Kind == kind && !e.Complete }
	var entries []Entry
	if ref != latest {
		found, err := s.Resolve(ref)
		if err != nil {
			return nil, err
		}
		entries = found
	} else {
		sessions, problems := s.Sessions()
		for _, problem := range problems {
			if s.Skipped != nil {
				s.Skipped(problem)
			}
		}
		for _, session := range sessions {
			if slices.ContainsFunc(session.Entries, isInterrupted) {
				entries = session.Entries
				break
			}
		}
	}
	if !slices.ContainsFunc(entries, isInterrupted) {
		return nil, source.WithHint(errors.New("no interrupted run to go on with"), "taskbench results list shows what there is")
	}
	var docs []*Document
	for _, e := range entries {
		doc, err := s.Load(e.Path)
		if err != nil {
			return nil, err
		}
		docs = append(docs, doc)
	}
	return docs, nil
}
