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

	"taskbench/compare"
)

// browse opens a page in headless Chromium and gives the document as it is
// then, and what the browser logged.
func browse(t *testing.T, page string) (dom, log string) {
	t.Helper()
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed")
	}
	path := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir="+t.TempDir(),
		"--enable-logging=stderr", "--virtual-time-budget=2000", "--dump-dom", "file://"+path)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, &errs)
	}
	return out.String(), errs.String()
}

var drawnCharts = regexp.MustCompile(`<html[^>]*data-errors="(\d+)"[^>]*data-charts="(\d+)"`)

// Pages of all shapes draw all their charts without an error, a message on the
// console or a request.
func TestBrowserDrawsEveryShape(t *testing.T) {
	for name, m := range samples(t) {
		t.Run(name, func(t *testing.T) {
			page := rendered(t, m)
			dom, log := browse(t, page)
			got := drawnCharts.FindStringSubmatch(dom)
			if got == nil {
				t.Fatalf("the script did not end:\n%s", log)
			}
			if want := fmt.Sprint(strings.Count(page, `aria-roledescription="chart"`)); got[1] != "0" || got[2] != want {
				t.Errorf("%s errors and %s charts, want 0 and %s\n%s", got[1], got[2], want, log)
			}
			if n := strings.Count(dom, "<canvas"); fmt.Sprint(n) != got[2] {
				t.Errorf("%d canvases for %s charts", n, got[2])
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

var (
	tableOf  = regexp.MustCompile(`(?s)<table class="comparison" data-scenario="([^"]*)" data-connections="(\d+)">(.*?)</table>`)
	rowOf    = regexp.MustCompile(`(?s)<tr data-metric="([^"]*)" data-step="([^"]*)">(.*?)</tr>`)
	figureOf = regexp.MustCompile(`data-target="([^"]*)" data-value="([^"]*)"`)
	ratioOf  = regexp.MustCompile(`data-ratio="([^"]*)"`)
)

// The figures in the browser are those of the comparison's JSON, every one.
func TestBrowserShowsTheNumbersOfTheJSON(t *testing.T) {
	m := whole(t, 2, 8)
	c := m.Load.Comparison
	dom, _ := browse(t, rendered(t, m))
	var text bytes.Buffer
	if err := compare.JSON(&text, c); err != nil {
		t.Fatal(err)
	}
	var want compare.Comparison
	if err := json.Unmarshal(text.Bytes(), &want); err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, table := range tableOf.FindAllStringSubmatch(dom, -1) {
		for _, r := range rowOf.FindAllStringSubmatch(table[3], -1) {
			checked += checkRow(t, want, table[1]+" "+table[2], r)
		}
	}
	if checked < 50 {
		t.Errorf("only %d figures were found in the page", checked)
	}
}

func checkRow(t *testing.T, want compare.Comparison, scenario string, row []string) (checked int) {
	t.Helper()
	for _, s := range want.Scenarios {
		for _, r := range s.Rows {
			if fmt.Sprint(s.Name, " ", s.Load.Connections) != scenario || string(r.Metric) != row[1] || r.Step != row[2] {
				continue
			}
			shown := make(map[string]string)
			for _, f := range figureOf.FindAllStringSubmatch(row[3], -1) {
				shown[f[1]] = f[2]
			}
			for _, cell := range r.Cells {
				if cell.Median != nil && shown[cell.Target] != fmt.Sprint(*cell.Median) {
					t.Errorf("%s %s %s of %s: %s in the page, %v in the JSON", scenario, r.Step, r.Metric, cell.Target, shown[cell.Target], *cell.Median)
				}
				checked++
				ratio := ratioOf.FindStringSubmatch(row[3])
				if cell.Ratio != nil && (ratio == nil || ratio[1] != fmt.Sprint(cell.Ratio.Ratio)) {
					t.Errorf("%s %s %s: ratio %v in the page, %v in the JSON", scenario, r.Step, r.Metric, ratio, cell.Ratio.Ratio)
				}
			}
		}
	}
	return checked
}
