package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// glossary is the part of docs/design.md that says what words mean.
const glossary = "## 9. Words"

var (
	glossaryRow = regexp.MustCompile(`(?m)^\| ([^|]+) \| ([^|]+) \|([^|]*)\|$`)
	code        = regexp.MustCompile("(?ms)^```.*?^```$|^    .*?$|`[^`\n]*`")
)

// othersWords is where the words of other tools stand, as keys, with ours as values.
const othersWords = "internal/othertools/words.go"

// TestWords holds documentation, comments and everything that the program
// prints to the glossary: what a thing is not to be called, it is not called.
func TestWords(t *testing.T) {
	t.Parallel()
	avoided := avoidedWords(t)
	look := func(file string, line int, text string) {
		for _, at := range avoided.FindAllStringIndex(text, -1) {
			line := line + strings.Count(text[:at[0]], "\n")
			t.Errorf("%s:%d says %q; docs/design.md has another word for it", file, line, text[at[0]:at[1]])
		}
	}
	for _, page := range pages(t) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		prose, _, _ := strings.Cut(string(text), glossary)
		look(page, 1, code.ReplaceAllStringFunc(prose, blank))
	}
	for _, file := range sources(t) {
		files := token.NewFileSet()
		parsed, err := parser.ParseFile(files, file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		line := func(n ast.Node) int { return files.Position(n.Pos()).Line }
		for _, c := range parsed.Comments {
			look(file, line(c), c.Text())
		}
		var inspect func(n ast.Node) bool
		inspect = func(n ast.Node) bool {
			if pair, ok := n.(*ast.KeyValueExpr); ok && file == othersWords {
				ast.Inspect(pair.Value, inspect)
				return false
			}
			if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				look(file, line(literal), literal.Value)
			}
			return true
		}
		ast.Inspect(parsed, inspect)
	}
}

// avoidedWords matches what stands in the last column of the glossary.
func avoidedWords(t *testing.T) *regexp.Regexp {
	t.Helper()
	text, err := os.ReadFile("docs/design.md")
	if err != nil {
		t.Fatal(err)
	}
	_, words, found := strings.Cut(string(text), glossary)
	rows := glossaryRow.FindAllStringSubmatch(words, -1)
	if !found || len(rows) < 40 {
		t.Fatalf("the glossary of docs/design.md has %d rows", len(rows))
	}
	var avoided []string
	for _, row := range rows {
		for _, word := range strings.Split(row[3], ",") {
			if word = strings.TrimSpace(word); word != "" && word != "not" {
				avoided = append(avoided, strings.ReplaceAll(regexp.QuoteMeta(word), " ", `\s+`)+"s?")
			}
		}
	}
	return regexp.MustCompile(`(?i)\b(` + strings.Join(avoided, "|") + `)\b`)
}

func pages(t *testing.T) []string {
	t.Helper()
	list, err := filepath.Glob("docs/*.md")
	if err != nil || len(list) < 10 {
		t.Fatalf("%d pages in docs (%v)", len(list), err)
	}
	return append(list, "README.md", "CONTRIBUTING.md", "CHANGELOG.md")
}

// sources are all files of the program, without tests.
func sources(t *testing.T) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(".", func(path string, d os.DirEntry, err error) error {
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && path != ".") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			list = append(list, path)
		}
		return err
	})
	if err != nil || len(list) < 100 {
		t.Fatalf("%d files (%v)", len(list), err)
	}
	return list
}

// blank keeps the lines of what is left out.
func blank(code string) string { return strings.Repeat("\n", strings.Count(code, "\n")) }
