package lua

import (
	"strings"

	"taskbench/scenarios"
)

// plain writes the script of a request that needs no virtual user: a request
// that never changes is built once, and response() is defined only where wrk's
// own count of errors does not say enough.
func (g *generator) plain() ([]byte, error) {
	step := &g.s.Steps[0]
	inspect := inspected(step)
	g.unjudged = !inspect
	unmet, err := g.step(1, step)
	if err != nil {
		return nil, err
	}
	g.thinks()

	var b strings.Builder
	g.header(&b)
	g.constants(&b, unmet)
	g.runtime(&b, "clock", "run", "share", "host", "steps", "record")
	if inspect {
		g.runtime(&b, "count")
	}
	g.draws(&b)
	g.runtime(&b, "request", map[bool]string{false: "request_static", true: "request_dynamic"}[changes(step)])
	if inspect {
		g.runtime(&b, "header", "request_inspect", "live", "request_live")
		delete(g.needs, "header")
	}
	g.readers(&b)
	b.WriteString(g.steps.String())
	if g.o.Slots > 0 {
		g.runtime(&b, "board", "request_slots")
	} else {
		g.runtime(&b, "request_in_turn")
	}
	g.runtime(&b, "block", "sockets")
	if inspect {
		g.runtime(&b, "steps_json", "request_inspected")
	} else {
		g.runtime(&b, "request_uninspected")
	}
	if g.o.Slots > 0 {
		g.runtime(&b, "board_json")
	}
	g.runtime(&b, "request_json")
	return []byte(b.String()), nil
}

// inspected reports whether an answer must be looked at: whether more is
// expected of it than a status below 400.
func inspected(step *scenarios.Step) bool {
	e := step.Expect
	return e.StatusOf != nil || len(e.Statuses)+len(e.JSON)+len(e.Headers)+len(e.Body) > 0
}

// changes reports whether a request differs from one time to the next.
func changes(step *scenarios.Step) bool {
	for _, ref := range refs(step) {
		fixed := ref.Kind == scenarios.RefBuiltin && (ref.Name == "env" || ref.Name == "run")
		if !fixed {
			return true
		}
	}
	return false
}
