package scenarios

import (
	"regexp"
	"slices"
	"strings"

	"taskbench/internal/source"
)

// Methods are the request methods a step may use. HEAD is not among them: wrk
// waits for the body that an answer to HEAD announces and never has.
var Methods = []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

var (
	stepName    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$`)
	captureName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)
	headerName  = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")
)

// stepPlace is where in a scenario a step stands.
type stepPlace struct {
	what       string // "a step of flow", for messages
	mode       Mode   // "" in setup
	nameNeeded bool
}

// step reads one step. References are resolved in the builder's scope as it is
// now; what the step captures is not in it yet.
func (b *builder) step(n *node, place stepPlace) Step {
	s := Step{Pos: n.pos, Weight: 1, Method: "GET"}
	var bodies []pair
	hasPath := false
	body := func(kind string) field {
		return field{kind, func(v *node) { bodies = append(bodies, pair{key: kind, pos: v.pos, value: v}) }}
	}
	table := []field{
		{"name", func(v *node) { s.Name = b.stepName(v) }},
		{"request", func(v *node) { hasPath = true; b.request(v, &s) }},
		{"method", func(v *node) { s.Method = b.method(b.str(v, "method"), v.pos) }},
		{"path", func(v *node) { hasPath = true; s.Path = b.path(b.str(v, "path"), v.pos) }},
		{"headers", func(v *node) { s.Headers = b.headers(v) }},
		body("json"), body("form"), body("body"), body("body_file"),
		{"expect", func(v *node) { s.Expect = b.expect(v) }},
		{"capture", func(v *node) { s.Captures = b.captures(v, place) }},
		{"think", func(v *node) { t := b.think(v); s.Think = &t }},
	}
	table = append(table, field{"weight", func(v *node) { s.Weight = b.weight(v, place) }})
	b.fields(n, place.what, table...)
	if n.kind != mapping {
		return s
	}
	if place.nameNeeded && n.get("name") == nil {
		b.fail(n.pos, "add name: create", "%s needs a name", place.what)
	}
	b.checkRequest(n, place, hasPath)
	s.Body = b.body(bodies, s.Headers)
	return s
}

// checkRequest reports a step without a request, or with two.
func (b *builder) checkRequest(n *node, place stepPlace, hasPath bool) {
	if !hasPath {
		b.fail(n.pos, "add request: GET /path", "%s needs a request", place.what)
	}
	if n.get("request") != nil && (n.get("method") != nil || n.get("path") != nil) {
		b.fail(n.get("request").pos, "write either request: GET /path, or method and path", "request stands beside method or path")
	}
}

func (b *builder) stepName(n *node) string {
	name := b.str(n, "name")
	if name != "" && !stepName.MatchString(name) {
		b.fail(n.pos, "use letters, digits, spaces, dots and dashes, at most 64", "step name %q cannot be used", name)
	}
	return name
}

// request reads "METHOD PATH".
func (b *builder) request(n *node, s *Step) {
	method, path := b.splitRequest(n)
	if method == nil {
		return
	}
	s.Method = b.method(method.text, method.pos)
	s.Path = b.path(path.text, path.pos)
}

// splitRequest cuts "METHOD PATH" into two scalars; nil, nil when it is not that.
func (b *builder) splitRequest(n *node) (method, path *node) {
	text := b.str(n, "request")
	if text == "" {
		return nil, nil
	}
	m, p, found := strings.Cut(text, " ")
	p = strings.TrimSpace(p)
	if !found || p == "" {
		hint := "write it like GET /health"
		if strings.HasPrefix(text, "/") {
			hint = "did you mean \"GET " + text + "\"?"
		}
		b.fail(n.pos, hint, "request needs a method and a path: %q", text)
		return nil, nil
	}
	pathPos := n.pos
	pathPos.Column += len(m) + 1
	pathPos = b.at(pathPos.Line, pathPos.Column)
	return &node{kind: scalar, pos: n.pos, text: m, value: m}, &node{kind: scalar, pos: pathPos, text: p, value: p}
}

func (b *builder) method(m string, pos source.Position) string {
	switch {
	case m == "" || slices.Contains(Methods, m):
	case m == "HEAD":
		b.fail(pos, "use GET", "wrk cannot read answers to HEAD")
	default:
		b.fail(pos, source.Allowed(m, Methods), "unknown method %q", m)
	}
	return m
}

// path reads a request's path. What the user wrote stays as it is; what is put
// in for references is percent-encoded.
func (b *builder) path(text string, pos source.Position) Template {
	if text == "" {
		return nil
	}
	t := b.template(text, pos, asPath)
	if len(t) == 0 || t[0].Ref != nil || !strings.HasPrefix(t[0].Literal, "/") {
		hint := "did you mean \"/" + strings.TrimPrefix(text, "/") + "\"?"
		switch {
		case strings.Contains(text, "://"):
			hint = "leave out the scheme and the host: the target's URL has them"
		case strings.HasPrefix(text, "${"):
			hint = "a var that holds slashes is written ${raw(NAME)}"
		}
		b.fail(pos, hint, "a path must start with /: %q", text)
		return t
	}
	for _, p := range t {
		b.checkPathLiteral(p.Literal, pos)
	}
	return t
}

func (b *builder) checkPathLiteral(literal string, pos source.Position) {
	for _, c := range literal {
		if c <= ' ' || c >= 0x7f || c == '#' {
			b.fail(pos, "write it as "+percentEncode(string(c)), "a path cannot hold %s", nameRune(c))
			return
		}
	}
}

func nameRune(c rune) string {
	switch {
	case c == ' ':
		return "a space"
	case c < ' ' || c == 0x7f:
		return "control characters"
	default:
		return string(c)
	}
}

// headers reads names and values, in file order.
func (b *builder) headers(n *node) []Header {
	if !b.want(n, mapping, "headers") {
		return nil
	}
	var out []Header
	for _, p := range n.pairs {
		b.checkHeaderName(p, out)
		t := b.template(b.str(p.value, "header "+p.key), p.value.pos, asPlain)
		for _, part := range t {
			if strings.ContainsAny(part.Literal, "\r\n\x00") {
				b.fail(p.value.pos, "write the value on one line", "header %s cannot hold a line end", p.key)
				break
			}
		}
		out = append(out, Header{Name: p.key, Value: t})
	}
	return out
}

func (b *builder) checkHeaderName(p pair, before []Header) {
	if !headerName.MatchString(p.key) {
		b.fail(p.pos, "", "%q cannot be a header's name", p.key)
	}
	if strings.EqualFold(p.key, "Content-Length") || strings.EqualFold(p.key, "Transfer-Encoding") {
		b.fail(p.pos, "remove it", "%s follows from the body", p.key)
	}
	if findHeader(before, p.key) >= 0 {
		b.fail(p.pos, "remove one of the two", "header %s is there twice", p.key)
	}
}

// findHeader is the index of a header by name, any letter case, or -1.
func findHeader(headers []Header, name string) int {
	return slices.IndexFunc(headers, func(h Header) bool { return strings.EqualFold(h.Name, name) })
}

func (b *builder) weight(n *node, place stepPlace) float64 {
	if place.mode != Mix {
		b.fail(n.pos, "remove it, or write the steps as a mix", "only steps of a mix have a weight")
		return 1
	}
	var w float64
	switch v := n.value.(type) {
	case int64:
		w = float64(v)
	case float64:
		w = v
	}
	if !(w > 0 && w <= 1e6) {
		b.fail(n.pos, "write weight: 1 for an even share", "weight must be a number above 0, not %s", n.describe())
		return 1
	}
	return w
}
