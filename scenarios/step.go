package scenarios

import (
	"regexp"
	"slices"
	"strings"

	"taskbench/internal/source"
	"taskbench/internal/yamlfile"
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
func (b *builder) step(n *yamlfile.Node, place stepPlace) Step {
	s := Step{Pos: n.Pos, Weight: 1, Method: "GET"}
	var bodies []yamlfile.Pair
	hasPath := false
	body := func(kind string) yamlfile.Field {
		return yamlfile.On(kind, func(v *yamlfile.Node) { bodies = append(bodies, yamlfile.Pair{Key: kind, Pos: v.Pos, Value: v}) })
	}
	table := []yamlfile.Field{
		yamlfile.On("name", func(v *yamlfile.Node) { s.Name = b.stepName(v) }),
		yamlfile.On("request", func(v *yamlfile.Node) { hasPath = true; b.request(v, &s) }),
		yamlfile.On("method", func(v *yamlfile.Node) { s.Method = b.method(b.Str(v, "method"), v.Pos) }),
		yamlfile.On("path", func(v *yamlfile.Node) { hasPath = true; s.Path = b.path(b.Str(v, "path"), v.Pos) }),
		yamlfile.On("headers", func(v *yamlfile.Node) { s.Headers = b.headers(v) }),
		body("json"), body("form"), body("body"), body("body_file"),
		yamlfile.On("expect", func(v *yamlfile.Node) { s.Expect = b.expect(v) }),
		yamlfile.On("capture", func(v *yamlfile.Node) { s.Captures = b.captures(v, place) }),
		yamlfile.On("think", func(v *yamlfile.Node) { t := b.think(v); s.Think = &t }),
	}
	table = append(table, yamlfile.On("weight", func(v *yamlfile.Node) { s.Weight = b.weight(v, place) }))
	b.Fields(n, place.what, table...)
	if n.Kind != yamlfile.Mapping {
		return s
	}
	if place.nameNeeded && n.Get("name") == nil {
		b.Fail(n.Pos, "add name: create", "%s needs a name", place.what)
	}
	b.checkRequest(n, place, hasPath)
	s.Body = b.body(bodies, s.Headers)
	return s
}

// checkRequest reports a step without a request, or with two.
func (b *builder) checkRequest(n *yamlfile.Node, place stepPlace, hasPath bool) {
	if !hasPath {
		b.Fail(n.Pos, "add request: GET /path", "%s needs a request", place.what)
	}
	if n.Get("request") != nil && (n.Get("method") != nil || n.Get("path") != nil) {
		b.Fail(n.Get("request").Pos, "write either request: GET /path, or method and path", "request stands beside method or path")
	}
}

func (b *builder) stepName(n *yamlfile.Node) string {
	name := b.Str(n, "name")
	if name != "" && !stepName.MatchString(name) {
		b.Fail(n.Pos, "use letters, digits, spaces, dots and dashes, at most 64", "step name %q cannot be used", name)
	}
	return name
}

// request reads "METHOD PATH".
func (b *builder) request(n *yamlfile.Node, s *Step) {
	method, path := b.splitRequest(n)
	if method == nil {
		return
	}
	s.Method = b.method(method.Text, method.Pos)
	s.Path = b.path(path.Text, path.Pos)
}

// splitRequest cuts "METHOD PATH" into two scalars; nil, nil when it is not that.
func (b *builder) splitRequest(n *yamlfile.Node) (method, path *yamlfile.Node) {
	text := b.Str(n, "request")
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
		b.Fail(n.Pos, hint, "request needs a method and a path: %q", text)
		return nil, nil
	}
	pathPos := n.Pos
	pathPos.Column += len(m) + 1
	pathPos = b.At(pathPos.Line, pathPos.Column)
	return &yamlfile.Node{Kind: yamlfile.Scalar, Pos: n.Pos, Text: m, Value: m}, &yamlfile.Node{Kind: yamlfile.Scalar, Pos: pathPos, Text: p, Value: p}
}

func (b *builder) method(m string, pos source.Position) string {
	switch {
	case m == "" || slices.Contains(Methods, m):
	case m == "HEAD":
		b.Fail(pos, "use GET", "wrk cannot read answers to HEAD")
	default:
		b.Fail(pos, source.Allowed(m, Methods), "unknown method %q", m)
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
		b.Fail(pos, hint, "a path must start with /: %q", text)
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
			b.Fail(pos, "write it as "+percentEncode(string(c)), "a path cannot hold %s", nameRune(c))
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
func (b *builder) headers(n *yamlfile.Node) []Header {
	if !b.Want(n, yamlfile.Mapping, "headers") {
		return nil
	}
	var out []Header
	for _, p := range n.Pairs {
		b.checkHeaderName(p, out)
		t := b.template(b.Str(p.Value, "header "+p.Key), p.Value.Pos, asPlain)
		for _, part := range t {
			if strings.ContainsAny(part.Literal, "\r\n\x00") {
				b.Fail(p.Value.Pos, "write the value on one line", "header %s cannot hold a line end", p.Key)
				break
			}
		}
		out = append(out, Header{Name: p.Key, Value: t})
	}
	return out
}

func (b *builder) checkHeaderName(p yamlfile.Pair, before []Header) {
	if !headerName.MatchString(p.Key) {
		b.Fail(p.Pos, "", "%q cannot be a header's name", p.Key)
	}
	if strings.EqualFold(p.Key, "Content-Length") || strings.EqualFold(p.Key, "Transfer-Encoding") {
		b.Fail(p.Pos, "remove it", "%s follows from the body", p.Key)
	}
	if findHeader(before, p.Key) >= 0 {
		b.Fail(p.Pos, "remove one of the two", "header %s is there twice", p.Key)
	}
}

// findHeader is the index of a header by name, any letter case, or -1.
func findHeader(headers []Header, name string) int {
	return slices.IndexFunc(headers, func(h Header) bool { return strings.EqualFold(h.Name, name) })
}

func (b *builder) weight(n *yamlfile.Node, place stepPlace) float64 {
	if place.mode != Mix {
		b.Fail(n.Pos, "remove it, or write the steps as a mix", "only steps of a mix have a weight")
		return 1
	}
	if !b.Clear(n) {
		return 1
	}
	var w float64
	switch v := n.Value.(type) {
	case int64:
		w = float64(v)
	case float64:
		w = v
	}
	if !(w > 0 && w <= 1e6) {
		b.Fail(n.Pos, "write weight: 1 for an even share", "weight must be a number above 0, not %s", n.Describe())
		return 1
	}
	return w
}
