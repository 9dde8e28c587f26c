package compare

import (
	"slices"
	"strings"
	"testing"
)

// Whatever is described stands in the text of the same comparison, word for
// word: a page and a terminal never disagree.
func TestDescriptionSaysWhatTextSays(t *testing.T) {
	for name, build := range cases {
		t.Run(name, func(t *testing.T) {
			c, err := New(build(), Options{})
			if err != nil {
				t.Fatal(err)
			}
			var text strings.Builder
			if err := Text(&text, c, TextOptions{Width: 10_000}); err != nil {
				t.Fatal(err)
			}
			d := Describe(c)
			said := slices.Concat([]string{d.Headline}, d.Targets, d.Footnotes, d.Flags, d.Notes, d.Summary)
			for _, s := range d.Scenarios {
				said = slices.Concat(said, []string{s.Title}, phrases(s.Lines), s.Footnotes, s.Legend, s.Expected, s.LeftOut, s.Flags, s.Notes)
				for _, p := range s.Problems {
					said = append(said, p.What, p.Example)
				}
			}
			for _, s := range d.Sweeps {
				said = slices.Concat(said, phrases(s.Lines), s.Footnotes, []string{s.Knee}, s.Flags)
			}
			for _, sentence := range said {
				if !strings.Contains(text.String(), sentence) {
					t.Errorf("%q is not in\n%s", sentence, text.String())
				}
			}
			if len(d.Scenarios) != len(c.Scenarios) || len(d.Sweeps) != len(c.Sweeps) || len(d.Targets) != len(c.Targets) {
				t.Errorf("described %d scenarios, %d sweeps, %d targets", len(d.Scenarios), len(d.Sweeps), len(d.Targets))
			}
		})
	}
}

func phrases(lines []Line) []string {
	var texts []string
	for _, l := range lines {
		for i := range l.Figures {
			texts = append(texts, l.Name, l.Figures[i].Text, l.Ratios[i].Text, l.Verdicts[i].Text)
		}
	}
	return texts
}
