package yamlfile

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"taskbench/internal/source"
)

// read parses a text and writes its tree on one line: {k: v}, [v], text in
// quotes, everything else as Go prints it.
func read(text string) (string, error) {
	r := NewReader("f.yaml", []byte(text))
	root := r.Parse()
	if err := r.Errs.Err(); err != nil {
		return "", err
	}
	return show(root), nil
}

func show(n *Node) string {
	var parts []string
	switch n.Kind {
	case Mapping:
		for _, p := range n.Pairs {
			parts = append(parts, p.Key+": "+show(p.Value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case Sequence:
		for _, item := range n.Items {
			parts = append(parts, show(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	if text, ok := n.Value.(string); ok {
		return fmt.Sprintf("%q", text)
	}
	return fmt.Sprint(n.Value)
}

func TestParse(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, text, want string }{
		{"scalars", "a: text\nb: 7\nc: 1.5\nd: true\ne:\nf: ~\ng: '7'", `{a: "text", b: 7, c: 1.5, d: true, e: <nil>, f: <nil>, g: "7"}`},
		{"an empty value at the end", "a:", `{a: <nil>}`},
		{"flow style", "a: {b: [1, x, {c: d}]}", `{a: {b: [1, "x", {c: "d"}]}}`},
		{"block style", "a:\n  - b: 1\n    c: 2\n  - x", `{a: [{b: 1, c: 2}, "x"]}`},
		{"comments", "# one\na: 1 # two\n# three\nb: 2\n", `{a: 1, b: 2}`},
		{"a folded text", "a: >-\n  one\n  two\n", `{a: "one two"}`},
		{"a literal text", "a: |\n  one\n   two\nb: 1\n", `{a: "one\n two\n", b: 1}`},
		{"escapes", `a: "tab\tquote\" \u00e9"`, `{a: "tab\tquote\" é"}`},
		{"CR LF", "a: 1\r\nb:\r\n  - x\r\n  - y\r\n", `{a: 1, b: ["x", "y"]}`},
		{"CR LF in a literal", "a: |\r\n  one\r\n  two\r\n", `{a: "one\ntwo\n"}`},
		{"a byte order mark", "\ufeffa: 1", `{a: 1}`},
		{"one document with its marks", "---\na: 1\n", `{a: 1}`},
		{"tabs within a text", "a: \"x\ty\"", `{a: "x\ty"}`},
		{"tabs around a text", "a: \tx\t\nb: [y\t,z]\nc: x\n \ty", `{a: "x", b: ["y", "z"], c: "x y"}`},
		{"tabs before a comment", "a: 1\t# one", `{a: 1}`},
		{"an anchor", "a: &x {b: 1}\nc: *x", `{a: {b: 1}, c: {b: 1}}`},
		{"a merge", "a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}", `{a: {b: 1, c: 2}, d: {c: 3, b: 1}}`},
		{"a merge of two", "a: &x {b: 1}\nc: &y {b: 2, d: 3}\ne: {<<: [*x, *y]}", `{a: {b: 1}, c: {b: 2, d: 3}, e: {b: 1, d: 3}}`},
		{"a tag for text", "a: !!str 7", `{a: "7"}`},
		{"keys that are no text", "200: ok\ntrue: yes", `{200: "ok", true: "yes"}`},
		{"numbers beyond 64 bits", "a: 18446744073709551616", `{a: 1.8446744073709552e+19}`},
		{"numbers as YAML writes them", "a: 1_000\nb: 10s\nc: 1e3\nd: 0x1f", `{a: 1000, b: "10s", c: 1000, d: 31}`},
		{"other scripts", "名前: ü\nb: ☃", `{名前: "ü", b: "☃"}`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := read(c.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, text, want string }{
		{"nothing", "", "f.yaml:1:1: the file is empty"},
		{"only comments", "# a\n", "f.yaml:1:1: the file is empty"},
		{"a list", "- a\n- b\n", "f.yaml:1:1: the file must be a mapping of keys, not a list"},
		{"a text", "hello", `f.yaml:1:1: the file must be a mapping of keys, not the text "hello"`},
		{"two documents", "a: 1\n---\nb: 2\n", "f.yaml:3:1: a second YAML document in one file"},
		{"a key twice", "a: 1\nb:\n  c: 1\n  c: 2\n", `f.yaml:4:3: key "c" is already on line 3`},
		{"indented by a tab", "a:\n\tb: 1\n", `f.yaml:2:1: not YAML: found character '\t' that cannot start any token`},
		{"a tab in text without quotes", "a: x\ty\n", "f.yaml:1:4: a tab in text without quotes"},
		{"a tab in a key", "a\tb: 1\n", "f.yaml:1:1: a tab in text without quotes"},
		{"a tab in a further line", "a: x\n  y\tz\n", "f.yaml:1:4: a tab in text without quotes"},
		{"an unknown anchor", "a: *x\n", "f.yaml:1:4: alias *x has no anchor &x before it"},
		{"a merge of a text", "a: {<<: x}\n", "f.yaml:1:9: only mappings can be merged with <<"},
		{"a tag", "a: !!binary aGk=\n", "f.yaml:1:4: the tag !!binary means nothing here"},
		{"Latin-1", "a: caf\xe9\n", "f.yaml:1:7: byte 0xe9 cannot stand in a text file"},
		{"UTF-16", "\xff\xfea\x00", "f.yaml:1:1: byte 0xff cannot stand in a text file"},
		{"NUL", "a: 1\nb: \x00\n", "f.yaml:2:4: byte 0x00 cannot stand in a text file"},
		{"a lone CR", "a: 1\rb: 2\n", "f.yaml:1:5: byte 0x0d cannot stand in a text file"},
		{"a tag after CR LF", "a: 1\r\nb: !x 1\r\n", "f.yaml:2:4: the tag !x means nothing here"},
		{"after wide characters", "'日本': !x 1\n", "f.yaml:1:11: the tag !x means nothing here"},
		{"too large", "a: 1\n#" + strings.Repeat("x", MaxFileBytes), "f.yaml:1:1: the file is larger than 1024 KiB"},
		{"too deep", "a: " + strings.Repeat("[", 80) + strings.Repeat("]", 80), "f.yaml:1:68: nested too deeply"},
		{"aliases that multiply", laughs(), "too many values; is an alias repeated within itself?"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := read(c.text)
			if err == nil {
				t.Fatal("was taken")
			}
			first, _, _ := strings.Cut(err.Error(), "\n")
			if first != c.want && !(c.name == "aliases that multiply" && strings.Contains(first, c.want)) {
				t.Errorf("got  %s\nwant %s", first, c.want)
			}
		})
	}
}

// laughs is a small file that would be ten to the ninth values.
func laughs() string {
	b := &strings.Builder{}
	fmt.Fprint(b, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 9; i++ {
		fmt.Fprintf(b, "a%d: &a%d [%s*a%d]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9), i-1)
	}
	return b.String()
}

// Every problem is told in one reading, each where it is.
func TestReaderTellsAll(t *testing.T) {
	t.Parallel()
	text := `name: [x]
pars: 3
wait: 10
more: 5s
ready: perhaps
list: x
limit: {pairs: 0}
`
	r := NewReader("f.yaml", []byte(text))
	r.Fields(r.Parse(), "the file",
		On("name", func(n *Node) { r.Str(n, "name") }),
		On("pairs", nil),
		On("wait", func(n *Node) { r.Duration(n, "wait", 0, time.Hour) }),
		On("more", func(n *Node) { r.Duration(n, "more", 0, time.Second) }),
		On("ready", func(n *Node) { r.Bool(n, "ready") }),
		On("list", func(n *Node) { r.Strings(n, "list") }),
		On("limit", func(n *Node) {
			r.Fields(n, "limit", On("pairs", func(n *Node) { r.Integer(n, "pairs", 1, 9) }))
		}),
	)
	want := `f.yaml:1:7: name must be text, not a list
    1 | name: [x]
      |       ^
hint: write it as text

f.yaml:2:1: unknown key "pars" in the file
    2 | pars: 3
      | ^
hint: did you mean "pairs"?

f.yaml:3:7: wait needs a unit: 10
    3 | wait: 10
      |       ^
hint: did you mean 10s?

f.yaml:4:7: more must be at most 1s, not 5s
    4 | more: 5s
      |       ^

f.yaml:5:8: ready must be true or false, not the text "perhaps"
    5 | ready: perhaps
      |        ^
hint: true or false

f.yaml:6:7: list must be a list, not the text "x"
    6 | list: x
      |       ^
hint: write one "- …" line for each

f.yaml:7:16: pairs must be a whole number from 1 to 9, not the number 0
    7 | limit: {pairs: 0}
      |                ^`
	if diff := cmp.Diff(want, fmt.Sprint(r.Errs.Err())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReaderValues(t *testing.T) {
	t.Parallel()
	r := NewReader("f.yaml", []byte("s: 8080\nb: true\nl: [a, 1]\nd: 1m 30s\ni: 42\n"))
	root := r.Parse()
	got := []any{r.Str(root.Get("s"), "s"), r.Bool(root.Get("b"), "b"), r.Strings(root.Get("l"), "l"),
		r.Duration(root.Get("d"), "d", 0, time.Hour), r.Integer(root.Get("i"), "i", 0, 99), root.Get("none") == nil}
	want := []any{"8080", true, []string{"a", "1"}, 90 * time.Second, 42, true}
	if diff := cmp.Diff(want, got); diff != "" || len(r.Errs) > 0 {
		t.Errorf("%v (-want +got):\n%s", r.Errs.Err(), diff)
	}
}

// The same problem at the same place is told once, whoever finds it again.
func TestFailOnce(t *testing.T) {
	t.Parallel()
	r := NewReader("f.yaml", []byte("a: 1"))
	for range 3 {
		r.Fail(r.At(1, 1), "", "bad %d", 1)
		r.About = ", for rust"
	}
	if len(r.Errs) != 1 || r.Errs[0].Message != "bad 1" {
		t.Errorf("%v", r.Errs)
	}
}

func TestFormatDuration(t *testing.T) {
	t.Parallel()
	for want, d := range map[string]time.Duration{
		"2m": 2 * time.Minute, "24h": 24 * time.Hour, "1m30s": 90 * time.Second, "100ms": 100 * time.Millisecond,
		"1h0m1s": time.Hour + time.Second, "0s": 0, "1h5m": 65 * time.Minute,
	} {
		if got := FormatDuration(d); got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
	}
}

// FuzzParse: whatever the bytes, reading ends, every place is in the file, what
// is read is the same with CR LF, and there is a tree or an error.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"a: 1", "a: [1, {b: c}]\n", "a: &x {b: 1}\nc: {<<: *x}\n", "a:\r\n  - b\r\n", "a: |\n  x\n", "- a", "a: *a", "? a\n: b\n",
		"a: !!str 1", "a: \"\\u00e9\"\n", "---\na: 1\n---\nb: 2", "a:\n\tb: 1", "\ufeffa: 1", "a: {b: [}", "<<: {a: 1}", "a: &a [*a]",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r := NewReader("f.yaml", text)
		root := r.Parse()
		if root == nil && len(r.Errs) == 0 {
			t.Fatal("neither a tree nor an error")
		}
		for _, e := range r.Errs {
			inFile(t, r, e.Pos)
		}
		if root != nil {
			inTree(t, r, root, 0)
		}
		if len(r.Errs) > 0 || strings.Contains(string(text), "\r") {
			return
		}
		other := NewReader("f.yaml", []byte(strings.ReplaceAll(string(text), "\n", "\r\n")))
		if diff := cmp.Diff(show(root), show(other.Parse())); diff != "" {
			t.Errorf("not the same with CR LF:\n%s", diff)
		}
	})
}

func inTree(t *testing.T, r *Reader, n *Node, depth int) {
	if depth > 3*maxDepth {
		t.Fatal("the tree is deeper than allowed")
	}
	inFile(t, r, n.Pos)
	for _, p := range n.Pairs {
		inFile(t, r, p.Pos)
		inTree(t, r, p.Value, depth+1)
	}
	for _, item := range n.Items {
		inTree(t, r, item, depth+1)
	}
}

func inFile(t *testing.T, r *Reader, pos source.Position) {
	line := source.Excerpt(r.Text, pos.Line)
	if pos.Line < 1 || pos.Line > len(r.lines) || pos.Column < 1 || pos.Column > len(line)+1 {
		t.Fatalf("%v is not in the file", pos)
	}
	if at := r.Offset(pos); r.AtOffset(at) != pos {
		t.Fatalf("%v is at byte %d, which is %v", pos, at, r.AtOffset(at))
	}
}
