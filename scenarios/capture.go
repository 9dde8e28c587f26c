package scenarios

import (
	"regexp"
	"strings"

	"taskbench/internal/source"
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
		text := b.Str(p.Value, "capture "+p.Key)
		if text == "" {
			continue
		}
		if c, ok := b.capture(text, p.Value.Pos); ok {
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
			b.Fail(pos, "write it like header:Location or cookie:session", "%q is no name of a %s", rest, prefix)
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
