package page

import (
	"bytes"
	"strings"
	"testing"
)

func grouped() Page {
	f := Form{Columns: []Column{{Name: "scenario", Words: true},
		{Name: "a-very-long-name", Group: "answers", Fit: 7}, {Name: "a-very-long-name-2", Group: "answers", Fit: 7}, {Name: "change", Group: "answers"},
		{Name: "new", Group: "time for each of them"}}}
	f.Rows = []Row{
		{Cells: []Cell{{Text: "health"}, {Text: "61.2"}, {Text: "56.0"}, {Mark: "▼", Text: "−8 %", Mood: Bad}, {Text: "1.66"}}},
		{Cells: []Cell{{Text: "auth"}, {Text: "1.22"}, {Text: "1.21"}, {Mark: "~", Text: "−9 %", Notes: []string{"why"}}, {Text: "18.4"}}},
		{Cells: []Cell{{Text: "all"}, {}, {}, {}, {}}},
	}
	p := Page{Blocks: []Block{Headline{Word: "SLOWER", Mood: Bad, Items: Sentences([]string{"7 % less", "5 of 6 | as *expected*"})}, Space{}, Simple(f)}}
	return p
}

func TestGroups(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		o    Options
		want string
	}{
		{Options{Width: 80}, `
  SLOWER  7 % less
          5 of 6 | as *expected*

                      answers            time for each of them
  scenario    …name  …name-2   change                      new
──────────────────────────────────────────────────────────────
  health       61.2     56.0  ▼  −8 %                     1.66
  auth         1.22     1.21  ~ −9 %¹                     18.4
  all
  ¹ why
`},
		{Options{Width: 80, Color: true}, "  \x1b[1;31mSLOWER\x1b[0m  7 % less"},
		{Options{Width: 80, ASCII: true}, "v  -8 %"},
	} {
		var out bytes.Buffer
		if err := Text(&out, grouped(), c.o); err != nil {
			t.Fatal(err)
		}
		if got := "\n" + out.String(); !strings.Contains(got, c.want) {
			t.Errorf("%+v:%s\nwant %s", c.o, got, c.want)
		}
	}
}

func TestGroupsInMarkdown(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := Markdown(&out, grouped()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"**SLOWER** 7 % less\\\n5 of 6 \\| as \\*expected\\*\n", "answers: change", "▼ −8 %", "~ −9 %¹"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in:\n%s", want, &out)
		}
	}
}
