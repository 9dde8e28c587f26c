// Package table reads files of data: rows of named columns, in CSV, TSV, JSON lines
// or a JSON array.
package table

import (
	"bytes"
	"path"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"taskbench/internal/source"
)

// Table is what a file holds.
type Table struct {
	Columns []string
	Rows    [][]string // each has a text for every column

	// Values of JSON files have types. JSON names for each column whose cells are not
	// all text the column that has them as JSON text: itself, or another behind the
	// columns of the file, which nobody names.
	JSON map[string]string
	// Null is for each such column the first row, from 1, that has no value.
	Null map[string]int
}

// Hidden tells a column that Table.JSON names from those of the file.
func Hidden(column string) bool { return strings.HasPrefix(column, hidden) }

const hidden = "\x00"

// Encodings are those that a file may be in; the first where nothing is said.
var Encodings = []string{"utf-8", "latin1", "utf-16"}

// Read reads a file by the ending of its name: .tsv, .jsonl, .ndjson and .json, else
// CSV. file is what errors call it; they have the line and a hint.
func Read(file string, text []byte, encoding string) (Table, source.List) {
	r := reader{file: file}
	if !r.decode(text, encoding) {
		return Table{}, r.errs
	}
	var t Table
	switch path.Ext(file) {
	case ".jsonl", ".ndjson", ".json":
		t = r.jsonRows(path.Ext(file) == ".json")
	case ".tsv":
		t = r.tsvRows()
	default:
		t = r.csvRows()
	}
	if len(r.errs) == 0 || len(t.Columns) > 0 {
		r.checkColumns(t.Columns)
	}
	return t, r.errs
}

// reader reads one file.
type reader struct {
	file string
	text []byte // in UTF-8
	errs source.List
}

func (r *reader) fail(line, column int, hint, format string, args ...any) {
	e := source.Errorf(source.Position{File: r.file, Line: line, Column: column}, hint, format, args...)
	r.errs.Add(e.In(r.text))
}

// decode makes UTF-8 of the text.
func (r *reader) decode(text []byte, encoding string) bool {
	switch encoding {
	case "latin1":
		r.text = fromLatin1(text)
		return true
	case "utf-16":
		r.text = fromUTF16(text)
		return true
	}
	r.text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	at := invalidUTF8(r.text)
	if at < 0 {
		return true
	}
	before := r.text[:at]
	hint := "save the file as UTF-8, or say what it is: encoding: latin1"
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		hint = "save the file as UTF-8, or say what it is: encoding: utf-16"
	}
	r.fail(bytes.Count(before, []byte("\n"))+1, at-bytes.LastIndexByte(before, '\n'), hint, "byte 0x%02x is no UTF-8", r.text[at])
	return false
}

// windows is what Windows-1252, which people call Latin-1, has at 0x80 to 0x9f.
var windows = []rune("€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ")

func fromLatin1(text []byte) []byte {
	var b bytes.Buffer
	for _, c := range text {
		if c >= 0x80 && c < 0xa0 {
			b.WriteRune(windows[c-0x80])
		} else {
			b.WriteRune(rune(c))
		}
	}
	return b.Bytes()
}

// fromUTF16 reads either order of bytes, little first where nothing says.
func fromUTF16(text []byte) []byte {
	big := bytes.HasPrefix(text, []byte("\xfe\xff"))
	if big || bytes.HasPrefix(text, []byte("\xff\xfe")) {
		text = text[2:]
	}
	units := make([]uint16, len(text)/2)
	for i := range units {
		units[i] = uint16(text[2*i]) | uint16(text[2*i+1])<<8
		if big {
			units[i] = units[i]>>8 | units[i]<<8
		}
	}
	return []byte(string(utf16.Decode(units)))
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

func (r *reader) checkColumns(columns []string) {
	for i, c := range columns {
		switch {
		case Hidden(c):
		case c == "" || strings.TrimSpace(c) != c || strings.ContainsAny(c, "{}()\n"):
			r.fail(1, 1, "", "%q cannot be a column's name", c)
		case slices.Contains(columns[:i], c):
			r.fail(1, 1, "", "column %q is there twice", c)
		}
	}
}
