package syntax

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"taskbench/internal/source"
)

var update = flag.Bool("update", false, "rewrite golden files, from luajit where it is the reference")

// loader compiles scripts, each behind its length, and prints what LuaJIT says.
const loader = `
local format = string.format
while true do
  local n = io.read("*n", 1)
  if not n then break end
  local text = n > 0 and io.read(n) or ""
  local ok, problem = loadstring(text, "=s")
  io.write((string.gsub(ok and "ok" or problem, "[\r\n]", " ")), "\n")
end`

// luajit gives LuaJIT's verdict on each script: "ok", or its message with the
// line in front. It gives nil where there is no luajit.
func luajit(t *testing.T, scripts []string) []string {
	t.Helper()
	path, err := exec.LookPath("luajit")
	if err != nil {
		return nil
	}
	var in, out bytes.Buffer
	for _, s := range scripts {
		fmt.Fprintf(&in, "%d\n%s", len(s), s)
	}
	cmd := exec.Command(path, "-e", loader)
	cmd.Stdin, cmd.Stdout = &in, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("luajit: %v", err)
	}
	verdicts := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(verdicts) != len(scripts) {
		t.Fatalf("%d verdicts on %d scripts", len(verdicts), len(scripts))
	}
	for i, v := range verdicts {
		verdicts[i] = strings.TrimPrefix(v, "s:")
	}
	return verdicts
}

// here gives the verdict of Parse in the same form.
func here(t *testing.T, script string) string {
	t.Helper()
	_, err := Parse("s", []byte(script))
	if err == nil {
		return "ok"
	}
	var e *source.Error
	if !errors.As(err, &e) || e.Hint == "" || e.Pos.Line == 0 || e.Pos.Column == 0 {
		t.Errorf("%q: no place or hint: %v", script, err)
		return ""
	}
	return strings.NewReplacer("\n", " ", "\r", " ").Replace(fmt.Sprintf("%d: %s", e.Pos.Line, e.Message))
}

// agree says that two verdicts are the same. Messages on strings and escapes are
// told better here, and an unfinished long string is placed where it begins, what
// is missing at the end behind the last word, and a limit at the name that is
// too many, where LuaJIT may be one word on.
func agree(theirs, ours string) bool {
	if theirs == ours {
		return true
	}
	if text, ok := strings.CutSuffix(theirs, " near '<eof>'"); ok && strings.HasSuffix(ours, " near '<eof>'") {
		_, their, _ := strings.Cut(text, ": ")
		return strings.Contains(ours, their)
	}
	for _, message := range []string{"invalid escape sequence", "unfinished long", "unfinished string", "has more than", "too many syntax levels"} {
		if strings.Contains(theirs, message) && strings.Contains(ours, message) {
			return true
		}
	}
	return false
}

// TestDialect holds the parser to LuaJIT, whose verdicts are kept in a golden
// file, so that the test says the same where it is missing.
func TestDialect(t *testing.T) {
	t.Parallel()
	const golden = "testdata/dialect.json"
	theirs := luajit(t, dialect)
	if *update && theirs != nil {
		text, _ := json.MarshalIndent(theirs, "", " ")
		if err := os.WriteFile(golden, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	if err := json.Unmarshal(text, &want); err != nil || len(want) != len(dialect) {
		t.Fatalf("%d verdicts on %d scripts, %v", len(want), len(dialect), err)
	}
	for i, script := range dialect {
		if theirs != nil && theirs[i] != want[i] {
			t.Errorf("%q: golden %s, luajit %s", script, want[i], theirs[i])
		}
		if got := here(t, script); !agree(want[i], got) {
			t.Errorf("%q:\nluajit %s\nhere   %s", script, want[i], got)
		}
	}
}

// TestMutants breaks sound scripts at random, a word left out, doubled, or put
// in from elsewhere, and asks LuaJIT about each.
func TestMutants(t *testing.T) {
	t.Parallel()
	words := []string{";", "(", ")", "{", "}", "[", "]", "end", "do", "=", ",", "local", "goto", "::", "...", "\n", "x", "1", "'s'", "..", "not", "-", "function", "return", "break", "until", ".", ":", "5ULL", "0x1p2", "\"\\z \"", "~", "é"}
	var sound [][]string
	paths, _ := filepath.Glob("../testdata/wrk/*.lua")
	for _, path := range paths {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sound = append(sound, split(string(src)))
	}
	for _, s := range dialect {
		if _, err := Parse("s", []byte(s)); err == nil && s != "" && len(s) < 2000 {
			sound = append(sound, split(s))
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	scripts := make([]string, 20000)
	for i := range scripts {
		text := append([]string(nil), sound[r.IntN(len(sound))]...)
		for range 1 + r.IntN(2) {
			at := r.IntN(len(text) + 1)
			switch r.IntN(3) {
			case 0:
				text = append(text[:at:at], text[min(at+1, len(text)):]...)
			case 1:
				text = append(text[:at:at], append([]string{words[r.IntN(len(words))]}, text[at:]...)...)
			default:
				other := r.IntN(len(text) + 1)
				text = append(text[:at:at], append([]string{strings.Join(text[other:min(other+1, len(text))], "")}, text[at:]...)...)
			}
		}
		scripts[i] = strings.Join(text, " ")
	}
	theirs := luajit(t, scripts)
	if theirs == nil {
		t.Skip("luajit is not installed")
	}
	wrong := 0
	for i, script := range scripts {
		if got := here(t, script); !agree(theirs[i], got) && wrong < 20 {
			wrong++
			t.Errorf("%q:\nluajit %s\nhere   %s", script, theirs[i], got)
		}
	}
}

// split cuts a sound script into its words, line ends kept.
func split(src string) (words []string) {
	l := newLexer("s", []byte(src))
	line := 1
	for t := l.next(); t.kind != tokenEOF; t = l.next() {
		for ; line < t.line; line++ {
			words = append(words, "\n")
		}
		words = append(words, t.text)
		line += strings.Count(t.text, "\n")
	}
	return words
}

// FuzzParse: no bytes make Parse panic, or refuse without a place.
func FuzzParse(f *testing.F) {
	for _, s := range dialect {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if _, err := Parse("s", src); err != nil {
			var e *source.Error
			if !errors.As(err, &e) || e.Pos.Line < 1 || e.Pos.Column < 1 || e.Hint == "" {
				t.Errorf("no place or hint: %v", err)
			}
		}
	})
}
