package lineup

import (
	"cmp"
	"slices"

	"taskbench/results"
)

// Sessions are the documents of each session, by time.
func Sessions(docs []results.Document) [][]results.Document {
	bySession := map[string][]results.Document{}
	for _, d := range docs {
		bySession[d.Session] = append(bySession[d.Session], d)
	}
	var list [][]results.Document
	for _, run := range bySession {
		list = append(list, run)
	}
	slices.SortFunc(list, func(a, b []results.Document) int {
		return cmp.Or(a[0].Created.Compare(b[0].Created), cmp.Compare(a[0].Session, b[0].Session))
	})
	return list
}
