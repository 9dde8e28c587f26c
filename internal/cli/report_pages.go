package cli

import (
	"errors"
	"path/filepath"

	"taskbench/results"
)

// recordPage stores in documents where the page of their flame graphs lies, so
// that a report can link it.
func (f *profiling) recordPage(docs []*results.Document, page string, kind results.Kind) error {
	var errs []error
	for _, d := range docs {
		t := lastTrial(d)
		name, err := filepath.Rel(filepath.Dir(f.paths[d.Implementation]), page)
		if t == nil || err != nil {
			continue
		}
		switch {
		case t.CPU != nil && len(t.CPU.Files) > 0:
			t.CPU.Files = append(t.CPU.Files, name)
		case t.Heap != nil && len(t.Heap.Files) > 0:
			t.Heap.Files = append(t.Heap.Files, name)
		default:
			continue
		}
		errs = append(errs, f.save(d, kind))
	}
	return errors.Join(errs...)
}
