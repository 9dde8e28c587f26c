package secret

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// What the program itself says has no secret in it, and passes unchanged: hints,
// messages and help, with anything in the places of their values.
func TestOwnWordsPass(t *testing.T) {
	t.Parallel()
	var k Keeper
	for _, text := range ownTexts(t) {
		text = strings.ReplaceAll(text, "%w", "no such file") // what is put there is a message, too
		if got := k.Hide(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

// ownTexts are the texts of the code that have a blank in them.
func ownTexts(t *testing.T) []string {
	t.Helper()
	var texts []string
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "cmd" || d.Name() == "testdata") {
			return skipped(err)
		}
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "secret/") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if text, err := strconv.Unquote(lit.Value); err == nil && strings.Contains(strings.TrimSpace(text), " ") {
					texts = append(texts, text)
				}
			}
			return true
		})
		return nil
	})
	if err != nil || len(texts) < 1000 {
		t.Fatalf("%d texts: %v", len(texts), err)
	}
	return texts
}

// skipped passes a folder over, unless there is an error.
func skipped(err error) error {
	if err != nil {
		return err
	}
	return fs.SkipDir
}
