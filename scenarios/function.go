package scenarios

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"taskbench/internal/source"
	"taskbench/internal/template"
)

// function makes text of the values that it is given: ${base64("${user}:${pass}")}.
type function struct {
	usage string
	takes int      // values
	words []string // what may stand behind them; the first is meant where none does
	of    func(word string, values []string) string
}

var functions = map[string]function{
	"base64":      {`${base64("${user}:${pass}")}`, 1, nil, func(_ string, of []string) string { return base64.StdEncoding.EncodeToString([]byte(of[0])) }},
	"urlencode":   {"${urlencode(query)}", 1, nil, func(_ string, of []string) string { return template.PercentEncode(of[0]) }},
	"hmac_sha256": {`${hmac_sha256(key, "${vu}:${iteration}")}`, 2, []string{"hex", "base64"}, hmacOf},
}

func hmacOf(word string, of []string) string {
	sum := hmac.New(sha256.New, []byte(of[0]))
	sum.Write([]byte(of[1]))
	if word == "base64" {
		return base64.StdEncoding.EncodeToString(sum.Sum(nil))
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// function resolves ${base64(…)} and its like: at once where all that it is given
// is known.
func (v *resolver) function(p piece, name string, e Escape) Template {
	f := functions[name]
	args := template.Given(p.expr)
	word := ""
	if len(args) == f.takes+1 && slices.Contains(f.words, args[f.takes]) {
		word, args = args[f.takes], args[:f.takes]
	} else if len(f.words) > 0 {
		word = f.words[0]
	}
	if len(args) != f.takes {
		v.Fail(p.pos, "write it like "+f.usage, "%s takes %s, not %d", name, count(f.takes, "value"), len(args))
		return nil
	}
	before := len(v.Errs)
	of := make([]Template, len(args))
	known := make([]string, len(args))
	constant := true
	for i, arg := range args {
		of[i] = v.given(p, arg)
		text, ok := of[i].Constant()
		known[i], constant = text, constant && ok
	}
	if e == EscapeJSONValue {
		e = EscapeJSONString
	}
	switch {
	case len(v.Errs) > before:
		return nil
	case constant:
		return Template{{Literal: template.Escaped(f.of(word, known), e)}}
	}
	ref := &Ref{Kind: RefCall, Name: name, Of: of, Escape: e, Pos: p.pos}
	if word != "" {
		ref.Args = []string{word}
	}
	return Template{{Ref: ref}}
}

// given is what a function is given: text in quotes, with references in it, or
// references, several of them with colons between.
func (v *resolver) given(p piece, arg string) Template {
	pos := p.pos
	if pos.Line > 0 {
		pos.Column += len("${") // references in it are behind its own
	}
	if mark := arg[:min(1, len(arg))]; mark == `"` || mark == "'" {
		return v.template(strings.TrimSuffix(arg[1:], mark), pos, asPlain)
	}
	names := []string{arg}
	if !strings.Contains(arg, "(") {
		names = strings.Split(arg, ":")
	}
	var out Template
	for i, name := range names {
		if i > 0 {
			out = out.Add(Part{Literal: ":"})
		}
		out = out.Add(v.expand(piece{expr: strings.TrimSpace(name), isExpr: true, pos: p.pos}, EscapeNone)...)
	}
	return out
}

const itemUsage = "write it like ${item(ids)} for a random one, ${item(ids, first)}, ${item(ids, 2)}, ${item(ids, -1)}"

// item resolves ${item(list)}: an element of a captured array, or of one in a
// column.
func (v *resolver) item(p piece, e Escape) Template {
	args := template.Given(p.expr)
	which := "random"
	if len(args) == 2 {
		which = template.Element(args[1])
	}
	if len(args) == 0 || len(args) > 2 || which == "" {
		v.Fail(p.pos, itemUsage, "item takes an array and which of its elements: ${%s}", p.expr)
		return nil
	}
	list := v.expand(piece{expr: args[0], isExpr: true, pos: p.pos}, EscapeNone)
	switch {
	case len(list) == 0:
		return nil
	case len(list) > 1 || list[0].Ref == nil || list[0].Ref.Kind != RefCapture && list[0].Ref.Kind != RefColumn:
		v.Fail(p.pos, "${pick(a,b,c)} is one of several words", "item takes an element of a captured array or of a column, and %q is neither", args[0])
		return nil
	}
	if list[0].Ref.Kind == RefColumn {
		v.checkLists(p, list[0].Ref, which)
	}
	return Template{{Ref: &Ref{Kind: RefCall, Name: "item", Of: []Template{list}, Args: []string{which}, Escape: e, Pos: p.pos}}}
}

// checkLists reports the first row that has no such element.
func (v *resolver) checkLists(p piece, ref *Ref, which string) {
	least := template.LeastFor(which)
	row, text := v.badRow(ref, fmt.Sprint("list of ", least), func(text string) bool {
		var list []json.RawMessage
		return json.Unmarshal([]byte(text), &list) != nil || len(list) < least
	})
	if row > 0 {
		v.Fail(p.pos, "write the row's value as a JSON array, like [1,2,3]",
			"row %d of %s has %q in column %s, which is no array with such an element", row, v.feeders[ref.Name].File, text, ref.Column)
	}
}

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
	row, text := v.badRow(ref, "raw", func(text string) bool { return strings.ContainsFunc(text, bad) })
	if row > 0 {
		v.Fail(p.pos, "percent-encode it in the file, or write ${"+p.expr+"}",
			"row %d of %s has %q in column %s, which a path cannot hold as it is", row, v.feeders[ref.Name].File, text, ref.Column)
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
