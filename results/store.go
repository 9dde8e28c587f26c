package results

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/tidwall/pretty"

	"taskbench/internal/source"
)

// Store is a folder of documents, one folder an implementation. The zero
// Store with a Dir is ready; it is safe for use by several goroutines, and
// several processes may share the folder. A Store must not be copied after
// its first Save.
type Store struct {
	Dir string
	// Skipped is told of every file that Resolve had to leave out, damaged or
	// of a newer schema; nil when nobody listens.
	Skipped func(error)
	// Hide takes secrets out of what documents quote, before they are saved; nil
	// leaves them.
	Hide func(string) string

	mu    sync.Mutex
	saved map[identity]string // paths of what is already on disk
}

// identity says which document of the store a Document is.
type identity struct {
	implementation, session string
	kind                    Kind
}

// Save writes a document and returns its path:
// DIR/<implementation>/<kind>_<date>.json, with _2, _3, … before the ending
// when the day already has one. Nothing is ever overwritten but the same
// document (same implementation, session and kind) as it grows. The file is
// whole at every moment: readers see the old text or the new one.
//
// The Schema written is this build's; doc itself is changed by Hide alone, so
// that what is printed of it afterwards is what was kept. A document
// that could not be found again (no session, no date, a name that is no file
// name) or that holds NaN or infinities is refused.
func (s *Store) Save(doc *Document) (string, error) {
	if err := checkSavable(doc); err != nil {
		return "", err
	}
	if s.Hide != nil {
		doc.Redact(s.Hide)
	}
	doc.SentBy = doc.Sender().Known()
	text, err := Encode(doc)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id := identity{doc.Implementation, doc.Session, doc.Kind}
	dir := filepath.Join(s.Dir, doc.Implementation)
	if err := Inside(s.Dir, dir); err != nil {
		return "", err
	}
	if path := s.existing(dir, id); path != "" {
		return path, replace(path, text, modeOf(doc))
	}
	path, err := create(dir, fmt.Sprintf("%s_%s", doc.Kind, doc.Created.Format("2006-01-02")), text, modeOf(doc))
	if err != nil {
		return "", err
	}
	s.remember(id, path)
	return path, nil
}

// Load reads one document of the store, by the path that Save, List or Resolve
// gave. It is ReadFile.
func (s *Store) Load(path string) (*Document, error) { return ReadFile(path) }

// existing finds where a document was saved before, by this Store or by an
// earlier process that was interrupted; "" when it is new.
func (s *Store) existing(dir string, id identity) string {
	if path := s.saved[id]; path != "" {
		return path
	}
	entries, _ := listFolder(dir)
	for _, e := range entries {
		if e.Session == id.session && e.Kind == id.kind && e.Implementation == id.implementation {
			s.remember(id, e.Path)
			return e.Path
		}
	}
	return ""
}

func (s *Store) remember(id identity, path string) {
	if s.saved == nil {
		s.saved = make(map[identity]string)
	}
	s.saved[id] = path
}

// Probe finds out whether documents can be saved, before hours are spent
// measuring: it makes the folder when missing and writes and removes a file.
func (s *Store) Probe() error {
	if err := makeFolder(s.Dir); err != nil {
		return err
	}
	f, err := os.CreateTemp(s.Dir, ".probe-*")
	if err != nil {
		return unwritable(s.Dir, err)
	}
	s.clear()
	_, werr := f.WriteString("probe\n")
	if err := errors.Join(werr, f.Close(), os.Remove(f.Name())); err != nil {
		return unwritable(s.Dir, err)
	}
	return nil
}

// abandoned is how old a temporary file of the store is when whoever wrote it
// was killed.
const abandoned = time.Minute

// clear removes what killed processes left behind when they were about to write.
func (s *Store) clear() {
	for _, pattern := range []string{".probe-*", ".writing-*", filepath.Join("*", ".writing-*")} {
		left, _ := filepath.Glob(filepath.Join(escapeGlob(s.Dir), pattern)) // the pattern is well formed
		for _, path := range left {
			if info, err := os.Lstat(path); err == nil && time.Since(info.ModTime()) > abandoned {
				_ = os.RemoveAll(path) // what stays harms nobody: the store does not read it
			}
		}
	}
}

// escapeGlob makes a folder's name stand for itself in a pattern.
func escapeGlob(dir string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(dir)
}

// Encode gives a document's text as it is stored: indented, short lists on
// one line, ending in a newline.
func Encode(doc *Document) ([]byte, error) {
	d := *doc
	d.Schema = Schema
	var text strings.Builder
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(&d); err != nil {
		return nil, fmt.Errorf("the results of %s cannot be written as JSON: %w", doc.Implementation, err)
	}
	width := lineWidth
	switch {
	case doc.Kind == Ledger:
		width = functionWidth
	case doc.Micro != nil || doc.Kind == Soak:
		width = sampleWidth
	}
	return pretty.PrettyOptions([]byte(text.String()), &pretty.Options{Width: width, Indent: "  "}), nil
}

// Lists shorter than these, in bytes, stand on one line. A microbenchmark has
// two lists of a hundred samples a round, and a window of a soak four: a line
// each, not a hundred. A ledger has seven of a thousand functions for each step.
const (
	lineWidth     = 100
	sampleWidth   = 4000
	functionWidth = 1 << 18
)

func checkSavable(doc *Document) error {
	if err := CheckName(doc.Implementation); err != nil {
		return err
	}
	switch {
	case doc.Session == "":
		return errors.New("a result document needs a session")
	case doc.Created.IsZero():
		return errors.New("a result document needs the time it was created")
	case !knownKind(doc.Kind):
		return fmt.Errorf("a result document cannot be of kind %q", doc.Kind)
	}
	return nil
}

func knownKind(k Kind) bool { return slices.Contains(Kinds, k) }

// CheckName says whether an implementation's name can be a folder of the
// store and be referred to ("rust", "rust@2026-11-23", "rust/latest").
func CheckName(name string) error {
	if why := nameProblem(name); why != "" {
		return source.Errorf(source.Position{}, "letters, digits, - and _ are always fine: rust, windjammer-pr-12",
			"%q cannot name an implementation: %s", name, why)
	}
	return nil
}

// nameProblem says why a name cannot be that of a file, be referred to, and be
// shown in one line; "" when it can.
func nameProblem(name string) string {
	switch {
	case name == "":
		return "it is empty"
	case name == latest:
		return "it is the word for the newest results"
	case name == baselines:
		return "it is the folder of saved runs"
	case strings.ContainsAny(name, `/\`):
		return "it contains a path separator"
	case strings.HasPrefix(name, "."):
		return "it starts with a dot"
	case strings.HasPrefix(name, "-"):
		return "it starts with a dash, as flags do"
	case len(name) > 100:
		return "it is longer than 100 bytes"
	case strings.ContainsAny(name, `@:*?"<>|`):
		return `it contains one of @ : * ? " < > |`
	case strings.TrimSpace(name) != name || strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsPrint(r) || r == unicode.ReplacementChar
	}):
		return "it contains unprintable characters or spaces at its ends"
	}
	return ""
}

// unwritable tells a user that the results folder refuses files.
func unwritable(dir string, err error) error {
	hint := "choose another folder with --results DIR"
	if errors.Is(err, fs.ErrPermission) {
		hint = "give yourself the right to write there, or choose another folder with --results DIR"
	}
	return source.WithHint(fmt.Errorf("results cannot be written to %s: %w", dir, err), hint)
}
