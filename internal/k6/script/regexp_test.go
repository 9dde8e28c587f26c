package script

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// Expressions of all kinds, and texts that they are held against.
var (
	expressions = []string{
		`abc`, `a.c`, `^a`, `c$`, `^$`, `(?i)straße`, `(?i)K`, `(?m)^b`, `(?m)a$`, `(?s)a.b`, `\bfoo\b`, `\Boo`, `[a-c]+`, `[^a-c]+`, `[\d\s]`, `\w+`, `\W`, `\D+`, `\S`,
		`a{2,3}`, `a{2}`, `a{2,}`, `a+?b`, `a*?`, `(a|b)c`, `x(?:y|z)?`, `"id":"([^"]+)"`, `csrf="([^"]*)"`, `/items/([0-9]+)`, `\p{L}+`, `\pN`, `[[:alpha:]]+`, `😀`, `[😀-😂]`,
		`\x{1F600}`, `\Q.*\E`, `[\]\-^/]`, `/`, `a|`, `|b`, `(?:)`, `\.`, `[.]`, `[^\n]`, `\z`, `\A\w`, `.`, `é`, `(?i)É`, `\t`, `(a)(b)?`, `[^]a]`, `(?U)a+`, `<\/script>`, "`${x}`",
	}
	texts = []string{"", "abc", "xabcx", "a\nb", "a\rb", "b\na\nb", "STRASSE Straße strasse", "k K \u212a", "foo food", "aaaa", "bc ac", "xyz", `{"id":"x-1","csrf="a b"}`, "/items/42?x",
		"été 5 ٣", "😀😁😂", "a\u2028b", ".*", "]-^/", "\t", "</script>`${x}`", "a", "é", "É"}
)

// Expressions of RE2 find in JavaScript what they find in Go, and their group is the same.
func TestRegexpsFindTheSame(t *testing.T) {
	t.Parallel()
	var asked, want []string
	for _, expr := range expressions {
		re := regexp.MustCompile(expr)
		for _, text := range texts {
			finds, captures := checkRegexp(expr, false), checkRegexp(expr, true)
			if finds != nil || captures != nil {
				t.Errorf("%s is refused: %v, %v", expr, finds, captures)
			}
			asked = append(asked, fmt.Sprintf("%s.test(%s), (match({ value: %s }, %s) || { value: null }).value, allMatches({ value: %s }, %sg).value", regexpOf(expr, false), quote(text), quote(text), regexpOf(expr, true), quote(text), regexpOf(expr, true)))
			want = append(want, found(re, text))
		}
	}
	got := evaluate(t, "", "read escape", asked)
	for i := range asked {
		if got[i] != want[i] {
			t.Errorf("%s\nis   %s\nwant %s", asked[i], got[i], want[i])
		}
	}
}

// found is what an expression finds in Go: whether, its group, and those of all matches.
func found(re *regexp.Regexp, text string) string {
	var one any
	if m := re.FindStringSubmatchIndex(text); len(m) > 2 && m[2] >= 0 {
		one = text[m[2]:m[3]]
	}
	var groups []string
	for _, m := range re.FindAllStringSubmatchIndex(text, -1) {
		if len(m) > 2 && m[2] >= 0 {
			groups = append(groups, jsonOf(text[m[2]:m[3]]))
		}
	}
	return jsonOf([]any{re.MatchString(text), one, "[" + strings.Join(groups, ",") + "]"})
}

func jsonOf(v any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v)
	return strings.TrimSpace(b.String())
}

// What JavaScript would find another part of is refused where the part matters.
func TestRegexpsThatDiffer(t *testing.T) {
	t.Parallel()
	for expr, fits := range map[string]bool{
		`(?:(a)|b)*`: false, `(a)+`: false, `(|a)*x`: false, `(?:a*)*(b)`: false, `(a*)+`: false, `(?:\b)*(x)`: false,
		`(a+)`: true, `(?:a|b)*(c)`: true, `(a)?`: true, `((?:ab)+)`: true,
	} {
		if err := checkRegexp(expr, true); (err == nil) != fits {
			t.Errorf("%s: %v", expr, err)
		}
		if err := checkRegexp(expr, false); err != nil {
			t.Errorf("%s, as a condition: %v", expr, err)
		}
	}
}
