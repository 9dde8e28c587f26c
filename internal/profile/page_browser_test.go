package profile

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestBrowserDrawsThePage opens a page in headless Chromium: a frame for each
// place of the graph that is shown first, and not a word on the console.
func TestBrowserDrawsThePage(t *testing.T) {
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed")
	}
	other := NewTree()
	other.Add(sample("main", "serve", "only_here"), 1)
	path := filepath.Join(t.TempDir(), "page.html")
	var page bytes.Buffer
	p := Page{Title: "CPU", Unit: "samples", Graphs: []Graph{{Name: "rust", Tree: small()}, {Name: "wj", Tree: other, Notes: []string{"a note"}}}}
	if err := WritePage(&page, p); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, page.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir="+t.TempDir(),
		"--force-prefers-reduced-motion", "--enable-logging=stderr", "--virtual-time-budget=30000", "--dump-dom", "file://"+path)
	var dom, log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &dom, &log
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, &log)
	}
	for _, want := range []string{"wj against rust</button>", "widths of wj</button>", ">only_here</div>", ">serve</div>"} {
		if !strings.Contains(dom.String(), want) {
			t.Errorf("the page lacks %q:\n%s", want, body(dom.String()))
		}
	}
	if strings.Contains(log.String(), "CONSOLE") {
		t.Errorf("the browser says:\n%s", &log)
	}
}

// body is what was drawn, without the scripts.
func body(dom string) string {
	_, rest, _ := strings.Cut(dom, "<body>")
	rest, _, _ = strings.Cut(rest, "<script>")
	return rest
}
