package scenarios

import (
	"net/url"
	"slices"
	"strings"

	"taskbench/internal/source"
)

// raw resolves ${raw(NAME)}: a value that keeps its slashes and question marks.
func (v *resolver) raw(p, inner piece, e Escape) Template {
	if e == EscapeJSONValue || e == EscapeJSONString {
		v.Fail(p.pos, "write ${json("+inner.expr+")}, the JSON as YAML, or body instead of json", "raw cannot be used inside json")
		return nil
	}
	if value, ok := v.vars[inner.expr]; ok {
		return v.expandVar(inner, value, EscapeNone, e)
	}
	out := v.expand(inner, EscapeNone)
	if e != EscapeURL || len(out) != 1 || out[0].Ref == nil {
		return out
	}
	if out[0].Ref.Kind == RefColumn {
		v.checkRaw(inner, out[0].Ref)
		return out
	}
	out[0].Ref.Escape = EscapeRaw
	return out
}

// checkRaw reports the first row that a path cannot hold as it is.
func (v *resolver) checkRaw(p piece, ref *Ref) {
	bad := func(c rune) bool { return c <= ' ' || c >= 0x7f || c == '#' }
	feeder := v.feeders[ref.Name]
	at := slices.Index(feeder.Columns, ref.Column)
	for i, row := range feeder.Rows {
		if at < len(row) && strings.ContainsFunc(row[at], bad) {
			v.Fail(p.pos, "percent-encode it in the file, or write ${"+p.expr+"}",
				"row %d of %s has %q in column %s, which a path cannot hold as it is", i+1, feeder.File, row[at], ref.Column)
			return
		}
	}
}

// wholePath makes a reference that a path begins with the whole of it, as far as
// that can be told before the load. False when the path does not begin with one.
func (b *builder) wholePath(t Template, pos source.Position) bool {
	if len(t) == 0 || t[0].Ref == nil || t[0].Ref.Escape != EscapeRaw && t[0].Ref.Escape != EscapeNone {
		return false
	}
	ref := t[0].Ref
	switch {
	case ref.Kind == RefColumn:
		feeder := b.feeders[ref.Name]
		column := slices.Index(feeder.Columns, ref.Column)
		var texts []string
		for _, row := range feeder.Rows {
			if column < len(row) {
				texts = append(texts, row[column])
			}
		}
		if b.paths(texts, "row %d of "+feeder.File+" has %q", pos) {
			ref.Escape = EscapePath
		}
	case ref.Kind == RefBuiltin && ref.Name == "pick":
		b.paths(ref.Args, "word %d of pick is %q", pos)
		ref.Escape = EscapePath
	default:
		ref.Escape = EscapePath
	}
	return true
}

// paths reports the first text that is neither a path nor the URL of one, and
// the first URL of another server than those before; and says whether there are URLs.
func (b *builder) paths(texts []string, where string, pos source.Position) (urls bool) {
	host := ""
	for i, text := range texts {
		if strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "//") {
			continue
		}
		u, err := url.Parse(text)
		switch {
		case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
			b.Fail(pos, "write a / before the reference, or in all values", where+", where a path must start with /", i+1, text)
			return urls
		case host != "" && u.Host != host:
			b.Fail(pos, "one scenario measures one server: keep the URLs of one host in the file", where+", and one before is of "+host, i+1, text)
			return urls
		}
		host, urls = u.Host, true
	}
	return urls
}
