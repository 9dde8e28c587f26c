package table

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"slices"
)

// mostColumns bounds the columns of a JSON file: objects within objects have one for
// each of their values.
const mostColumns = 1000

// names are the columns so far, in the order in which they come.
type names struct {
	list  []string
	known map[string]bool
}

func (n *names) add(name string) {
	if !n.known[name] {
		n.known[name] = true
		n.list = append(n.list, name)
	}
}

// cell is a value of a row: as text, and as JSON where it is no string.
type cell struct{ text, json string }

// jsonRows reads an object a row: one a line, or the elements of an array. Each key is
// a column, and each key of an object within, by its path.
func (r *reader) jsonRows(array bool) Table {
	columns := names{known: map[string]bool{}}
	var rows []map[string]cell
	take := func(raw []byte, line int) bool {
		row := map[string]cell{}
		if err := flatten(raw, "", row, &columns); err != nil {
			r.fail(line, 1, "a row is an object: {\"email\": \"a@x\", \"age\": 30}", "row %d: %w", len(rows)+1, err)
			return false
		}
		rows = append(rows, row)
		return true
	}
	if array {
		var raw []json.RawMessage
		if err := json.Unmarshal(r.text, &raw); err != nil {
			r.fail(r.lineOf(err), 1, "write an array of objects, or one object a line in a file named .jsonl", "not a JSON array: %w", err)
			return Table{}
		}
		for _, row := range raw {
			if !take(row, 1) {
				return Table{}
			}
		}
		return ofCells(columns.list, rows)
	}
	for i, line := range bytes.Split(r.text, []byte("\n")) {
		if line = bytes.TrimSpace(line); len(line) > 0 && !take(line, i+1) {
			return Table{}
		}
	}
	return ofCells(columns.list, rows)
}

// lineOf is the line of a mistake in JSON.
func (r *reader) lineOf(err error) int {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return 1
	}
	return bytes.Count(r.text[:min(int(syntax.Offset), len(r.text))], []byte("\n")) + 1
}

// flatten puts an object's values into a row, in the order of the file.
func flatten(raw []byte, above string, row map[string]cell, columns *names) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return cmp.Or(err, errors.New("it is no object"))
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err
		}
		name := above + key.(string)
		columns.add(name)
		if len(columns.list) > mostColumns {
			return errors.New("there are more than 1000 columns")
		}
		row[name] = cellOf(value)
		if value[0] == '{' {
			if err := flatten(value, name+".", row, columns); err != nil {
				return err
			}
		}
	}
	if _, err := d.Token(); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something stands behind it")
	}
	return nil
}

func cellOf(value json.RawMessage) cell {
	var text string
	if value[0] == '"' && json.Unmarshal(value, &text) == nil {
		return cell{text: text}
	}
	var compact bytes.Buffer
	if json.Compact(&compact, value) != nil {
		return cell{text: string(value), json: string(value)}
	}
	return cell{text: compact.String(), json: compact.String()}
}

// ofCells makes a table: a column whose values are of one kind of JSON is its own
// JSON; others have another column with theirs.
func ofCells(columns []string, rows []map[string]cell) Table {
	t := Table{JSON: map[string]string{}, Null: map[string]int{}}
	t.Columns, t.Rows = slices.Clone(columns), make([][]string, len(rows))
	for i := range t.Rows {
		t.Rows[i] = make([]string, len(columns))
	}
	for c, name := range columns {
		texts, others := 0, 0
		for i, row := range rows {
			value, there := row[name]
			if !there || value.json == "null" {
				value = cell{json: "null"}
				if t.Null[name] == 0 {
					t.Null[name] = i + 1
				}
			}
			t.Rows[i][c] = value.text
			if value.json == "" {
				texts++
			} else {
				others++
			}
		}
		switch {
		case others == 0:
		case texts == 0 && t.Null[name] == 0:
			t.JSON[name] = name
		default:
			t.JSON[name] = hidden + name
			t.Columns = append(t.Columns, hidden+name)
			for i, row := range rows {
				t.Rows[i] = append(t.Rows[i], asJSON(row, name))
			}
		}
	}
	return t
}

// asJSON is a row's value as JSON.
func asJSON(row map[string]cell, name string) string {
	value, there := row[name]
	switch {
	case !there:
		return "null"
	case value.json != "":
		return value.json
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(value.text) != nil {
		return `""` // cannot happen: a string always encodes
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}
