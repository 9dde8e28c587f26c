package lua

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"taskbench/internal/jsonpath"
	"taskbench/scenarios"
)

// judgement collects the statements that look at one step's answer.
type judgement struct {
	g     *generator
	b     strings.Builder
	names []string // of what may be unmet, in the order of their numbers
	err   error

	fails string // the statement for what is not as expected; "": it is counted by its number
	least string // the condition under which captures are needed; "": always
}

// judge writes the body of the function that looks at a step's answer, and
// names what it may find unmet; the first is always the status.
func (g *generator) judge(step *scenarios.Step) (string, []string, error) {
	j := &judgement{g: g, names: []string{"status"}}
	fmt.Fprintf(&j.b, "    if %s then return unmet(1) end\n", j.wrongStatus(step.Expect))
	if unpacks(step) {
		g.uses("header")
		g.uses("gzip")
		j.b.WriteString("    body = plain_body(headers, body)\n")
	}
	j.expect(step.Expect)
	j.ends(step.Control.Repeat)
	for i := range step.Captures {
		j.capture(&step.Captures[i])
	}
	j.nameControl(step.Control)
	return j.b.String(), j.names, j.err
}

// unpacks reports whether a step asks for compressed answers and looks into them.
func unpacks(step *scenarios.Step) bool {
	looks := len(step.Expect.Body)+len(step.Expect.JSON) > 0 || step.Control.Repeat != nil
	for _, c := range step.Captures {
		looks = looks || c.Kind == scenarios.CaptureJSON || c.Kind == scenarios.CaptureRegex
	}
	return looks && slices.ContainsFunc(step.Headers, func(h scenarios.Header) bool {
		return strings.EqualFold(h.Name, "Accept-Encoding") && packed.MatchString(h.Value.String())
	})
}

// packed are the ways of compressing that a script can read.
var packed = regexp.MustCompile(`(?i)\b(gzip|deflate)\b|\*`)

// expect writes the comparisons of headers, body and JSON.
func (j *judgement) expect(e scenarios.Expect) {
	g := j.g
	for _, m := range e.Headers {
		g.uses("header")
		read := g.local("header_"+word(m.Name), "header("+quote(m.Name)+")")
		j.check("local value = "+read+"(headers)", "header:"+m.Name, j.wrongText(m.Match))
	}
	for _, m := range e.Body {
		j.check("local value = body", "body", j.wrongText(m))
	}
	for _, m := range e.JSON {
		read := g.reader("json_"+word(m.Label), m.Path)
		j.check("local value, kind = "+read+"(body)", "json:"+m.Label, j.wrongJSON(m.Match))
	}
}

// check writes one comparison: how the value is read, and what is wrong.
func (j *judgement) check(read, name, wrong string) {
	fails := j.fails
	if fails == "" {
		fails = fmt.Sprintf("unmet(%d)", j.number(name))
	}
	fmt.Fprintf(&j.b, "    do\n      %s\n      if %s then %s end\n    end\n", read, wrong, fails)
}

// number is the number of a kind of unmet expectation.
func (j *judgement) number(name string) int {
	for i, known := range j.names {
		if known == name {
			return i + 1
		}
	}
	j.names = append(j.names, name)
	return len(j.names)
}

// wrongStatus is the condition under which a status is not the expected one, which
// may be that of a row.
func (j *judgement) wrongStatus(e scenarios.Expect) string {
	if e.StatusOf != nil {
		return "status ~= tonumber(" + j.g.column(e.StatusOf) + ")"
	}
	return wrongStatus(e.Statuses)
}

// ofRow is the expression of a text that a row of data has a part in.
func (j *judgement) ofRow(t scenarios.Template) string {
	text, _ := j.g.joined(t)
	return text
}

// wrongOfRow is the condition under which a value of JSON is not that of a row.
func (j *judgement) wrongOfRow(t scenarios.Template) string {
	if len(t) != 1 || t[0].Ref == nil || t[0].Ref.Escape == scenarios.EscapeNone {
		return `kind ~= "string" or value ~= ` + j.ofRow(t)
	}
	cell := j.g.column(t[0].Ref)
	switch t[0].Ref.Escape {
	case scenarios.EscapeInt, scenarios.EscapeNumber:
		return `kind ~= "number" or tonumber(value) ~= tonumber(` + cell + ")"
	case scenarios.EscapeBool:
		return `kind ~= "boolean" or value ~= ` + cell
	case scenarios.EscapeJSON:
		j.g.uses("json")
		j.g.uses("same_json")
		return "not same_json(value, kind, " + cell + ")"
	}
	return `kind ~= "string" or value ~= ` + cell
}

