package parse

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"taskbench/internal/golden"
)

// Texts as people have them: see the warnings in the golden files for what is
// said of each.
func TestWrkCases(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/cases/*")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		if filepath.Ext(file) == ".json" {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		golden.Check(t, file+".json", indent(t, wrk(t, string(text))))
	}
}

// eachLine decorates every line of a text; n counts from 1.
func eachLine(decorate func(n int, line string) string) func(string) string {
	return func(text string) string {
		var b strings.Builder
		n := 0
		for line := range strings.Lines(text) {
			n++
			b.WriteString(decorate(n, strings.TrimSuffix(line, "\n")) + "\n")
		}
		return b.String()
	}
}

// prefixed puts something before every line; a %d in it is a number that rises.
func prefixed(format string) func(string) string {
	return eachLine(func(n int, line string) string {
		if strings.Contains(format, "%") {
			return fmt.Sprintf(format, n) + line
		}
		return format + line
	})
}

func replaced(pairs ...string) func(string) string { return strings.NewReplacer(pairs...).Replace }

// decorations are what mail, logs, terminals, editors and pages do to a text.
var decorations = map[string]func(string) string{
	"quoted":                 prefixed("> "),
	"quoted twice":           prefixed("> > "),
	"quoted without blanks":  prefixed(">"),
	"indented":               prefixed("    "),
	"indented by a tab":      prefixed("\t"),
	"added in a diff":        prefixed("+"),
	"removed in a diff":      prefixed("- "),
	"a list":                 prefixed("* "),
	"a comment":              prefixed("# "),
	"Go comments":            prefixed("// "),
	"a box":                  eachLine(func(_ int, l string) string { return "│ " + l + " │" }),
	"a table":                eachLine(func(_ int, l string) string { return "| " + l + " |" }),
	"cat -n":                 prefixed("%6d\t"),
	"grep -n":                prefixed("%d:"),
	"an editor's numbers":    prefixed("%3d | "),
	"GitHub":                 prefixed("2026-01-02T03:04:05.%07dZ "),
	"GitLab":                 prefixed("2026-01-02T03:04:05.%06dZ 01O "),
	"whole seconds":          eachLine(func(n int, l string) string { return "2026-01-02T03:04:0" + []string{"5Z ", "5.25Z "}[n%2] + l }),
	"journal":                prefixed("Jan 02 03:04:05 host wrk[%d]: "),
	"journal at midnight":    eachLine(func(n int, l string) string { return []string{"Jan 31", "Feb  1"}[n%2] + " 03:04:05 host wrk[7]: " + l }),
	"syslog":                 prefixed("<14>1 2026-01-02T03:04:05+01:00 host wrk %d - - "),
	"compose":                prefixed("web-1  | "),
	"compose, old":           prefixed("loadgen_1  | "),
	"kubectl":                prefixed("[pod/load-7d9c5b/wrk] "),
	"stern":                  prefixed("load-7d9c5b-x2x4q wrk "),
	"container runtime":      prefixed("2026-01-02T03:04:05.%09d+01:00 stdout F "),
	"a logger":               prefixed("2026/01/02 03:04:05 [INFO] "),
	"a logger, commas":       prefixed("2026-01-02 03:04:05,%03d INFO bench: "),
	"a clock":                prefixed("[03:04:05] "),
	"since the start":        prefixed("[   %d.125000] "),
	"Ansible":                prefixed("    \"stdout\": "),
	"colours":                eachLine(func(_ int, l string) string { return "\x1b[32m" + l + "\x1b[0m" }),
	"colours within":         replaced("Latency", "\x1b[1;34mLatency\x1b[0m", "requests in", "\x1b[1mrequests\x1b[22m in", "Requests/sec:", "\x1b]8;;x\x07Requests/sec:\x1b[K"),
	"colours spelled out":    eachLine(func(_ int, l string) string { return "^[[32m" + l + "^[[0m" }),
	"colours broken":         eachLine(func(_ int, l string) string { return "[32m" + l + "[0m" }),
	"no-break spaces":        replaced(" ", "\u00a0"),
	"thin spaces":            replaced(" ", "\u2009"),
	"zero-width characters":  replaced("/sec", "/\u200bsec", "s, ", "s,\u200b ", "Latency", "\u2060Latency\ufeff"),
	"typographic hyphens":    replaced("Non-2xx", "Non\u20112xx", "+/- Stdev", "± Stdev"),
	"tabs":                   replaced("  ", "\t"),
	"one blank":              func(s string) string { return replaced("   ", " ", "  ", " ")(replaced("    ", " ")(s)) },
	"no indentation":         eachLine(func(_ int, l string) string { return strings.TrimSpace(l) }),
	"blank lines":            replaced("\n", "\n\n"),
	"CR LF":                  replaced("\n", "\r\n"),
	"CR CR LF":               replaced("\n", "\r\r\n"),
	"CR":                     replaced("\n", "\r"),
	"BOM":                    func(s string) string { return "\ufeff" + s },
	"UTF-16":                 func(s string) string { return utf16Text("\ufeff"+s, true) },
	"UTF-16, big end first":  func(s string) string { return utf16Text("\ufeff"+s, false) },
	"UTF-16 without mark":    func(s string) string { return utf16Text(s, true) },
	"micro sign":             replaced("us ", "µs "),
	"Greek mu":               replaced("us ", "μs "),
	"Latin-1":                replaced("us ", "\xb5s "),
	"decimal commas":         func(s string) string { return decimals.ReplaceAllString(s, "$1,$2") },
	"line ends as <br>":      func(s string) string { return "<pre>" + strings.ReplaceAll(s, "\n", "<br>") + "</pre>" },
	"the last lines as <br>": replaced("read\n", "read<br>"),
	"<br/> and lines":        replaced("\n", "<br/>\n"),
	"paragraphs":             eachLine(func(_ int, l string) string { return "<p>" + l + "</p>" }),
	"spans":                  eachLine(func(_ int, l string) string { return `<span class="line"><b>` + l + "</b></span>" }),
	"entities":               eachLine(func(_ int, l string) string { return strings.ReplaceAll(html.EscapeString(l), " ", "&nbsp;") }),
	"bold":                   eachLine(func(_ int, l string) string { return "**" + l + "**" }),
	"code":                   eachLine(func(_ int, l string) string { return "`" + l + "`" }),
	"fenced":                 func(s string) string { return "Look:\n```text\n" + s + "```\n" },
	"a list of code":         eachLine(func(_ int, l string) string { return "- `" + l + "`" }),
	"hard breaks":            replaced("\n", " \\\n"),
	"JSON of a logger":       eachLine(func(_ int, l string) string { return `{"log":` + quoted(l+"\n") + `,"stream":"stdout"}` }),
	"a JSON string":          func(s string) string { return `  "output": ` + quoted(s) + ",\n" },
	"a list of strings":      eachLine(func(_ int, l string) string { return `    "` + l + `",` }),
	"a notebook":             eachLine(func(_ int, l string) string { return `      ` + quoted(l+"\n") + `,` }),
	"single quotes":          eachLine(func(_ int, l string) string { return "  - '" + l + "'" }),
	"strings added up":       eachLine(func(_ int, l string) string { return `  "` + l + `\n" +` }),
	"strings of Rust":        eachLine(func(_ int, l string) string { return `  "` + l + `".to_string(),` }),
	"calls":                  eachLine(func(_ int, l string) string { return `  print("` + l + `", file=out)` }),
	"items of Ansible":       eachLine(func(_ int, l string) string { return `ok: [web] => (item=` + l + `)` }),
	"logfmt":                 eachLine(func(_ int, l string) string { return `level=info msg="` + l + `" job=7` }),
	"comments behind":        eachLine(func(n int, l string) string { return fmt.Sprintf("%s   # note %d", l, n) }),
	"arrows behind":          replaced("\n", "  <-- see below\n"),
	"translated":             replaced("\n", "（每秒 12 个）\n"),
	"explained":              replaced("\n", " (that is 12% more)\n"),
	"LaTeX":                  func(s string) string { return replaced("%", `\%`, "\n", ` \\`+"\n")(s) },
	"ends as references":     func(s string) string { return "<out>" + replaced("\n", "&#10;")(s) + "</out>" },
	"a cell of CSV":          func(s string) string { return "run,out,ok\n1,\"" + strings.TrimRight(s, "\n") + "\",true\n" },
	"a long string":          func(s string) string { return `OUT = """` + strings.TrimRight(s, "\n") + "\"\"\"\nx = 1\n" },
	"a link":                 func(s string) string { return targets.ReplaceAllString(s, "[$1]($1)") },
	"between other logs":     interleaved(""),
	"compose, two services":  interleaved("web-1  | "),
}

func quoted(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

func utf16Text(s string, little bool) string {
	var b bytes.Buffer
	for _, u := range utf16.Encode([]rune(s)) {
		if little {
			b.Write([]byte{byte(u), byte(u >> 8)})
		} else {
			b.Write([]byte{byte(u >> 8), byte(u)})
		}
	}
	return b.String()
}

// interleaved puts lines of others between all of a text.
func interleaved(own string) func(string) string {
	return eachLine(func(n int, l string) string {
		others := []string{"db-1   | checkpoint complete: 99% 12ms", "db-1   |   77 requests in 3.00s, 1.00MB read", "api-1  | Requests/sec: 12.00"}
		return others[n%3] + "\n" + own + l
	})
}

// The law: a decorated text gives the figures of the text.
func TestWrkDecorated(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"wrk_latency.txt", "wrk_errors.txt", "wrk_timeout.txt", "wrk_status.txt", "wrk2_L.txt", "wrk_two_runs.txt"} {
		text := capture(t, file)
		want := allFigures(t, wrk(t, text))
		for name, decorate := range decorations {
			if strings.HasPrefix(file, "wrk2") && (name == "decimal commas" || name == "a JSON string" || name == "ends as references") {
				continue // 9,704 may be thousands; and a spectrum has no words to find its lines by
			}
			reports, err := Wrk("run.txt", strings.NewReader(decorate(text)))
			if err != nil {
				t.Errorf("%s, %s: %v", file, name, err)
				continue
			}
			if d := cmp.Diff(want, allFigures(t, reports)); d != "" {
				t.Errorf("%s, %s (-plain +decorated): %s", file, name, d)
			}
		}
	}
}

// allFigures are those of all runs, and their targets.
func allFigures(t testing.TB, reports []Printout) []map[string]float64 {
	t.Helper()
	var all []map[string]float64
	for _, r := range reports {
		figures := flatten(t, r)
		delete(figures, ".line")
		figures[r.Tool+" "+r.URL], figures["truncated"] = 1, 0
		if r.Truncated {
			figures["truncated"] = 1
		}
		all = append(all, figures)
	}
	return all
}

// A script's block is found behind a prefix.
func TestWrkDecoratedBlock(t *testing.T) {
	t.Parallel()
	text := capture(t, "wrk_noisy_script.txt")
	for _, name := range []string{"quoted", "compose", "GitHub", "journal", "kubectl", "colours", "CR LF", "JSON of a logger", "UTF-16"} {
		r := wrk(t, decorations[name](text))
		if len(r) != 1 || r[0].Block == nil || r[0].Block.Scenario != "noisy" || *r[0].Requests != 21204 {
			t.Errorf("%s: %d reports, %+v", name, len(r), r[0])
		}
	}
}

// Whatever stands before the lines: no figure is another than that of the text.
func FuzzWrkDecorated(f *testing.F) {
	text, err := os.ReadFile(filepath.Join(captures, "wrk_errors.txt"))
	if err != nil {
		f.Fatal(err)
	}
	plain, err := Wrk("run.txt", bytes.NewReader(text))
	if err != nil {
		f.Fatal(err)
	}
	for _, prefix := range []string{"> ", "web-1  | ", "2026-01-02T03:04:05Z ", "  7\t", "[", "&gt;", "<b>", "7%", "(1.2)", "1,", "7 requests in 1s, "} {
		f.Add(prefix)
	}
	f.Fuzz(func(t *testing.T, prefix string) {
		if strings.ContainsAny(prefix, "\r\n\x00{") || wrksWords.MatchString(prefix) || len(prefix) > 100 {
			return
		}
		want := flatten(t, plain[0])
		reports, err := Wrk("run.txt", strings.NewReader(eachLine(func(_ int, l string) string { return prefix + l })(string(text))))
		if err != nil {
			return
		}
		for _, r := range reports {
			for key, got := range flatten(t, r) {
				if key != ".line" && got != want[key] {
					t.Errorf("%q: %s is %g, want %g", prefix, key, got, want[key])
				}
			}
		}
	})
}

// wrksWords would make another line of any.
var wrksWords = regexp.MustCompile(`(?i)running|making|threads?|latency|req|sock|non-|transfer|[<&\\]`)

var targets = regexp.MustCompile(`(https?://\S+)`)

var decimals = regexp.MustCompile(`(\d)\.(\d\d)\b`)
