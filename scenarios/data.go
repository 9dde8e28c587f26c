package scenarios

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"taskbench/internal/files"
	"taskbench/internal/source"
	"taskbench/internal/table"
	"taskbench/internal/yamlfile"
)

// maxData bounds a feeder's file: its rows become part of a generated script.
const maxData = 16 << 20

// opener reads a file named in a scenario, relative to the scenario's folder,
// of at most limit bytes.
type opener func(name string, limit int64) ([]byte, error)

// openHint says what to do about a file that cannot be read.
func openHint(err error) string {
	switch {
	case errors.Is(err, files.ErrOutside):
		return "move it there, or say that it may be read and sent: --allow-outside"
	case errors.Is(err, fs.ErrNotExist):
		return "the name is relative to the scenario's folder"
	}
	return ""
}

// cause is the reason of a file error without its path, which the message has.
func cause(err error) error {
	if errors.Is(err, files.ErrOutside) {
		return errors.New("it is outside the scenario's folder")
	}
	var failed *fs.PathError
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

// data reads the feeders.
func (r *reader) data(n *yamlfile.Node, open opener) map[string]Feeder {
	out := map[string]Feeder{}
	if !r.Want(n, yamlfile.Mapping, "data") {
		return out
	}
	for _, p := range n.Pairs {
		if !captureName.MatchString(p.Key) {
			r.Fail(p.Pos, "start with a letter, then letters, digits, _ and -", "%q cannot be a name of data", p.Key)
		}
		out[p.Key] = r.feeder(p, open)
	}
	return out
}

func (r *reader) feeder(p yamlfile.Pair, open opener) Feeder {
	f := Feeder{Pick: Sequential, Pos: p.Pos}
	r.fields(p.Value, "data "+p.Key, r.feederFields(&f))
	file := p.Value.Get("file")
	switch {
	case p.Value.Kind != yamlfile.Mapping:
	case file == nil:
		r.Fail(p.Value.Pos, "add file: "+p.Key+".csv", "data %s needs a file", p.Key)
	case f.File != "":
		r.table(&f, file, open)
		r.checkTypes(&f, p.Value.Get("types"))
	}
	return f
}

func (r *reader) feederFields(f *Feeder) []field {
	return []field{
		{"file", "A file of rows, relative to the scenario's folder: .csv, .tsv, .jsonl or .json.", text, true, func(v *yamlfile.Node) { f.File = r.Str(v, "file") }},
		{"pick", "How rows are handed out: sequential when left out; unique gives each virtual user one row.", oneOf(picks), false, func(v *yamlfile.Node) {
			f.Pick = word(r, v, picks, "unknown pick %q")
		}},
		{"encoding", "What the file is written in; utf-8 when left out.", oneOf(table.Encodings), false, func(v *yamlfile.Node) {
			f.encoding = word(r, v, table.Encodings, "unknown encoding %q")
		}},
		{"types", "Columns whose values have another type than text in json: int, number, bool or json.", namesTo(oneOf(castWords)), false, func(v *yamlfile.Node) { f.types = r.columnTypes(v) }},
		{"where", "Which part of the rows is used, 50% or 50-100%, by all targets or by each.", either(like(table.PartPattern), namesTo(like(table.PartPattern))), false, func(v *yamlfile.Node) { r.rowParts(f, v) }},
	}
}

var picks = []Pick{Sequential, Random, Unique}

// table reads a feeder's file.
func (r *reader) table(f *Feeder, file *yamlfile.Node, open opener) {
	text, err := open(f.File, maxData)
	if err != nil {
		r.Fail(file.Pos, openHint(err), "cannot read %q: %w", f.File, cause(err))
		return
	}
	read, problems := table.Read(path.Join(path.Dir(r.File), f.File), text, f.encoding)
	for _, problem := range problems {
		r.Errs.Add(problem)
	}
	switch {
	case len(read.Rows) > 0:
		f.Columns, f.Rows, f.inJSON, f.nulls = read.Columns, read.Rows, read.JSON, read.Null
	case len(problems) == 0:
		r.Fail(file.Pos, "the first line names the columns, each further line is a row; in a .jsonl file each line is an object", "%q has no rows", f.File)
	}
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

var castWords = []string{"int", "number", "bool", "json"}

// columnTypes reads the types of columns; whether their values fit is looked at where
// they are used.
func (r *reader) columnTypes(n *yamlfile.Node) map[string]string {
	out := map[string]string{}
	if !r.Want(n, yamlfile.Mapping, "types") {
		return out
	}
	for _, p := range n.Pairs {
		out[p.Key] = word(r, p.Value, castWords, "unknown type %q")
	}
	return out
}

// checkTypes reports types of columns that are not there.
func (r *reader) checkTypes(f *Feeder, n *yamlfile.Node) {
	if n == nil || f.Columns == nil {
		return
	}
	for _, p := range n.Pairs {
		if !slices.Contains(f.Columns, p.Key) {
			r.FailWith(p.Pos, func() string { return source.Allowed(p.Key, f.named()) }, "%s has no column %q", f.File, p.Key)
		}
	}
}

// named are the columns that the file has.
func (f *Feeder) named() []string {
	return slices.DeleteFunc(slices.Clone(f.Columns), table.Hidden)
}

// checkUnique reports data with fewer rows than the virtual users that need
// one each.
func (r *reader) checkUnique(feeders map[string]Feeder, connections []int) {
	if len(connections) == 0 {
		return
	}
	most := slices.Max(connections)
	for name, f := range feeders {
		if rows := f.least(); f.Pick == Unique && len(f.Rows) > 0 && rows < most {
			r.Fail(f.Pos, "add rows, lower connections, or pick: sequential",
				"data %s has %s for %d virtual users, and pick is unique", name, count(rows, "row"), most)
		}
	}
}

// everyTarget is where the part of all targets is kept that are not named.
const everyTarget = ""

// rowParts reads which part of the rows each target uses.
func (r *reader) rowParts(f *Feeder, n *yamlfile.Node) {
	f.where = map[string]table.Part{}
	if n.Kind == yamlfile.Scalar {
		f.where[everyTarget] = r.rowPart(n)
		return
	}
	if !r.Want(n, yamlfile.Mapping, "where") {
		return
	}
	for _, p := range n.Pairs {
		r.checkTarget(p.Key, p.Pos)
		f.where[p.Key] = r.rowPart(p.Value)
	}
}

func (r *reader) rowPart(n *yamlfile.Node) table.Part {
	part, ok := table.ParsePart(n.Text)
	if !ok && n.Kind == yamlfile.Scalar && strings.HasSuffix(n.Text, "%") {
		r.Fail(n.Pos, "write it like 50% for the first half, 50-100% for the second", "%s is no part of the rows", n.Text)
		return table.Part{To: 1}
	}
	if n.Kind != yamlfile.Scalar || !ok {
		r.Fail(n.Pos, "write it like 50% for the first half, 50-100% for the second", "a part of the rows must be a percentage, not %s", n.Describe())
		return table.Part{To: 1}
	}
	return part
}

// least is how many rows the target has that has fewest.
func (f Feeder) least() int {
	least := len(f.Rows)
	for _, part := range f.where {
		if from, to := part.Rows(len(f.Rows)); len(f.Rows) > 0 {
			least = min(least, to-from)
		}
	}
	return least
}

// dataFor are the feeders with the rows that a target uses, and a sentence for each
// that has but a part of them.
func (s *Scenario) dataFor(target string) (data map[string]Feeder, said []string) {
	data = s.Data
	for _, name := range slices.Sorted(maps.Keys(s.Data)) {
		f := s.Data[name]
		part, of := f.where[target], target
		if part == (table.Part{}) {
			part, of = f.where[everyTarget], everyTarget
		}
		if part == (table.Part{}) || len(f.Rows) == 0 {
			continue
		}
		if len(said) == 0 {
			data = maps.Clone(s.Data)
		}
		from, to := part.Rows(len(f.Rows))
		whole := len(f.Rows)
		f.Rows, f.where = f.Rows[from:to], nil
		data[name] = f
		if of != everyTarget {
			said = append(said, fmt.Sprintf("data %s is rows %d to %d of %d", name, from+1, to, whole))
		}
	}
	return data, said
}
