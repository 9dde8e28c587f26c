package config

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"taskbench/internal/server"
	"taskbench/internal/source"
	"taskbench/internal/yamlfile"
)

// Find reads the named file or, when name is "", FileName in the current
// folder if it is there. Without a file it is Default. Errors are a source.List
// with every problem of the file.
func Find(name string) (Config, error) {
	given := name != ""
	if !given {
		name = FileName
	}
	text, err := yamlfile.Read(name)
	if errors.Is(err, fs.ErrNotExist) && !given {
		return Default(), nil
	}
	if err != nil {
		return Config{}, source.WithHint(fmt.Errorf("cannot read the configuration: %w", err), "taskbench init writes one to start from")
	}
	return Parse(name, text)
}

// Parse reads the text of a configuration file over the defaults. Folders in
// it are relative to the file's own.
func Parse(name string, text []byte) (Config, error) {
	r := yamlfile.NewReader(name, text)
	root := r.Parse()
	if root == nil {
		return Config{}, r.Errs.Err()
	}
	c := Default()
	r.Keys(root, "the configuration", rootKeys(r, filepath.Dir(name), root, &c))
	checkBaseline(r, root.Get("baseline"), c)
	checkFloor(r, root.Get(FloorName), c)
	if err := r.Errs.Err(); err != nil {
		return Config{}, err
	}
	return c, nil
}

// sources is one file, folder or pattern of files, or a list of them.
func sources(r *yamlfile.Reader, n *yamlfile.Node, dir string) []Source {
	items := oneOrMore(n)
	if len(items) == 0 {
		r.Fail(n.Pos, "name files or folders: scenarios: [scenarios]", "scenarios names nothing")
	}
	var list []Source
	for _, item := range items {
		path := r.Str(item, "scenarios")
		if path == "" && item.Kind == yamlfile.Scalar {
			r.Fail(item.Pos, "name a file or a folder", "scenarios has an entry without a name")
		}
		place := source.Error{Pos: item.Pos}
		list = append(list, Source{relativeTo(dir, path), *place.In(r.Text)})
	}
	return list
}

func suite(r *yamlfile.Reader, n, root *yamlfile.Node) string {
	told := len(r.Errs)
	name := r.Str(n, "suite")
	if len(r.Errs) == told && !slices.Contains(Suites, name) {
		r.Fail(n.Pos, source.Allowed(name, Suites), "there is no suite %q", name)
	}
	if root.Get("scenarios") != nil {
		r.Fail(n.Pos, "keep one: both say what is measured", "suite stands beside scenarios")
	}
	return name
}

// oneOrMore are the items of a list, or what stands in place of one.
func oneOrMore(n *yamlfile.Node) []*yamlfile.Node {
	if n.Kind == yamlfile.Sequence {
		return n.Items
	}
	return []*yamlfile.Node{n}
}

func checkBaseline(r *yamlfile.Reader, n *yamlfile.Node, c Config) {
	if n == nil || c.Baseline == "" || len(c.Targets) == 0 {
		return
	}
	for _, t := range c.Targets {
		if t.Name == c.Baseline {
			return
		}
	}
	r.Fail(n.Pos, source.Allowed(c.Baseline, c.TargetNames()), "baseline %q is none of the targets", c.Baseline)
}

func checkFloor(r *yamlfile.Reader, n *yamlfile.Node, c Config) {
	if c.Floor != nil && slices.Contains(c.TargetNames(), FloorName) {
		r.Fail(n.Pos, "give the target another name", "results of the floor are kept as those of %q, and a target is called so", FloorName)
	}
}

// floor is a server as a target is, or its URL alone.
func floor(r *yamlfile.Reader, n *yamlfile.Node, dir string) *server.Spec {
	if n.Kind == yamlfile.Scalar {
		t := server.Spec{Name: FloorName, URL: r.Str(n, FloorName)}
		if err := CheckTarget(t.Name, t.URL); err != nil {
			failAt(r, n.Pos, err)
		}
		return &t
	}
	t := readTarget(r, yamlfile.Pair{Key: FloorName, Pos: n.Pos, Value: n}, dir)
	return &t
}

