package scenarios

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"taskbench/internal/jsonpath"
	"taskbench/internal/source"
	"taskbench/internal/template"
	"taskbench/internal/yamlfile"
)

// captures reads what is taken out of an answer, in file order.
func (b *builder) captures(n *yamlfile.Node, place stepPlace) []Capture {
	if !b.Want(n, yamlfile.Mapping, "capture") {
		return nil
	}
	if place.mode == Mix || place.mode == Request {
		b.Fail(n.Pos, "capture in a setup step, or write the steps as a flow", "nothing follows %s that could use a capture", place.what)
	}
	var out []Capture
	for _, p := range n.Pairs {
		b.checkCaptureName(p)
		if c, ok := b.captureOf(p); ok {
			c.Name = p.Key
			out = append(out, c)
		}
	}
	return out
}

func (b *builder) checkCaptureName(p yamlfile.Pair) {
	switch {
	case !captureName.MatchString(p.Key):
		b.Fail(p.Pos, "start with a letter, then letters, digits, _ and -", "%q cannot be a capture's name", p.Key)
	case isBuiltin(p.Key):
		b.Fail(p.Pos, "choose another name", "%q is a built-in reference", p.Key)
	case b.vars[p.Key] != nil:
		b.Fail(p.Pos, "choose another name", "%q is already a var", p.Key)
	}
}

func isBuiltin(name string) bool {
	_, ok := builtins[name]
	return ok
}

// captureOf reads a capture as text, or as a mapping that says more.
func (b *builder) captureOf(p yamlfile.Pair) (Capture, bool) {
	if p.Value.Kind == yamlfile.Mapping {
		return b.captureFrom(p)
	}
	text := b.Str(p.Value, "capture "+p.Key)
	if text == "" {
		return Capture{}, false
	}
	return b.capture(text, p.Value.Pos)
}

// captureFields are what a capture that is a mapping may say. Those of its sources
// are read together, by captureFrom.
func (b *builder) captureFields(c *Capture) []field {
	return []field{
		{"json", "A JSON path.", text, false, nil},
		{"header", "The name of a header.", text, false, nil},
		{"cookie", "The name of a cookie that is set.", text, false, nil},
		{"regex", "RE2 expression with one group, over the body, or over the header, cookie or value that is named beside it.", text, false, nil},
		{"all", "Whether every match is captured, as an array.", scalar("boolean"), false, func(v *yamlfile.Node) { c.All = b.Bool(v, "all") }},
		{"item", "Which element of the array: random, first, last, or an index from 0, from the end if negative.", either(integer(-9999999, 9999999), like(template.ElementWord.String())), false, func(v *yamlfile.Node) {
			if c.Item = template.Element(b.Str(v, "item")); c.Item == "" {
				b.Fail(v.Pos, "write random, first, last, or an index: 0 is the first, -1 the last", "item cannot be %s", v.Describe())
			}
		}},
	}
}

// captureFrom reads a capture as a mapping.
func (b *builder) captureFrom(p yamlfile.Pair) (Capture, bool) {
	more := Capture{Pos: p.Value.Pos}
	b.fields(p.Value, "capture "+p.Key, b.captureFields(&more))
	regex := p.Value.Get("regex")
	var from []yamlfile.Pair
	for _, source := range p.Value.Pairs {
		if slices.Contains([]string{"json", "header", "cookie"}, source.Key) {
			from = append(from, source)
		}
	}
	switch {
	case len(from) > 1:
		b.Fail(from[1].Pos, "keep one of json, header, cookie", "a capture has one source: %s stands beside %s", from[1].Key, from[0].Key)
		return more, false
	case len(from) == 0 && regex == nil:
		b.Fail(p.Value.Pos, "write it like {json: items.#.id, item: random} or {header: Location, regex: '/items/(.+)'}", "capture %s has no source", p.Key)
		return more, false
	case more.All && regex == nil:
		b.Fail(p.Value.Pos, "items.#.id is the id of every item", "all is for a regex: a JSON path says itself what it captures")
		return more, false
	}
	if len(from) == 0 {
		from, regex = []yamlfile.Pair{{Key: "regex", Value: regex}}, nil
	}
	c, ok := b.capture(from[0].Key+":"+b.Str(from[0].Value, from[0].Key), from[0].Value.Pos)
	if c.All, c.Item, c.Pos = more.All, more.Item, more.Pos; !ok || regex == nil {
		return c, ok
	}
	match, ok := b.capture("regex:"+b.Str(regex, "regex"), regex.Pos)
	c.Match = match.Source
	return c, ok
}

