package report

import (
	"bytes"
	"context"
	"encoding/json"
	"html"
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
	if len(scripts) > 0 { // which the page itself forbids
		page = strings.Replace(page, policy, "", 1)
	}
	for _, s := range scripts {
		page = strings.Replace(page, "</body>", "<script>"+s+"</script></body>", 1)
	}
	if len(more) > 0 && more[0] == phone[0] { // windows are wider than that
		page = `<!doctype html><iframe style="width:390px;height:844px;border:0" srcdoc="` + html.EscapeString(page) + `"></iframe>`
	}
	path := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	return run(t, browser, append(append([]string{"--enable-logging=stderr", "--virtual-time-budget=10000", "--window-size=1200,900"}, more...), "--dump-dom", "file://"+path)...)
}

// run runs headless Chromium.
func run(t *testing.T, browser string, args ...string) (stdout, stderr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, browser, append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir=" + t.TempDir()}, args...)...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, &errs)
	}
	return out.String(), errs.String()
}

// policy lets a page have its own style, and nothing else.
const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`

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

const tell = `const tell = (v) => { const o = top.document.createElement("output"); o.id = "told"; o.textContent = JSON.stringify(v); top.document.body.append(o); };`

// looked opens everything, and measures what is wider than its place: the page, a
// table that leads, a text of a chart that leaves the window or lies on another.
const looked = tell + `
document.querySelectorAll("details").forEach((d) => { d.open = true; });
const box = (e) => e.getBoundingClientRect(), width = document.documentElement.clientWidth;
const outside = (e) => box(e).left < -1 || box(e).right > width + 1;
const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3;
tell({
  charts: [...document.querySelectorAll("svg.chart")].map((c) => {
    const texts = [...c.querySelectorAll("text")];
    return { id: c.id, width: box(c).width, height: box(c).height, lines: c.querySelectorAll(".line").length,
      clipped: texts.filter(outside).map((e) => e.textContent),
      meeting: texts.filter((a) => texts.some((b) => a !== b && meet(box(a), box(b)))).map((e) => e.textContent) };
  }),
  cut: [...document.querySelectorAll(".leads")].filter((e) => outside(e) || e.parentElement.scrollWidth > e.parentElement.clientWidth + 1).map((e) => e.textContent.slice(0, 200)),
  broken: [...document.querySelectorAll("th, td, .what, .from, figcaption, h1, h3, .axis text")].filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1 && getComputedStyle(e).overflow !== "visible").map((e) => e.textContent.slice(0, 80)),
  requests: performance.getEntriesByType("resource").map((e) => e.name),
  wide: document.documentElement.scrollWidth - width,
});`

type picture struct {
	Charts []struct {
		ID               string
		Width, Height    float64
		Lines            int
		Clipped, Meeting []string
	}
	Cut, Broken, Requests []string
	Wide                  int
}

// Pages of all shapes are seen whole on a wide screen and on a phone: no text is
// cut or lies on another, the answer needs no scrolling to the side, and nothing is
// asked for from elsewhere.
func TestBrowserDrawsEveryShape(t *testing.T) {
	for name, args := range map[string][]string{
		"everything": nil, "three of all": phone, "one of all": nil, "failed": phone, "six": phone, "long names": phone, "soak": phone, "without a load": phone,
	} {
		t.Run(name, func(t *testing.T) {
			page := rendered(t, samples(t)[name])
			dom, _ := browse(t, page, args, looked)
			got := told[picture](t, dom)
			if want := strings.Count(page, `<svg id=`); len(got.Charts) != want {
				t.Errorf("%d charts, want %d", len(got.Charts), want)
			}
			for _, c := range got.Charts {
				if c.Width < 200 || c.Height < 90 || c.Lines == 0 || len(c.Clipped)+len(c.Meeting) > 0 {
					t.Errorf("chart %+v", c)
				}
			}
			if len(got.Requests)+len(got.Cut)+len(got.Broken) > 0 || got.Wide > 0 {
				t.Errorf("requests %v; cut %q; broken %q; %d pixels wider than the window", got.Requests, got.Cut, got.Broken, got.Wide)
			}
		})
	}
}

// phone is a screen of 390 × 844, and dark.
var phone = []string{"--blink-settings=preferredColorScheme=0"}

// The page runs nothing, asks for nothing, and the browser has nothing to say of it.
func TestBrowserHasNothingToSay(t *testing.T) {
	page := rendered(t, samples(t)["everything"])
	if _, log := browse(t, page, nil); strings.Contains(log, "CONSOLE") {
		t.Errorf("the browser says:\n%s", log)
	}
	if !strings.Contains(page, policy) {
		t.Error("the page may do more than it has to")
	}
	for _, request := range regexp.MustCompile(`(?i)<(?:link|img|iframe|script)\b|\bsrc=|@import|url\(`).FindAllString(page, -1) {
		t.Errorf("the page asks for something else: %s", request)
	}
}

// follow goes to every place within the page that a link leads to.
const follow = tell + `
const links = [...new Set([...document.querySelectorAll("a[href^='#']")].map((a) => a.getAttribute("href")))];
const hidden = [];
let n = 0;
const next = () => {
  if (n > 0) {
    const e = document.getElementById(links[n - 1].slice(1));
    if (!e || !e.checkVisibility()) hidden.push(links[n - 1]);
  }
  if (n === links.length) { tell({ links: n, hidden }); return; }
  location.hash = links[n++];
  setTimeout(next, 20);
};
next();`

// A link to what is folded unfolds it, and every chart has a table.
func TestBrowserFollowsLinks(t *testing.T) {
	page := rendered(t, samples(t)["everything"])
	dom, _ := browse(t, page, nil, follow)
	got := told[struct {
		Links  int
		Hidden []string
	}](t, dom)
	if got.Links < 20 || len(got.Hidden) > 0 {
		t.Errorf("%d links, of which these lead to nothing that is seen: %v", got.Links, got.Hidden)
	}
	for _, place := range regexp.MustCompile(`data-table="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if !strings.Contains(page, `id="`+place[1]+`"`) {
			t.Errorf("there is no table %s", place[1])
		}
	}
}

