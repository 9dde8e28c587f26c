package template

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// Whatever text a JSON body holds, a JSON reader gets it back.
func FuzzJSONString(f *testing.F) {
	for _, s := range []string{"", `a"b\c`, "\x00\x1f\x7f", "</script>&", "\u2028\u2029", "😀", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var back string
		if err := json.Unmarshal([]byte(`"`+Escaped(s, EscapeJSONString)+`"`), &back); err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		if utf8.ValidString(s) && back != s {
			t.Errorf("%q came back as %q", s, back)
		}
	})
}

// Percent-encoded text holds only unreserved characters, and decodes to itself.
func FuzzPercentEncode(f *testing.F) {
	f.Add("a b/ü?&=+%")
	f.Add("\xff\x00")
	f.Fuzz(func(t *testing.T, s string) {
		encoded := Escaped(s, EscapeURL)
		if strings.ContainsAny(encoded, " /?#&=+;:@\"'<>\\\x00\r\n") {
			t.Errorf("%q encodes to %q", s, encoded)
		}
		if back, err := url.PathUnescape(encoded); err != nil || back != s {
			t.Errorf("%q came back as %q, %v", s, back, err)
		}
		if back, err := url.QueryUnescape(encoded); err != nil || back != s {
			t.Errorf("%q came back from a query as %q, %v", s, back, err)
		}
	})
}

// The arguments of a call are cut at its own commas.
func TestGiven(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string][]string{
		"f()": nil, "f(a)": {"a"}, "f(a, b )": {"a", "b"}, `f("a, b", c)`: {`"a, b"`, "c"}, "f(g(a, b), 'c)')": {"g(a, b)", "'c)'"}, "f(a,)": {"a", ""},
	} {
		if got := Given(expr); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", expr, got, want)
		}
	}
}

// A time from now is read to the millisecond, or not at all.
func TestAway(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{"+1h": 3600e3, "-1d12h": -129600e3, "+0.5s": 500, "+1h30m": 5400e3, "-250ms": -250} {
		if got, ok := Away(text); !ok || got != want {
			t.Errorf("%s: %d %v, want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"1h", "+", "+1", "+1x", "+1000000d", "+-1h", "iso", ""} {
		if got, ok := Away(text); ok {
			t.Errorf("%s is taken for %d", text, got)
		}
	}
}

// Whatever stands in an expression, its end and its arguments are found or not, and
// nothing breaks.
func FuzzCall(f *testing.F) {
	for _, s := range []string{"f(a, 'b}', \"c\")}", "f(g(x))} ", "f(\"}\"", "})("} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if end := ExprEnd(s); end >= len(s) || end >= 0 && s[end] != '}' {
			t.Errorf("%q ends at %d", s, end)
		}
		Call(s)
		Given(s)
	})
}
