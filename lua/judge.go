package lua

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"taskbench/scenarios"
)

// judgement collects the statements that look at one step's answer.
type judgement struct {
	g     *generator
	b     strings.Builder
	names []string // of what may be unmet, in the order of their numbers
	err   error
}

// judge writes the body of the function that looks at a step's answer, and
// names what it may find unmet; the first is always the status.
func (g *generator) judge(step *scenarios.Step) (string, []string, error) {
	j := &judgement{g: g, names: []string{"status"}}
	fmt.Fprintf(&j.b, "    if %s then return unmet(1) end\n", wrongStatus(step.Expect.Statuses))
	for _, m := range step.Expect.Headers {
		g.uses("header")
		read := g.local("header_"+word(m.Name), "header("+quote(m.Name)+")")
		j.check("local value = "+read+"(headers)", "header:"+m.Name, j.wrongText(m.Match))
	}
	for _, m := range step.Expect.Body {
		j.check("local value = body", "body", j.wrongText(m))
	}
	for _, m := range step.Expect.JSON {
		read := g.reader("json_"+word(m.Label), m.Path)
		j.check("local value, kind = "+read+"(body)", "json:"+m.Label, j.wrongJSON(m.Match))
	}
	for i := range step.Captures {
		j.capture(&step.Captures[i])
	}
	return j.b.String(), j.names, j.err
}

// check writes one comparison: how the value is read, and what is wrong.
func (j *judgement) check(read, name, wrong string) {
	fmt.Fprintf(&j.b, "    do\n      %s\n      if %s then unmet(%d) end\n    end\n", read, wrong, j.number(name))
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
	if m.Kind == scenarios.MatchEquals {
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
		return "not value or not find(value, " + quote(m.Text) + ", 1, true)"
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

// capture reads a value and stores it the ways in which it is used.
func (j *judgement) capture(c *scenarios.Capture) {
	read, kind := j.reads(c)
	name := "capture:" + c.Name
	uses := j.g.stored[c.Name]
	if len(uses) == 0 {
		j.check(read, name, "not value")
		return
	}
	there := "value"
	if kind == "kind" && slices.ContainsFunc(uses, asText) {
		there = `value and kind ~= "null"` // which has no text: "Bearer null" is nobody's token
	}
	fmt.Fprintf(&j.b, "    do\n      %s\n      if %s then\n", read, there)
	for _, e := range uses {
		if to := castOf[e]; to != "" {
			j.g.uses("json")
			j.g.uses("cast")
			fmt.Fprintf(&j.b, "        %s = as_%s(value)\n", field(storedIn(e), c.Name), to)
			fmt.Fprintf(&j.b, "        if not %s then unmet(%d) end\n", field(storedIn(e), c.Name), j.number(name+" as "+strings.TrimSuffix(string(e), "()")))
			continue
		}
		fmt.Fprintf(&j.b, "        %s = %s\n", field(storedIn(e), c.Name), j.g.stores(e, kind))
	}
	fmt.Fprintf(&j.b, "      else\n        unmet(%d)\n      end\n    end\n", j.number(name))
}

// asText reports whether a captured value is put into a text: a header, a path, a form,
// a longer string of JSON.
func asText(e scenarios.Escape) bool { return e != scenarios.EscapeJSONValue && castOf[e] == "" }

// reads is the statement that reads a captured value, and the expression of
// its kind: what is not out of JSON is text.
func (j *judgement) reads(c *scenarios.Capture) (statement, kind string) {
	stem := "read_" + word(c.Name)
	switch c.Kind {
	case scenarios.CaptureRegex:
		return "local _, value = " + j.regexp(stem, c.Source, c.Pos) + "(body)", `"string"`
	case scenarios.CaptureHeader, scenarios.CaptureCookie:
		j.g.uses("header")
		read := j.g.local(stem, string(c.Kind)+"("+quote(c.Source)+")")
		return "local value = " + read + "(headers)", `"string"`
	}
	return "local value, kind = " + j.g.reader(stem, c.Path) + "(body)", "kind"
}

// stores is the expression of a captured value, escaped for its places.
func (g *generator) stores(e scenarios.Escape, kind string) string {
	if e == scenarios.EscapeJSONValue {
		g.uses("escape")
		return "json_literal(value, " + kind + ")"
	}
	return g.escaped(e, "value")
}

// reader defines a function that reads a JSON path from an answer.
func (g *generator) reader(stem string, path scenarios.JSONPath) string {
	g.uses("json")
	keys := make([]string, len(path))
	for i, key := range path {
		keys[i] = quote(key)
	}
	return g.local(stem, "json_value("+strings.Join(keys, ", ")+")")
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