// capture reads where a value comes from: a JSON path, header:NAME,
// cookie:NAME, or regex:/…(…)/.
func (b *builder) capture(text string, pos source.Position) (Capture, bool) {
	prefix, rest, found := strings.Cut(text, ":")
	c := Capture{Kind: CaptureKind(prefix), Source: rest, Pos: pos}
	if !found {
		c.Kind, c.Source = CaptureJSON, text
	}
	if c.Kind == CaptureJSON {
		c.Path = b.jsonPath(c.Source, pos)
		return c, true
	}
	if c.Source, found = b.fixed(rest, pos, "a capture", "its source may hold vars only"); !found {
		return c, false
	}
	switch rest = c.Source; c.Kind {
	case CaptureHeader, CaptureCookie:
		if !headerName.MatchString(rest) {
			b.Fail(pos, "write it like header:Location or cookie:session; a part of one is {header: Location, regex: '/items/(.+)'}", "%q is no name of a %s", rest, prefix)
		}
	case CaptureRegex:
		c.Source = strings.TrimSuffix(strings.TrimPrefix(rest, "/"), "/")
		return c, b.captureRegex(c.Source, pos)
	default:
		b.Fail(pos, source.Allowed(prefix, []string{"header", "cookie", "regex", "json"}), "unknown capture source %q", prefix)
		return c, false
	}
	return c, true
}

// captureRegex checks for exactly one group: that is the captured value.
func (b *builder) captureRegex(expr string, pos source.Position) bool {
	re := b.regex(expr, pos)
	if re == nil {
		return false
	}
	if groups := re.NumSubexp(); groups != 1 {
		b.Fail(pos, "put ( ) around the value, and (?: ) around other groups", "a capture's expression needs one group, not %d", groups)
	}
	return true
}

// regex compiles an RE2 expression and reports what is wrong with it.
func (b *builder) regex(expr string, pos source.Position) *regexp.Regexp {
	re, err := regexp.Compile(expr)
	if err != nil {
		message := strings.TrimPrefix(err.Error(), "error parsing regexp: ")
		b.Fail(pos, "the syntax is RE2: no look-around, no back references", "bad regular expression: %s", message)
		return nil
	}
	return re
}

// jsonPath reads keys and indexes, "#" (the length) last, see package jsonpath. Vars
// are put in; what other path languages have beyond that is refused, and never
// taken for a key of that name.
func (b *builder) jsonPath(text string, pos source.Position) JSONPath {
	text, ok := b.fixed(text, pos, "a path", "JSON paths may hold vars only; {json: items.#.id, item: random} captures that of a random item")
	if !ok {
		return nil
	}
	path, wrong, hint := jsonpath.Parse(text)
	if wrong != "" {
		b.Fail(pos, hint, "%s in JSON path %q", wrong, text)
	}
	return path
}

// fixed is a text with its vars put in; one that changes while running is
// reported: a capture is, also where it is not known yet.
func (b *builder) fixed(text string, pos source.Position, what, hint string) (string, bool) {
	before, made := b.Failed, b.made
	if strings.Contains(text, "${") {
		b.made = map[string]bool{}
		maps.Copy(b.made, made)
		for name := range b.makers {
			b.made[name] = true
		}
	}
	constant, ok := b.template(text, pos, asPlain).Constant()
	b.made = made
	if !ok {
		b.Fail(pos, hint, "%s is fixed: %q changes while running", what, text)
	}
	return constant, ok && b.Failed == before
}
