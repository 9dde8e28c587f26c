package results

import (
	"slices"
	"strings"

	"taskbench/internal/source"
)

// ResolveKind finds the documents of one kind that a reference means, in the
// words of Resolve: "latest" is the newest session in which several
// implementations were measured together, "rust" the newest document of rust,
// and so on, as if the store held nothing else. A file may be of any kind.
func (s *Store) ResolveKind(kind Kind, ref string) ([]Entry, error) {
	if strings.HasSuffix(ref, ".json") {
		return resolvePath(ref)
	}
	entries, problems := s.List()
	for _, p := range problems {
		if s.Skipped != nil {
			s.Skipped(p)
		}
	}
	entries = slices.DeleteFunc(entries, func(e Entry) bool { return e.Kind != kind })
	if ref == latest || len(entries) == 0 {
		g, ok := latestOf(group(entries), kind)
		if !ok {
			return nil, source.Errorf(source.Position{}, "", "no results of kind %s in %s", kind, s.Dir)
		}
		return g.Entries, nil
	}
	return resolve(entries, ref)
}
