package lua

import (
	"net/http"
	"strings"
	"testing"

	"taskbench/scenarios"
)

// published answers the scenarios of testdata/cases, which people wrote for other
// tools, and logs what they ask.
func published(s *trace, w http.ResponseWriter, r *http.Request) string {
	word := r.Method + r.URL.Path
	switch {
	case word == "POST/job" || strings.HasPrefix(r.URL.Path, "/job/"):
		return jobs(s, w, r)
	case r.URL.Path == "/flaky":
		if s.polls[r.RemoteAddr]++; s.polls[r.RemoteAddr]%3 != 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	case r.URL.Path == "/echo":
		word += "," + r.Header.Get("Accept") + "," + r.Header.Get("X-Api-Key")
	}
	return word
}

// What people write works under wrk, says the server's own log: every answer is good,
// and what is asked is what they meant.
func TestControlCasesOnWrk(t *testing.T) {
	for name, iteration := range map[string]string{
		"poll":             "made running running done ",
		"retry":            "(GET/flaky ){3}",
		"journeys":         "GET/items GET/items/1 |made running ",
		"headers-teardown": "(GET/echo,application/json,abc ){2}",
	} {
		t.Run(name, func(t *testing.T) {
			s := newTrace(t, published)
			b := runWrk(t, load(t, "cases/"+name), Options{URL: s.URL, Seed: 1})
			s.follows(t, iteration)
			for _, step := range b.Steps {
				if step.Answers != step.Good {
					t.Errorf("%+v", step)
				}
			}
		})
	}
}

// Headers for all steps are those of teardown, too, which is sent once behind an
// iteration; and a Location that is put into a path as text is refused with what to write.
func TestControlCases(t *testing.T) {
	t.Parallel()
	var log []string
	_, err := DryRun(load(t, "cases/headers-teardown"), Options{}, func(raw []byte) (int, http.Header, []byte, error) {
		r := readRequest(t, raw)
		log = append(log, r.Method+" "+r.Header.Get("X-Api-Key"))
		return 200, nil, nil, nil
	})
	if got := strings.Join(log, ", "); err != nil || got != "GET abc, GET abc, DELETE abc" {
		t.Errorf("%s, %v", got, err)
	}
	_, err = scenarios.OfText("s09c.yaml", []byte(`
name: s09c
flow:
  - {name: a, request: GET /r1, expect: {status: 302}, capture: {to: "header:Location"}}
  - {name: b, request: "GET ${to}"}
`))
	if err == nil || !strings.Contains(err.Error(), "${raw(NAME)}") {
		t.Errorf("%v", err)
	}
}

// A condition may draw one of several texts, which are constants of its step.
func TestConditionThatPicks(t *testing.T) {
	t.Parallel()
	s, err := scenarios.OfText("picks", []byte(`name: picks
load: {connections: 1}
flow:
  - {name: some, if: "${pick(a,b)} == a", request: GET /some}
  - {name: all, request: GET /all, repeat: {until: "${pick(x)} == x", max: 2}}
  - {name: none, if: "${pick(\"c, d\")} != c, d", request: GET /none}
`))
	if err != nil {
		t.Fatal(err)
	}
	asked := map[string]int{}
	_, err = DryRun(s, Options{Seed: 1}, func(raw []byte) (int, http.Header, []byte, error) {
		asked[readRequest(t, raw).URL.Path]++
		return 200, nil, nil, nil
	})
	if err != nil || asked["/all"] == 0 || asked["/none"] != 0 {
		t.Errorf("%v, %v", asked, err)
	}
}
