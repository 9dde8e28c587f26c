package lua

import (
	"bytes"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	glua "github.com/yuin/gopher-lua"

	"taskbench/internal/source"
)

// preamble is what parts of the runtime take from clock.lua.
const preamble = "local find, byte, sub, match = string.find, string.byte, string.sub, string.match\n"

func part1(t testing.TB, name string) string {
	t.Helper()
	text, err := runtimeFiles.ReadFile("runtime/" + name + ".lua")
	if err != nil {
		t.Fatal(err)
	}
	return string(text) + "\n"
}

// evaluate runs a chunk in gopher-lua and returns the strings it returns; nil
// and false give "nil" and "false".
func evaluate(t testing.TB, chunk string) []string {
	t.Helper()
	l := glua.NewState()
	defer l.Close()
	if err := l.DoString(chunk); err != nil {
		t.Fatalf("%v in\n%s", err, chunk)
	}
	var out []string
	for i := 1; i <= l.GetTop(); i++ {
		out = append(out, l.Get(i).String())
	}
	return out
}

// inLuaJIT runs a chunk that writes to standard output; false without luajit.
func inLuaJIT(t testing.TB, chunk string) (string, bool) {
	t.Helper()
	path, err := exec.LookPath("luajit")
	if err != nil {
		return "", false
	}
	cmd := exec.Command(path, "-")
	cmd.Stdin = strings.NewReader(chunk)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("luajit: %v: %s", err, stderr.Bytes())
	}
	return stdout.String(), true
}

func FuzzQuote(f *testing.F) {
	for _, s := range []string{
		"", "plain", `"both' quotes"`, "\x00\x01\r\n\t\x7f\x80\xff", "]] --[[ \\", `\065`, "${x} $${", "ü€😀",
		`" .. os.exit(1) .. "`, "\\\n", "9\x001",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := evaluate(t, "return "+quote(s))[0]; got != s {
			t.Errorf("quote(%q) = %s, evaluates to %q", s, quote(s), got)
		}
	})
}

func TestQuoteInLuaJIT(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	for i := range 256 {
		for _, after := range []string{"", "0", `"`, "'", "\n"} {
			all.WriteString(string([]byte{byte(i)}) + after)
		}
	}
	got, ok := inLuaJIT(t, "io.write("+quote(all.String())+")")
	if !ok {
		t.Skip("no luajit here")
	}
	if got != all.String() {
		t.Error("LuaJIT reads other bytes than were quoted")
	}
}

var expressions = []string{
	`a`, `(a+)`, `id=(\d+)`, `name="([^"]*)"`, `^(\w+)$`, `(?m)^b(.*)$`, `(?i)TOKEN:\s*(\S+)`, `x*`, `(a|ab)(c|bcd)`,
	`\b(b\w*)\b`, `(ü+)`, `[^a]é`, `.(.)`, `(?s)a.b`, `(?U)(a+)`, `(a{2,3})`, `$`, `\Aab`, `c\z`, `\B`, `[[:alpha:]]+(\d)`, `()`,
	`(?i)straße|K`, `[ä-ü]+`, `(?:x)(y)?`,
}

func checkRegexp(t *testing.T, expr, text string) {
	t.Helper()
	re, err := regexp.Compile(expr)
	if err != nil {
		return
	}
	program, err := compileRegexp(expr, source.Position{})
	if err != nil {
		return
	}
	got := evaluate(t, preamble+part1(t, "regexp")+"local found, group = regexp("+program+")("+quote(text)+")\nreturn found, group or 'nil'")
	want := []string{"false", "nil"}
	if m := re.FindStringSubmatchIndex(text); m != nil {
		want[0] = "true"
		if len(m) > 2 && m[2] >= 0 {
			want[1] = text[m[2]:m[3]]
		}
	}
	if got[0] != want[0] || got[1] != want[1] {
		t.Errorf("%q on %q: %q, want %q", expr, text, got, want)
	}
}

