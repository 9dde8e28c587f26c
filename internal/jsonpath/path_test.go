package jsonpath

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A JSON path survives being written and read again.
func FuzzJSONPath(f *testing.F) {
	for _, s := range []string{"a.b", `a\.b.0.#`, "#", `\\`, "a..b", `\!a.\$.b\*`, "$", "$.a[0]['b.c'][\"d\"]", `\-1.a\[0\]`, "/a/0", "items[-1]", "a.#(b.c==\"x)\\\"\").d", "#(>=1.5)#", "a[*].b", "#(@.x != 'y')", "#(a\\.b<null)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		path, wrong, _ := Parse(s)
		if wrong != "" {
			return
		}
		back, wrong, _ := Parse(path.String())
		if wrong != "" || !cmp.Equal(path, back) {
			t.Errorf("%q is %q, and that %q %s", s, path, back, wrong)
		}
	})
}

// A path is read as people of several path languages write it.
func TestJSONPathForms(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Path{
		"items[0].id": {"items", "0", "id"}, "[0].name": {"0", "name"}, "a[0][ 1 ]": {"a", "0", "1"},
		"data['x']": {"data", "x"}, `data["x.y"].z`: {"data", "x.y", "z"}, `['it\'s']`: {"it's"}, "['a]b'].c": {"a]b", "c"},
		"$.items[0]": {"items", "0"}, "$[0]": {"0"}, "$['a']": {"a"}, "$": {}, "items[0].#": {"items", "0", "#"},
		"a.0.b": {"a", "0", "b"}, `a\[0\].b`: {"a[0]", "b"}, `\$.a`: {"$", "a"}, `n.\-1`: {"n", "-1"}, "application/json.a": {"application/json", "a"},
		"items[-1].id": {"items", "-1", "id"}, "items.-2": {"items", "-2"}, "items[*].id": {"items", "#", "id"}, "$.items[*]": {"items"}, "items.#.id": {"items", "#", "id"},
		"items.#(name==chair).id": {"items", `#(name=="chair")`, "id"}, `items.#(name == "a\"b)")#.id`: {"items", `#(name=="a\"b)")#`, "id"},
		"#(@.price<=10)": {"#(price<=10)"}, "#(a.b!=true)#.#": {"#(a.b!=true)#", "#"}, "tags.#(='x y')": {"tags", `#(=="x y")`},
	} {
		if got, wrong, _ := Parse(text); wrong != "" || !cmp.Equal(got, want) {
			t.Errorf("%s is %q (%s), want %q", text, got, wrong, want)
		}
	}
}

// A path that needs more than keys and indexes is told from one that does not.
func TestSimple(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"a.0.b": true, "a.#": true, "#": true, "$": true, "a.-1": false, "a.#.b": false, "a.#(b==1)": false, "-0": true} {
		path, wrong, _ := Parse(text)
		if wrong != "" || path.Simple() != want {
			t.Errorf("%s: %v %s", text, path.Simple(), wrong)
		}
	}
}
