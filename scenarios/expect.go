package scenarios

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"taskbench/internal/source"
	"taskbench/internal/yamlfile"
)

// expect reads what an answer must be to count as good.
func (b *builder) expect(n *yamlfile.Node) Expect {
	var e Expect
	if n.Kind != yamlfile.Mapping && !n.IsNull() {
		written := "200"
		if n.Kind == yamlfile.Scalar && len(n.Text) == 3 {
			written = n.Text
		}
		b.Fail(n.Pos, fmt.Sprintf("write expect: {status: %s}", written), "expect must be a mapping, not %s", n.Describe())
		return e
	}
	b.fields(n, "expect", b.expectFields(&e))
	return e
}

func (b *builder) expectFields(e *Expect) []field {
	return []field{
		{"status", "201, [200, 204], 2xx or 200-204, or a column of data.", either(orList(statusForm()), like(`^\$\{.+\}$`)), false, func(v *yamlfile.Node) {
			if e.StatusOf = b.statusOf(v); e.StatusOf == nil {
				e.Statuses = b.statuses(v)
			}
		}},
		{"json", "JSON path to a value, exists, absent, or {contains: …}.", namesTo(matcher), false, func(v *yamlfile.Node) { e.JSON = b.jsonMatches(v) }},
		{"headers", "Header name to a value, exists, absent, or {contains: …}.", namesTo(textMatcher), false, func(v *yamlfile.Node) { e.Headers = b.headerMatches(v) }},
		{"body", "The whole body: a text, {contains: …}, {matches: …}, or a list of these.", orList(bodyMatcher), false, func(v *yamlfile.Node) { e.Body = b.bodyMatches(v) }},
	}
}

func statusForm() form {
	return either(integer(100, 599), like(`^[1-5](xx|[0-9][0-9](-[1-5][0-9][0-9])?)$`))
}

// matcherFields are the comparisons that a matcher may make; match reads them.
func matcherFields(allowed []MatchKind) []field {
	all := []field{
		{string(MatchEquals), "The same value.", constant, false, nil},
		{string(MatchContains), "Text somewhere in it.", text, false, nil},
		{string(MatchRegex), "RE2 expression that matches somewhere in it.", text, false, nil},
		{string(MatchType), "JSON type.", oneOf(jsonTypes), false, nil},
	}
	return slices.DeleteFunc(all, func(f field) bool { return !slices.Contains(allowed, MatchKind(f.key)) })
}

func (b *builder) statuses(n *yamlfile.Node) []StatusRange {
	items := []*yamlfile.Node{n}
	if n.Kind == yamlfile.Sequence {
		items = n.Items
		if len(items) == 0 {
			b.Fail(n.Pos, "write status: 200, or leave it out for any status below 400", "the list of statuses is empty")
		}
	}
	var out []StatusRange
	for _, item := range items {
		if s, ok := b.status(item); ok {
			out = append(out, s)
		}
	}
	return out
}

var (
	statusClass = regexp.MustCompile(`^([1-5])xx$`)
	statusRange = regexp.MustCompile(`^([1-5][0-9][0-9])-([1-5][0-9][0-9])$`)
)

// status reads 201, 2xx or 200-204.
func (b *builder) status(n *yamlfile.Node) (StatusRange, bool) {
	if !isText(n.Value) && !b.Clear(n) {
		return StatusRange{}, false
	}
	if v, ok := n.Value.(int64); ok && v >= 100 && v <= 599 {
		return StatusRange{int(v), int(v)}, true
	}
	if m := statusClass.FindStringSubmatch(n.Text); m != nil {
		low, _ := strconv.Atoi(m[1])
		return StatusRange{low * 100, low*100 + 99}, true
	}
	if m := statusRange.FindStringSubmatch(n.Text); m != nil && m[1] <= m[2] {
		low, _ := strconv.Atoi(m[1])
		high, _ := strconv.Atoi(m[2])
		return StatusRange{low, high}, true
	}
	b.Fail(n.Pos, "write it like 201, [200, 204], 2xx or 200-204", "a status is a number from 100 to 599, not %s", n.Describe())
	return StatusRange{}, false
}

