package source

import (
	"bytes"
	"strings"
	"testing"
	"unicode"
)

func TestPrintable(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"plain\n\ttext":                   "plain\n\ttext",
		"a\r\nb":                          "a\nb",
		"\x1b]0;title\x07":                "\ufffd]0;title\ufffd",
		"\u009b31m":                       "\ufffd31m",
		"bad \xff byte":                   "bad \ufffd byte",
		"user\u202Egnp.exe":               "user\ufffdgnp.exe",
		"über, 日本, \U0001F600, e\u0301 ✓": "über, 日本, \U0001F600, e\u0301 ✓",
	} {
		if got := Printable(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestGuard(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		styled, moving bool
		text, want     string
	}{
		"command":          {false, false, "::error::x\n", ": :error::x\n"},
		"indented":         {false, false, "x\n  \t::set-env name=A::b\n", "x\n  \t: :set-env name=A::b\n"},
		"inside a line":    {false, false, "a ::error::x and std::vector\n", "a ::error::x and std::vector\n"},
		"old command":      {false, false, "x ##[error]y\n", "x ## [error]y\n"},
		"azure":            {false, false, "##vso[task.setvariable]\n", "##vso [task.setvariable]\n"},
		"headings":         {false, false, "## Title [link](x)\n### more\n", "## Title [link](x)\n### more\n"},
		"escape":           {false, false, "\x1b[31mred\x1b[0m\n", "\ufffd[31mred\ufffd[0m\n"},
		"own colour":       {true, false, "\x1b[1;31mred\x1b[0m\x1b[2J\r\n", "\x1b[1;31mred\x1b[0m\ufffd[2J\n"},
		"moving line":      {false, true, "\r1/6 rust\x1b[K", "\r1/6 rust\x1b[K"},
		"colour is no way": {true, false, "\x1b[1m::error::x\n", "\x1b[1m: :error::x\n"},
		"return":           {false, false, "a\rb", "a\ufffdb"},
		"after a return":   {false, true, "a\r::error::b", "a\r: :error::b"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var whole, piecewise bytes.Buffer
			if _, err := NewGuard(&whole, c.styled, c.moving).Write([]byte(c.text)); err != nil {
				t.Fatal(err)
			}
			if got := whole.String(); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			if strings.ContainsAny(c.text, "\x1b\r") {
				return // a sequence is written at once
			}
			g := NewGuard(&piecewise, c.styled, c.moving)
			for i := range len(c.text) {
				if _, err := g.Write([]byte{c.text[i]}); err != nil {
					t.Fatal(err)
				}
			}
			if got := piecewise.String(); got != c.want {
				t.Errorf("byte by byte %q, want %q", got, c.want)
			}
		})
	}
}

func TestGuardKeepsRunesThatComeInParts(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	g := NewGuard(&out, false, false)
	for _, b := range []byte("日本 ✓") {
		if _, err := g.Write([]byte{b}); err != nil {
			t.Fatal(err)
		}
	}
	if out.String() != "日本 ✓" {
		t.Errorf("%q", out.String())
	}
}

// FuzzGuard holds the law: whatever is printed, no line begins a command and
// nothing controls the terminal.
func FuzzGuard(f *testing.F) {
	f.Add("::error::x", 3)
	f.Add(" \u00a0:\x1b:##[a", 2)
	f.Fuzz(func(t *testing.T, text string, cut int) {
		var out bytes.Buffer
		g := NewGuard(&out, false, false)
		cut = min(max(cut, 0), len(text))
		_, _ = g.Write([]byte(text[:cut]))
		_, _ = g.Write([]byte(text[cut:]))
		for line := range strings.Lines(out.String()) {
			if strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##[") {
				t.Errorf("%q prints the command %q", text, line)
			}
		}
		if i := strings.IndexFunc(out.String(), func(r rune) bool { return r != '\n' && r != '\t' && unicode.IsControl(r) }); i >= 0 {
			t.Errorf("%q prints a control character in %q", text, out.String())
		}
	})
}
