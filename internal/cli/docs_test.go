package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mattn/go-shellwords"
	"github.com/urfave/cli/v2"

	"taskbench/internal/cli/console"
	"taskbench/parse"
	"taskbench/results"
)

// repository is where README.md is, seen from this package.
const repository = "../.."

// docPages are all pages that users read.
func docPages(t *testing.T) []string {
	t.Helper()
	pages, err := filepath.Glob(filepath.Join(repository, "docs", "*.md"))
	if err != nil || len(pages) < 10 {
		t.Fatalf("%d pages in docs (%v)", len(pages), err)
	}
	return append(pages, filepath.Join(repository, "README.md"), filepath.Join(repository, "CONTRIBUTING.md"))
}

// docCommand is a taskbench command line of the documentation.
type docCommand struct {
	at    string // page and line
	words []string
	block bool // it stands in a block, to be typed as it is; else within a sentence
	alone bool // nothing is piped into it
}

var (
	// A command begins a line, or follows what begins one in a shell or a workflow.
	commandStart = regexp.MustCompile(`(^|[|;&(]\s*|run:\s*|\$\s+)(?:[A-Z_]+=\S+\s+)*(?:\./)?taskbench(\s(?:"[^"]*"|[^|;&<>)"])*|$)`)
	comment      = regexp.MustCompile(`(^|\s)#\s.*$`)
	codeSpan     = regexp.MustCompile("`(taskbench( [^`]*)?)`")
)

// docCommands finds the command lines of a page: in fenced and indented blocks,
// and in code within sentences.
func docCommands(t *testing.T, page string) []docCommand {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var list []docCommand
	fenced := false
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		at := fmt.Sprintf("%s:%d", filepath.Base(page), number)
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			fenced = !fenced
			continue
		}
		if fenced || strings.HasPrefix(line, "    ") {
			list = append(list, commandsOfLine(t, at, comment.ReplaceAllString(strings.TrimSpace(line), ""))...)
			continue
		}
		for _, span := range codeSpan.FindAllStringSubmatch(line, -1) {
			synopsis := strings.NewReplacer("[", "", "]", "").Replace(span[1])
			list = append(list, docCommand{at: at, words: shellwordsOf(t, at, synopsis)})
		}
	}
	return list
}

func commandsOfLine(t *testing.T, at, line string) []docCommand {
	t.Helper()
	var list []docCommand
	for _, m := range commandStart.FindAllStringSubmatch(line, -1) {
		list = append(list, docCommand{at: at, words: shellwordsOf(t, at, "taskbench"+m[2]), block: true, alone: !strings.HasPrefix(m[1], "|")})
	}
	return list
}

func shellwordsOf(t *testing.T, at, text string) []string {
	t.Helper()
	words, err := shellwords.Parse(text)
	if err != nil {
		t.Fatalf("%s: %s: %v", at, text, err)
	}
	return words
}

// Every command line of the documentation has the commands and flags that
// there are.
func TestDocumentedCommandsParse(t *testing.T) {
	found := 0
	for _, page := range docPages(t) {
		for _, c := range docCommands(t, page) {
			found++
			if err := parseOnly(c.words); err != nil && (c.block || !strings.Contains(err.Error(), " needs a value")) {
				t.Errorf("%s: %s: %v", c.at, strings.Join(c.words, " "), err)
			}
		}
	}
	if found < 60 {
		t.Errorf("only %d command lines were found", found)
	}
	for _, wrong := range []string{"taskbench cheek", "taskbench run --piars 3", "taskbench results lst", "taskbench init here"} {
		if parseOnly(strings.Fields(wrong)) == nil {
			t.Errorf("%s was taken", wrong)
		}
	}
}

// parseOnly reads a command line with the real commands and flags, and does
// nothing.
func parseOnly(words []string) error {
	p := console.Process{Args: words, Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard, Getenv: func(string) string { return "" }}
	app := newApp(p)
	for _, c := range app.Commands {
		disarm(c)
	}
	return app.RunContext(context.Background(), flagsFirst(app, withValues(words)))
}

func disarm(c *cli.Command) {
	for _, sub := range c.Subcommands {
		disarm(sub)
	}
	switch {
	case len(c.Subcommands) > 0: // it only shows help, or an unknown command
	case c.ArgsUsage == "":
		c.Action = withoutArguments(func(*cli.Context) error { return nil })
	default:
		c.Action = func(*cli.Context) error { return nil }
	}
}

// offline are the commands that need nothing but stored results.
var offline = []string{
	"baseline", "check", "compare", "completion", "config", "export", "gate", "history", "init", "lua", "man", "report", "results", "scenarios", "version", "why",
}

