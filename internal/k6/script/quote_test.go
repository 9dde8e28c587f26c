package script

import (
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// hostile are texts that could end a string, a template, a script, or a line.
var hostile = []string{
	"", "plain", `it's "both"`, "`${process.exit()}`", `\`, "a\nb\r\tc", "</script><!--", "\u2028\u2029", "\x00\x7f", "$", "${", "\ufeff", "\u202e", "é😀", "'", `\u0041`, "\U000e0001",
}

// What is quoted reads as the same text, and nothing in it ends what holds it.
func FuzzQuote(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return // such bodies are written as bytes
		}
		for _, quoted := range []string{quote(text), "`" + inTemplate(text) + "`"} {
			if got := unquoted(t, quoted); got != text {
				t.Errorf("%q is written as %s, which is %q", text, quoted, got)
			}
			if strings.Contains(strings.ToLower(quoted), "</script") || strings.ContainsAny(quoted, "\n\r\u2028\u2029\x00") {
				t.Errorf("%q is written as %q", text, quoted)
			}
		}
		if c := comment(text); strings.ContainsAny(c, "\n\r\u2028\u2029") {
			t.Errorf("%q is the comment %q", text, c)
		}
	})
}

// unquoted reads a literal as JavaScript does, and fails where it ends before its end.
func unquoted(t *testing.T, literal string) string {
	t.Helper()
	mark := literal[0]
	rest := literal[1 : len(literal)-1]
	var b strings.Builder
	for len(rest) > 0 {
		if rest[0] == mark || mark == '`' && strings.HasPrefix(rest, "${") {
			t.Fatalf("%s ends early", literal)
		}
		if rest[0] != '\\' {
			b.WriteByte(rest[0])
			rest = rest[1:]
			continue
		}
		escape, after := rest[1], rest[2:]
		digits := 0
		switch {
		case escape == 'u' && after[0] == '{':
			digits = strings.IndexByte(after, '}') + 1
		case escape == 'u':
			digits = 4
		}
		if digits > 0 {
			r, err := strconv.ParseUint(strings.Trim(after[:digits], "{}"), 16, 32)
			if err != nil {
				t.Fatal(err)
			}
			b.WriteRune(rune(r))
		} else if i := strings.IndexByte("nrt", escape); i >= 0 {
			b.WriteByte("\n\r\t"[i])
		} else {
			b.WriteByte(escape)
		}
		rest = after[digits:]
	}
	return b.String()
}

// k6 reads them as the same text, too.
func TestQuoteInK6(t *testing.T) {
	t.Parallel()
	var all []string
	for _, text := range hostile {
		all = append(all, quote(text), "`"+inTemplate(text)+"`", "Object.keys({ "+key(text)+": 1 })[0]")
	}
	all = append(all, "Object.keys({ "+key("__proto__")+": 1 })[0]")
	got := evaluate(t, "", "", []string{strings.Join(all, ", ")})[0]
	var want []string
	for _, text := range hostile {
		want = append(want, text, text, text)
	}
	if read := decoded(t, got); strings.Join(read, "|") != strings.Join(append(want, "__proto__"), "|") {
		t.Errorf("k6 read %q", read)
	}
}

// Steps whose names are words of the language, of k6 or of the runtime, or alike, have
// names of their own in a script that loads and runs.
func TestNamesOfSteps(t *testing.T) {
	t.Parallel()
	s := loadText(t, `
name: names
load: {connections: 1}
mix:
  - {name: send, request: GET /1}
  - {name: class, request: GET /2}
  - {name: get it, request: GET /3}
  - {name: get-it, request: GET /4}
  - {name: "404", request: GET /5}
  - {name: exec, request: GET /6}
  - {name: record, request: GET /7}
  - {name: step2, request: GET /8}
  - {name: random, request: GET /9}
  - {name: random 2, request: GET /10}
`)
	server := newRecorder(t, answers(`{}`))
	b := runK6(t, server, s, Options{Duration: second, Warmup: -1, URL: server.URL})
	if len(b.Steps) != 10 || b.Steps[2].Name != "get it" {
		t.Errorf("%+v", b.Steps)
	}
}

// Every name that a script has for all to see is one that no step may have.
func TestReservedNames(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	names := regexp.MustCompile(`(?m)^(?:export )?(?:default )?(?:function|const|let|var|class|import)\s+(?:\{ )?(\w+)`)
	taken := reserved()
	for _, file := range files {
		s := load(t, file)
		script := generate(t, s, Options{})
		g := newGenerator(s, Options{})
		g.nameSteps()
		steps := slices.Collect(maps.Values(g.names))
		found := names.FindAllStringSubmatch(script, -1)
		if len(found) < 50 {
			t.Fatalf("%s has %d names", file, len(found))
		}
		for _, m := range found {
			name := m[1]
			if strings.Contains(name, "_") || name[0] < 'a' { // as no step is called
				continue
			}
			if !taken[name] && !slices.Contains(steps, name) {
				t.Errorf("%s: a step may be called %s, as the script calls something else", file, name)
			}
		}
	}
}
