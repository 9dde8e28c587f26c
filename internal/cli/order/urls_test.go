package order

import (
	"slices"
	"strings"
	"testing"

	"taskbench/internal/config"
	"taskbench/results"
)

// Names are hosts and ports; paths are in them where the rest is alike, and
// numbers where all is.
func TestSites(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ words, want string }{
		{"http://localhost:3000/health http://localhost:4000/health", "localhost-3000=http://localhost:3000/health localhost-4000=http://localhost:4000/health"},
		{"http://old.example HTTPS://new.example?x=1#top", "old.example=http://old.example/ new.example=https://new.example/?x=1"},
		{"http://h:1/v1/items http://h:1/v2/items http://g:1/v1/items", "h-1-v1-items=http://h:1/v1/items h-1-v2-items=http://h:1/v2/items g-1=http://g:1/v1/items"},
		{"http://h/ http://h/ http://h/?a", "h=http://h/ h-2=http://h/ h-3=http://h/?a"},
		{"http://h http://h/x", "h=http://h/ h-x=http://h/x"},
		{"http://h h=http://g", "h-2=http://h/ h=http://g/"},
		{"http://[::1]:3000/ a=http://127.0.0.1/", "1-3000=http://[::1]:3000/ a=http://127.0.0.1/"},
		{"http://latest/ http://h/a%20b/c?q=x%20y z=http://h/a b?q=x y", "server=http://latest/ h-a-20b-c=http://h/a%20b/c?q=x%20y"},
	} {
		words := strings.Fields(c.words)
		if strings.Contains(c.words, "a b") {
			words = append(words[:2], "h-a-20b-c-2=http://h/a b?q=x y")
			c.want += " h-a-20b-c-2=http://h/a%20b?q=x%20y"
		}
		sites, err := SitesOf(words)
		if err != nil {
			t.Errorf("%s: %v", c.words, err)
			continue
		}
		var got []string
		for _, s := range sites {
			got = append(got, s.word())
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.words, strings.Join(got, " "), c.want)
		}
	}
	for words, want := range map[string]string{
		"http://": "names no host", "http://h:0": "has no port", "x=http://a x=http://b": "given twice", "latest=http://a": "the word for the newest results",
		"http://a%zz": "is not a URL",
	} {
		if _, err := SitesOf(strings.Fields(words)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", words, err, want)
		}
	}
}

// FuzzSites: whatever URLs are taken, their names are good for the store and
// unlike each other, and a document's words make the same scenario again.
func FuzzSites(f *testing.F) {
	f.Add("http://localhost:3000/health", "http://localhost:4000/health")
	f.Add("a=http://h/?x=${y}", "HTTP://H/%2F#z")
	f.Add("http://ü.example/ö?ä= ", "http://[fe80::1%25eth0]:80")
	f.Fuzz(func(t *testing.T, a, b string) {
		words, _ := SplitURLs([]string{a, b})
		if len(words) == 0 {
			t.Skip("no URL")
		}
		sites, err := SitesOf(words)
		if err != nil {
			t.Skip("refused")
		}
		var names []string
		for _, s := range sites {
			if err := results.CheckName(s.name); err != nil {
				t.Errorf("%q: %v", words, err)
			}
			if err := config.CheckTarget(s.name, s.base); err != nil {
				t.Errorf("%q: %v", words, err)
			}
			names = append(names, s.name)
		}
		if slices.Sort(names); len(slices.Compact(slices.Clone(names))) != len(names) {
			t.Errorf("%q are named %q", words, names)
		}
		s, err := GetScenario(sites)
		if err != nil {
			t.Fatalf("%q: %v", words, err)
		}
		again, err := GetAgain(s.File)
		if err != nil || again.Hash != s.Hash || again.Name != s.Name {
			t.Errorf("%q is not made again: %v", s.File, err)
		}
	})
}