func (b *builder) jsonMatches(n *yamlfile.Node) []JSONMatch {
	if !b.Want(n, yamlfile.Mapping, "expect.json") {
		return nil
	}
	var out []JSONMatch
	for _, p := range n.Pairs {
		path := b.jsonPath(p.Key, p.Pos)
		for _, m := range b.matches(p.Value, "json "+p.Key, jsonMatches) {
			out = append(out, JSONMatch{Label: p.Key, Path: path, Match: m})
		}
	}
	return out
}

func (b *builder) headerMatches(n *yamlfile.Node) []HeaderMatch {
	if !b.Want(n, yamlfile.Mapping, "expect.headers") {
		return nil
	}
	var out []HeaderMatch
	for _, p := range n.Pairs {
		if !headerName.MatchString(p.Key) {
			b.Fail(p.Pos, "", "%q cannot be a header's name", p.Key)
		}
		for _, m := range b.matches(p.Value, "header "+p.Key, textMatches) {
			out = append(out, HeaderMatch{Name: p.Key, Match: asText(m)})
		}
	}
	return out
}

// bodyMatches reads one matcher over the whole body, or a list of them.
func (b *builder) bodyMatches(n *yamlfile.Node) []Match {
	items := []*yamlfile.Node{n}
	if n.Kind == yamlfile.Sequence {
		if items = n.Items; len(items) == 0 {
			b.Fail(n.Pos, "leave body out, or write what it must be", "the list of comparisons is empty")
		}
	}
	var out []Match
	for _, item := range items {
		for _, m := range b.matches(item, "body", bodyMatches) {
			out = append(out, asText(m))
		}
	}
	return out
}

// asText makes an expected 5 or true the text it is in a header or a body.
func asText(m Match) Match {
	switch v := m.Value.(type) {
	case int64:
		m.Value = strconv.FormatInt(v, 10)
	case float64:
		m.Value = strconv.FormatFloat(v, 'g', -1, 64)
	case bool:
		m.Value = strconv.FormatBool(v)
	}
	return m
}

var (
	// What can be asked of a value in JSON, of a header, and of a whole body.
	jsonMatches = []MatchKind{MatchExists, MatchAbsent, MatchEquals, MatchContains, MatchRegex, MatchType}
	textMatches = []MatchKind{MatchExists, MatchAbsent, MatchEquals, MatchContains, MatchRegex}
	bodyMatches = []MatchKind{MatchEquals, MatchContains, MatchRegex}

	jsonTypes = []string{"string", "number", "boolean", "array", "object", "null"}
)

// matches reads a matcher: a scalar to equal, the words exists and absent, or
// a mapping of comparisons that must all hold.
func (b *builder) matches(n *yamlfile.Node, what string, allowed []MatchKind) []Match {
	switch {
	case n.Kind == yamlfile.Sequence:
		b.Fail(n.Pos, "write one value, or {contains: …}", "%s cannot be compared with a list", what)
		return nil
	case n.Kind == yamlfile.Scalar && (n.Text == string(MatchExists) || n.Text == string(MatchAbsent)) && n.Value != nil:
		if !slices.Contains(allowed, MatchKind(n.Text)) {
			b.Fail(n.Pos, `write {equals: `+n.Text+`} for the word, or "" for an empty body`, "%s cannot be compared by %q", what, n.Text)
			return nil
		}
		return []Match{{Kind: MatchKind(n.Text), Pos: n.Pos}}
	case n.Kind == yamlfile.Scalar:
		m := Match{Kind: MatchEquals, Pos: n.Pos}
		if m.Of = b.ofRow(n, what); m.Of == nil {
			m.Value, _ = b.constant(n)
		}
		return []Match{m}
	}
	var out []Match
	for _, p := range n.Pairs {
		if m, ok := b.match(p, what, allowed); ok {
			out = append(out, m)
		}
	}
	if len(n.Pairs) == 0 {
		b.Fail(n.Pos, "write a value, exists, or {contains: text}", "nothing to compare %s with", what)
	}
	return out
}

