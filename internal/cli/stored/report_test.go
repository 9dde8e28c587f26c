package stored

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"taskbench/internal/cli/console"
	"taskbench/internal/source"
)

// TestReportToStandardOutput: what would move a cursor or command a build does
// neither, and a page without such things is the one that files get, byte for byte.
func TestReportToStandardOutput(t *testing.T) {
	t.Parallel()
	deliveredTo := func(page string) string {
		var out bytes.Buffer
		p := console.Process{Stdout: &out, Stderr: &out, Getenv: func(string) string { return "" }}
		p.Terminal.Stdout = true // whose own colours may pass
		p.Guard()
		if err := deliver(p, "-", []byte(page)); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	got := deliveredTo("<h1>a\x1b[31m\u202eb\x07</h1>\n::error::x\n##[error]y\n")
	if want := "<h1>a\ufffd[31m\ufffdb\ufffd</h1>\n: :error::x\n## [error]y\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	var parts []string
	for _, name := range []string{"report.css", "report.html", "parts.html"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "report", "assets", name))
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, string(text))
	}
	page := strings.Join(parts, "\n")
	if source.Printable(page) != page || deliveredTo(page) != page {
		t.Error("the report's own styles are not what they were")
	}
}
