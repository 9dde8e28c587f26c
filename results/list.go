package results

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tidwall/gjson"

	"taskbench/internal/source"
)

// Entry is what a document says of itself in its first lines: enough to
// choose documents among thousands without reading them.
type Entry struct {
	Path           string    `json:"path"`
	Kind           Kind      `json:"kind"`
	Session        string    `json:"session"`
	Implementation string    `json:"implementation"`
	Baseline       string    `json:"baseline"`
	Created        time.Time `json:"created"`
	Resumed        time.Time `json:"resumed,omitzero"` // when it was last gone on with
	Complete       bool      `json:"complete"`
	Reference      string    `json:"reference,omitempty"`
	SentBy         string    `json:"sent_by,omitempty"` // "k6 in 2 processes"; "": wrk on one machine alone, or not recorded here
}

// Date is the part of the file name after the kind: "2026-11-23" or
// "2026-11-23_2". It is what names it in IMPLEMENTATION@DATE.
func (e Entry) Date() string {
	return strings.TrimPrefix(e.stem(), string(e.Kind)+"_")
}

// numbered is Date with the number of the document within its day, which the
// first does not carry in its file name.
func (e Entry) numbered() string {
	if date := e.Date(); strings.Contains(date, "_") {
		return date
	}
	return e.Date() + "_1"
}

// begun is when the document's run began, or was last gone on with.
func (e Entry) begun() time.Time {
	if e.Resumed.After(e.Created) {
		return e.Resumed
	}
	return e.Created
}

// stem is the file's name without its ending.
func (e Entry) stem() string { return strings.TrimSuffix(filepath.Base(e.Path), ".json") }

// List reads the heads of all documents, newest first. Files that are damaged
// or of a newer schema are left out and reported, one *source.Error each: the
// list stays useful. A folder that does not exist is an empty store.
//
// Only the first kilobytes of a file are read, and its last bytes, so damage
// in the middle shows when the document is loaded.
func (s *Store) List() ([]Entry, []error) {
	var entries []Entry
	folders, problems := s.folders()
	for _, folder := range folders {
		es, errs := listFolder(folder)
		entries = append(entries, es...)
		problems = append(problems, errs...)
	}
	sortNewestFirst(entries)
	return entries, problems
}

// folders are the paths of the implementations' folders.
func (s *Store) folders() ([]string, []error) {
	files, err := os.ReadDir(s.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, []error{source.WithHint(fmt.Errorf("cannot read the results folder: %w", err), "name another one with --results DIR")}
	}
	var paths []string
	for _, f := range files {
		if f.IsDir() && !strings.HasPrefix(f.Name(), ".") && f.Name() != baselines {
			paths = append(paths, filepath.Join(s.Dir, f.Name()))
		}
	}
	return paths, nil
}

func sortNewestFirst(entries []Entry) {
	slices.SortFunc(entries, func(a, b Entry) int {
		if c := b.begun().Compare(a.begun()); c != 0 {
			return c
		}
		return strings.Compare(a.Path, b.Path)
	})
}

// listFolder reads the heads of one implementation's documents, in the order
// of their names.
func listFolder(dir string) ([]Entry, []error) {
	paths, err := documentPaths(dir)
	if err != nil {
		return nil, []error{err}
	}
	return readHeads(paths)
}

// documentPaths names the documents of a folder, in order; none when there is
// no folder.
func documentPaths(dir string) ([]string, error) {
	files, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, source.WithHint(fmt.Errorf("cannot read a results folder: %w", err), "make it readable, or move it away")
	}
	var paths []string
	for _, f := range files {
		if isDocumentName(f.Name()) && !f.IsDir() {
			paths = append(paths, filepath.Join(dir, f.Name()))
		}
	}
	return paths, nil
}

// isDocumentName leaves alone what users and other tools keep beside results.
func isDocumentName(name string) bool {
	if !strings.HasSuffix(name, ".json") {
		return false
	}
	return slices.ContainsFunc(Kinds, func(k Kind) bool {
		return strings.HasPrefix(name, string(k)+"_")
	})
}

func readHeads(paths []string) ([]Entry, []error) {
	entries := make([]Entry, len(paths))
	errs := make([]error, len(paths))
	workers := min(len(paths), 2*runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			buffer := make([]byte, headBytes)
			for i := w; i < len(paths); i += workers {
				entries[i], errs[i] = readHead(paths[i], buffer)
			}
		})
	}
	wg.Wait()
	entries = slices.DeleteFunc(entries, func(e Entry) bool { return e.Path == "" })
	return entries, slices.DeleteFunc(errs, func(err error) bool { return err == nil })
}

// headBytes holds a document's keys up to "target" with room to spare.
const headBytes = 2048

// documentEnd closes a document that Save wrote: only the outermost brace
// stands at the start of a line.
var documentEnd = []byte("\n}\n")

// readHead reads the start of a document. Whatever is not exactly as Save
// writes it is read whole, and judged by Decode.
func readHead(path string, buffer []byte) (Entry, error) {
	if err := Inside(filepath.Dir(filepath.Dir(path)), path); err != nil {
		return Entry{}, err
	}
	f, err := open(path)
	if err != nil {
		return Entry{}, err
	}
	defer f.Close()
	n, _ := io.ReadFull(f, buffer)
	if e, ok := parseHead(path, buffer[:n]); ok && endsWhole(f) {
		return e, nil
	}
	doc, err := ReadFile(path)
	if err != nil {
		return Entry{}, err
	}
	return entryOf(path, doc), nil
}

func endsWhole(f *os.File) bool {
	end := make([]byte, len(documentEnd))
	info, err := f.Stat()
	if err != nil || info.Size() < int64(len(end)) {
		return false
	}
	_, err = f.ReadAt(end, info.Size()-int64(len(end)))
	return err == nil && bytes.Equal(end, documentEnd)
}

// parseHead takes an Entry out of the start of a document's text; not ok
// when something is missing or strange.
func parseHead(path string, head []byte) (Entry, bool) {
	end := bytes.Index(head, []byte("\n  \"target\": {"))
	if end < 0 {
		return Entry{}, false
	}
	text := append(bytes.TrimSuffix(head[:end:end], []byte(",")), '}')
	if !gjson.ValidBytes(text) {
		return Entry{}, false
	}
	v := gjson.GetManyBytes(text, "schema", "kind", "session", "implementation", "baseline", "created", "complete", "reference", "resumed", "sent_by")
	created, err := time.Parse(time.RFC3339Nano, v[5].Str)
	resumed, _ := time.Parse(time.RFC3339Nano, v[8].Str) // zero: never
	e := Entry{
		Path: path, Kind: Kind(v[1].Str), Session: v[2].Str, Implementation: v[3].Str,
		Baseline: v[4].Str, Created: created, Resumed: resumed, Complete: v[6].Bool(), Reference: v[7].Str, SentBy: v[9].Str,
	}
	schema := v[0].Int()
	return e, err == nil && schema >= 1 && schema <= Schema && nameProblem(e.Session) == "" && nameProblem(e.Implementation) == "" && knownKind(e.Kind)
}

func entryOf(path string, d *Document) Entry {
	return Entry{
		Path: path, Kind: d.Kind, Session: d.Session, Implementation: d.Implementation,
		Baseline: d.Baseline, Created: d.Created, Resumed: d.Resumed, Complete: d.Complete, Reference: d.Reference, SentBy: d.Sender().Known(),
	}
}
