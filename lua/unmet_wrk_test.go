package lua

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// TestUnmetOnceAnAnswer: several expectations of one thing that one answer does not
// meet are one of that name, in a request as in a flow: else there would be more of
// them than wrong answers.
func TestUnmetOnceAnAnswer(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Kind", "none")
		fmt.Fprint(w, `{"x":"none"}`)
	}))
	defer server.Close()
	const step = `request: GET /, expect: {headers: {X-Kind: {contains: a, matches: b}}, body: [{contains: a}, {contains: b}], json: {x: {contains: a, matches: b}}}`
	for name, text := range map[string]string{"request": "name: x\nrequest: {" + step + "}", "flow": "name: x\nflow: [{name: a, " + step + "}]"} {
		b := runWrk(t, loadText(t, text), Options{URL: server.URL, Connections: 2, Duration: 200 * time.Millisecond, Warmup: -1, Seed: 1})
		s := b.Steps[0]
		wrong := s.Answers - s.Good
		if wrong == 0 || s.Good != 0 || s.Unmet["body"] != wrong || s.Unmet["json:x"] != wrong || s.Unmet["header:X-Kind"] != wrong {
			t.Errorf("%s: %d wrong answers, unmet %v", name, wrong, s.Unmet)
		}
	}
}
