package scenarios

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"taskbench/internal/files"
	"taskbench/internal/source"
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
	}
	return f
}

func (r *reader) feederFields(f *Feeder) []field {
	return []field{
		{"file", "CSV file, relative to the scenario's folder; the first line names the columns.", text, true, func(v *yamlfile.Node) { f.File = r.Str(v, "file") }},
		{"pick", "How rows are handed out: sequential when left out; unique gives each virtual user one row.", oneOf(picks), false, func(v *yamlfile.Node) {
			f.Pick = word(r, v, picks, "unknown pick %q")
		}},
	}
}

var picks = []Pick{Sequential, Random, Unique}

// table reads a feeder's CSV: a header line with the columns' names, then rows.
func (r *reader) table(f *Feeder, file *yamlfile.Node, open opener) {
	text, err := open(f.File, maxData)
	if err != nil {
		r.Fail(file.Pos, openHint(err), "cannot read %q: %w", f.File, cause(err))
		return
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	if at := invalidUTF8(text); at >= 0 {
		before := text[:at]
		line, column := bytes.Count(before, []byte("\n"))+1, at-bytes.LastIndexByte(before, '\n')
		r.dataError(f.File, text, line, column, "save the file as UTF-8", "byte 0x%02x is no UTF-8", text[at])
		return
	}
	rows, err := csvReader(text).ReadAll()
	if err != nil {
		r.csvError(f.File, text, err)
		return
	}
	if len(rows) < 2 {
		r.Fail(file.Pos, "the first line names the columns, each further line is a row", "%q has no rows", f.File)
		return
	}
	f.Columns, f.Rows = rows[0], rows[1:]
	r.checkColumns(f, text)
	r.checkRows(f, text)
}

// csvReader reads values between commas, or between semicolons or tabs where
// the header line has them and no comma. Ragged rows get a message of ours.
func csvReader(text []byte) *csv.Reader {
	out := csv.NewReader(bytes.NewReader(text))
	out.FieldsPerRecord = -1
	header, _, _ := bytes.Cut(text, []byte("\n"))
	for _, separator := range ",;\t" {
		if bytes.ContainsRune(header, separator) {
			out.Comma = separator
			break
		}
	}
	return out
}

// invalidUTF8 is the offset of the first byte that is no UTF-8, or -1.
func invalidUTF8(text []byte) int {
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRune(text[i:])
		if c == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

func (r *reader) csvError(name string, text []byte, err error) {
	var parse *csv.ParseError
	if !errors.As(err, &parse) {
		r.dataError(name, text, 1, 1, "", "%w", err)
		return
	}
	r.dataError(name, text, parse.Line, parse.Column, "", "not CSV: %w", parse.Err)
}

// dataError reports a problem inside a data file.
func (r *reader) dataError(name string, text []byte, line, column int, hint, format string, args ...any) {
	name = path.Join(path.Dir(r.File), name)
	e := source.Errorf(source.Position{File: name, Line: line, Column: column}, hint, format, args...)
	r.Errs.Add(e.In(text))
}

func (r *reader) checkColumns(f *Feeder, text []byte) {
	seen := map[string]bool{}
	for _, c := range f.Columns {
		switch {
		case c == "" || strings.TrimSpace(c) != c || strings.ContainsAny(c, "{}()\n"):
			r.dataError(f.File, text, 1, 1, "", "%q cannot be a column's name", c)
		case seen[c]:
			r.dataError(f.File, text, 1, 1, "", "column %q is there twice", c)
		}
		seen[c] = true
	}
}

// checkRows reports the first row of another length: one is enough to find
// the rest.
func (r *reader) checkRows(f *Feeder, text []byte) {
	for i, row := range f.Rows {
		if len(row) != len(f.Columns) {
			r.dataError(f.File, text, rowLine(text, i+1), 1, "", "row %d has %s for %d columns", i+1, count(len(row), "value"), len(f.Columns))
			return
		}
	}
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// rowLine is the line record n (the header is 0) starts on.
func rowLine(text []byte, n int) int {
	lines := csvReader(text)
	for range n {
		if _, err := lines.Read(); err != nil {
			return 1
		}
	}
	if _, err := lines.Read(); err != nil {
		return 1
	}
	line, _ := lines.FieldPos(0)
	return line
}

// checkUnique reports data with fewer rows than the virtual users that need
// one each.
func (r *reader) checkUnique(feeders map[string]Feeder, connections []int) {
	if len(connections) == 0 {
		return
	}
	most := slices.Max(connections)
	for name, f := range feeders {
		if f.Pick == Unique && len(f.Rows) > 0 && len(f.Rows) < most {
			r.Fail(f.Pos, "add rows, lower connections, or pick: sequential",
				"data %s has %d rows for %d virtual users, and pick is unique", name, len(f.Rows), most)
		}
	}
}
