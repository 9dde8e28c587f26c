package table

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// A file is a table whatever it is written in.
func TestRead(t *testing.T) {
	t.Parallel()
	plain := Table{Columns: []string{"id", "name"}, Rows: [][]string{{"1", "Zoë"}, {"02", "Bob"}}}
	for _, c := range []struct {
		file, encoding, text string
		want                 Table
	}{
		{"p.csv", "", "id,name\n1,Zoë\n\n02,Bob\n", plain}, {"p.csv", "", "\xef\xbb\xbfid;name\r\n1;Zoë\r\n02;Bob", plain}, {"p.csv", "", "id\tname\n1\tZoë\n02\tBob\n", plain},
		{"p.tsv", "", "id\tname\r\n1\tZoë\r\n02\tBob\r\n", plain}, {"p.csv", "latin1", "id,name\n1,Zo\xeb\n02,Bob\n", plain}, {"p", "utf-8", "id,name\n1,Zoë\n02,Bob\n", plain},
		{"p.csv", "utf-16", "\xff\xfei\x00d\x00\n\x001\x00\n\x00", Table{Columns: []string{"id"}, Rows: [][]string{{"1"}}}}, {"p.csv", "utf-16", "\xfe\xff\x00i\x00d\x00\n\x00\xeb", Table{Columns: []string{"id"}, Rows: [][]string{{"ë"}}}},
		{"p.csv", "latin1", "a\n\x80\x96\n", Table{Columns: []string{"a"}, Rows: [][]string{{"€–"}}}},
		{"p.tsv", "", "a\tb\n\"x\ty, z;\n", Table{Columns: []string{"a", "b"}, Rows: [][]string{{`"x`, "y, z;"}}}},
		{"p.jsonl", "", `{"id": 7, "ok": true, "name": "x", "tags": [1, "a"]}` + "\n\n" + `{"id": 8.50, "ok": false, "name": "02", "tags": []}`, Table{
			Columns: []string{"id", "ok", "name", "tags"}, Rows: [][]string{{"7", "true", "x", `[1,"a"]`}, {"8.50", "false", "02", "[]"}},
			JSON: map[string]string{"id": "id", "ok": "ok", "tags": "tags"}, Null: map[string]int{},
		}},
		{"p.ndjson", "", `{"a": {"b": "x", "c": {"d": 1}}}`, Table{
			Columns: []string{"a", "a.b", "a.c", "a.c.d"}, Rows: [][]string{{`{"b":"x","c":{"d":1}}`, "x", `{"d":1}`, "1"}},
			JSON: map[string]string{"a": "a", "a.c": "a.c", "a.c.d": "a.c.d"}, Null: map[string]int{},
		}},
		{"p.json", "", `[{"v": "a\"b"}, {"v": 1}, {"w": "x"}, {"v": null, "w": "y"}]`, Table{
			Columns: []string{"v", "w", "\x00v", "\x00w"}, Rows: [][]string{{`a"b`, "", `"a\"b"`, "null"}, {"1", "", "1", "null"}, {"", "x", "null", `"x"`}, {"", "y", "null", `"y"`}},
			JSON: map[string]string{"v": "\x00v", "w": "\x00w"}, Null: map[string]int{"v": 3, "w": 1},
		}},
	} {
		got, problems := Read(c.file, []byte(c.text), c.encoding)
		if diff := cmp.Diff(c.want, got); diff != "" || len(problems) > 0 {
			t.Errorf("%s %s %q: %v, -want +got\n%s", c.file, c.encoding, c.text, problems, diff)
		}
	}
}

// What is wrong is told by its line, with what to do.
func TestProblems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ file, text, want string }{
		{"p.csv", "a\ncaf\xe9\n", "p.csv:2:4: byte 0xe9 is no UTF-8\n    2 | caf�\n      |    ^\nhint: save the file as UTF-8, or say what it is: encoding: latin1"},
		{"p.csv", "\xff\xfea\x00", "encoding: utf-16"}, {"p.csv", "a,b\n1,2\n3\n", "p.csv:3:1: row 2 has 1 value for 2 columns"}, {"p.tsv", "a\tb\n\n1\t2\t3\n", "p.tsv:3:1: row 1 has 3 values for 2 columns"},
		{"p.csv", "a,a\n1,2\n", `column "a" is there twice`}, {"p.tsv", " a\tb\n1\t2\n", `" a" cannot be a column's name`},
		{"p.jsonl", "{\"a\":1}\n[1]\n", "p.jsonl:2:1: row 2: it is no object"}, {"p.jsonl", "{\"a\":1} {\"a\":2}\n", "row 1: something stands behind it"}, {"p.jsonl", "{\"a\":\n1}\n", "p.jsonl:1:1: row 1: "},
		{"p.json", "[{\"a\":1},\n{]\n", "p.json:2:1: not a JSON array: "}, {"p.json", "{}", "not a JSON array"}, {"p.json", "[1]", "row 1: it is no object"}, {"p.jsonl", `{"a.b": 1, "a": {"b": 2}}`, ""},
		{"p.jsonl", `{"": 1}`, `"" cannot be a column's name`},
	} {
		_, problems := Read(c.file, []byte(c.text), "")
		text := ""
		if err := problems.Err(); err != nil {
			text = err.Error()
		}
		if !strings.Contains(text, c.want) || c.want == "" && text != "" {
			t.Errorf("%s %q: %q, want %q", c.file, c.text, text, c.want)
		}
	}
}

// Whatever a file holds: a table without problems has a value for every column of
// every row, and its JSON is JSON.
func FuzzRead(f *testing.F) {
	for _, file := range []string{"p.csv", "p.tsv", "p.jsonl", "p.json"} {
		for _, text := range []string{"a,b\n1,2\n", "a\tb\n1\t\"2\n", `{"a": {"b": null}, "c": [1]}` + "\n" + `{"a": "x"}`, `[{"a": 1}, {"a": "b"}]`, "\xff\xfea\x00", "a\n\xe9"} {
			for _, encoding := range Encodings {
				f.Add(file, []byte(text), encoding)
			}
		}
	}
	f.Fuzz(func(t *testing.T, file string, text []byte, encoding string) {
		got, problems := Read(file, text, encoding)
		for _, p := range problems {
			if p.Pos.Line < 1 || p.Pos.Column < 1 || p.Message == "" {
				t.Errorf("%+v", p)
			}
		}
		for _, row := range got.Rows {
			if len(problems) == 0 && len(row) != len(got.Columns) {
				t.Fatalf("%d values for %d columns", len(row), len(got.Columns))
			}
			for _, cell := range row {
				if len(problems) == 0 && !utf8.ValidString(cell) {
					t.Errorf("%q is no UTF-8", cell)
				}
			}
		}
		for _, as := range got.JSON {
			for i, column := range got.Columns {
				for _, row := range got.Rows {
					if column == as && len(problems) == 0 && !json.Valid([]byte(row[i])) {
						t.Errorf("column %q has %q", column, row[i])
					}
				}
			}
		}
	})
}
