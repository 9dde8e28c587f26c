package cli

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"

	"taskbench/compare/kinds"
	"taskbench/compare/lineup"
	"taskbench/internal/cli/console"
	"taskbench/internal/cli/stored"
	"taskbench/internal/page"
	"taskbench/parse"
	"taskbench/results"
)

// hostile is what somebody would write who wants a terminal, a build, a browser
// or a spreadsheet to do his will.
const hostile = "=cmd|' /C calc'!A0 \x1b[31mT\x1b]0;own\x07\x9b\u009b31m\u202Egnp<script>alert('t')</script>\"'&| `md` [l](javascript:alert(1)) ![i](http://x/y)\n" +
	"::error::x\r::set-env name=a::b\n  ::warning::y\n##[error]z\n##vso[task.x]\n=1+1 %0A::error::w <img src=x onerror=alert(1)>"

// hostileNames are the worst of the names that a store lets pass.
var hostileNames = []string{"=cmd' & `x` [l](y) ##[error]", "+1+1 ##vso[a.b] _~#"}

// identities are the fields that hold names, and those of few allowed values.
var identities = map[string]func(of string) string{
	"implementation": func(of string) string { return of },
	"baseline":       func(string) string { return hostileNames[0] },
	"session":        func(string) string { return "s1 ##[x]" },
	"scenario":       func(string) string { return "=sc ##[error] `a`" },
	"steps":          func(string) string { return "+step ##[error]" },
	"name":           func(string) string { return "+step ##[error]" },
	"journeys":       func(string) string { return "+step ##[error]" },
	"mode":           func(string) string { return "flow" },
	"op":             func(string) string { return "<" },
	"metric":         func(string) string { return "p95" },
	"files":          func(string) string { return "x<script>.html" },
	"error":          func(string) string { return "" },
	"refused":        func(string) string { return "" },
	"unit":           func(string) string { return "ns" },
}

// fill puts text into every string below v, and something into all else.
func fill(v reflect.Value, key, of, text string) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), key, of, text)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)))
			return
		}
		for i := range v.NumField() {
			key, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			fill(v.Field(i), key, of, text)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), key, of, text)
	case reflect.Map:
		k, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(k, key, of, text)
		fill(value, key, of, text)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(k, value)
	case reflect.String:
		if name, known := identities[key]; known {
			text = name(of)
		}
		v.SetString(text)
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Uint64:
		v.SetUint(1)
	case reflect.Float64:
		v.SetFloat(0.5)
	case reflect.Bool:
		v.SetBool(true)
	}
}

// hostileDocument has hostile text in every field that may hold it. variant 1
// has an error in every trial, variant 2 is refused.
func hostileDocument(t *testing.T, kind results.Kind, of string, variant int) *results.Document {
	t.Helper()
	d := &results.Document{}
	fill(reflect.ValueOf(d).Elem(), "", of, hostile)
	d.Kind, d.Schema = kind, results.Schema
	d.Session = fmt.Sprintf("%s-%d ##[x]", kind, variant)
	d.Plan.Targets = hostileNames
	d.Created = d.Created.Add(-time.Duration(variant) * time.Hour)
	h := parse.NewHDR()
	if err := h.RecordValue(1); err != nil {
		t.Fatal(err)
	}
	latency, err := results.NewLatency(h)
	if err != nil {
		t.Fatal(err)
	}
	if kind != results.Microbench {
		d.Micro = nil
	} else {
		d.Scenarios = nil
	}
	for i := range d.Scenarios {
		tr := &d.Scenarios[i].Trials[0]
		tr.Interrupted = false
		tr.Latency, tr.Steps[0].Latency, tr.Iterations.Latency = latency, latency, latency
		ended := tr.Ended
		tr.Ended = nil // a trial that counts has none
		switch variant {
		case 1:
			tr.Error, tr.Ended = hostile, ended
		case 2:
			d.Scenarios[i].Refused = hostile
		}
	}
	return d
}