// The commands of a page's blocks that need no server work as they stand there,
// one after the other, with a store of two runs, microbenchmarks and a baseline.
func TestDocumentedCommandsWork(t *testing.T) {
	store := filepath.Join(t.TempDir(), "store")
	storeOfTwoRuns(t, filepath.Join(store, "results"))
	storeOfLedger(t, filepath.Join(store, "results"))
	if code, _, errs := microDo(t, filepath.Join(store, "results"), "import", "rust="+captures+"/rounds@round-1", "wj="+captures+"/rounds@round-2"); code != console.ExitOK {
		t.Fatal(errs)
	}
	scenario, err := os.ReadFile(filepath.Join("init", "sample.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(store, "my.yaml"), scenario, 0o644); err != nil {
		t.Fatal(err)
	}
	byPage := map[string][]docCommand{}
	for _, page := range docPages(t) {
		byPage[filepath.Base(page)] = docCommands(t, page)
	}
	ran := 0
	for page, commands := range byPage {
		t.Run(page, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "here")
			if err := os.CopyFS(dir, os.DirFS(store)); err != nil {
				t.Fatal(err)
			}
			t.Chdir(dir)
			for _, c := range commands {
				if !c.worksOffline() {
					continue
				}
				ran++
				if code, _, stderr := runHere(c.words...); code != console.ExitOK && code != console.ExitGate {
					t.Errorf("%s: %s: exit code %d\n%s", c.at, strings.Join(c.words, " "), code, stderr)
				}
			}
		})
	}
	if ran < 10 {
		t.Errorf("only %d commands were run", ran)
	}
}

// worksOffline reports a command that is to be typed as it is, and needs
// nothing but stored results.
func (c docCommand) worksOffline() bool {
	return c.block && c.alone && len(c.words) > 1 && slices.Contains(offline, c.words[1]) && !slices.Contains(c.words, "--live") && !standsForOthers(c.words)
}

// standsForOthers reports words that stand for others, such as NAME.
func standsForOthers(words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool {
		return len(w) > 1 && strings.ToUpper(w) == w && strings.ToLower(w) != w || strings.Contains(w, "…")
	})
}

// runHere runs a command line in this process, without a terminal and without
// an environment.
func runHere(words ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = Run(context.Background(), console.Process{
		Args: words, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &err, Getenv: func(string) string { return "" },
	})
	return code, out.String(), err.String()
}

// storeOfTwoRuns stores the runs of a golden, and again as a later session; the
// first is the baseline main.
func storeOfTwoRuns(t *testing.T, dir string) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(repository, "compare", "testdata", "verdicts", "[0-9]*.json"))
	if err != nil || len(paths) != 2 {
		t.Fatalf("%q (%v)", paths, err)
	}
	store := &results.Store{Dir: dir}
	for run := range 2 {
		session := fmt.Sprintf("2026112%d-ab22", 3+run)
		for _, path := range paths {
			d, err := results.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			fillHistograms(t, d)
			d.Session, d.Created = session, d.Created.AddDate(0, 0, run)
			if _, err := store.Save(d); err != nil {
				t.Fatal(err)
			}
		}
		entries, err := store.Resolve(session)
		if err != nil {
			t.Fatal(err)
		}
		if run == 0 {
			if _, err := store.SaveBaseline("main", entries, false); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// fillHistograms gives the latencies of a golden, which have none, the least
// histogram that fits: all values the median.
func fillHistograms(t *testing.T, d *results.Document) {
	t.Helper()
	for _, m := range d.Scenarios {
		for _, trial := range m.Trials {
			all := []*results.Latency{trial.Latency}
			for _, s := range trial.Steps {
				all = append(all, s.Latency)
			}
			if trial.Iterations != nil {
				all = append(all, trial.Iterations.Latency)
			}
			for _, l := range all {
				h := parse.NewHDR()
				if err := h.RecordValues(int64(l.P50US), int64(l.Count)); err != nil {
					t.Fatal(err)
				}
				filled, err := results.NewLatency(h)
				if err != nil {
					t.Fatal(err)
				}
				l.HDR = filled.HDR
			}
		}
	}
}

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// Links within the documentation lead to files and headings that exist.
func TestDocumentedLinks(t *testing.T) {
	t.Parallel()
	found := 0
	for _, page := range docPages(t) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			found++
			file, heading, _ := strings.Cut(m[1], "#")
			path := page
			if file != "" {
				path = filepath.Join(filepath.Dir(page), file)
			}
			if !hasHeading(t, path, heading) {
				t.Errorf("%s: nothing is at %s", filepath.Base(page), m[1])
			}
		}
	}
	if found < 30 {
		t.Errorf("only %d links were found", found)
	}
}

// hasHeading reports whether a file exists and has a heading of that anchor,
// made as GitHub makes it; "" is the file itself.
func hasHeading(t *testing.T, path, anchor string) bool {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil || anchor == "" {
		return err == nil
	}
	for line := range strings.Lines(string(text)) {
		title := strings.TrimLeft(line, "#")
		if title == line {
			continue
		}
		slug := strings.ReplaceAll(notInAnchors.ReplaceAllString(strings.ToLower(strings.TrimSpace(title)), ""), " ", "-")
		if slug == anchor {
			return true
		}
	}
	return false
}

var notInAnchors = regexp.MustCompile(`[^\p{L}\p{N}\- _]`)