func targets(r *yamlfile.Reader, n *yamlfile.Node, dir string) []server.Spec {
	if !r.Want(n, yamlfile.Mapping, "targets") {
		return nil
	}
	if len(n.Pairs) == 0 {
		r.Fail(n.Pos, "write one as \"rust: {url: http://localhost:3001}\"", "targets names no server")
	}
	var specs []server.Spec
	for _, p := range n.Pairs {
		specs = append(specs, readTarget(r, p, dir))
	}
	return specs
}

func readTarget(r *yamlfile.Reader, p yamlfile.Pair, dir string) server.Spec {
	t := server.Spec{Name: p.Key}
	place := p.Pos
	if url := p.Value.Get("url"); url != nil {
		place = url.Pos
	}
	if p.Value.Kind == yamlfile.Scalar && !p.Value.IsNull() {
		r.Fail(p.Value.Pos, fmt.Sprintf("write %s: {url: %q}", p.Key, p.Value.Text), "target %s must be a mapping, not %s", p.Key, p.Value.Describe())
		return t
	}
	told := len(r.Errs)
	r.Keys(p.Value, "target "+p.Key, targetKeys(r, dir, &t))
	switch err := CheckTarget(t.Name, t.URL); {
	case p.Value.Get("url") == nil, t.URL == "" && len(r.Errs) == told:
		r.Fail(place, "add url: http://localhost:3000", "target %s has no url", p.Key)
	case err != nil && t.URL != "":
		failAt(r, place, err)
	}
	if t.Start != "" && t.Dir == "" {
		t.Dir = dir
	}
	return t
}

// failAt reports an error that knows no place, with its hint where hints stand.
func failAt(r *yamlfile.Reader, place source.Position, err error) {
	message, hint := err.Error(), ""
	if told, ok := errors.AsType[*source.Error](err); ok {
		message, hint = told.Message, told.Hint
	}
	r.Fail(place, hint, "%s", message)
}

// relativeTo makes a path of the file one of this process.
func relativeTo(dir, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

// processFile is a number, or a file relative to the configuration's.
func processFile(r *yamlfile.Reader, n *yamlfile.Node, dir string) string {
	word := r.Str(n, "pid")
	if pid, err := strconv.Atoi(word); err == nil {
		if pid < 1 {
			r.Fail(n.Pos, "write the number of a process, or the file that has it", "pid: %s is not the number of a process", word)
		}
		return word
	}
	return relativeTo(dir, word)
}

// also is one process or a list of them.
func also(r *yamlfile.Reader, n *yamlfile.Node) []string {
	var out []string
	for _, item := range oneOrMore(n) {
		if word := r.Str(item, "also"); word != "" {
			out = append(out, word)
		}
	}
	return out
}

func readyPath(r *yamlfile.Reader, n *yamlfile.Node) string {
	path := r.Str(n, "ready")
	if path != "" && !strings.HasPrefix(path, "/") {
		r.Fail(n.Pos, fmt.Sprintf("did you mean %q?", "/"+path), "ready must be a path, not %q", path)
	}
	return path
}

func environment(r *yamlfile.Reader, n *yamlfile.Node) map[string]string {
	if !r.Want(n, yamlfile.Mapping, "env") {
		return nil
	}
	env := make(map[string]string, len(n.Pairs))
	for _, p := range n.Pairs {
		if p.Key == "" || strings.ContainsAny(p.Key, "=\x00") {
			r.Fail(p.Pos, "", "%q cannot be the name of a variable", p.Key)
		}
		env[p.Key] = r.Str(p.Value, "variable "+p.Key)
	}
	return env
}

// Limits of what a file may ask, so that a slip of the pen is seen at once.
const (
	minWindow = 100 * time.Millisecond
	MaxWindow = 24 * time.Hour
	maxRun    = 30 * 24 * time.Hour
	maxPairs  = 10_000
	// ShortestSlot is the shortest time for which a server is measured before it is
	// another's turn: a shorter one is over before the first answers.
	ShortestSlot = 20 * time.Millisecond
	MaxUsers     = 60_000 // as in a scenario: the ports that one address has, about
)

// levels is one number or a list of them.
func levels(r *yamlfile.Reader, n *yamlfile.Node) []int {
	var out []int
	for _, item := range oneOrMore(n) {
		out = append(out, r.Integer(item, "connections", 1, MaxUsers))
	}
	return out
}
