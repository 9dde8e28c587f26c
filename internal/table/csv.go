package table

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"strings"
)

// csvRows reads a line of names, then rows.
func (r *reader) csvRows() Table {
	lines := csvReader(r.text)
	rows, err := lines.ReadAll()
	var parse *csv.ParseError
	switch {
	case errors.As(err, &parse):
		r.fail(parse.Line, parse.Column, "", "not CSV: %w", parse.Err)
	case err != nil:
		r.fail(1, 1, "", "%w", err)
	}
	if err != nil || len(rows) < 2 {
		return Table{}
	}
	t := Table{Columns: rows[0], Rows: rows[1:]}
	for i, row := range t.Rows { // the first of another length is enough to find the rest
		if len(row) != len(t.Columns) {
			r.fail(rowLine(r.text, i+1), 1, "", "row %d has %s for %d columns", i+1, count(len(row), "value"), len(t.Columns))
			return t
		}
	}
	return t
}

// tsvRows reads values between tabs, in which quotes mean nothing.
func (r *reader) tsvRows() Table {
	var t Table
	for i, line := range strings.Split(string(r.text), "\n") {
		line = strings.TrimSuffix(line, "\r")
		values := strings.Split(line, "\t")
		switch {
		case line == "":
		case t.Columns == nil:
			t.Columns = values
		case len(values) != len(t.Columns):
			r.fail(i+1, 1, "", "row %d has %s for %d columns", len(t.Rows)+1, count(len(values), "value"), len(t.Columns))
			return t
		default:
			t.Rows = append(t.Rows, values)
		}
	}
	if len(t.Rows) == 0 {
		return Table{}
	}
	return t
}

// csvReader reads values between commas, or between semicolons or tabs where the line
// of names has those and no comma. Rows of several lengths get a message of ours.
func csvReader(text []byte) *csv.Reader {
	out := csv.NewReader(bytes.NewReader(text))
	out.FieldsPerRecord = -1
	names, _, _ := bytes.Cut(text, []byte("\n"))
	for _, separator := range ",;\t" {
		if bytes.ContainsRune(names, separator) {
			out.Comma = separator
			break
		}
	}
	return out
}

// rowLine is the line that record n (the names are 0) starts on.
func rowLine(text []byte, n int) int {
	lines := csvReader(text)
	for range n + 1 {
		if _, err := lines.Read(); err != nil {
			return 1
		}
	}
	line, _ := lines.FieldPos(0)
	return line
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
