package compare_test

import (
	"bytes"
	"encoding/json"
	"html"
	"io"
	"regexp"
	"strings"
	"testing"

	. "taskbench/compare"
	"taskbench/compare/gate"
	"taskbench/compare/kinds"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/compare/words"
	"taskbench/internal/export"
	"taskbench/internal/page"
	"taskbench/internal/report"
	"taskbench/results"
)

var titles = regexp.MustCompile(`::notice title=taskbench%3A [^%]* against [^%]*%3A `)

var tags = regexp.MustCompile(`(?s)<style>.*?</style>|<[^>]*>`)

// How the text of each format is read, as far as headlines are concerned.
var readers = map[string]func(string) string{
	"text":     func(s string) string { return s },
	"markdown": func(s string) string { return strings.NewReplacer(`\`, "", "**", "").Replace(s) },
	"html": func(s string) string {
		_, body, _ := strings.Cut(s, "<body>")
		return html.UnescapeString(tags.ReplaceAllString(body, " "))
	},
	"xml": func(s string) string { return html.UnescapeString(tags.ReplaceAllString(s, " ")) },
	"annotations": func(s string) string {
		return strings.NewReplacer("::", " ", "%0A", " ", "%25", "%").Replace(titles.ReplaceAllString(s, ""))
	},
	"json": func(s string) string {
		type headlines []struct{ Text string }
		var read struct {
			Summary  struct{ Headline headlines }
			Headline headlines
		}
		if err := json.Unmarshal([]byte(s), &read); err != nil {
			return err.Error()
		}
		var text strings.Builder
		for _, h := range append(read.Summary.Headline, read.Headline...) {
			text.WriteString(h.Text + "\n")
		}
		return text.String()
	},
}

// written are all formats that begin with a headline, by the name of their reader.
func written(t *testing.T, docs []results.Document, c *Comparison, g *gate.Report) map[string]string {
	t.Helper()
	list := map[string]string{}
	put := func(name string, write func(io.Writer) error) {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		list[name] = b.String()
	}
	for name, p := range map[string]page.Page{"answer": words.Answer(c), "compare --all": words.Load(c), "compare NAME": words.Scenarios(c, c.Scenarios[:1], false), "gate": words.Gate(g)} {
		put("text of "+name, func(w io.Writer) error { return page.Text(w, p, page.Options{Width: 100}) })
		put("markdown of "+name, func(w io.Writer) error { return page.Markdown(w, p) })
		put("json of "+name, func(w io.Writer) error { return page.JSON(w, p) })
	}
	put("markdown of comment", func(w io.Writer) error { return export.Comment(w, c, g) })
	put("xml of JUnit", func(w io.Writer) error { return export.JUnit(w, g) })
	put("annotations", func(w io.Writer) error { return export.Annotations(w, g) })
	put("html", func(w io.Writer) error {
		pages, err := kinds.Draw(docs, lineup.Options{}, kinds.Beside{})
		if err != nil {
			return err
		}
		return report.HTML(w, pages)
	})
	return list
}

// Every format opens with the same headline, whatever the answer: the same words in
// the same order, before any figure.
func TestHeadlineIsTheSameEverywhere(t *testing.T) {
	for word, build := range answers {
		same(t, string(word), build())
	}
	same(t, "three targets", cases["three targets"]())
}

func same(t *testing.T, name string, docs []results.Document) {
	t.Run(name, func(t *testing.T) {
		c, err := New(docs, lineup.Options{})
		if err != nil {
			t.Fatal(err)
		}
		g, err := gate.Of(c, gate.Options{Rule: stats.DefaultGate()})
		if err != nil {
			t.Fatal(err)
		}
		want := ""
		for _, h := range words.Headlines(c) {
			want += " " + words.HeadlineText(h)
		}
		wanted := strings.Fields(want)
		for format, text := range written(t, docs, c, g) {
			kind, _, _ := strings.Cut(format, " ")
			got := " " + strings.Join(strings.Fields(readers[kind](text)), " ") + " "
			before := opened(got, wanted)
			if before < 0 {
				t.Errorf("%s: no%s in\n%.1500s", format, want, got)
			} else if strings.Contains(got[:before], "%") {
				t.Errorf("%s: a figure stands before the headline:\n%s", format, got[:before])
			}
			if n := strings.Count(got, " "+wanted[0]+" "); kind != "json" && n > 2 {
				t.Errorf("%s says it %d times", format, n)
			}
		}
	})
}

// opened is where a text has the words one after the other, with nothing in between
// but what names the next headline; −1: it has not.
func opened(text string, wanted []string) int {
	return strings.Index(text, " "+strings.Join(wanted, " ")+" ")
}
