package export

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"

	"taskbench/compare/stats"
)

// The only HTML of a comment is its own: the marker and the fold.
var ownHTML = strings.NewReplacer(CommentMarker, "", "<details><summary>All figures</summary>", "", "</details>", "")

var (
	foreignTag = regexp.MustCompile(`<(script|img|a|iframe|svg|td/|b>|del|!--|[^/a-z])`)
	tableRow   = regexp.MustCompile(`(?s)<tr>(.*?)</tr>`)
	wholeTable = regexp.MustCompile(`(?s)<table>(.*?)</table>`)
)

// readComment: rendered as GitHub does it, with raw HTML let through, a comment
// has no markup that a name brought along, and tables have their columns.
func readComment(t testing.TB, s exportCase) {
	text := written(t, func(w io.Writer) error { return Comment(w, s.c, s.gate(t, stats.Standard)) })
	if !strings.HasPrefix(text, CommentMarker+"\n## ") || strings.Count(text, "<details>") != 1 {
		t.Errorf("not a comment:\n%s", text)
	}
	var page bytes.Buffer
	md := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(html.WithUnsafe()))
	if err := md.Convert([]byte(ownHTML.Replace(text)), &page); err != nil {
		t.Fatal(err)
	}
	if tag := foreignTag.FindString(page.String()); tag != "" {
		t.Errorf("%s is not of us:\n%s", tag, page.String())
	}
	tables := wholeTable.FindAllString(page.String(), -1)
	if len(tables) < len(s.c.Scenarios) {
		t.Errorf("%d tables of %d scenarios:\n%s", len(tables), len(s.c.Scenarios), page.String())
	}
	for _, table := range tables {
		rows := tableRow.FindAllString(table, -1)
		columns := strings.Count(rows[0], "<th")
		for _, row := range rows[1:] {
			if strings.Count(row, "<td") != columns {
				t.Errorf("%d columns expected: %s", columns, row)
			}
		}
	}
}

// What is too long for a comment is left out whole.
func TestCommentLimit(t *testing.T) {
	t.Parallel()
	s := compared(t, measuredDocuments(t))
	for range 400 {
		s.c.Scenarios = append(s.c.Scenarios, s.c.Scenarios[0])
	}
	text := written(t, func(w io.Writer) error { return Comment(w, s.c, s.gate(t, stats.Standard)) })
	if len(text) > 65536 || strings.Contains(text, "<details>") || !strings.Contains(text, "too long") {
		t.Errorf("a comment of %d bytes", len(text))
	}
}
