package page

import (
	"bytes"
	"strings"
	"testing"
)

// What can only be drawn is left out where nothing can draw, and nothing else is.
func TestDrawnBlocks(t *testing.T) {
	t.Parallel()
	p := Page{Headline: "a page"}
	p.Add(Heading{Key: "k", Text: "a heading", Under: "the rest of it"}, Chart{Title: "drawn"},
		Aside{Title: "drawn", Blocks: []Block{Code{Text: "drawn"}}}, Links{Title: "drawn"}, Lines{Items: []Line{{Text: "a line", Of: "rust"}}})
	for name, write := range map[string]func(*bytes.Buffer) error{
		"text":     func(b *bytes.Buffer) error { return Text(b, p, Options{}) },
		"markdown": func(b *bytes.Buffer) error { return Markdown(b, p) },
	} {
		var out bytes.Buffer
		if err := write(&out); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"a page", "a heading · the rest of it", "a line"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s has no %q:\n%s", name, want, &out)
			}
		}
		if strings.Contains(out.String(), "drawn") {
			t.Errorf("%s:\n%s", name, &out)
		}
	}
}

// Pages in one CSV have the columns of each, and one JSON value.
func TestJoined(t *testing.T) {
	t.Parallel()
	a := Page{Headline: "a", Data: 1, Records: Records{Header: []string{"name", "median"}, Rows: [][]string{{"x", "1"}}}}
	b := Page{Headline: "b", Data: 2, Records: Records{Header: []string{"median", "unit"}, Rows: [][]string{{"2", "us"}}}}
	var csv, json bytes.Buffer
	if err := CSV(&csv, Joined(a, b)); err != nil {
		t.Fatal(err)
	}
	if err := JSON(&json, Joined(a, b)); err != nil {
		t.Fatal(err)
	}
	if want := "name,median,unit\nx,1,\n,2,us\n"; csv.String() != want {
		t.Errorf("%q, want %q", &csv, want)
	}
	if got := strings.Join(strings.Fields(json.String()), ""); got != `{"results":[1,2]}` {
		t.Error(got)
	}
}