// wrongStatus is the condition under which a status is not as expected.
func wrongStatus(ranges []scenarios.StatusRange) string {
	if len(ranges) == 0 {
		return "status >= 400"
	}
	terms := make([]string, len(ranges))
	for i, r := range ranges {
		switch {
		case r.Low == r.High:
			terms[i] = fmt.Sprintf("status ~= %d", r.Low)
		case len(ranges) == 1:
			return fmt.Sprintf("status < %d or status > %d", r.Low, r.High)
		default:
			terms[i] = fmt.Sprintf("(status < %d or status > %d)", r.Low, r.High)
		}
	}
	return strings.Join(terms, " and ")
}

// wrongText is the condition under which value, the text of a header or the
// body, is not as expected.
func (j *judgement) wrongText(m scenarios.Match) string {
	switch {
	case m.Kind == scenarios.MatchEquals && m.Of != nil:
		return "value ~= " + j.ofRow(m.Of)
	case m.Kind == scenarios.MatchEquals:
		return "value ~= " + quote(plain(m.Value))
	}
	return j.wrong(m)
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

// wrongJSON is the condition under which value and kind, as found at a path,
// are not as expected.
func (j *judgement) wrongJSON(m scenarios.Match) string {
	if m.Kind == scenarios.MatchEquals && m.Of != nil {
		return j.wrongOfRow(m.Of)
	}
	switch m.Kind {
	case scenarios.MatchType:
		return "kind ~= " + quote(m.Text)
	case scenarios.MatchEquals:
		return wrongValue(m.Value)
	}
	return j.wrong(m)
}

// wrong compares in the ways that text and JSON share.
func (j *judgement) wrong(m scenarios.Match) string {
	switch m.Kind {
	case scenarios.MatchExists:
		return "not value"
	case scenarios.MatchAbsent:
		return "value"
	case scenarios.MatchContains:
		text := quote(m.Text)
		if m.Of != nil {
			text = j.ofRow(m.Of)
		}
		return "not value or not find(value, " + text + ", 1, true)"
	case scenarios.MatchRegex:
		return "not value or not " + j.regexp("matches", m.Text, m.Pos) + "(value)"
	}
	return "true" // a comparison that makes no sense here is never met
}

// wrongValue is the condition under which a JSON value differs from a scalar
// in type or content.
func wrongValue(v scenarios.Value) string {
	switch v := v.(type) {
	case string:
		return `kind ~= "string" or value ~= ` + quote(v)
	case nil:
		return `kind ~= "null"`
	case bool:
		return fmt.Sprintf(`kind ~= "boolean" or value ~= "%t"`, v)
	case int64:
		return fmt.Sprintf(`kind ~= "number" or (value ~= "%d" and tonumber(value) ~= %d)`, v, v)
	}
	return fmt.Sprintf(`kind ~= "number" or tonumber(value) ~= %s`, plain(v))
}

// reader defines a function that reads a JSON path from an answer.
func (g *generator) reader(stem string, path scenarios.JSONPath) string {
	return g.local(stem, g.reads(path))
}

// reads is the expression of such a function.
func (g *generator) reads(path scenarios.JSONPath) string {
	g.uses("json")
	keys := make([]string, len(path))
	if path.Simple() {
		for i, key := range path {
			keys[i] = quote(key)
		}
		return "json_value(" + strings.Join(keys, ", ") + ")"
	}
	g.uses("json_path")
	for i, key := range path {
		keys[i] = pathStep(key, i == len(path)-1)
	}
	return "json_query(" + strings.Join(keys, ", ") + ")"
}

// pathStep is a segment of a path as runtime/json_path.lua takes it.
func pathStep(segment string, last bool) string {
	n, fromEnd := jsonpath.FromEnd(segment)
	switch {
	case fromEnd:
		return fmt.Sprintf("{ back = %d }", n)
	case segment == "#" && last:
		return "{ count = true }"
	case segment == "#":
		return "{ each = true }"
	case !jsonpath.IsFilter(segment):
		return quote(segment)
	}
	f := jsonpath.FilterOf(segment)
	fields := make([]string, len(f.Field))
	for i, key := range f.Field {
		fields[i] = quote(key)
	}
	return fmt.Sprintf("{ op = %s, field = { %s }, value = %s, kind = %s, all = %t }", quote(f.Op), strings.Join(fields, ", "), quote(f.Value), quote(f.Kind), f.All)
}

// word makes part of a Lua name of any text.
func word(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
			return r
		}
		return '_'
	}, s)
}
