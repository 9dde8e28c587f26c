package compare_test

import (
	"bytes"
	"cmp"
	"io"
	"strings"
	"testing"
	"unicode"

	diff "github.com/google/go-cmp/cmp"

	. "taskbench/compare"
	"taskbench/compare/gate"
	"taskbench/compare/lineup"
	"taskbench/compare/memory"
	"taskbench/compare/micro"
	"taskbench/compare/profiles"
	"taskbench/compare/sample"
	"taskbench/compare/stats"
	"taskbench/compare/words"
	"taskbench/internal/page"
	"taskbench/internal/plain"
	"taskbench/results"
)

// longName is as long as names of branches get, with wide characters and
// without a place to break it.
const longName = "windjammer-功能分支-feature/4711_retry_on_conflict_and_keep_the_connection_alive"

// texts is everything that is written for people, by name.
func texts(t *testing.T) map[string]func(io.Writer, page.Options) error {
	t.Helper()
	all := map[string]func(io.Writer, page.Options) error{}
	for name, build := range cases {
		docs := build()
		addTexts(t, all, name, docs)
		for i := range docs {
			docs[i].Implementation = cmp.Or(map[string]string{"rust": "rust"}[docs[i].Implementation], docs[i].Implementation+"-"+longName)
			docs[i].Warnings = append(docs[i].Warnings, longName+longName)
			for k := range docs[i].Scenarios {
				docs[i].Scenarios[k].Title = longName
			}
		}
		addTexts(t, all, name+", long names", docs)
	}
	benchmarks, err := micro.New([]results.Document{
		sample.Micro("rust", sample.Benchmark{ID: "json/encode/" + longName, Rounds: sample.Around(850, 6)}, sample.Benchmark{ID: "once", Rounds: []float64{48e6}}),
		sample.Micro(longName, sample.Benchmark{ID: "json/encode/" + longName, Rounds: sample.Around(1010, 6)}, sample.Benchmark{ID: "other", Rounds: sample.Around(300, 6)}),
	}, micro.Options{})
	if err != nil {
		t.Fatal(err)
	}
	all["microbenchmarks"] = func(w io.Writer, o page.Options) error { return page.Text(w, words.Micro(benchmarks), o) }
	held, err := memory.New([]results.Document{
		sample.Memory("rust", func(float64) float64 { return 30e6 }), sample.Memory(longName, func(at float64) float64 { return 90e6 + 1e6*at }),
	}, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	all["memory"] = func(w io.Writer, o page.Options) error { return page.Text(w, words.Memory(held), o) }
	for kind, docs := range map[profiles.Kind][]results.Document{profiles.CPU: sample.CPU(), profiles.Heap: sample.Heap()} {
		docs[0].Implementation = longName
		profile, err := profiles.New(kind, docs, lineup.Options{})
		if err != nil {
			t.Fatal(err)
		}
		all[string(kind)] = func(w io.Writer, o page.Options) error { return page.Text(w, words.Profile(profile), o) }
	}
	histograms, err := NewHistograms(spreadDocument(t), nil, true)
	if err != nil {
		t.Fatal(err)
	}
	all["histograms"] = func(w io.Writer, o page.Options) error { return page.Text(w, words.Histograms(histograms), o) }
	return all
}

func addTexts(t *testing.T, to map[string]func(io.Writer, page.Options) error, name string, docs []results.Document) {
	t.Helper()
	c, err := New(docs, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	to[name] = func(w io.Writer, o page.Options) error { return page.Text(w, words.Load(c), o) }
	to["answer "+name] = func(w io.Writer, o page.Options) error { return page.Text(w, words.Answer(c), o) }
	g, err := gate.Of(c, gate.Options{Rule: stats.DefaultGate()})
	if err != nil {
		return // one target alone has nothing to decide on
	}
	to["gate "+name] = func(w io.Writer, o page.Options) error { return page.Text(w, words.Gate(g), o) }
}

func textOf(t *testing.T, write func(io.Writer, page.Options) error, o page.Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// No line is wider than the terminal: narrower ones lose columns, then the
// ends of names, not figures.
func TestWidths(t *testing.T) {
	t.Parallel()
	for name, write := range texts(t) {
		for _, width := range []int{60, 80, 100, 120, 200} {
			for line := range strings.Lines(textOf(t, write, page.Options{Width: width})) {
				if line = strings.TrimSuffix(line, "\n"); plain.Width(line) > width {
					t.Errorf("%s at %d columns: a line of %d: %s", name, width, plain.Width(line), line)
				}
			}
		}
	}
}

// Colour underlines what the words already say.
func TestColourAddsNothing(t *testing.T) {
	t.Parallel()
	uncoloured := strings.NewReplacer("\x1b[0m", "", "\x1b[1m", "", "\x1b[2m", "", "\x1b[31m", "", "\x1b[32m", "",
		"\x1b[1;31m", "", "\x1b[1;32m", "")
	for name, write := range texts(t) {
		plain, coloured := textOf(t, write, page.Options{Width: 80}), textOf(t, write, page.Options{Width: 80, Color: true})
		if d := diff.Diff(plain, uncoloured.Replace(coloured)); d != "" {
			t.Errorf("%s:\n%s", name, d)
		}
	}
}

// A terminal that shows ASCII alone gets nothing else, except of the user's.
func TestASCII(t *testing.T) {
	t.Parallel()
	for name, write := range texts(t) {
		for line := range strings.Lines(textOf(t, write, page.Options{Width: 100, ASCII: true})) {
			if strings.ContainsFunc(line, func(r rune) bool { return r > unicode.MaxASCII && !strings.ContainsRune(longName, r) }) {
				t.Errorf("%s: %s", name, line)
			}
		}
		usual, ascii := textOf(t, write, page.Options{Width: 100}), textOf(t, write, page.Options{Width: 100, ASCII: true})
		if plain.Width(usual) != plain.Width(ascii) {
			t.Errorf("%s is %d columns in all, %d of ASCII", name, plain.Width(usual), plain.Width(ascii))
		}
	}
}
