package script

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"taskbench/internal/golden"
	"taskbench/parse"
)

// wrong answers the scenarios of testdata/unmet.
func wrong(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-One", "one")
	w.Header().Set("X-Two", "")
	w.Header().Set("X-Number", "5")
	switch path := r.URL.Path; {
	case strings.HasPrefix(path, "/bad/"):
		status, _ := strconv.Atoi(path[len("/bad/"):])
		w.WriteHeader(status)
		fmt.Fprintf(w, "it is %d", status)
	case path == "/empty":
		w.WriteHeader(http.StatusNoContent)
	case path == "/plain":
		fmt.Fprint(w, "no json { at all")
	case path == "/away":
		w.Header().Set("Location", "http://other.example/x")
		w.WriteHeader(http.StatusFound)
	case path == "/round":
		w.Header().Set("Location", "/round")
		w.WriteHeader(http.StatusFound)
	default:
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"id":7,"num":5,"text":"x","yes":true,"none":null,"big":12345678901234567890,"price":1.50,"list":[1,2],"long":"a long text","reg":"Abc.","deep":{"a":[{"b":"z"}]},"name":"n","elsewhere":"http://other.example/x","elsewhere2":"/y?z#f"}`)
	}
}

// What is expected fails and holds alike, under the same names, and answers have the same
// statuses; the example is of the same step and expectation.
func TestUnmetAsByWrk(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"unmet", "captures"} {
		t.Run(name, func(t *testing.T) {
			s := load(t, "testdata/unmet/"+name+".yaml")
			server := newRecorder(t, func() http.Handler { return http.HandlerFunc(wrong) })
			o := Options{Connections: 2, Duration: 2 * time.Second, Warmup: -1, Seed: 3, URL: server.URL + "/base"}
			for ; ; o.Duration *= 2 {
				byK6, byWrk := runK6(t, server, s, o), runWrk(t, server, s, o)
				if a, b := judged(byK6), judged(byWrk); a == b {
					golden.Check(t, "testdata/unmet/"+name+".txt", a)
					return
				} else if o.Duration > 10*time.Second { // until then the machine may have been too slow for all steps
					t.Fatalf("by k6:\n%s\nby wrk:\n%s", a, b)
				}
			}
		})
	}
}

// judged says what became of each step, without counts.
func judged(b *parse.Block) string {
	var out strings.Builder
	for _, step := range b.Steps {
		fmt.Fprintf(&out, "%s: good %t, retried %t, redirected %t, statuses", step.Name, step.Good > 0, step.Retried > 0, step.Redirected > 0)
		for _, status := range sortedKeys(step.Statuses) {
			out.WriteString(" " + status)
		}
		if len(step.Unmet) > 0 {
			fmt.Fprintf(&out, ", unmet %q, example of %q: status %d, %.20q", sortedKeys(step.Unmet), step.Example.Unmet, step.Example.Status, step.Example.Body)
		}
		out.WriteByte('\n')
	}
	for _, j := range b.Journeys {
		fmt.Fprintf(&out, "%s: completed %t, failed %t\n", j.Name, j.Completed > 0, j.Failed > 0)
	}
	return out.String()
}