func TestRegexpAgreesWithGo(t *testing.T) {
	t.Parallel()
	texts := []string{"", "a", "aaa", "id=42;", `x name="Ünï" y`, "a\nb c\nd", "Token:  abc", "abcd", "b", "foo bar", "xüüy", "bé\xff", "\xff\xfe", "strasse STRASSE ſ K", "xy x"}
	for _, expr := range expressions {
		for _, text := range texts {
			checkRegexp(t, expr, text)
		}
	}
}

func FuzzRegexp(f *testing.F) {
	for _, expr := range expressions {
		f.Add(expr, "id=42 name=\"ü\" abcd\nToken: x")
	}
	f.Fuzz(func(t *testing.T, expr, text string) {
		if len(expr) < 50 && len(text) < 200 {
			checkRegexp(t, expr, text)
		}
	})
}

func TestEscapes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ call, want string }{
		{`url("a b/c?ü~-._")`, "a%20b%2Fc%3F%C3%BC~-._"},
		{`url("plain-1")`, "plain-1"},
		{`line("a\013\010b\000c")`, "abc"},
		{`json_text('say "hi"\\\010')`, `say \"hi\"\\\u000a`},
		{`json_literal("12")`, "12"},
		{`json_literal("-1.5e3")`, "-1.5e3"},
		{`json_literal("012")`, `"012"`},
		{`json_literal("0")`, "0"},
		{`json_literal("0.5")`, "0.5"},
		{`json_literal("true")`, "true"},
		{`json_literal("null")`, "null"},
		{`json_literal("")`, `""`},
		{`json_literal("12", "string")`, `"12"`},
		{`json_literal("[1]", "array")`, "[1]"},
		{`json_literal("NaN")`, `"NaN"`},
	} {
		if got := evaluate(t, preamble+part1(t, "escape")+"return "+c.call)[0]; got != c.want {
			t.Errorf("%s = %s, want %s", c.call, got, c.want)
		}
	}
}

func TestHeaderAndCookie(t *testing.T) {
	t.Parallel()
	chunk := preamble + part1(t, "header") + `
local id, session = header("X-Request-Id"), cookie("session")
return id({ ["x-request-ID"] = "7" }), id({ ["X-REQUEST-ID"] = "8" }), id({ Other = "9" }) or "nil",
  session({ ["set-cookie"] = "session=abc; Path=/" }), session({ ["Set-Cookie"] = 'session="q"' }), session({ ["Set-Cookie"] = "sessions=x" }) or "nil"`
	want := []string{"7", "8", "nil", "abc", "q", "nil"}
	for i, got := range evaluate(t, chunk) {
		if got != want[i] {
			t.Errorf("value %d = %q, want %q", i+1, got, want[i])
		}
	}
}

func TestRandomIsRepeatableAndEven(t *testing.T) {
	t.Parallel()
	chunk := preamble + "local SEED, USERS, user, drawn = '42', 4, 1, { numbers = 0 }\n" + part1(t, "random") + part1(t, "values") + `
seed_random(1)
local first = uuid()
local again, other
seed_random(1) again = uuid()
seed_random(2) other = uuid()
local count = {}
for _ = 1, 10000 do local n = between(1, 10) count[n] = (count[n] or 0) + 1 end
local least, most = 1e9, 0
for n = 1, 10 do least, most = math.min(least, count[n]), math.max(most, count[n]) end
return first, again, other, least, most, next_number(), next_number(), between(5, 5)`
	got := evaluate(t, chunk)
	if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(got[0]) {
		t.Errorf("uuid = %q", got[0])
	}
	if got[0] != got[1] || got[0] == got[2] {
		t.Errorf("seeds: %q", got[:3])
	}
	if got[3] < "850" || len(got[3]) < 3 || got[4] > "1150" {
		t.Errorf("10000 draws of 10 numbers: between %s and %s each", got[3], got[4])
	}
	if got[5] != "1" || got[6] != "5" || got[7] != "5" {
		t.Errorf("seq %s, %s; between(5,5) %s", got[5], got[6], got[7])
	}
}
