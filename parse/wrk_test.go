package parse

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"taskbench/internal/golden"
	"taskbench/internal/source"
)

// captures are the real outputs shared by the tests of all packages.
const captures = "../testdata/wrk"

func TestWrkGolden(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(captures, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatal("no captures", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			golden.Check(t, filepath.Join("testdata", name+".json"), indent(t, wrk(t, string(text))))
		})
	}
}

func indent(t *testing.T, v any) string {
	t.Helper()
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(data) + "\n"
}

func wrk(t *testing.T, text string) []Printout {
	t.Helper()
	reports, err := Wrk("run.txt", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return reports
}

func capture(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(captures, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Every beginning of an output gives only figures that the whole has too: what
// is cut off is absent, never wrong.
func TestWrkTruncatedAnywhere(t *testing.T) {
	t.Parallel()
	for name, step := range map[string]int{"wrk_timeout.txt": 1, "wrk2_L.txt": 17} {
		text := capture(t, name)
		whole := flatten(t, wrk(t, text)[0])
		for end := 0; end < len(text); end += step {
			reports, err := Wrk(name, strings.NewReader(text[:end]))
			if err != nil {
				continue
			}
			complete := strings.HasSuffix(strings.TrimRight(text[:end], "\n"), strings.TrimSpace(text[len(text)-10:]))
			if reports[0].Truncated == complete {
				t.Fatalf("%s cut at %d: truncated is %v", name, end, reports[0].Truncated)
			}
			for key, got := range flatten(t, reports[0]) {
				if want, found := whole[key]; !found || want != got {
					t.Fatalf("%s cut at %d: %s is %v, want %v", name, end, key, got, want)
				}
			}
		}
	}
}

// flatten lists the figures of a report by path.
func flatten(t testing.TB, r Printout) map[string]float64 {
	t.Helper()
	r.Warnings, r.Truncated = nil, false
	var tree any
	if err := json.Unmarshal(marshal(t, r), &tree); err != nil {
		t.Fatal(err)
	}
	flat := map[string]float64{}
	walk("", tree, func(path string, v float64) { flat[path] = v })
	return flat
}

func walk(path string, node any, visit func(string, float64)) {
	switch n := node.(type) {
	case map[string]any:
		for key, child := range n {
			walk(path+"."+key, child, visit)
		}
	case []any:
		for i, child := range n {
			walk(path+"."+string(rune('0'+i)), child, visit)
		}
	case float64:
		visit(path, n)
	}
}

func TestWrkLineEndsDoNotMatter(t *testing.T) {
	t.Parallel()
	text := capture(t, "wrk_latency.txt")
	for name, variant := range map[string]string{
		"CR LF":               strings.ReplaceAll(text, "\n", "\r\n"),
		"no last line end":    strings.TrimRight(text, "\n"),
		"byte order mark":     "\ufeff" + text,
		"blanks at the end":   strings.ReplaceAll(text, "\n", "  \n"),
		"text in front of it": "loading " + text,
	} {
		if d := cmp.Diff(wrk(t, text), wrk(t, variant)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// Runs in one text are the runs one by one, whatever stands between them.
func TestWrkConcatenation(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	var want []Printout
	figures := func(reports []Printout) []Printout {
		for i := range reports {
			reports[i].Warnings = nil // which name lines
		}
		return reports
	}
	for _, name := range []string{"wrk_plain.txt", "wrk2_U.txt", "wrk_truncated.txt", "wrk_noisy_script.txt", "wrk_no_answer.txt"} {
		one := capture(t, name)
		text.WriteString("=== " + name + "\n")
		r := wrk(t, one)[0]
		r.Line += strings.Count(text.String(), "\n")
		want = append(want, r)
		text.WriteString(one + "\n")
	}
	if d := cmp.Diff(figures(want), figures(wrk(t, text.String()))); d != "" {
		t.Error(d)
	}
}

func TestWrkWithoutBeginning(t *testing.T) {
	t.Parallel()
	_, text, _ := strings.Cut(capture(t, "wrk_plain.txt"), "connections\n")
	r := wrk(t, text)[0]
	if r.URL != "" || r.Threads != nil || r.Requests == nil || *r.Requests != 56852 || r.Truncated {
		t.Errorf("%+v", r)
	}
	if d := cmp.Diff([]string{"the text lacks wrk's first lines: target and load are unknown"}, r.Warnings); d != "" {
		t.Error(d)
	}
}

func TestWrkBlock(t *testing.T) {
	t.Parallel()
	block := string(marshal(t, goodBlock()))
	plain := capture(t, "wrk_latency.txt")
	cases := map[string]struct {
		text     string
		scenario string // of the block; "" for none
		warnings []string
	}{
		"alone":           {block, "projects", nil},
		"only the marker": {"noise\n" + Marker + "\n" + block, "projects", nil},
		"behind wrk":      {plain + Marker + "\n" + block + "\nbye\n", "projects", nil},
		"cut off": {plain + Marker + "\n" + block[:40] + "\n", "", []string{"the result block of the script is damaged: " +
			"the result block is cut off after 40 bytes\nhint: the run ended while done() was writing, or the disk is full: run it again"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := wrk(t, c.text)[0]
			if (r.Block == nil) != (c.scenario == "") || r.Block != nil && r.Block.Scenario != c.scenario {
				t.Errorf("block %+v", r.Block)
			}
			if d := cmp.Diff(c.warnings, r.Warnings); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestWrkErrors(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ text, want string }{
		"empty":         {" \n", "it is empty"},
		"something":     {"hello\nRequests/sec: 12.00\n", "there is no output of wrk in it"},
		"a log of k6":   {`{"level":"info","msg":"taskbench 1/4 {\"taskbench_block\":1}"}`, "there is no output of wrk in it, but what a virtual user of k6 told"},
		"usage":         {"Usage: wrk <options> <url>\n", "there is no output of wrk in it"},
		"damaged block": {`{"taskbench_block":1}`, "the result block contradicts itself: scenario is empty"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reports, err := Wrk("run.txt", strings.NewReader(c.text))
			var e *source.Error
			if reports != nil || !errors.As(err, &e) {
				t.Fatalf("%v, %v", reports, err)
			}
			if e.Message != c.want || e.Hint == "" || e.Pos.File != "run.txt" {
				t.Errorf("%+v, want %q", e, c.want)
			}
		})
	}
	broken := errors.New("broken")
	if _, err := Wrk("run.txt", iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

// Whatever the text: no panic, JSON comes out, no figure is negative.
func FuzzWrk(f *testing.F) {
	files, err := filepath.Glob(filepath.Join(captures, "*.txt"))
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		if len(text) > 1500 { // the fuzzer is slow to minimize long inputs
			text = append(text[:900:900], text[len(text)-600:]...)
		}
		f.Add(text)
	}
	f.Add([]byte(Marker + "\n" + `{"taskbench_block":1,"scenario":"x"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		reports, err := Wrk("fuzz", bytes.NewReader(text))
		if (err == nil) != (len(reports) > 0) {
			t.Fatalf("%d reports and %v", len(reports), err)
		}
		for _, r := range reports {
			if r.Block != nil {
				r.Block.Seed = 0 // the one number that may be negative
			}
			for path, v := range flatten(t, r) {
				if !(v >= 0) {
					t.Errorf("%s is %g", path, v)
				}
			}
		}
	})
}
