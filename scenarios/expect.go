package scenarios

import (
	"math"
	"regexp"
	"slices"
	"strconv"

	"taskbench/internal/source"
)

// expect reads what an answer must be to count as good.
func (b *builder) expect(n *node) Expect {
	var e Expect
	b.fields(n, "expect",
		field{"status", func(v *node) { e.Statuses = b.statuses(v) }},
		field{"json", func(v *node) { e.JSON = b.jsonMatches(v) }},
		field{"headers", func(v *node) { e.Headers = b.headerMatches(v) }},
		field{"body", func(v *node) { e.Body = b.bodyMatches(v) }},
	)
	return e
}

func (b *builder) statuses(n *node) []StatusRange {
	items := []*node{n}
	if n.kind == sequence {
		items = n.items
		if len(items) == 0 {
			b.fail(n.pos, "write status: 200, or leave it out for any status below 400", "the list of statuses is empty")
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
func (b *builder) status(n *node) (StatusRange, bool) {
	if v, ok := n.value.(int64); ok && v >= 100 && v <= 599 {
		return StatusRange{int(v), int(v)}, true
	}
	if m := statusClass.FindStringSubmatch(n.text); m != nil {
		low, _ := strconv.Atoi(m[1])
		return StatusRange{low * 100, low*100 + 99}, true
	}
	if m := statusRange.FindStringSubmatch(n.text); m != nil && m[1] <= m[2] {
		low, _ := strconv.Atoi(m[1])
		high, _ := strconv.Atoi(m[2])
		return StatusRange{low, high}, true
	}
	b.fail(n.pos, "write it like 201, [200, 204], 2xx or 200-204", "a status is a number from 100 to 599, not %s", n.describe())
	return StatusRange{}, false
}

func (b *builder) jsonMatches(n *node) []JSONMatch {
	if !b.want(n, mapping, "expect.json") {
		return nil
	}
	var out []JSONMatch
	for _, p := range n.pairs {
		path := b.jsonPath(p.key, p.pos)
		for _, m := range b.matches(p.value, "json "+p.key, matchKinds) {
			out = append(out, JSONMatch{Label: p.key, Path: path, Match: m})
		}
	}
	return out
}

func (b *builder) headerMatches(n *node) []HeaderMatch {
	if !b.want(n, mapping, "expect.headers") {
		return nil
	}
	var out []HeaderMatch
	for _, p := range n.pairs {
		if !headerName.MatchString(p.key) {
			b.fail(p.pos, "", "%q cannot be a header's name", p.key)
		}
		allowed := []MatchKind{MatchExists, MatchAbsent, MatchEquals, MatchContains, MatchRegex}
		for _, m := range b.matches(p.value, "header "+p.key, allowed) {
			out = append(out, HeaderMatch{Name: p.key, Match: asText(m)})
		}
	}
	return out
}

// bodyMatches reads one matcher over the whole body, or a list of them.
func (b *builder) bodyMatches(n *node) []Match {
	items := []*node{n}
	if n.kind == sequence {
		items = n.items
	}
	var out []Match
	for _, item := range items {
		for _, m := range b.matches(item, "body", []MatchKind{MatchEquals, MatchContains, MatchRegex}) {
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
	matchKinds = []MatchKind{MatchExists, MatchAbsent, MatchEquals, MatchContains, MatchRegex, MatchType}
	jsonTypes  = []string{"string", "number", "boolean", "array", "object", "null"}
)

// matches reads a matcher: a scalar to equal, the words exists and absent, or
// a mapping of comparisons that must all hold.
func (b *builder) matches(n *node, what string, allowed []MatchKind) []Match {
	switch {
	case n.kind == sequence:
		b.fail(n.pos, "write one value, or {contains: …}", "%s cannot be compared with a list", what)
		return nil
	case n.kind == scalar && (n.text == string(MatchExists) || n.text == string(MatchAbsent)) && n.value != nil:
		if !slices.Contains(allowed, MatchKind(n.text)) {
			b.fail(n.pos, `write {equals: `+n.text+`} for the word, or "" for an empty body`, "%s cannot be compared by %q", what, n.text)
			return nil
		}
		return []Match{{Kind: MatchKind(n.text), Pos: n.pos}}
	case n.kind == scalar:
		return []Match{{Kind: MatchEquals, Value: b.constant(n), Pos: n.pos}}
	}
	var out []Match
	for _, p := range n.pairs {
		if m, ok := b.match(p, what, allowed); ok {
			out = append(out, m)
		}
	}
	if len(n.pairs) == 0 {
		b.fail(n.pos, "write a value, exists, or {contains: text}", "nothing to compare %s with", what)
	}
	return out
}

// match reads one "contains: text" of a matcher.
func (b *builder) match(p pair, what string, allowed []MatchKind) (Match, bool) {
	m := Match{Kind: MatchKind(p.key), Pos: p.value.pos}
	withValue := slices.DeleteFunc(slices.Clone(allowed), func(k MatchKind) bool { return k == MatchExists || k == MatchAbsent })
	if !slices.Contains(withValue, m.Kind) {
		names := make([]string, len(withValue))
		for i, k := range withValue {
			names[i] = string(k)
		}
		b.fail(p.pos, source.Allowed(p.key, names), "%s cannot be compared by %q", what, p.key)
		return m, false
	}
	if p.value.kind != scalar {
		b.fail(p.value.pos, "write one value", "%s must be one value, not %s", p.key, p.value.describe())
		return m, false
	}
	if m.Kind == MatchEquals {
		m.Value = b.constant(p.value)
		return m, true
	}
	text, _ := b.constant(p.value).(string)
	m.Text = text
	return m, b.checkMatchText(m, p.value)
}

// checkMatchText reports a text its comparison cannot work with.
func (b *builder) checkMatchText(m Match, n *node) bool {
	switch {
	case m.Text == "":
		b.fail(n.pos, "put it in quotes", "%s needs text to compare with", m.Kind)
		return false
	case m.Kind == MatchType && !slices.Contains(jsonTypes, m.Text):
		b.fail(n.pos, source.Allowed(m.Text, jsonTypes), "JSON has no type %q", m.Text)
		return false
	case m.Kind == MatchRegex:
		return b.regex(m.Text, n.pos) != nil
	}
	return true
}

// constant is a scalar an answer is compared with: vars are put in, anything
// that is only known while running is refused.
func (b *builder) constant(n *node) Value {
	if f, isFloat := n.value.(float64); isFloat && (math.IsInf(f, 0) || math.IsNaN(f)) {
		b.fail(n.pos, "", "no answer can hold the number %s", n.text)
	}
	if !isText(n.value) {
		return n.value
	}
	text := n.text
	if pieces := b.cut(text, n.pos); len(pieces) == 1 && pieces[0].isExpr && b.vars[pieces[0].expr] != nil {
		if value := b.vars[pieces[0].expr].value; !isText(value) {
			return value // a var alone keeps its type, as in a JSON body
		}
	}
	t := b.template(text, n.pos, asPlain)
	constant, ok := t.Constant()
	if !ok {
		b.fail(n.pos, "compare with exists, a type, or a regular expression", "an expectation is fixed: %q changes while running", text)
	}
	return constant
}

func isText(v Value) bool {
	_, ok := v.(string)
	return ok
}
