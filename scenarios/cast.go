package scenarios

import (
	"encoding/json"
	"regexp"
	"slices"

	"taskbench/internal/yamlfile"
)

// cast is a type that a value in JSON can be asked to have, as in ${int(zip)}.
type cast struct {
	escape Escape
	what   string
	fits   func(text string) bool
}

var (
	wholeNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)
	casts       = map[string]cast{
		"int":    {EscapeInt, "a whole number", wholeNumber.MatchString},
		"number": {EscapeNumber, "a number", func(text string) bool { return (&yamlfile.Node{Text: text}).IsJSONNumber() }},
		"bool":   {EscapeBool, "true or false", func(text string) bool { return text == "true" || text == "false" }},
		"json":   {EscapeJSON, "JSON", func(text string) bool { return json.Valid([]byte(text)) }},
	}
)

// castTo resolves ${int(NAME)} and its like, of a var, a capture or a column.
// It stands alone as a JSON value: everywhere else all values are text.
func (v *resolver) castTo(p piece, name string, inner piece, e Escape) Template {
	if e != EscapeJSONValue {
		v.Fail(p.pos, "write ${"+inner.expr+"}", "%s gives a value of json its type, and everything else is text", name)
		return nil
	}
	to := casts[name]
	out := v.expand(inner, EscapeNone)
	text, constant := out.Constant()
	switch {
	case len(out) == 0 && v.vars[inner.expr] == nil: // reported
	case constant && to.fits(text):
		return Template{{Literal: text}}
	case constant:
		v.Fail(p.pos, "write ${"+inner.expr+"} to send it as text", "%s is %q, which is not %s", inner.expr, text, to.what)
	case len(out) == 1 && out[0].Ref != nil && (out[0].Ref.Kind != RefCall && out[0].Ref.Kind != RefBuiltin || out[0].Ref.Name == "item"):
		out[0].Ref.Escape = to.escape
		v.checkCast(p, out[0].Ref, to)
		return out
	default:
		v.Fail(p.pos, "give it the name of a capture, a column, or a var", "%s takes one value, and %q is none", name, inner.expr)
	}
	return nil
}

// checkCast reports the first row whose value is not of the type.
func (v *resolver) checkCast(p piece, ref *Ref, to cast) {
	if ref.Kind != RefColumn {
		return
	}
	feeder := v.feeders[ref.Name]
	column := slices.Index(feeder.Columns, ref.Column)
	for i, row := range feeder.Rows {
		if column < len(row) && !to.fits(row[column]) {
			v.Fail(p.pos, "mend the row, or write ${"+ref.Name+"."+ref.Column+"} to send text",
				"row %d of %s has %q in column %s, which is not %s", i+1, feeder.File, row[column], ref.Column, to.what)
			return
		}
	}
}
