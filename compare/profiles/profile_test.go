package profiles_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"taskbench/compare/lineup"
	"taskbench/compare/profiles"
	"taskbench/compare/sample"
	"taskbench/compare/words"
	"taskbench/internal/page"
	"taskbench/internal/plain"
	"taskbench/results"
)

func TestCPUProfileText(t *testing.T) {
	t.Parallel()
	p, err := profiles.New(profiles.CPU, sample.CPU(), lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := page.Text(&out, words.Profile(p), page.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"CPU: workflow, closed, 50 users, 10s\n",
		"cores busy, peak second             1.50        1.90",
		"rust 75.0 % ✓  windjammer 95.0 % ✗",
		"clone – – 30.0 % 30.0 % +30.00 (+28.58 to +31.42) pp",
		"serde_json::ser 10.0 % 20.0 % 12.0 % 20.0 % +2.00 (+0.63 to +3.37) pp",
		"tokio::park 5.00 % 5.00 % – – −5.00 (−5.68 to −4.32) pp", "–: not among the functions recorded there",
		"answers missing or wrong 0 % 25.0 % –",
		"core 0, mean                       40.0 %     40.0 %   1.00",
		"core 3, peak second 80.0 % –² –", "² no sample of it is from that core",
		"rust       ▃█▆ 0.50 to 1.50",
		"! windjammer: only 40 samples",
		"! windjammer: the server's process ended",
	} {
		if !strings.Contains(sample.Squeeze(out.String()), sample.Squeeze(want)) {
			t.Errorf("text lacks %q:\n%s", want, out.String())
		}
	}
}

// TestEveryFormatHasTheCores holds that no format leaves out a single core's
// use, or that of a second; nor spells a name in another way.
func TestEveryFormatHasTheCores(t *testing.T) {
	t.Parallel()
	docs := sample.CPU()
	docs[0].Scenarios[0].Trials[0].CPU.Functions[0].Name = "Vec<T>::push"
	p, err := profiles.New(profiles.CPU, docs, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var markdown, csv, json bytes.Buffer
	if err := errors.Join(page.Markdown(&markdown, words.Profile(p)), page.CSV(&csv, words.Profile(p)), page.JSON(&json, words.Profile(p))); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		out  *bytes.Buffer
		want []string
	}{
		{&markdown, []string{"| core 3, mean | 60.0 % |", "- cores busy, second by second of rust: ▃█▆ 0.50 to 1.50\n"}},
		{&csv, []string{`workflow,rust,"core 3, mean",,fraction,0.6,`, `workflow,rust,cores busy,2,cores,1.5,`, `workflow,rust,"context switches, waiting",,per_s,1200,`}},
		{&json, []string{`"core": 3`, `"cores_each_second"`, `"Vec<T>::push"`}},
	} {
		for _, want := range c.want {
			if !strings.Contains(sample.Squeeze(c.out.String()), sample.Squeeze(want)) {
				t.Errorf("%q is missing in:\n%s", want, c.out)
			}
		}
	}
}

// TestManyCores holds that tables do not drown in the rows of single cores,
// which JSON and CSV have all the same.
func TestManyCores(t *testing.T) {
	t.Parallel()
	docs := sample.CPU()
	for core := range 64 {
		c := docs[1].Scenarios[0].Trials[0].CPU
		c.Cores = append(c.Cores, results.CoreUse{Core: 10 + core, MeanFraction: 0.5, PeakFraction: 0.5})
	}
	p, err := profiles.New(profiles.CPU, docs, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var text, csv bytes.Buffer
	if err := errors.Join(page.Text(&text, words.Profile(p), page.Options{Width: 80}), page.CSV(&csv, words.Profile(p))); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(text.String(), "core 73") || !strings.Contains(sample.Squeeze(text.String()), "each of the 66 cores is listed with --format json") {
		t.Errorf("text:\n%s", &text)
	}
	if !strings.Contains(csv.String(), "core 73, peak second") {
		t.Error("CSV lacks a core")
	}
	for line := range strings.Lines(text.String()) {
		if w := plain.Width(strings.TrimSuffix(line, "\n")); w > 80 {
			t.Errorf("%d columns: %s", w, line)
		}
	}
}

func TestHeapProfileMarkdown(t *testing.T) {
	t.Parallel()
	p, err := profiles.New(profiles.Heap, sample.Heap(), lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := page.Markdown(&out, words.Profile(p)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"## heap: workflow, closed, 50 users, 10s",
		"| allocations per answer | 10 | 12.5 | 1.25", "| peak heap | 2.50 MB | 2.50 MB | 1.00", "| app::put | 1,000 | 1.00 kB | 1,250 | 1.00 kB | +2.50 |",
	} {
		if !strings.Contains(sample.Squeeze(out.String()), want) {
			t.Errorf("markdown lacks %q:\n%s", want, out.String())
		}
	}
}

// TestProfileOfItself holds that equal targets have no differences, and that
// documents may come in any order.
func TestProfileOfItself(t *testing.T) {
	t.Parallel()
	docs := sample.CPU()
	docs[0].Scenarios = docs[1].Scenarios
	p, err := profiles.New(profiles.CPU, docs, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range p.Hot {
		if *r.Difference[1] != 0 {
			t.Errorf("%s differs by %g from itself", r.Name, *r.Difference[1])
		}
	}
	docs[0], docs[1] = docs[1], docs[0]
	again, err := profiles.New(profiles.CPU, docs, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p, again); diff != "" {
		t.Error(diff)
	}
}

func TestProfileMissing(t *testing.T) {
	t.Parallel()
	docs := sample.CPU()
	docs[0].Scenarios[0].Trials[0].CPU = &results.CPUProfile{Missing: "perf is not on PATH"}
	p, err := profiles.New(profiles.CPU, docs, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, write := range []func(*bytes.Buffer) error{
		func(b *bytes.Buffer) error { return page.Text(b, words.Profile(p), page.Options{}) },
		func(b *bytes.Buffer) error { return page.Markdown(b, words.Profile(p)) },
		func(b *bytes.Buffer) error { return page.JSON(b, words.Profile(p)) },
	} {
		var out bytes.Buffer
		if err := write(&out); err != nil || !strings.Contains(out.String(), "windjammer: no samples: perf is not on PATH") {
			t.Errorf("error %v in:\n%s", err, out.String())
		}
	}
	if p.Hot[0].Difference[1] != nil {
		t.Error("a difference to a target that was not profiled")
	}
	var out bytes.Buffer
	if err := page.CSV(&out, words.Profile(p)); err != nil || !strings.Contains(out.String(), "workflow,rust,tokio::park,,self_fraction,0.05,,,,,,\n") {
		t.Errorf("csv: %v\n%s", err, out.String())
	}
	if _, err := profiles.New(profiles.Heap, docs, lineup.Options{}); err == nil {
		t.Error("a profile of nothing")
	}
}
