package profile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"taskbench/parse"
	"taskbench/results"
)

// Store keeps the documents of one kind of profile, beside each the files that
// other programs read, and one page of flame graphs of all targets.
type Store struct {
	Results *results.Store
	Kind    results.Kind
	Load    string            // what the targets were under, for titles
	Paths   map[string]string // of the stored documents, by target
}

// Save stores a document under the kind.
func (s *Store) Save(d *results.Document) (err error) {
	d.Kind = s.Kind
	s.Paths[d.Implementation], err = s.Results.Save(d)
	return err
}

// CPU writes folded stacks and a pprof profile for each target that was
// recorded, and the page; its path is "" when no target was.
func (s *Store) CPU(docs []*results.Document, recorded map[string][]*Result) (path string, err error) {
	Share(slices.Concat(slices.Collect(maps.Values(recorded))...))
	page := Page{Title: "CPU: " + s.Load, Unit: "samples"}
	for _, d := range BaselineFirst(docs) {
		r := together(recorded[d.Implementation])
		if t := d.LastTrial(); r == nil || r.Tree == nil || t == nil || !t.Counts() {
			continue
		}
		if err := s.samples(d, r); err != nil {
			return "", err
		}
		page.add(Graph{Name: d.Implementation, Tree: r.Tree, Notes: r.Profile.Notes}, d,
			"%d samples by %s (%s) in the window of %.1f s, callers by %s; %d of setup, warm-up and the end are left out",
			r.Profile.Samples, r.Profile.Tool, r.Profile.Event, r.Profile.LengthS, r.Profile.CallGraph, r.Profile.SamplesLeftOut)
	}
	return s.Page("cpu", page, docs)
}

// together is what the recordings of one target gave, added up: the newest one's
// circumstances with the samples of all; nil where there are none.
func together(list []*Result) *Result {
	list = slices.DeleteFunc(slices.Clone(list), func(r *Result) bool { return r.Tree == nil })
	switch len(list) {
	case 0:
		return nil
	case 1:
		return list[0]
	}
	sum := *list[len(list)-1]
	sum.Tree = NewTree()
	sum.Profile.Samples, sum.Profile.SamplesLeftOut, sum.Profile.LengthS = 0, 0, 0
	for _, r := range list {
		sum.Tree.merge(r.Tree)
		sum.Profile.Samples += r.Profile.Samples
		sum.Profile.SamplesLeftOut += r.Profile.SamplesLeftOut
		sum.Profile.LengthS += r.Profile.LengthS
	}
	return &sum
}

func (s *Store) samples(d *results.Document, r *Result) error {
	meaning := Meaning{
		Type: "samples", Unit: "count", Cost: "cpu", CostUnit: "nanoseconds", CostOfOne: int64(time.Second) / int64(r.Profile.FrequencyHz),
		Started: r.Started, Length: time.Duration(r.Profile.LengthS * float64(time.Second)),
		Description: d.Implementation + ", " + s.Load,
	}
	folded, foldedErr := s.beside(d.Implementation, ".folded", r.Tree.WriteFolded)
	pprof, pprofErr := s.beside(d.Implementation, ".pb.gz", func(w io.Writer) error { return r.Tree.WritePprof(w, meaning) })
	if err := errors.Join(foldedErr, pprofErr); err != nil {
		return err
	}
	if t := d.LastTrial(); t.CPU != nil {
		t.CPU.Files = []string{folded, pprof}
	}
	return s.Save(d)
}

// heapFiles names the folded stacks of each cost.
var heapFiles = map[parse.HeapCost]string{
	parse.HeapCalls: ".allocations.folded", parse.HeapTemporary: ".temporary.folded",
	parse.HeapPeak: ".peak_bytes.folded", parse.HeapLeaked: ".leaked_bytes.folded",
}

