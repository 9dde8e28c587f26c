package yamlfile

import (
	"strings"
	"testing"
	"time"
)

// What people write who did not mean it, where they are pointed to, and what they
// are told to write.
func TestMistakes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, at, hint string }{
		{"flow:\n  name: x\n    request: y\n", "2:9", "begin each step with a dash: - name: x"},
		{"flow:\n  - name: x\n   request: y\n    z: 1\n", "3:4", "indent it by 4: what belongs together begins in one column"},
		{"flow:\n  - name: x\n    request: y\n   - name: z\n     request: y\n", "4:4", "indent it by 2: what belongs together begins in one column"},
		{"flow:\n  - name: x\n      request: y\n", "2:11", "line 3 is indented too far: what belongs together begins in one column"},
		{"name: x\n load:\n  a: 1\n", "1:7", "line 2 is indented too far: what belongs together begins in one column"},
		{"flow:\n  -name: x\n   request: y\n", "2:10", "write a blank behind the dash: - name: value"},
		{"a:\n  throughput: > 5k/s\n", "2:15", "put the value in quotes: > and | begin text of several lines"},
		{"title: | x\nb: 1\n", "1:8", "put the value in quotes: > and | begin text of several lines"},
		{"setup:\n  at_once: 5\n  - name: x\n", "3:3", "a list cannot stand beside keys: give it a key of its own, such as steps:"},
		{"a: {b: 1\nc: 2\n", "1:4", "close it with }, or put a comma behind each line within it"},
		{"a: '{'\nb: [1, 2 # ]\n\nc: 2\n", "2:4", "close it with ], or put a comma behind each line within it"},
		{"a:\n  - {b: {c: 1}\n  - {b: 2}\n", "2:5", "close it with }, or put a comma behind each line within it"},
		{"a: {items[*].id: exists}\n", "1:5", "put in quotes what has [ ] { } * or & in it: they have a meaning of their own"},
		{"a: [*]\n", "1:6", "put in quotes what has [ ] { } * or & in it: they have a meaning of their own"},
		{"a: {b: /x?y=[1], c: 2}\n", "1:13", "put in quotes what has [ ] { } * or & in it: they have a meaning of their own"},
		{"a: {b: ${c}}\n", "1:9", "quote what holds a reference: \"${…}\" inside { }"},
		{"a: {b: 1}}\n", "1:10", "remove it: nothing is open here"},
		{"a: b: c\n", "1:4", "put the value in quotes"},
		{"a: %done\n", "1:4", "put the value in quotes"},
		{"a: @home\n", "1:4", "put the value in quotes"},
		{"a: *x\n", "1:4", "put the value in quotes: * begins an alias"},
		{"a: !important\n", "1:4", "put the value in quotes: ! begins a tag"},
		{"name:a\nb: 1\n", "1:1", "write a blank behind the colon: name: value"},
		{"a: 'it's'\n", "1:8", "something stands behind the quotes: write '' for a ' within single quotes, or use double quotes"},
		{"a: \"it is\nb: 1\n", "1:4", "close the quotes"},
		{"a:\n\tb: 1\n", "2:1", "indent with spaces"},
	} {
		r := NewReader("f", []byte(c.text))
		r.Parse()
		if len(r.Errs) == 0 {
			t.Errorf("%q was taken", c.text)
			continue
		}
		if e := r.Errs[0]; e.Pos.String() != "f:"+c.at || e.Hint != c.hint {
			t.Errorf("%q:\n%s", c.text, e)
		}
	}
}

// The same of values of the wrong kind.
func TestValuesAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for text, hint := range map[string]string{
		"m: [a]": "write \"key: value\" pairs, without dashes and brackets", "m: a:5": "write a colon and a blank: a: 5", "m: a = 5": "write a colon and a blank: a: 5",
		"m: x": "write \"key: value\" pairs, indented below", "l: {a: 1}": "begin each with a dash: - key: value", "l: x": "write one \"- …\" line for each",
		"i: 1,000": "write it without marks between digits: 1000", "i: 5#five": "put a blank before the # of a comment", "i: \"5\"": "leave the quotes out: 5", "i: “5”": "use straight quotes: \" or '",
		"i: 5 d: 3s": "put a comma before d", "i: ten": "", "i: -5": "",
		"d: 3sec": "did you mean 3s?", "d: 2 mins": "did you mean 2m?", "d: 100 msec": "did you mean 100ms?", "d: 100": "did you mean 100ms or 100s?", "d: 5": "did you mean 5s?", "d: 900": "did you mean 900ms?",
		"d: soon": "write it like 10s, 500ms or 1m30s",
	} {
		r := NewReader("f", []byte(strings.Replace(text, "i: 5 d: 3s", "x: {i: 5 d: 3s}", 1)))
		root := r.Parse()
		if inner := root.Get("x"); inner != nil {
			root = inner
		}
		r.Fields(root, "it",
			On("m", func(n *Node) { r.Want(n, Mapping, "m") }), On("l", func(n *Node) { r.Want(n, Sequence, "l") }),
			On("i", func(n *Node) { r.Integer(n, "i", 1, 9) }), On("d", func(n *Node) { r.Duration(n, "d", 50*time.Millisecond, 10*time.Minute) }))
		if len(r.Errs) != 1 || r.Errs[0].Hint != hint {
			t.Errorf("%s, want the hint %q:\n%v", text, hint, r.Errs.Err())
		}
	}
}