func hostileStore(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	store := &results.Store{Dir: dir}
	for _, kind := range results.Kinds {
		for variant := range 3 {
			for _, name := range hostileNames {
				if _, err := store.Save(hostileDocument(t, kind, name, variant)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return dir
}

// printed runs a command line and gives all that it prints.
func printed(t *testing.T, words ...string) (out, all string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	p := console.Process{Args: append([]string{"taskbench"}, words...), Stdin: strings.NewReader(hostile), Stdout: &stdout, Stderr: &stderr, Getenv: func(string) string { return "" }}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	Run(ctx, p)
	return stdout.String(), stdout.String() + "\n" + stderr.String()
}

// holdsNoCommand: nothing for a terminal, and nothing for a build.
func holdsNoCommand(t *testing.T, words, text string) {
	t.Helper()
	for i, r := range text {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
			t.Errorf("%s prints %U raw: %q", words, r, text[max(0, i-60):min(len(text), i+60)])
			break
		}
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##[") || strings.Contains(line, "##vso[") {
			t.Errorf("%s prints the command %q", words, line)
			break
		}
	}
}

func holdsNoFormula(t *testing.T, words, text string) {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Errorf("%s: %v", words, err)
	}
	for _, cell := range slices.Concat(lines...) {
		if _, err := strconv.ParseFloat(cell, 64); err != nil && cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
			t.Errorf("%s prints the formula %q", words, cell)
		}
	}
}

var (
	foreignTag    = regexp.MustCompile(`<(script>alert|img|iframe|svg|a href="(http|javascript))`)
	foreignInPage = regexp.MustCompile(`<(script>alert|img|iframe|a href="(http|javascript))`) // which draws with svg itself
)

func holdsNoMarkup(t *testing.T, words, text string) {
	t.Helper()
	var page bytes.Buffer
	md := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(html.WithUnsafe()))
	if err := md.Convert([]byte(text), &page); err != nil {
		t.Fatal(err)
	}
	if at := foreignTag.FindStringIndex(page.String()); at != nil {
		t.Errorf("%s brings foreign markup: %s", words, page.String()[max(0, at[0]-80):min(page.Len(), at[1]+80)])
	}
}

// Every string of every kind of document, through every command and format.
func TestHostileDocumentsThroughEveryCommand(t *testing.T) { // not parallel: urfave/cli keeps its help flag in a variable
	dir := hostileStore(t)
	commands := []string{"results list", "history"}
	for variant := range 3 {
		ref := fmt.Sprintf("load_test-%d", variant)
		for _, c := range []string{"compare ", "gate ", "baseline save b" + strconv.Itoa(variant) + " "} {
			commands = append(commands, c+ref)
		}
		commands = append(commands, "baseline show b"+strconv.Itoa(variant), fmt.Sprintf("micro compare microbench-%d", variant), fmt.Sprintf("gate --micro microbench-%d", variant))
		for _, format := range stored.ExportFormats {
			commands = append(commands, "export "+ref+" --to "+format+" -o OUT")
		}
		commands = append(commands, "report "+ref+" -o OUT", "report "+ref+" --no-scripts -o -")
	}
	entries, problems := (&results.Store{Dir: dir}).List()
	if len(problems) > 0 || len(entries) != 3*2*len(results.Kinds) {
		t.Fatalf("%d documents, problems %v", len(entries), problems)
	}
	for _, e := range entries {
		commands = append(commands, "results show "+e.Path, "results show --histogram "+e.Path, "results query "+e.Path+" @this")
	}
	for _, c := range append(commands, "baseline list") {
		for _, format := range []string{"", "text", "markdown", "json", "csv"} {
			words := append(splitPaths(c), "--results", dir)
			if format != "" {
				words = append(words, "--format", format)
			}
			checkPrinted(t, words, format)
		}
	}
}

// The tables that measuring commands alone print.
func TestHostileDocumentsInTablesOfMeasuringCommands(t *testing.T) {
	t.Parallel()
	docs := func(kind results.Kind) []results.Document {
		var list []results.Document
		for _, name := range hostileNames {
			list = append(list, *hostileDocument(t, kind, name, 0))
		}
		return list
	}
	for _, kind := range []results.Kind{results.Memory, results.CPU, results.Soak, results.Microbench, results.LoadTest} {
		pages, err := kinds.Pages(docs(kind), lineup.Options{})
		if err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		for _, made := range pages {
			checkForms(t, string(kind), made)
		}
	}
}

func checkForms(t *testing.T, what string, made page.Page) {
	t.Helper()
	for _, format := range console.Formats {
		var out bytes.Buffer
		p := console.Process{Stdout: &out, Getenv: func(string) string { return "" }}
		p.Guard()
		if err := console.WritePage(p, made, format); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		holdsNoCommand(t, what+" "+format, out.String())
		switch format {
		case "csv":
			holdsNoFormula(t, what, out.String())
		case "markdown":
			holdsNoMarkup(t, what, out.String())
		}
	}
}