// match reads one "contains: text" of a matcher.
func (b *builder) match(p yamlfile.Pair, what string, allowed []MatchKind) (Match, bool) {
	m := Match{Kind: MatchKind(p.Key), Pos: p.Value.Pos}
	if (m.Kind == MatchExists || m.Kind == MatchAbsent) && slices.Contains(allowed, m.Kind) {
		b.Fail(p.Pos, "write "+presence(what, p), "%s is a word alone, not a key", p.Key)
		return m, false
	}
	names := keysOf(matcherFields(allowed))
	if !slices.Contains(names, p.Key) {
		b.Fail(p.Pos, source.Allowed(p.Key, names), "%s cannot be compared by %q", what, p.Key)
		return m, false
	}
	if p.Value.Kind != yamlfile.Scalar {
		b.Fail(p.Value.Pos, "write one value", "%s must be one value, not %s", p.Key, p.Value.Describe())
		return m, false
	}
	if m.Kind == MatchContains {
		m.Of = b.ofRow(p.Value, "")
	} else if m.Kind == MatchEquals {
		m.Of = b.ofRow(p.Value, what)
	}
	if m.Of != nil {
		return m, true
	}
	if m.Kind == MatchEquals {
		value, ok := b.constant(p.Value)
		m.Value = value
		return m, ok
	}
	value, ok := b.constant(p.Value)
	m.Text, _ = value.(string)
	return m, ok && b.checkMatchText(m, p.Value)
}

// presence is how {exists: true} is written, and how {exists: false} is.
func presence(what string, p yamlfile.Pair) string {
	word := MatchExists
	if (p.Key == string(MatchAbsent)) != (p.Value.Value == false) {
		word = MatchAbsent
	}
	_, name, _ := strings.Cut(what, " ") // of "header ETag", "json id"
	return name + ": " + string(word)
}

// checkMatchText reports a text its comparison cannot work with.
func (b *builder) checkMatchText(m Match, n *yamlfile.Node) bool {
	switch {
	case m.Text == "" && isText(n.Value):
		b.Fail(n.Pos, "leave it out, or write the text", "%s needs text to compare with", m.Kind)
		return false
	case m.Text == "":
		b.Fail(n.Pos, "put it in quotes", "%s needs text to compare with", m.Kind)
		return false
	case m.Kind == MatchType && !slices.Contains(jsonTypes, m.Text):
		b.Fail(n.Pos, source.Allowed(m.Text, jsonTypes), "JSON has no type %q", m.Text)
		return false
	case m.Kind == MatchRegex:
		return b.regex(m.Text, n.Pos) != nil
	}
	return true
}

// constant is a scalar an answer is compared with: vars are put in, anything
// that is only known while running is refused. False where something is reported.
func (b *builder) constant(n *yamlfile.Node) (Value, bool) {
	if !b.Clear(n) {
		return nil, false
	}
	if f, isFloat := n.Value.(float64); isFloat && (math.IsInf(f, 0) || math.IsNaN(f)) {
		b.Fail(n.Pos, "", "no answer can hold the number %s", n.Text)
		return nil, false
	}
	if !isText(n.Value) {
		return n.Value, true
	}
	text := n.Text
	if pieces := b.cut(text, n.Pos); len(pieces) == 1 && pieces[0].isExpr && b.vars[pieces[0].expr] != nil {
		value := b.vars[pieces[0].expr]
		if !b.Clear(value) {
			return nil, false
		}
		if !isText(value.Value) {
			return value.Value, true // a var alone keeps its type, as in a JSON body
		}
	}
	return b.fixed(text, n.Pos, "an expectation", "captures, and whatever else changes, are never in expectations: compare with exists, a type, or a regular expression")
}

func isText(v Value) bool {
	_, ok := v.(string)
	return ok
}
