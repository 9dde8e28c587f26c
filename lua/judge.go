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

// capture reads a value and stores it the ways in which it is used.
func (j *judgement) capture(c *scenarios.Capture) {
	read, kind := j.reads(c)
	read += j.within(c, &kind)
	name := "capture:" + c.Name
	uses, optional := j.g.stored[c.Name], j.g.maybe[c.Name]
	if len(uses) == 0 && !optional {
		j.check(read, name, j.needed()+"not value")
		return
	}
	there := "value"
	if kind == "kind" && (optional || slices.ContainsFunc(uses, asText)) {
		there = `value and kind ~= "null"` // which has no text: "Bearer null" is nobody's token
	}
	fmt.Fprintf(&j.b, "    do\n      %s\n      if %s then\n", read, there)
	if optional {
		fmt.Fprintf(&j.b, "        %s = \"yes\"\n", field("there", c.Name))
	}
	for _, e := range uses {
		if e == escapeElements {
			j.captureList(c)
			continue
		}
		if call := j.converts(c, e, kind); call != "" {
			fmt.Fprintf(&j.b, "        %s = %s\n", field(storedIn(e), c.Name), call)
			fmt.Fprintf(&j.b, "        if not %s then unmet(%d) end\n", field(storedIn(e), c.Name), j.number(name+" as "+strings.TrimSuffix(string(e), "()")))
			continue
		}
		fmt.Fprintf(&j.b, "        %s = %s\n", field(storedIn(e), c.Name), j.g.stores(e, kind))
	}
	switch {
	case optional:
		fmt.Fprintf(&j.b, "      else\n        %s = \"\"\n      end\n    end\n", field("there", c.Name))
	case j.least != "":
		fmt.Fprintf(&j.b, "      elseif %s then\n        unmet(%d)\n      end\n    end\n", j.least, j.number(name))
	default:
		fmt.Fprintf(&j.b, "      else\n        unmet(%d)\n      end\n    end\n", j.number(name))
	}
}

// converts is the expression of a captured value as what not every value can be:
// nil where it is not. "" where every value can.
func (j *judgement) converts(c *scenarios.Capture, e scenarios.Escape, kind string) string {
	if e == asList {
		use := j.g.lists[c.Name]
		return fmt.Sprintf("as_list(%s, value, %s, %d, { %s })", quote(c.Name), kind, use.least, strings.Join(use.fits, ", "))
	}
	return j.g.conversion(e)
}

// conversion is the same of any value.
func (g *generator) conversion(e scenarios.Escape) string {
	switch to := castOf[e]; {
	case to != "":
		g.uses("json")
		g.uses("cast")
		return "as_" + to + "(value)"
	case e == scenarios.EscapePath:
		g.uses("raw")
		return "as_path(value)"
	}
	return ""
}

// within writes what is done with a value that was read before it is the captured
// one: a match in it, an element of it.
func (j *judgement) within(c *scenarios.Capture, kind *string) string {
	var b strings.Builder
	if fromJSON := c.Kind == scenarios.CaptureJSON; !fromJSON && (c.Match != "" && c.All || c.Item != "" && !c.All) {
		b.WriteString("\n      local kind")
	}
	if c.Match != "" {
		search := j.regexp("match_"+word(c.Name), c.Match, c.Pos)
		if c.All {
			fmt.Fprintf(&b, "\n      if value then value, kind = %s(value) end", j.all(search))
		} else {
			fmt.Fprintf(&b, "\n      local _\n      if value then _, value = %s(value) end", search)
		}
		*kind = `"string"`
	}
	if c.All {
		*kind = `"array"`
	}
	if c.Item != "" {
		j.g.uses("json")
		j.g.uses("json_path")
		j.g.uses("list")
		fmt.Fprintf(&b, "\n      if value then value, kind = item(%s, value, %s) end", quote("="+c.Name), j.g.element(c.Item))
		*kind = "kind"
	}
	if b.Len() == 0 {
		return ""
	}
	return b.String()
}

// all is a function that gives all matches of a search.
func (j *judgement) all(search string) string {
	j.g.uses("escape")
	j.g.uses("matches")
	return j.g.local("all", "all_matches("+search+")")
}

// asText reports whether a captured value is put into a text: a header, a path, a form,
// a longer string of JSON.
func asText(e scenarios.Escape) bool {
	return e != scenarios.EscapeJSONValue && e != asList && e != escapeElements && castOf[e] == ""
}

// reads is the statement that reads a captured value, and the expression of
// its kind: what is not out of JSON is text.
func (j *judgement) reads(c *scenarios.Capture) (statement, kind string) {
	stem := "read_" + word(c.Name)
	switch c.Kind {
	case scenarios.CaptureRegex:
		search := j.regexp(stem, c.Source, c.Pos)
		if c.All {
			return "local value, kind = " + j.all(search) + "(body)", `"string"`
		}
		return "local _, value = " + search + "(body)", `"string"`
	case scenarios.CaptureHeader, scenarios.CaptureCookie:
		j.g.uses("header")
		if c.Kind == scenarios.CaptureCookie {
			j.g.uses("head")
			j.g.uses("cookies")
		}
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
