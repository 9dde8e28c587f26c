package report

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"taskbench/compare/charts"
	"taskbench/internal/page"
	"taskbench/results"
)

// kept are keys whose texts have a meaning of their own: other ones would not
// be names, but other documents.
var kept = []string{"kind", "created", "started", "hdr_v2_base64", "metric", "op", "unit", "mode", "tool"}

// renamed gives a document whose every other text ends in something else.
func renamed(t testing.TB, d results.Document, ending string) results.Document {
	t.Helper()
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		t.Fatal(err)
	}
	text, err = json.Marshal(withEnding(tree, ending))
	if err != nil {
		t.Fatal(err)
	}
	var out results.Document
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func withEnding(v any, ending string) any {
	switch v := v.(type) {
	case string:
		return v + ending
	case []any:
		for i := range v {
			v[i] = withEnding(v[i], ending)
		}
	case map[string]any:
		for key := range v {
			if !slices.Contains(kept, key) {
				v[key] = withEnding(v[key], ending)
			}
		}
	}
	return v
}

var (
	tagOf   = regexp.MustCompile(`<[/!?]?[a-zA-Z-]+`)
	quoteOf = regexp.MustCompile(`<[a-zA-Z][^<>]*>`)
)

// markup is all tags of a page, in their order, and how many quotes stand in
// each of them.
func markup(page string) (tags []string, quotes int) {
	for _, tag := range quoteOf.FindAllString(page, -1) {
		quotes += strings.Count(tag, `"`)
	}
	return tagOf.FindAllString(page, -1), quotes
}

// FuzzNames holds the page to its law: whatever names there are, in whatever
// field, the markup of the page is the same.
func FuzzNames(f *testing.F) {
	for _, ending := range []string{
		"x", `<img src=x onerror="alert(1)">`, `"><svg onload=alert(1)>`, "</script><script>alert(1)</script>", "</title><b>", "-->", "]]>", "{{.}}",
		"' onclick='x", "javascript:alert(1)", "\n\t\x00\x1b[31m", "\u202e\u2028", "&lt;b&gt;", "\xff\xfe", "`${1}`", "%3Cb%3E", strings.Repeat("long ", 300),
	} {
		f.Add(ending)
	}
	var plain Material
	var want []string
	var wantQuotes int
	f.Fuzz(func(t *testing.T, ending string) {
		if want == nil {
			plain = tiny(t)
			want, wantQuotes = markup(rendered(t, withNames(t, plain, "x")))
		}
		got, quotes := markup(rendered(t, withNames(t, plain, "x"+ending)))
		if !slices.Equal(got, want) || quotes != wantQuotes {
			t.Errorf("%d tags with %d quotes, want %d with %d", len(got), quotes, len(want), wantQuotes)
		}
	})
}

// tiny has a little of everything.
func tiny(t *testing.T) Material {
	m := whole(t, 2, 0)
	for i := range m.Load.Documents {
		d := &m.Load.Documents[i]
		d.Scenarios = d.Scenarios[:1]
		d.Warnings, d.Environment.Notes = []string{"a warning"}, []string{"a note"}
		d.Scenarios[0].Differences, d.Scenarios[0].Overridden = []results.Difference{{Step: "create", What: "a difference"}}, []string{"an override"}
		d.Scenarios[0].Trials = d.Scenarios[0].Trials[:1]
	}
	return m
}

func withNames(t *testing.T, m Material, ending string) Material {
	out, ending := m, strings.ToValidUTF8(ending, "�") // as documents have it
	for _, part := range []*[]results.Document{&out.Load.Documents, &out.Micro.Documents, &out.Memory.Documents, &out.CPU.Documents, &out.Heap.Documents} {
		var docs []results.Document
		for _, d := range *part {
			docs = append(docs, renamed(t, d, ending))
		}
		*part = docs
	}
	out.Scripts = nil
	for _, s := range m.Scripts {
		out.Scripts = append(out.Scripts, charts.Script{Scenario: s.Scenario + ending, Connections: s.Connections, Target: s.Target + ending, Text: s.Text + ending, Note: s.Note + ending})
	}
	out.CPUPages = []page.Link{{Label: "page" + ending, Address: "./page" + ending}}
	return out.compared(t)
}