// Heap writes folded stacks of each cost for each target, and the page of their
// allocations; its path is "" when no target has any.
func (s *Store) Heap(docs []*results.Document, recorded map[string]HeapResult) (path string, err error) {
	page := Page{Title: "heap allocations: " + s.Load, Unit: "allocations"}
	for _, d := range BaselineFirst(docs) {
		r, t := recorded[d.Implementation], d.LastTrial()
		if t == nil || !t.Counts() || t.Heap == nil || r.Trees == nil || t.Heap.Missing != "" {
			continue
		}
		for cost := parse.HeapCalls; cost <= parse.HeapLeaked; cost++ {
			name, err := s.beside(d.Implementation, heapFiles[cost], r.Trees[cost].WriteFolded)
			if err != nil {
				return "", err
			}
			t.Heap.Files = append(t.Heap.Files, name)
		}
		if err := s.Save(d); err != nil {
			return "", err
		}
		page.add(Graph{Name: d.Implementation, Tree: r.Trees[parse.HeapCalls]}, d,
			"%d allocations for %d answers in the window of %.1f s, by %s; %d before and after it are left out",
			t.Heap.Allocations, t.Heap.Answers, t.Heap.LengthS, t.Heap.Tool, t.Heap.AllocationsLeftOut)
	}
	return s.Page("heap", page, docs)
}

// add puts one target's graph on a page, and a sentence of what it is of.
func (p *Page) add(g Graph, d *results.Document, format string, args ...any) {
	text := d.Implementation + ": " + fmt.Sprintf(format, args...)
	if d.Reference != "" {
		text += "; " + d.Reference
	}
	p.Graphs, p.About = append(p.Graphs, g), append(p.About, text)
}

// beside writes a file next to a stored document, under its name with another
// ending, and returns the file's name.
func (s *Store) beside(target, ending string, write func(io.Writer) error) (string, error) {
	path := strings.TrimSuffix(s.Paths[target], ".json") + ending
	file, err := os.Create(path)
	if err != nil {
		return "", err
	}
	return filepath.Base(path), errors.Join(write(file), file.Close())
}

// Page writes the page of all targets into the folder of the results, under the
// first free name, and stores in the documents where it lies. Its path is "" when
// there is nothing on it.
func (s *Store) Page(stem string, page Page, docs []*results.Document) (string, error) {
	if len(page.Graphs) == 0 {
		return "", nil
	}
	stem = filepath.Join(s.Results.Dir, stem+"_"+docs[0].Created.Format(time.DateOnly))
	path := stem + ".html"
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	for n := 2; errors.Is(err, fs.ErrExist); n++ {
		path = fmt.Sprintf("%s_%d.html", stem, n)
		file, err = os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	}
	if err != nil {
		return "", err
	}
	return path, errors.Join(WritePage(file, page), file.Close(), s.recordPage(docs, path))
}

// recordPage stores in documents where the page of their flame graphs lies, so
// that a report can link it.
func (s *Store) recordPage(docs []*results.Document, page string) error {
	var errs []error
	for _, d := range docs {
		t := d.LastTrial()
		name, err := filepath.Rel(filepath.Dir(s.Paths[d.Implementation]), page)
		if t == nil || err != nil {
			continue
		}
		switch {
		case t.CPU != nil && len(t.CPU.Files) > 0:
			t.CPU.Files = append(t.CPU.Files, name)
		case t.Heap != nil && len(t.Heap.Files) > 0:
			t.Heap.Files = append(t.Heap.Files, name)
		case t.Counted != nil:
			t.Counted.Files = append(t.Counted.Files, name)
		default:
			continue
		}
		errs = append(errs, s.Save(d))
	}
	return errors.Join(errs...)
}

// BaselineFirst orders documents as differences are taken.
func BaselineFirst(docs []*results.Document) []*results.Document {
	var first, others []*results.Document
	for _, d := range docs {
		if d.Implementation == d.Baseline {
			first = append(first, d)
		} else {
			others = append(others, d)
		}
	}
	return append(first, others...)
}
