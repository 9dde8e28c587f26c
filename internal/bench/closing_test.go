package bench

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"taskbench/internal/server"
	"taskbench/wrk"
)

const closingText = `
name: one
load: {connections: 3, duration: 1s, warmup: 0s, think: 1s}
setup:
  RULES
  steps: [{name: seed, request: POST /seed, capture: {seed: "header:X"}}]
before: [{name: login, request: "POST /login/${seed}", capture: {token: "header:X"}}]
flow: [{name: a, request: GET /}]
after: [{name: logout, request: "DELETE /login/${token}", expect: {status: 200}}]
teardown: [{name: drop, request: "DELETE /seed/${seed}"}]
`

// What a server is sent around loads, by its own log: after once for each virtual user
// that was set up, teardown once, and nothing of it before the last load of those who
// stay. What goes wrong in it is a warning, and no error.
func TestClosing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rules string
		soak  bool
		want  string // s seed, i login, o logout, d drop, * a load
		fails bool
	}{
		"each pair anew":           {rules: "keep: false", want: "siii*ooo siii*ooo d"},
		"kept":                     {rules: "keep: true", want: "siii* /* oood"},
		"soak":                     {rules: "keep: false", soak: true, want: "siii** oood"},
		"one setup for all, alone": {rules: "once: true\n  keep: false", want: "siii*ooo siii*ooo d"},
		"logging out fails":        {rules: "keep: false", want: "siii*ooo siii*ooo d", fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var log strings.Builder
			note := func(word string) {
				mu.Lock()
				defer mu.Unlock()
				log.WriteString(word)
			}
			at := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				word := map[string]string{"POST /seed": "s", "POST /login": "i", "DELETE /login": "o", "DELETE /seed": "d", "GET /": "/"}
				path, id, _ := strings.Cut(r.URL.Path[1:], "/")
				if r.Method == "DELETE" && id != "x-"+path {
					t.Errorf("%s %s", r.Method, r.URL.Path)
				}
				if c.fails && r.Method == "DELETE" && path == "login" {
					w.WriteHeader(http.StatusTeapot)
				}
				w.Header().Set("X", "x-"+path)
				note(word[r.Method+" /"+path])
			}))
			defer at.Close()
			p := plan(t, 2)
			p.Scenarios[0] = scenario(t, strings.Replace(closingText, "RULES", c.rules, 1))
			p.Targets = []server.Spec{{Name: "a", URL: at.URL}}
			p.Cells = NewCells(p.Scenarios, Overrides{})
			run := newWorld().runner(t)
			generate := run.Generate
			run.Generate = func(ctx context.Context, o wrk.Options) (wrk.Output, error) {
				note("*")
				return generate(ctx, o)
			}
			docs := begin(p)
			var err error
			if c.soak {
				err = run.Soak(t.Context(), p, survey(p), docs)
			} else {
				_, err = run.Run(t.Context(), p, survey(p), docs)
			}
			if err != nil {
				t.Fatal(err)
			}
			want := strings.ReplaceAll(c.want, " ", "")
			if !strings.Contains(c.rules, "once") { // then each seeds for itself
				want = strings.ReplaceAll(want, "siii", "sisisi")
			}
			if got := log.String(); sorted(got) != sorted(want) {
				t.Errorf("%s, want %s", got, want)
			}
			if warned := strings.Contains(strings.Join(docs[0].Warnings, " "), "after failed at virtual user"); warned != c.fails {
				t.Errorf("%q", docs[0].Warnings)
			}
		})
	}
}

// sorted is a log whose stretches between loads are each in order: virtual users are
// set up at once.
func sorted(log string) string {
	parts := strings.Split(log, "*")
	for i, part := range parts {
		parts[i] = strings.Join(sortedWords(part), "")
	}
	return strings.Join(parts, "*")
}

func sortedWords(part string) []string {
	words := strings.Split(part, "")
	slices.Sort(words)
	return words
}
