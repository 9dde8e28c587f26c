package scenarios

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// differences says in sentences where a target's variant departs from the
// scenario.
func differences(base, changed variant) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(changed.vars)) {
		if before, now := base.vars[name], changed.vars[name]; before != now {
			out = append(out, fmt.Sprintf("var %s is %q instead of %q", name, fmt.Sprint(now), fmt.Sprint(before)))
		}
	}
	variants := map[string]Step{}
	for _, s := range changed.all() {
		variants[s.Name] = s
	}
	for _, s := range base.all() {
		v, there := variants[s.Name]
		if !there {
			out = append(out, fmt.Sprintf("step %q is left out", s.Name))
			continue
		}
		out = append(out, stepDifferences(s, v)...)
	}
	return out
}

func stepDifferences(base, changed Step) []string {
	var out []string
	say := func(format string, args ...any) {
		out = append(out, fmt.Sprintf("step %q ", base.Name)+fmt.Sprintf(format, args...))
	}
	if a, b := base.Method+" "+base.Path.String(), changed.Method+" "+changed.Path.String(); a != b {
		say("sends %s instead of %s", b, a)
	}
	if canonical(func(c *canon) { c.headers(base.Headers) }) != canonical(func(c *canon) { c.headers(changed.Headers) }) {
		say("sends other headers")
	}
	if canonical(func(c *canon) { c.body(base.Body) }) != canonical(func(c *canon) { c.body(changed.Body) }) {
		say("sends another body")
	}
	if canonical(func(c *canon) { c.expect(base.Expect) }) != canonical(func(c *canon) { c.expect(changed.Expect) }) {
		say("expects %s instead of %s", changed.Expect, base.Expect)
	}
	if canonical(func(c *canon) { c.captures(base.Captures) }) != canonical(func(c *canon) { c.captures(changed.Captures) }) {
		say("captures %s instead of %s", captureList(changed.Captures), captureList(base.Captures))
	}
	return out
}

func captureList(captures []Capture) string {
	if len(captures) == 0 {
		return "nothing"
	}
	texts := make([]string, len(captures))
	for i, c := range captures {
		texts[i] = c.Name + " from " + c.Source
		if c.Kind != CaptureJSON {
			texts[i] = c.Name + " from " + string(c.Kind) + " " + c.Source
		}
		texts[i] += c.more()
	}
	return strings.Join(texts, ", ")
}

// more says of a capture what does not follow from its source.
func (c Capture) more() string {
	text := ""
	if c.Match != "" {
		text += fmt.Sprintf(" by %q", c.Match)
	}
	if c.All {
		text += ", all matches"
	}
	if c.Item != "" {
		text += ", element " + c.Item
	}
	return text
}

// String is the expectation in words: "status 200 or 204, json id exists".
func (e Expect) String() string {
	status := statusWords(e.Statuses)
	if e.StatusOf != nil {
		status = e.StatusOf.String()
	}
	parts := []string{"status " + status}
	for _, m := range e.JSON {
		parts = append(parts, "json "+m.Label+" "+m.Match.String())
	}
	for _, m := range e.Headers {
		parts = append(parts, "header "+m.Name+" "+m.Match.String())
	}
	for _, m := range e.Body {
		parts = append(parts, "body "+m.String())
	}
	return strings.Join(parts, ", ")
}

func statusWords(ranges []StatusRange) string {
	if len(ranges) == 0 {
		return "below 400"
	}
	texts := make([]string, len(ranges))
	for i, r := range ranges {
		texts[i] = r.String()
	}
	return strings.Join(texts, " or ")
}

// String is 201, 2xx or 200-204.
func (r StatusRange) String() string {
	switch {
	case r.Low == r.High:
		return fmt.Sprint(r.Low)
	case r.Low%100 == 0 && r.High == r.Low+99:
		return fmt.Sprintf("%dxx", r.Low/100)
	default:
		return fmt.Sprintf("%d-%d", r.Low, r.High)
	}
}

// String is the comparison in words: exists, equals 5, contains "x".
func (m Match) String() string {
	if m.Of != nil {
		return string(m.Kind) + " " + m.Of.String()
	}
	switch m.Kind {
	case MatchEquals:
		if text, isText := m.Value.(string); isText {
			return fmt.Sprintf("equals %q", text)
		}
		if m.Value == nil {
			return "equals null"
		}
		return fmt.Sprintf("equals %v", m.Value)
	case MatchContains, MatchRegex:
		return fmt.Sprintf("%s %q", m.Kind, m.Text)
	case MatchType:
		return "is a " + m.Text
	default:
		return string(m.Kind)
	}
}
