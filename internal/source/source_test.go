package source

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestErrorShape(t *testing.T) {
	t.Parallel()
	text := "load:\n\tconections: 64\nname: \x1b[31mred\nüñí: ☃ here\n日本: x\n"
	cases := []struct {
		name string
		err  *Error
		want string
	}{
		{
			name: "whole",
			err:  Errorf(Position{"a.yaml", 1, 1}, `did you mean "loud"?`, "unknown key %q", "load").In([]byte(text)),
			want: "a.yaml:1:1: unknown key \"load\"\n    1 | load:\n      | ^\nhint: did you mean \"loud\"?",
		},
		{
			name: "tabs keep the caret in place",
			err:  Errorf(Position{"a.yaml", 2, 14}, "", "bad").In([]byte(text)),
			want: "a.yaml:2:14: bad\n    2 | \tconections: 64\n      | \t            ^",
		},
		{
			name: "control characters are not printed",
			err:  Errorf(Position{"a.yaml", 3, 12}, "", "bad").In([]byte(text)),
			want: "a.yaml:3:12: bad\n    3 | name: \uFFFD[31mred\n      |            ^",
		},
		{
			name: "columns are bytes, carets are characters",
			err:  Errorf(Position{"a.yaml", 4, 9}, "", "bad").In([]byte(text)),
			want: "a.yaml:4:9: bad\n    4 | üñí: ☃ here\n      |      ^",
		},
		{
			name: "wide characters take two columns",
			err:  Errorf(Position{"a.yaml", 5, 9}, "", "bad").In([]byte(text)),
			want: "a.yaml:5:9: bad\n    5 | 日本: x\n      |       ^",
		},
		{
			name: "column after the end points at the end",
			err:  Errorf(Position{"a.yaml", 1, 99}, "", "bad").In([]byte(text)),
			want: "a.yaml:1:99: bad\n    1 | load:\n      |      ^",
		},
		{
			name: "no column, no caret",
			err:  Errorf(Position{"a.yaml", 1, 0}, "", "bad").In([]byte(text)),
			want: "a.yaml:1: bad\n    1 | load:",
		},
		{
			name: "no position",
			err:  Errorf(Position{}, "apt-get install wrk", "wrk not found"),
			want: "wrk not found\nhint: apt-get install wrk",
		},
		{
			name: "file only",
			err:  Errorf(Position{File: "a.yaml"}, "", "empty file"),
			want: "a.yaml: empty file",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, c.err.Error()); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestLongLineIsCutAroundTheCaret(t *testing.T) {
	t.Parallel()
	line := strings.Repeat("é", 5000) + "X" + strings.Repeat("z", 5000)
	e := Errorf(Position{"a.yaml", 1, 10001}, "", "bad").In([]byte(line))
	lines := strings.Split(e.Error(), "\n")
	shown, caret := []rune(lines[1]), []rune(lines[2])
	if len(shown) > 200 {
		t.Fatalf("excerpt has %d characters", len(shown))
	}
	if got := shown[len(caret)-1]; got != 'X' {
		t.Errorf("caret is under %q in\n%s", got, e)
	}
}

func TestCause(t *testing.T) {
	t.Parallel()
	e := Errorf(Position{}, "", "cannot read %q: %w", "x.csv", fs.ErrNotExist)
	if !errors.Is(e, fs.ErrNotExist) || e.Message != `cannot read "x.csv": file does not exist` {
		t.Errorf("got %q, cause %v", e.Message, e.Err)
	}
}

func TestWithHint(t *testing.T) {
	t.Parallel()
	if WithHint(nil, "x") != nil {
		t.Error("nil must stay nil")
	}
	plain := WithHint(fs.ErrNotExist, "make it")
	if !errors.Is(plain, fs.ErrNotExist) || plain.Error() != "file does not exist\nhint: make it" {
		t.Errorf("plain: %q", plain)
	}
	if again := WithHint(plain, "something else"); again.Error() != plain.Error() {
		t.Errorf("the first hint must stay: %q", again)
	}
	bare := Errorf(Position{"f", 1, 1}, "", "bad")
	if got := WithHint(bare, "mend it").Error(); got != "f:1:1: bad\nhint: mend it" {
		t.Errorf("bare: %q", got)
	}
	if bare.Hint != "" {
		t.Error("the given error was changed")
	}
	list := List{bare}
	if got := WithHint(list, "x").Error(); got != list.Error() {
		t.Errorf("list: %q", got)
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	if (List)(nil).Err() != nil {
		t.Error("an empty list is no error")
	}
	var l List
	for _, p := range []Position{{"b", 1, 1}, {"a", 2, 9}, {"a", 2, 3}, {"a", 1, 7}} {
		l.Add(Errorf(p, "", "bad"))
	}
	l.Add(Errorf(Position{}, "", "no place: %w", fs.ErrExist))
	err := l.Err()
	want := "no place: file already exists\n\na:1:7: bad\n\na:2:3: bad\n\na:2:9: bad\n\nb:1:1: bad"
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if !errors.Is(err, fs.ErrExist) {
		t.Error("members are not reached through Unwrap")
	}
	if l[0].Pos.File != "b" {
		t.Error("Err must not reorder the caller's list")
	}
}

func TestDidYouMean(t *testing.T) {
	t.Parallel()
	words := []string{"connections", "threads", "flow", "mix", "request", "p95", "p99"}
	for got, want := range map[string]string{
		"conections": "connections", "connection": "connections", "conenctions": "connections",
		"thread": "threads", "Flow": "flow", "REQUEST": "request", "flwo": "flow", "mx": "mix",
		"": "", "zzzzzzz": "", "description": "", "p96": "p95", "p9": "p95",
	} {
		if want != "" {
			want = `did you mean "` + want + `"?`
		}
		if hint := DidYouMean(got, words); hint != want {
			t.Errorf("%q: got %s, want %s", got, hint, want)
		}
	}
	if got := Allowed("zzzzzzz", words[:3]); got != "one of connections, threads, flow" {
		t.Errorf("Allowed: %q", got)
	}
}

// Distances obey the laws of a metric, as far as the restricted kind has them:
// zero only for equals, symmetric, bounded by replacing everything.
func FuzzDistance(f *testing.F) {
	f.Add("connections", "conections")
	f.Add("", "a")
	f.Fuzz(func(t *testing.T, a, b string) {
		ra, rb := []rune(a), []rune(b)
		d := distance(ra, rb)
		if d != distance(rb, ra) {
			t.Errorf("not symmetric: %q %q", a, b)
		}
		if (d == 0) != (string(ra) == string(rb)) {
			t.Errorf("distance %d of %q and %q", d, a, b)
		}
		if d > 2*max(len(ra), len(rb)) {
			t.Errorf("distance %d of %q and %q", d, a, b)
		}
	})
}

// Whatever the position and the text, printing neither panics nor lets control
// characters through.
func FuzzError(f *testing.F) {
	f.Add([]byte("load:\n\tx: 1\n"), 2, 3)
	f.Add([]byte("\xff\xfe"), 1, 2)
	f.Add([]byte("\n\x01"+strings.Repeat("\xa5", 170)), 2, 183) // nowhere does a rune begin
	f.Fuzz(func(t *testing.T, text []byte, line, column int) {
		s := Errorf(Position{"f", line, column}, "", "bad").In(text).Error()
		if strings.ContainsAny(s, "\x00\x1b\r") {
			t.Errorf("control characters in %q", s)
		}
	})
}
