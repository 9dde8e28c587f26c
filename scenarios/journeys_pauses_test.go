package scenarios

import (
	"testing"
	"time"
)

// How long an iteration pauses says over which time virtual users begin, and whether their
// last iteration is waited for.
func TestPausesOfIterations(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text           string
		atRate         bool
		spread, finish time.Duration
	}{
		"none":                 {"flow: [{name: a, request: GET /}, {name: b, request: GET /}]", false, 0, MostFinish},
		"a request's":          {"load: {think: 3s}\nrequest: GET /", false, 3 * time.Second, 0},
		"behind steps":         {"flow: [{name: a, request: GET /, think: 200ms}, {name: b, request: GET /, think: 300ms}]", false, 500 * time.Millisecond, MostFinish},
		"long ones":            {"flow: [{name: a, request: GET /, think: 2s}, {name: b, request: GET /}]", false, 2 * time.Second, 0},
		"long ones at a rate":  {"flow: [{name: a, request: GET /, think: 2s}, {name: b, request: GET /}]", true, 2 * time.Second, MostFinish},
		"between repetitions":  {"flow: [{name: a, request: GET /, repeat: {times: 4, wait: 1s}}, {name: b, request: GET /}]", false, 3 * time.Second, 0},
		"of elements":          {"flow: [{name: l, request: GET /, capture: {ids: ids}}, {name: e, for_each: {list: \"${ids}\", wait: 5s}, request: GET /}]", false, 5 * time.Second, 0},
		"of what is drawn":     {"mix: [{name: a, weight: 3, request: GET /, think: 100ms}, {name: b, weight: 1, request: GET /, think: 500ms}]", false, 200 * time.Millisecond, 0},
		"of journeys, weighed": {"mix: [{name: x, weight: 1, flow: [{name: a, request: GET /, think: 100ms}, {name: b, request: GET /}]}, {name: y, weight: 1, flow: [{name: a, request: GET /, think: 300ms}]}]", false, 200 * time.Millisecond, MostFinish},
	} {
		s := mustLoad(t, "name: x\n"+c.text)
		if got := s.Spread(); got != c.spread {
			t.Errorf("%s: virtual users begin in %v, want %v", name, got, c.spread)
		}
		if got := s.Finish(time.Minute, c.atRate); got != c.finish {
			t.Errorf("%s: iterations are waited for %v, want %v", name, got, c.finish)
		}
	}
}
