package script

import (
	"fmt"
	"net/textproto"
	"strconv"
	"strings"

	"taskbench/internal/jsonpath"
	"taskbench/scenarios"
)

// judgement collects the statements that look at one step's answer.
type judgement struct {
	g     *generator
	b     strings.Builder
	names []string // of what may be unmet

	fails string // the statement for what is not as expected; "": it is counted by its name
	least string // the condition under which captures are needed; "": always
}

// judge writes the body of the function that looks at a step's answer, and names what it
// may find unmet.
func (g *generator) judge(step *scenarios.Step) (string, []string) {
	j := &judgement{g: g, names: []string{"status"}}
	fmt.Fprintf(&j.b, "    if (%s) return unmet('status');\n", j.wrongStatus(step.Expect))
	j.expect(step.Expect)
	j.ends(step.Control.Repeat)
	for i := range step.Captures {
		j.capture(&step.Captures[i])
	}
	return j.b.String(), j.names
}

// expect writes the comparisons of headers, body and JSON.
func (j *judgement) expect(e scenarios.Expect) {
	for _, m := range e.Headers {
		j.check("header:"+m.Name, j.holds(j.header(m.Name), m.Match))
	}
	for _, m := range e.Body {
		j.g.uses("read")
		j.check("body", j.holds("body(answer)", m))
	}
	for _, m := range e.JSON {
		j.check("json:"+m.Label, j.holds(j.g.reads(m.Path), m.Match))
	}
}

// header is the expression of a header that was read; k6 knows them by one spelling.
func (j *judgement) header(name string) string {
	j.g.uses("read")
	return "header(answer, " + quote(textproto.CanonicalMIMEHeaderKey(name)) + ")"
}

// check writes one expectation.
func (j *judgement) check(name, holds string) {
	fails := j.fails
	if fails == "" {
		fails = "unmet(" + quote(j.name(name)) + ")"
	}
	fmt.Fprintf(&j.b, "    if (!%s) %s;\n", holds, fails)
}

func (j *judgement) name(name string) string {
	j.names = append(j.names, name)
	return name
}

// wrongStatus is the condition under which a status is not the expected one, which may be
// that of a row.
func (j *judgement) wrongStatus(e scenarios.Expect) string {
	if e.StatusOf != nil {
		return "answer.status !== Number(" + j.g.column(e.StatusOf) + ")"
	}
	return wrongStatus("answer.status", e.Statuses)
}

// wrongStatus is the condition under which a status is not as expected.
func wrongStatus(status string, ranges []scenarios.StatusRange) string {
	if len(ranges) == 0 {
		return status + " >= 400"
	}
	terms := make([]string, len(ranges))
	for i, r := range ranges {
		switch {
		case r.Low == r.High:
			terms[i] = fmt.Sprintf("%s !== %d", status, r.Low)
		case len(ranges) == 1:
			return fmt.Sprintf("%s < %d || %s > %d", status, r.Low, status, r.High)
		default:
			terms[i] = fmt.Sprintf("(%s < %d || %s > %d)", status, r.Low, status, r.High)
		}
	}
	return strings.Join(terms, " && ")
}

// holds is the condition under which what was read is as expected.
func (j *judgement) holds(found string, m scenarios.Match) string {
	g := j.g
	g.uses("expect")
	switch m.Kind {
	case scenarios.MatchExists:
		return "exists(" + found + ")"
	case scenarios.MatchAbsent:
		return "absent(" + found + ")"
	case scenarios.MatchContains:
		text := quote(m.Text)
		if m.Of != nil {
			text = g.text(m.Of, scenarios.EscapeNone)
		}
		return "contains(" + found + ", " + text + ")"
	case scenarios.MatchRegex:
		return "matches(" + found + ", " + regexpOf(m.Text, false) + ")"
	case scenarios.MatchType:
		return "isKind(" + found + ", " + quote(m.Text) + ")"
	}
	if m.Of != nil {
		return j.holdsOfRow(found, m.Of)
	}
	if strings.HasPrefix(found, "json") {
		return holdsValue(found, m.Value)
	}
	return "isText(" + found + ", " + quote(plain(m.Value)) + ")"
}

// holdsOfRow is the condition under which a value is that of a row.
func (j *judgement) holdsOfRow(found string, t scenarios.Template) string {
	text := j.g.text(t, scenarios.EscapeNone)
	if len(t) == 1 && t[0].Ref != nil && strings.HasPrefix(found, "json") {
		cell := "String(" + j.g.column(t[0].Ref) + ")"
		switch t[0].Ref.Escape {
		case scenarios.EscapeInt, scenarios.EscapeNumber:
			return "isNumber(" + found + ", " + cell + ")"
		case scenarios.EscapeBool:
			return "isBoolean(" + found + ", " + cell + ")"
		case scenarios.EscapeJSON:
			j.g.uses("json", "same")
			return "isJson(" + found + ", " + cell + ")"
		}
		text = cell
	}
	return "isText(" + found + ", " + text + ")"
}

// holdsValue is the condition under which a JSON value is a scalar's in type and content.
func holdsValue(found string, v scenarios.Value) string {
	switch v := v.(type) {
	case string:
		return "isText(" + found + ", " + quote(v) + ")"
	case nil:
		return "isKind(" + found + ", 'null')"
	case bool:
		return fmt.Sprintf("isBoolean(%s, '%t')", found, v)
	}
	return "isNumber(" + found + ", " + quote(plain(v)) + ")"
}

// plain is a scalar as text.
func plain(v scenarios.Value) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return fmt.Sprint(v)
}

// reads is the expression of the value at a JSON path of an answer.
func (g *generator) reads(path scenarios.JSONPath) string {
	g.uses("json")
	keys := make([]string, len(path))
	call := "json"
	for i, segment := range path {
		if keys[i] = quote(segment); !path.Simple() {
			call = "jsonQuery"
			g.uses("jsonpath")
			keys[i] = pathStep(segment, i == len(path)-1)
		}
	}
	return call + "(answer, [" + strings.Join(keys, ", ") + "])"
}

// pathStep is a segment of a path as runtime/jsonpath.js takes it.
func pathStep(segment string, last bool) string {
	n, fromEnd := jsonpath.FromEnd(segment)
	switch {
	case fromEnd:
		return fmt.Sprintf("{ back: %d }", n)
	case segment == "#" && last:
		return "{ count: true }"
	case segment == "#":
		return "{ each: true }"
	case !jsonpath.IsFilter(segment):
		return quote(segment)
	}
	f := jsonpath.FilterOf(segment)
	fields := make([]string, len(f.Field))
	for i, key := range f.Field {
		fields[i] = quote(key)
	}
	return fmt.Sprintf("{ op: %s, field: [%s], value: %s, kind: %s, all: %t }", quote(f.Op), strings.Join(fields, ", "), quote(f.Value), quote(f.Kind), f.All)
}
