package scenarios

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"syscall"

	"taskbench/internal/source"
	"taskbench/internal/yamlfile"
)

// LoadFile loads a scenario from a path. Files it names (data, body_file) are
// relative to the scenario's folder, and lie in it, links followed, unless it may
// reach outside: a scenario may be somebody else's, and what it names is sent to a
// server. The error is a source.List with every problem of the file, or says why
// the file cannot be read.
func LoadFile(name string, outside bool) (*Scenario, error) {
	text, err := readText(name)
	if err != nil {
		return nil, readError(name, err)
	}
	open := openWithin(filepath.Dir(name))
	if outside {
		open = openAnywhere(filepath.Dir(name))
	}
	return parse(name, text, func(beside string) ([]byte, error) { return readPlain(open, beside) })
}

// readText reads a scenario, a byte more than the largest that is allowed at
// most: its name may be that of a device without an end.
func readText(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, yamlfile.MaxFileBytes+1))
}

var (
	// errNoFile is what a name is refused for that leads to a device or a pipe:
	// one never ends, the other is waited for.
	errNoFile = errors.New("it is no plain file")
	// errOutside is what a name is refused for that leads out of the folder.
	errOutside = errors.New("it is outside the scenario's folder")
)

// readFlags open a pipe without waiting for who writes to it.
const readFlags = os.O_RDONLY | syscall.O_NONBLOCK

func openAnywhere(dir string) func(string) (*os.File, error) {
	return func(name string) (*os.File, error) {
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		return os.OpenFile(name, readFlags, 0)
	}
}

// openWithin opens what lies in a folder. What the system itself has no error for
// was refused because it leads out.
func openWithin(dir string) func(string) (*os.File, error) {
	return func(name string) (*os.File, error) {
		root, err := os.OpenRoot(dir)
		if err != nil {
			return nil, err
		}
		defer root.Close()
		f, err := root.OpenFile(withinFolder(dir, name), readFlags, 0)
		if _, bySystem := errors.AsType[syscall.Errno](err); err != nil && !bySystem {
			return nil, errOutside
		}
		return f, err
	}
}

// withinFolder is an absolute name as one that starts at the folder.
func withinFolder(dir, name string) string {
	whole, err := filepath.Abs(dir)
	if err != nil || !filepath.IsAbs(name) {
		return name
	}
	if relative, err := filepath.Rel(whole, name); err == nil {
		return relative
	}
	return name
}

// readPlain reads a file that a scenario names, a byte more than the largest
// that is allowed at most.
func readPlain(open func(string) (*os.File, error), name string) ([]byte, error) {
	f, err := open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, errNoFile
	}
	return io.ReadAll(io.LimitReader(f, max(maxData, maxBody)+1))
}

// LoadFS is LoadFile within a file system: names are slash-separated and cannot
// leave it.
func LoadFS(fsys fs.FS, name string) (*Scenario, error) {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, readError(name, err)
	}
	return parse(name, text, func(beside string) ([]byte, error) {
		return fs.ReadFile(fsys, path.Join(path.Dir(name), beside))
	})
}

func readError(name string, err error) error {
	return source.WithHint(fmt.Errorf("cannot read scenario %q: %w", name, cause(err)),
		"name a file, or one of the built-in scenarios")
}

// document is a scenario file cut into its sections.
type document struct {
	vars, data, setup, flow, mix, request, expected, overrides *yamlfile.Node
	load                                                       *yamlfile.Node
	places                                                     map[string]source.Position
}

// parse loads the text of one scenario.
func parse(file string, text []byte, open opener) (*Scenario, error) {
	r := newReader(file, text)
	root := r.Parse()
	if root == nil {
		return nil, r.Errs.Err()
	}
	s := &Scenario{File: file, Text: text, Load: DefaultLoad}
	doc := r.sections(root, s)
	if doc.load != nil {
		s.Load = r.load(doc.load)
	}
	if doc.data != nil {
		s.Data = r.data(doc.data, open)
		r.checkUnique(s.Data, s.Load.Connections)
	}
	r.assemble(s, root, doc, open)
	if doc.expected != nil {
		s.Expected = r.expected(doc.expected, s.Mode, s.Steps)
	}
	if err := r.Errs.Err(); err != nil {
		return nil, err
	}
	s.Hash = hash(s)
	return s, nil
}

// sections reads what stands alone, and cuts out what depends on the rest.
func (r *reader) sections(root *yamlfile.Node, s *Scenario) document {
	doc := document{places: map[string]source.Position{}}
	keep := func(key string, to **yamlfile.Node) yamlfile.Field {
		return yamlfile.On(key, func(n *yamlfile.Node) { *to = n })
	}
	unsupported := func(key string) yamlfile.Field {
		return yamlfile.On(key, func(n *yamlfile.Node) { r.Fail(n.Pos, "remove it", "%s is not supported yet", key) })
	}
	r.Fields(root, "a scenario",
		yamlfile.On("name", func(n *yamlfile.Node) { s.Name = r.scenarioName(n) }),
		yamlfile.On("title", func(n *yamlfile.Node) { s.Title = r.Str(n, "title") }),
		yamlfile.On("description", func(n *yamlfile.Node) { s.Description = r.Str(n, "description") }),
		yamlfile.On("tags", func(n *yamlfile.Node) { s.Tags = r.Strings(n, "tags") }),
		keep("load", &doc.load), keep("vars", &doc.vars), keep("data", &doc.data), keep("setup", &doc.setup),
		keep("flow", &doc.flow), keep("mix", &doc.mix), keep("request", &doc.request),
		keep("expected", &doc.expected), keep("overrides", &doc.overrides),
		unsupported("rate"), unsupported("stages"),
	)
	if root.Get("name") == nil {
		r.Fail(root.Pos, "add name: my-scenario", "a scenario needs a name")
	}
	for _, p := range root.Pairs {
		doc.places[p.Key] = p.Pos
	}
	if s.Title == "" {
		s.Title = s.Name
	}
	return doc
}

func (r *reader) scenarioName(n *yamlfile.Node) string {
	name := r.Str(n, "name")
	if name != "" && !nameText.MatchString(name) {
		r.Fail(n.Pos, "use small letters, digits and dashes", "%q cannot be a scenario's name", name)
	}
	return name
}
