package report

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// axeVersion is of axe-core, the accessibility checker (MPL-2.0). It is fetched
// when the test runs; without npm, or without the registry, the test is skipped.
const axeVersion = "4.14.1"

func axe(t *testing.T) string {
	t.Helper()
	npm, err := exec.LookPath("npm")
	if err != nil {
		t.Skip("npm is not installed")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	dir := t.TempDir()
	cmd := exec.CommandContext(ctx, npm, "install", "--prefix", dir, "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", "axe-core@"+axeVersion)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("axe-core cannot be fetched: %v\n%s", err, out)
	}
	text, err := os.ReadFile(filepath.Join(dir, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const checking = tell + `
document.querySelectorAll("details").forEach((d) => { d.open = true; });
axe.run(document, { resultTypes: ["violations"] }).then((r) => tell(r.violations.map((v) => ({
  id: v.id, impact: v.impact, help: v.help, where: v.nodes.slice(0, 3).map((n) => n.html.slice(0, 200)),
}))), (e) => tell([{ id: "axe", impact: "critical", help: String(e), where: [] }]));`

// Nobody is kept out: axe-core finds nothing on a page with everything opened,
// in light and dark, on a wide screen and on a phone.
func TestBrowserAccessible(t *testing.T) {
	script := axe(t)
	page := rendered(t, samples(t)["small"])
	for name, args := range map[string][]string{
		"light": nil, "dark, on a phone": phone,
	} {
		t.Run(name, func(t *testing.T) {
			dom, _ := browse(t, page, append(args, "--virtual-time-budget=60000"), script, checking)
			for _, v := range told[[]struct {
				ID, Impact, Help string
				Where            []string
			}](t, dom) {
				t.Errorf("%s (%s): %s\n%q", v.ID, v.Impact, v.Help, v.Where)
			}
		})
	}
}
