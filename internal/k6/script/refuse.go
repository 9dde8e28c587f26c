package script

import (
	"net/http"
	"net/url"
	"strings"

	"taskbench/internal/source"
	"taskbench/scenarios"
)

// refuse reports all that k6 cannot send or read as wrk does.
func (g *generator) refuse() error {
	var problems source.List
	add := func(e *source.Error) {
		if e != nil {
			problems.Add(e)
		}
	}
	for _, step := range g.allSteps() {
		add(badPath(step))
		add(badHeaders(step))
		for _, m := range matchesOf(step) {
			if m.Kind == scenarios.MatchRegex {
				add(badRegexp(m.Pos, m.Text, false))
			}
		}
		for _, c := range step.Captures {
			if c.Kind == scenarios.CaptureRegex {
				add(badRegexp(c.Pos, c.Source, true))
			}
			if c.Match != "" {
				add(badRegexp(c.Pos, c.Match, true))
			}
		}
	}
	return problems.Err()
}

// matchesOf are all comparisons of a step.
func matchesOf(step *scenarios.Step) []scenarios.Match {
	expects := []scenarios.Expect{step.Expect}
	if r := step.Control.Repeat; r != nil && r.Answer != nil {
		expects = append(expects, *r.Answer)
	}
	var out []scenarios.Match
	for _, e := range expects {
		out = append(out, e.Body...)
		for _, m := range e.JSON {
			out = append(out, m.Match)
		}
		for _, m := range e.Headers {
			out = append(out, m.Match)
		}
	}
	return out
}

func badRegexp(pos source.Position, expr string, captures bool) *source.Error {
	if err := checkRegexp(expr, captures); err != nil {
		return source.Errorf(pos, "write it in another way, or measure with wrk", "k6 cannot look for the expression %q as wrk does: %w", expr, err)
	}
	return nil
}

// badPath reports a path that k6 would send in another way than it is written.
func badPath(step *scenarios.Step) *source.Error {
	var b strings.Builder
	for _, p := range step.Path {
		if p.Ref == nil {
			b.WriteString(p.Literal)
		} else if b.Len() == 0 {
			b.WriteString("/x")
		} else {
			b.WriteByte('1')
		}
	}
	path := b.String()
	u, err := url.Parse("http://localhost" + path)
	if err != nil {
		return source.Errorf(step.Pos, "percent-encode what is no URL", "step %s: k6 cannot send the path %s: %w", step.Name, step.Path, err)
	}
	if sent := u.RequestURI(); sent != path {
		return source.Errorf(step.Pos, "write the path as it is to be sent", "step %s: k6 would send the path %s as %s", step.Name, path, sent)
	}
	return nil
}

// badHeaders reports headers that k6 does not send.
func badHeaders(step *scenarios.Step) *source.Error {
	for _, h := range step.Headers {
		if name := http.CanonicalHeaderKey(h.Name); name == "Transfer-Encoding" || name == "Trailer" {
			return source.Errorf(step.Pos, "leave it out, or measure with wrk", "step %s: k6 sends no header %s of a script", step.Name, h.Name)
		}
	}
	return nil
}
