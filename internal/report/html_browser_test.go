package report

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// browse opens a page in headless Chromium, with more arguments and scripts
// that run at its end, and gives the document as it is then, and what the
// browser logged.
func browse(t *testing.T, page string, more []string, scripts ...string) (dom, log string) {
	t.Helper()
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed")
	}
	for _, s := range scripts {
		page = strings.Replace(page, "</body>", "<script>"+s+"</script></body>", 1)
	}
	path := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, browser, append(append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir=" + t.TempDir(),
		"--enable-logging=stderr", "--virtual-time-budget=10000", "--window-size=1200,900"}, more...), "--dump-dom", "file://"+path)...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, &errs)
	}
	return out.String(), errs.String()
}

// told is what a script left in the page by tell(…), which scripts may call.
func told[T any](t *testing.T, dom string) (value T) {
	t.Helper()
	_, text, found := strings.Cut(dom, `<output id="told">`)
	text, _, ended := strings.Cut(text, "</output>")
	if !found || !ended {
		t.Fatal("the script in the page did not end")
	}
	if err := json.Unmarshal([]byte(unescaped.Replace(text)), &value); err != nil {
		t.Fatalf("%v in %.200s", err, text)
	}
	return value
}

var unescaped = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&", "&nbsp;", "\u00a0")

const tell = `const tell = (v) => { const o = document.createElement("output"); o.id = "told"; o.textContent = JSON.stringify(v); document.body.append(o); };`

// painted counts the pixels of every chart that are not of the paper, and looks
// for what asks for more than the page.
const painted = tell + `
tell({
  errors: Number(document.documentElement.dataset.errors),
  charts: [...document.querySelectorAll("[aria-roledescription=chart]")].map((p) => {
    const c = p.querySelector("canvas");
    if (!c || !c.width || !c.height) return { id: p.id, width: 0, painted: 0 };
    const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
    let n = 0;
    for (let i = 3; i < d.length; i += 4) if (d[i] > 0) n++;
    return { id: p.id, width: c.clientWidth, height: c.clientHeight, painted: n };
  }),
  requests: performance.getEntriesByType("resource").map((e) => e.name),
  wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
});`

type picture struct {
	Errors int
	Charts []struct {
		ID                     string
		Width, Height, Painted int
	}
	Requests []string
	Wide     int
}

// Pages of all shapes draw all their charts without an error, a message on the
// console or a request, and are no wider than the window.
func TestBrowserDrawsEveryShape(t *testing.T) {
	for name, args := range map[string][]string{
		"everything": nil, "three of all": {"--window-size=390,844", "--blink-settings=preferredColorScheme=0"},
		"one of all": nil, "nothing worked": {"--window-size=390,844"},
	} {
		t.Run(name, func(t *testing.T) {
			page := rendered(t, samples(t)[name])
			dom, log := browse(t, page, args, painted)
			got := told[picture](t, dom)
			if want := strings.Count(page, `aria-roledescription="chart"`); got.Errors != 0 || len(got.Charts) != want {
				t.Errorf("%d errors and %d charts, want 0 and %d\n%s", got.Errors, len(got.Charts), want, log)
			}
			for _, c := range got.Charts {
				if c.Width < 200 || c.Height < 200 || c.Painted < 1000 {
					t.Errorf("chart %s: %d × %d, %d pixels are painted", c.ID, c.Width, c.Height, c.Painted)
				}
			}
			if len(got.Requests) > 0 || got.Wide > 0 {
				t.Errorf("requests %v; %d pixels wider than the window", got.Requests, got.Wide)
			}
			if strings.Contains(log, "CONSOLE") {
				t.Errorf("the browser says:\n%s", log)
			}
			for _, request := range regexp.MustCompile(`(?i)<(?:link|img|iframe)\b|\bsrc=|@import|url\(`).FindAllString(page, -1) {
				t.Errorf("the page asks for something else: %s", request)
			}
		})
	}
}

// keys presses arrow keys on every chart, follows a link to a table, and prints.
const keys = tell + `
const press = (e, key) => e.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true }));
const said = {};
for (const p of document.querySelectorAll("[aria-roledescription=chart]")) {
  press(p, "Home");
  said[p.id] = document.getElementById(p.id + "-says").textContent;
}
const first = document.querySelector("[aria-roledescription=chart]");
press(first, "ArrowRight");
const second = document.getElementById(first.id + "-says").textContent;
location.hash = "#" + document.querySelector("details[id]").id;
const closed = () => document.querySelectorAll("details:not([open]):not(.long)").length;
setTimeout(() => {
  const linked = document.querySelector("details[id]").open;
  dispatchEvent(new Event("beforeprint"));
  const printing = closed();
  dispatchEvent(new Event("afterprint"));
  tell({ said, second, linked, printing, after: closed(), tables: [...document.querySelectorAll("[data-table]")].filter((p) => !document.getElementById(p.dataset.table)).map((p) => p.id) });
}, 100);`

// Charts read their values to those who use the keyboard, and the values are
// those that are drawn; each has its table; printing opens the tables.
func TestBrowserByKeyboard(t *testing.T) {
	m := samples(t)["everything"]
	dom, _ := browse(t, rendered(t, m), nil, keys)
	got := told[struct {
		Said            map[string]string
		Second          string
		Linked          bool
		Printing, After int
		Tables          []string
	}](t, dom)
	for id, text := range got.Said {
		if !strings.Contains(text, ": rust ") && !strings.Contains(text, ": windjammer / rust ") {
			t.Errorf("%s says %q", id, text)
		}
	}
	if len(got.Said) < 20 || got.Second == "" || got.Second == got.Said["s1-percentiles"] {
		t.Errorf("%d charts speak; after another key %q", len(got.Said), got.Second)
	}
	if want := fmt.Sprintf("pair 1: rust %.1f k/s", *m.Load.Comparison.Scenarios[0].Rows[0].Cells[0].EachPair[0]/1000); !strings.HasPrefix(got.Said["s1-throughput_per_s"], want) {
		t.Errorf("%q, want %q", got.Said["s1-throughput_per_s"], want)
	}
	if !got.Linked || got.Printing != 0 || got.After == 0 {
		t.Errorf("a link opens its table: %v; closed while printing: %d, after: %d", got.Linked, got.Printing, got.After)
	}
	if len(got.Tables) > 0 {
		t.Errorf("charts without a table: %v", got.Tables)
	}
}
