package script

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
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
		add(g.badValues(step))
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
	path := pathWith(step, nil, "")
	sent, err := asSent(path)
	switch {
	case err != nil:
		return source.Errorf(step.Pos, "percent-encode what is no URL", "step %s: k6 cannot send the path %s: %w", step.Name, step.Path, err)
	case sent != path:
		return source.Errorf(step.Pos, "write the path as it is to be sent", "step %s: k6 would send the path %s as %s", step.Name, step.Path, sent)
	}
	return nil
}

// asSent is the path that k6 asks for where path stands in a URL.
func asSent(path string) (string, error) {
	u, err := url.Parse("http://localhost" + path)
	if err != nil {
		return "", err
	}
	return u.RequestURI(), nil
}

// pathWith is the path of a step with text in place of one of its references, and
// something short in place of the others.
func pathWith(step *scenarios.Step, ref *scenarios.Ref, text string) string {
	var b strings.Builder
	for _, p := range step.Path {
		switch {
		case p.Ref == nil:
			b.WriteString(p.Literal)
		case p.Ref == ref:
			b.WriteString(text)
		case b.Len() == 0:
			b.WriteString("/x")
		default:
			b.WriteByte('1')
		}
	}
	return b.String()
}

// badValues reports the first row of data, or word of a choice, that stands in a path as
// it is and that k6 would send in another way.
func (g *generator) badValues(step *scenarios.Step) *source.Error {
	for _, p := range step.Path {
		if p.Ref == nil || p.Ref.Escape == scenarios.EscapeURL {
			continue
		}
		where, values := g.valuesOf(p.Ref)
		for i, value := range values {
			path := pathWith(step, p.Ref, ownHost.ReplaceAllString(value, ""))
			if sent, err := asSent(path); err != nil || sent != path {
				return source.Errorf(step.Pos, "percent-encode what is no part of a path, or measure with wrk",
					"step %s: "+where+", and k6 would not send that as it is", step.Name, i+1, value)
			}
		}
	}
	return nil
}

// ownHost is what a row has before its path where it is a URL.
var ownHost = regexp.MustCompile(`(?i)^(https?:)?//[^/?#]*`)

// valuesOf are those that a reference can have, as far as they are known, and a format
// that says where one of them stands, by its number from 1.
func (g *generator) valuesOf(ref *scenarios.Ref) (where string, values []string) {
	switch {
	case ref.Kind == scenarios.RefColumn:
		feeder := g.s.Data[ref.Name]
		column := slices.Index(feeder.Columns, ref.Column)
		for _, row := range feeder.Rows {
			if column < len(row) {
				values = append(values, row[column])
			}
		}
		return "row %d of " + strings.ReplaceAll(feeder.File, "%", "%%") + " has %q", values
	case ref.Kind == scenarios.RefBuiltin && ref.Name == "pick":
		return "word %d of pick is %q", ref.Args
	}
	return "", nil
}

// badHeaders reports headers that k6 does not send, or with another value.
func badHeaders(step *scenarios.Step) *source.Error {
	for _, h := range step.Headers {
		name := http.CanonicalHeaderKey(h.Name)
		literal, fixed := h.Value.Constant()
		switch {
		case name == "Transfer-Encoding" || name == "Trailer":
			return source.Errorf(step.Pos, "leave it out, or measure with wrk", "step %s: k6 sends no header %s of a script", step.Name, h.Name)
		case name == "Host" && fixed && !isHost.MatchString(literal):
			return source.Errorf(step.Pos, "name a host, or measure with wrk", "step %s: k6 cannot send %q as the header %s", step.Name, literal, h.Name)
		case fixed && strings.ContainsFunc(literal, isControl):
			return source.Errorf(step.Pos, "leave control characters out, or measure with wrk", "step %s: k6 cannot send %q as the header %s", step.Name, literal, h.Name)
		}
	}
	return nil
}

// isHost holds for what Go sends as it is: where there is none, it would name the URL's.
var isHost = regexp.MustCompile(`^[!$%&'()*+,\-.:;=@\[\]_~0-9A-Za-z]+$`)

// isControl holds for what Go sends in no header. Line ends are taken out by the script.
func isControl(c rune) bool {
	return c < ' ' && c != '\t' && c != '\r' && c != '\n' && c != 0 || c == 0x7f
}