var printedPage = regexp.MustCompile(`/Type\s*/Page\b`)

// Six measurements of two targets, with all their steps, print on at most eight
// pages, and what is folded is printed too.
func TestBrowserPrints(t *testing.T) {
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed")
	}
	for name, bounds := range map[string][2]int{"six": {4, 8}, "long names": {2, 8}} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path, pdf := filepath.Join(dir, "report.html"), filepath.Join(dir, "report.pdf")
			if err := os.WriteFile(path, []byte(rendered(t, samples(t)[name])), 0o644); err != nil {
				t.Fatal(err)
			}
			run(t, browser, "--no-pdf-header-footer", "--print-to-pdf="+pdf, "file://"+path)
			text, err := os.ReadFile(pdf)
			if err != nil {
				t.Fatal(err)
			}
			if n := len(printedPage.FindAll(text, -1)); n < bounds[0] || n > bounds[1] {
				t.Errorf("%d pages, want %d to %d", n, bounds[0], bounds[1])
			}
		})
	}
}

const firstSeen = tell + `tell(["h1", ".answer", ".leads"].map((s) => document.querySelector(s).getBoundingClientRect().bottom));`

// Who opens the page sees the answer and all scenarios without scrolling; on a
// phone the answer and the first of them.
func TestBrowserFirstScreen(t *testing.T) {
	for name, c := range map[string]struct {
		args   []string
		answer float64 // pixels from above
		table  float64
	}{
		"wide": {[]string{"--window-size=1440,900"}, 260, 800}, "phone": {phone, 330, 1100},
	} {
		t.Run(name, func(t *testing.T) {
			dom, _ := browse(t, rendered(t, samples(t)["six"]), c.args, firstSeen)
			if at := told[[]float64](t, dom); at[0] <= 0 || at[1] > c.answer || at[2] > c.table {
				t.Errorf("the headings end at %v, the answer at %v, the table at %v", at[0], at[1], at[2])
			}
		})
	}
}
