package sentences

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"taskbench/compare/finding"
)

var update = flag.Bool("update", false, "write docs/findings.md anew")

// group is a list of codes that belong together, with the comment above it.
type group struct {
	about string
	codes []declared
}

// declared is a code, with the names of its values and what is said.
type declared struct {
	code         finding.Code
	values, said string
}

// groups are the codes of package finding, read from its source: a code that
// nobody has put into a list is among them.
func groups(t *testing.T) []group {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../finding/codes.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var list []group
	seen := map[string]bool{}
	for _, d := range file.Decls {
		g := group{about: strings.TrimSpace(d.(*ast.GenDecl).Doc.Text())}
		for _, s := range d.(*ast.GenDecl).Specs {
			v := s.(*ast.ValueSpec)
			text, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
			if err != nil || seen[text] {
				t.Errorf("%s: %q, twice: %t, %v", v.Names[0].Name, text, seen[text], err)
			}
			seen[text] = true
			values, said, _ := strings.Cut(strings.TrimSpace(v.Comment.Text()), "said: ")
			said, more, _ := strings.Cut(said, "; ")
			g.codes = append(g.codes, declared{finding.Code(text), strings.Trim(values+more, " ;"), said})
		}
		list = append(list, g)
	}
	return list
}

func codes(t *testing.T) map[finding.Code]string {
	all := map[finding.Code]string{}
	for _, g := range groups(t) {
		for _, d := range g.codes {
			all[d.code] = d.values
		}
	}
	return all
}

const findingsHead = `# Findings

What comparisons find, and why something is not there, is kept as facts: the ` + "`code`" + `s below, with ` + "`values`" + ` by name and what others ` + "`said`" + `.
[output.md](output.md#findings) has the form. Values carry their units as all keys do; those without one are numbers of things, ratios, or in the unit of the finding's ` + "`metric`" + `.
`

// TestFindingsDocumentation: docs/findings.md lists every code.
func TestFindingsDocumentation(t *testing.T) {
	const path = "../../docs/findings.md"
	name := regexp.MustCompile(`\([^)]*\)|[a-z0-9_]+`)
	text := findingsHead
	for _, g := range groups(t) {
		about, rest, _ := strings.Cut(strings.Join(strings.Fields(g.about), " "), ". ")
		text += "\n## " + strings.TrimSuffix(strings.TrimSuffix(about, "."), ":") + "\n\n"
		if rest != "" {
			text += strings.TrimSuffix(rest, ".") + ".\n\n"
		}
		text += "| code | values | said |\n|---|---|---|\n"
		for _, d := range g.codes {
			values := name.ReplaceAllStringFunc(d.values, func(v string) string {
				if v[0] == '(' {
					return v
				}
				return "`" + v + "`"
			})
			text += fmt.Sprintf("| `%s` | %s | %s |\n", d.code, values, d.said)
		}
	}
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	is, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(is), "\n"), strings.Split(text, "\n")); diff != "" {
		t.Errorf("docs/findings.md (- is, + should be; -update writes it):\n%s", diff)
	}
}

// TestEveryCodeHasItsSentence: a sentence for every code, and none for what is
// no code; it says the target; and of an empty finding, which a damaged document
// may lead to, it makes no panic.
func TestEveryCodeHasItsSentence(t *testing.T) {
	t.Parallel()
	codes := codes(t)
	for code := range codes {
		if known[code].say == nil {
			t.Errorf("no sentence for %q", code)
			continue
		}
		Of(finding.Finding{Code: code})
		full := finding.Finding{Code: code, Target: "the target", Step: "create", Metric: "p95", Pairs: []int{3}, Said: []string{"a", "b", "c", "d", "e"}}
		text := Of(full)
		if !strings.Contains(text, "the target") || text == "the target: " || strings.Contains(text, "%!") {
			t.Errorf("%s: %q", code, text)
		}
	}
	for code := range known {
		if _, known := codes[code]; !known {
			t.Errorf("a sentence for %q, which is no code", code)
		}
	}
}

// TestSentencesSayTheirValues: every value that is documented behind a code
// changes its sentence, so that no name is wrong on either side.
func TestSentencesSayTheirValues(t *testing.T) {
	t.Parallel()
	name := regexp.MustCompile(`^[a-z][a-z_0-9]*$`)
	for code, comment := range codes(t) {
		comment = regexp.MustCompile(`\([^)]*\)`).ReplaceAllString(comment, "")
		for part := range strings.FieldsFuncSeq(comment, func(r rune) bool { return strings.ContainsRune(",;\n", r) }) {
			value := strings.TrimSpace(part)
			if !name.MatchString(value) {
				continue
			}
			base := finding.Finding{Code: code, Metric: "mean_bytes", Values: finding.Values{}}
			changed := finding.Finding{Code: code, Metric: "mean_bytes", Values: finding.Values{value: 7e6}}
			if value == "pairs" || value == "middle" { // shown only against another
				base.Values["most_pairs"], changed.Values["most_pairs"] = 9e6, 9e6
				base.Values["change"], changed.Values["change"] = 1e6, 1e6
			}
			if Of(base) == Of(changed) {
				t.Errorf("%s does not say %s: %q", code, value, Of(base))
			}
		}
	}
}

// TestTextInJSON: findings have their sentences in JSON, wherever they are, and
// what they were taken from has none.
func TestTextInJSON(t *testing.T) {
	t.Parallel()
	type inner struct{ Reason finding.Finding }
	type outer struct {
		List  []inner
		Point *inner
		None  *inner
	}
	rank := finding.Finding{Code: finding.JudgedByRanks}.With(finding.Finding{Code: finding.SameRatio})
	one := &outer{List: []inner{{rank}}, Point: &inner{finding.Finding{Code: finding.NoWindow, Target: "rust"}}}
	told := WithTexts(one)
	if got := told.List[0].Reason.Text; got != "judged by ranks: every pair has the same ratio" {
		t.Errorf("%q", got)
	}
	if got := told.List[0].Reason.More[0].Text; got != "every pair has the same ratio" {
		t.Errorf("what more there is: %q", got)
	}
	if got := told.Point.Reason.Text; got != "rust: no window was measured" {
		t.Errorf("%q", got)
	}
	if told.None != nil || one.List[0].Reason.Text != "" || one.Point.Reason.Text != "" || rank.More[0].Text != "" {
		t.Errorf("%+v from %+v", told, one)
	}
}

// Foreign text of several lines reads as one sentence, whatever ends its lines.
func TestLinesInSentence(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"it ended with 1:\nport in use\nbye\n": "it ended with 1: port in use; bye",
		"6 %,\r\n::error::x":                   "6 %, ::error::x",
		"It failed.\n\n  Why is\r not known":   "It failed. Why is; not known",
		"one line":                             "one line",
	} {
		if got := inSentence(text); got != want {
			t.Errorf("%q is told as %q, want %q", text, got, want)
		}
	}
}
