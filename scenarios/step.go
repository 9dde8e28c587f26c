package scenarios

import (
	"regexp"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"

	"taskbench/internal/compose"
	"taskbench/internal/othertools"
	"taskbench/internal/source"
	"taskbench/internal/template"
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

// stepReader reads one step.
type stepReader struct {
	*builder
	step    *Step
	place   stepPlace
	bodies  []yamlfile.Pair
	hasPath bool

	repeated *yamlfile.Node // what repeat says, read last: it may ask for what the step captures
}

// step reads one step. References are resolved in the builder's scope as it is
// now; what the step captures is not in it yet.
func (b *builder) step(n *yamlfile.Node, place stepPlace) Step {
	s := Step{Pos: n.Pos, Weight: 1, Method: "GET", Control: Control{Redirects: b.redirects}}
	r := stepReader{builder: b, step: &s, place: place}
	if n.Kind == yamlfile.Scalar && strings.Contains(n.Text, "/") {
		b.Fail(n.Pos, "write it like - {name: list, request: GET /items}", "%s must be a mapping, not %s", place.what, n.Describe())
		return s
	}
	if each := n.Get("for_each"); each != nil {
		s.Control.Each = r.each(each)
		b.eachOf = &s
		defer func() { b.eachOf = nil }()
	}
	b.translate(n, place.what, othertools.InStep)
	b.fields(n, place.what, r.fields())
	if n.Kind != yamlfile.Mapping {
		return s
	}
	if r.repeated != nil {
		b.withCaptures(s.Captures, func() { s.Control.Repeat = r.repeat(r.repeated) })
	}
	if place.nameNeeded && n.Get("name") == nil {
		b.Fail(n.Pos, "add name: create", "%s needs a name", place.what)
	}
	b.checkRequest(n, place, r.hasPath)
	s.Body = b.body(r.bodies, s.Headers)
	if s.Body.Kind == GraphQLBody {
		s.Expect.withoutErrors(n.Pos)
	}
	if kind := s.Body.Kind; (kind == GraphQLBody || kind == MultipartBody) && n.Get("request") == nil && n.Get("method") == nil {
		s.Method = "POST"
	}
	return s
}

// fields is the table of a step, as far as its place allows.
func (r *stepReader) fields() []field {
	about := "Name of the step in reports."
	if !r.place.nameNeeded {
		about = "Name of the step in reports; the scenario's when left out."
	}
	name := field{"name", about, text, r.place.nameNeeded, func(v *yamlfile.Node) { r.step.Name = r.stepName(v) }}
	pause := field{"think", "Pause after this step instead of load.think.", think, false, func(v *yamlfile.Node) { t := r.think(v); r.step.Think = &t }}
	readWeight := func(v *yamlfile.Node) { r.step.Weight = r.weight(v, r.place) }
	share := refused("weight", readWeight)
	if r.place.mode == Mix {
		share = field{"weight", "Share of this step; 1 when left out.", weight, false, readWeight}
	}
	use := field{compose.Use, "A step of steps, or of an included file, that this one is; what stands beside it goes before.", text, false, nil}
	return slices.Concat([]field{name, use}, r.requestFields(), r.controlFields(), []field{pause, share})
}

// bodyKeys are the keys of bodies: a step has one of them at most.
var bodyKeys = []string{"json", "form", "graphql", "multipart", "body", "body_file"}

// requestFields are those of every step: what is sent and what comes back.
func (r *stepReader) requestFields() []field {
	s := r.step
	body := func(v *yamlfile.Node, key string) {
		r.bodies = append(r.bodies, yamlfile.Pair{Key: key, Pos: v.Pos, Value: v})
	}
	return []field{
		{"request", "METHOD PATH.", requestLine, false, func(v *yamlfile.Node) { r.hasPath = true; r.request(v, s) }},
		{"method", "Request method; GET when left out.", oneOf(Methods), false, func(v *yamlfile.Node) { s.Method = r.method(r.Str(v, "method"), v.Pos) }},
		{"path", "Path with its query; what is put in for references is percent-encoded.", like("^[/$]"), false, func(v *yamlfile.Node) {
			r.hasPath = true
			s.Path = r.path(r.Str(v, "path"), v.Pos)
		}},
		{"headers", "Request headers; an empty one leaves out a common one.", namesTo(constant), false, func(v *yamlfile.Node) { s.Headers = r.headers(v) }},
		{"json", "Body sent as JSON.", anything, false, func(v *yamlfile.Node) { body(v, "json") }},
		{"form", "Body sent as a form; a list repeats its field.", namesTo(either(constant, listOf(constant, 0))), false, func(v *yamlfile.Node) { body(v, "form") }},
		{"graphql", "A GraphQL request; without errors, unless something is expected of them.", defined("graphql"), false, func(v *yamlfile.Node) { body(v, "graphql") }},
		{"multipart", "Parts by their names, sent as forms with files are; a list repeats its name.", namesTo(either(constant, defined("part"), listOf(either(constant, defined("part")), 0))), false, func(v *yamlfile.Node) { body(v, "multipart") }},
		{"body", "Body sent as written.", text, false, func(v *yamlfile.Node) { body(v, "body") }},
		{"body_file", "File sent byte for byte, relative to the scenario's folder.", text, false, func(v *yamlfile.Node) { body(v, "body_file") }},
		{"expect", "What a good answer is; any status below 400 when left out.", defined("expect"), false, func(v *yamlfile.Node) { s.Expect = r.expect(v) }},
		{"capture", "Values for later steps: a JSON path, header:NAME, cookie:NAME or regex:/…(…)/, or a mapping that says more.", namesTo(either(text, defined("captureFrom"))), false, func(v *yamlfile.Node) { s.Captures = r.captures(v, r.place) }},
	}
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
	if n.Pos.File == b.File {
		pathPos = b.At(pathPos.Line, pathPos.Column)
	}
	return &yamlfile.Node{Kind: yamlfile.Scalar, Pos: n.Pos, Text: m, Value: m}, &yamlfile.Node{Kind: yamlfile.Scalar, Pos: pathPos, Text: p, Value: p}
}

func (b *builder) method(m string, pos source.Position) string {
	switch {
	case m == "" || slices.Contains(Methods, m):
	case m == "HEAD":
		b.Fail(pos, "use GET, with headers: {Range: bytes=0-0} where only the head matters", "wrk cannot read answers to HEAD: it waits for the body that they announce")
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
	if b.otherBrackets(text, pos) {
		return nil
	}
	t := b.template(text, pos, asPath)
	if !b.wholePath(t, pos) && (len(t) == 0 || t[0].Ref != nil || !strings.HasPrefix(t[0].Literal, "/")) {
		hint := "did you mean \"/" + strings.TrimPrefix(text, "/") + "\"?"
		switch {
		case strings.Contains(text, "://"):
			hint = "leave out the scheme and the host: the target's URL has them"
		case strings.HasPrefix(text, "${"):
			hint = "what holds slashes, a path or a link, is written ${raw(NAME)}"
		}
		b.Fail(pos, hint, "a path must start with /: %q", text)
		return t
	}
	for _, p := range t {
		b.checkPathLiteral(p.Literal, pos)
	}
	return t
}

var doubleBrackets = regexp.MustCompile(`\$?\{\{\s*([\w.$-]+)\s*\}\}`)

// otherBrackets reports a reference as other tools write it: sent as it stands, it
// would mean nothing to a server.
func (b *builder) otherBrackets(text string, pos source.Position) bool {
	m := doubleBrackets.FindStringSubmatch(text)
	if m != nil {
		b.Fail(pos, "write ${"+strings.TrimPrefix(m[1], "$")+"}", "%s is no reference here", m[0])
	}
	return m != nil
}

func (b *builder) checkPathLiteral(literal string, pos source.Position) {
	for _, c := range literal {
		if c <= ' ' || c >= 0x7f || c == '#' {
			b.Fail(pos, "write it as "+template.PercentEncode(string(c)), "a path cannot hold %s", nameRune(c))
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
		if p.Value.IsNull() {
			b.Fail(p.Pos, "write its value; an empty one leaves out a header that all steps have", "header %s is empty, and there is no common one of the name", p.Key)
			continue
		}
		b.checkHeaderName(p, out)
		if b.otherBrackets(p.Value.Text, p.Value.Pos) {
			continue
		}
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

// weight is how a step's share is written.
func weight() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "number", ExclusiveMinimum: "0", Maximum: "1000000"}
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