// splitPaths takes a command apart at its blanks but those of a path.
func splitPaths(c string) []string {
	if i := strings.Index(c, "/"); i >= 0 {
		path := c[i:]
		if rest, isQuery := strings.CutSuffix(path, " @this"); isQuery {
			return append(strings.Fields(c[:i]), rest, "@this")
		}
		return append(strings.Fields(c[:i]), path)
	}
	return strings.Fields(c)
}

func checkPrinted(t *testing.T, words []string, format string) {
	t.Helper()
	if i := slices.Index(words, "OUT"); i >= 0 {
		words = slices.Clone(words)
		words[i] = filepath.Join(t.TempDir(), "out")
		_, all := printed(t, words...)
		for name, text := range filesBelow(t, words[i]) {
			checkForm(t, fmt.Sprint(words, name), text, words)
		}
		holdsNoCommand(t, fmt.Sprint(words), all)
		return
	}
	out, all := printed(t, words...)
	if strings.Contains(all, "not a taskbench result") {
		t.Errorf("%q: its documents were not read: %s", words, all)
	}
	holdsNoCommand(t, fmt.Sprint(words), all)
	if words[0] == "report" {
		holdsNoMarkupInPage(t, words, out)
		return
	}
	switch format {
	case "csv":
		holdsNoFormula(t, fmt.Sprint(words), out)
	case "markdown":
		holdsNoMarkup(t, fmt.Sprint(words), out)
	}
}

func checkForm(t *testing.T, what, text string, words []string) {
	t.Helper()
	switch {
	case slices.Contains(words, "csv"):
		holdsNoFormula(t, what, text)
	case slices.Contains(words, "markdown"):
		holdsNoMarkup(t, what, text)
	case words[0] == "report":
		holdsNoMarkupInPage(t, words, text)
		return
	}
	if i := strings.IndexFunc(text, func(r rune) bool {
		return r != '\n' && r != '\t' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
	}); i >= 0 {
		t.Errorf("%s holds a control character: %q", what, text[max(0, i-60):min(len(text), i+60)])
	}
}

func holdsNoMarkupInPage(t *testing.T, words []string, page string) {
	t.Helper()
	if at := foreignInPage.FindStringIndex(page); at != nil {
		t.Errorf("%v brings foreign markup: %s", words, page[max(0, at[0]-80):min(len(page), at[1]+80)])
	}
}

func filesBelow(t *testing.T, path string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	_ = filepath.Walk(path, func(name string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().IsRegular() {
			text, err := os.ReadFile(name)
			texts[name] = string(text)
			return err
		}
		return nil
	})
	return texts
}

// Every place of an answer, and what a server writes before it fails.
func TestHostileAnswersAndLogs(t *testing.T) { // not parallel: urfave/cli keeps its help flag in a variable
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; x=\u009b31m::error::")
		w.WriteHeader(http.StatusTeapot)
		fmt.Fprintf(w, `{"a": %q, "b\n::error::": 1}`+"\n%s", hostile, hostile)
	}))
	t.Cleanup(server.Close)
	dir := t.TempDir()
	log := filepath.Join(dir, "log")
	if err := os.WriteFile(log, []byte(hostile), 0o600); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "c.yaml")
	if err := os.WriteFile(config, fmt.Appendf(nil, "targets:\n  a: {url: \"http://127.0.0.1:1\", start: %q, ready_timeout: 5s}\n", "cat "+log+"; exit 1"), 0o600); err != nil {
		t.Fatal(err)
	}
	odd := filepath.Join(dir, "odd\x1b[31m\n::error::\u202E.yaml")
	if err := os.WriteFile(odd, []byte("name: \x1b]0;x\x07\nrequest: 7 # ::error::\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, words := range [][]string{
		{"check", "health", "--live", "--verbose", "--target", "a=" + server.URL, "--target", "b=" + server.URL},
		{"check", "health", "--live", "--verbose", "--format", "json", "--target", "a=" + server.URL, "--target", "b=" + server.URL},
		{"check", "health", "--live", "--config", config},
		{"check", odd}, {"run", odd}, {"results", "show", odd + ".json"}, {"compare", hostile}, {"run", hostile}, {hostile}, {"run", "--" + hostile},
		{"run", "health", "--wrk", hostile}, {"compare", "--format", hostile}, {"parse"}, {"parse", odd}, {"lua", odd}, {"baseline", "save", hostile},
		{"--target", hostile, "run"}, {"run", "--target", hostile}, {"run", "--pairs", hostile}, {"micro", "import", odd}, {"config", "--config", odd},
	} {
		_, all := printed(t, words...)
		holdsNoCommand(t, fmt.Sprintf("%q", words), all)
	}
}
