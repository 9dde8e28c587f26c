package script

import (
	"fmt"
	"strings"

	"taskbench/internal/captured"
	"taskbench/internal/template"
	"taskbench/scenarios"
)

// escapeJSONQuoted writes a string of JSON, whatever it looks like.
const escapeJSONQuoted scenarios.Escape = "jsonquoted"

// text is a template as an expression that is text.
func (g *generator) text(t scenarios.Template, escape scenarios.Escape) string {
	if literal, ok := t.Constant(); ok {
		return quote(literal)
	}
	var b strings.Builder
	for _, p := range t {
		if p.Ref == nil {
			b.WriteString(inTemplate(p.Literal))
			continue
		}
		e := p.Ref.Escape
		if e == scenarios.EscapeNone {
			e = escape
		}
		b.WriteString("${" + g.reference(p.Ref, e) + "}")
	}
	return "`" + b.String() + "`"
}

// reference is the expression for one ${...}.
func (g *generator) reference(ref *scenarios.Ref, e scenarios.Escape) string {
	switch ref.Kind {
	case scenarios.RefCapture:
		g.stored[ref.Name] = g.stored[ref.Name].With(e)
		return field(captured.Table(e), ref.Name)
	case scenarios.RefEach:
		return g.eachValue(ref, e)
	case scenarios.RefColumn:
		return g.escaped(jsonText(e), g.column(ref))
	case scenarios.RefCall:
		return g.call(ref, e)
	}
	return g.builtin(ref, e)
}

// column is the expression of a column's value in the current row.
func (g *generator) column(ref *scenarios.Ref) string {
	if g.columns[ref.Name] == nil {
		g.columns[ref.Name] = columns{}
	}
	g.columns[ref.Name][ref.Column] = true
	return field(field("row", ref.Name), ref.Column)
}

// builtin is the expression for a built-in reference. Numbers need no escape.
func (g *generator) builtin(ref *scenarios.Ref, e scenarios.Escape) string {
	switch ref.Name {
	case "vu", "iteration":
		return ref.Name
	case "run":
		return g.escaped(jsonText(e), "run")
	case "env":
		return g.escaped(e, "("+field("__ENV", ref.Args[0])+" || '')")
	case "now":
		return g.now(ref.Args, e)
	}
	g.uses("values")
	switch ref.Name {
	case "seq":
		return "nextNumber()"
	case "random":
		return "between(" + ref.Args[0] + ", " + ref.Args[1] + ")"
	case "pick":
		return g.pick(ref.Args, e)
	}
	if e == scenarios.EscapeJSONValue { // uuid
		return "`\"${uuid()}\"`"
	}
	return "uuid()"
}

// jsonText is e where the value is text whatever it looks like.
func jsonText(e scenarios.Escape) scenarios.Escape {
	if e == scenarios.EscapeJSONValue {
		return escapeJSONQuoted
	}
	return e
}

// pick draws one of the arguments, which are escaped when the script loads.
func (g *generator) pick(args []string, e scenarios.Escape) string {
	texts := make([]string, len(args))
	for i, arg := range args {
		texts[i] = g.escaped(e, quote(arg))
	}
	return "pick([" + strings.Join(texts, ", ") + "])"
}

// escaped wraps an expression in the function that escapes its text.
func (g *generator) escaped(e scenarios.Escape, expr string) string {
	format, ok := escapeCalls[e]
	if !ok {
		return expr
	}
	if e == scenarios.EscapeRaw || e == scenarios.EscapePath {
		g.uses("raw")
	} else {
		g.uses("escape")
	}
	return fmt.Sprintf(format, expr)
}

var escapeCalls = map[scenarios.Escape]string{
	scenarios.EscapeURL:        "url(%s)",
	captured.Header:            "line(%s)",
	scenarios.EscapeJSONString: "jsonText(%s)",
	scenarios.EscapeJSONValue:  "jsonLiteral(%s)",
	escapeJSONQuoted:           "jsonLiteral(%s, 'string')",
	scenarios.EscapeRaw:        "asRaw(%s)",
	scenarios.EscapePath:       "asPath(%s, true)",
}

// call is the expression of a function's text, or of an element of an array.
func (g *generator) call(ref *scenarios.Ref, e scenarios.Escape) string {
	if ref.Name == "item" {
		return g.item(ref, e)
	}
	var args []string
	for _, of := range ref.Of {
		args = append(args, g.text(of, scenarios.EscapeNone))
	}
	expr := ""
	switch ref.Name {
	case "base64":
		g.uses("base64")
		expr = "encoding.b64encode(" + args[0] + ")"
	case "urlencode":
		g.uses("escape")
		expr = "url(" + args[0] + ")"
	case "hmac_sha256":
		expr = "crypto.hmac('sha256', " + args[0] + ", " + args[1] + ", " + quote(ref.Args[0]) + ")"
	}
	return g.escaped(e, expr)
}

// item is the expression of an element of an array.
func (g *generator) item(ref *scenarios.Ref, e scenarios.Escape) string {
	list, which := ref.Of[0][0].Ref, ref.Args[0]
	g.uses("json", "list")
	name, text := list.Name, ""
	if list.Kind == scenarios.RefColumn {
		name += "." + list.Column
		text = g.column(list)
	} else {
		g.stored[name] = g.stored[name].With(captured.List)
		g.needsOfList(name, which, e)
		text = field(captured.Table(captured.List), name)
	}
	found := fmt.Sprintf("item(%s, %s, %s)", quote(name), text, g.element(which))
	if e == scenarios.EscapeJSONValue { // whose kind is known
		g.uses("escape")
		return "literalOf(" + found + ")"
	}
	return g.escaped(e, "textOfItem("+found+")")
}

// element is the expression of which element is meant.
func (g *generator) element(which string) string {
	if which == "random" {
		g.uses("values")
		return "between"
	}
	return which
}

// needsOfList notes what a captured array must be for one of its uses.
func (g *generator) needsOfList(name, which string, e scenarios.Escape) {
	if g.lists[name] == nil {
		g.lists[name] = &captured.ListUse{}
	}
	g.lists[name].Note(which, e)
	switch {
	case e == scenarios.EscapePath:
		g.uses("raw")
	case captured.Type(e) != "":
		g.uses("cast")
	}
}

// takers are the functions that must take each element of an array.
func takers(fits []scenarios.Escape) string {
	names := make([]string, len(fits))
	for i, e := range fits {
		switch {
		case e == scenarios.EscapePath:
			names[i] = "asPath"
		case captured.Type(e) != "":
			names[i] = castCalls[e]
		default:
			names[i] = "itemAsText"
		}
	}
	return strings.Join(names, ", ")
}

var castCalls = map[scenarios.Escape]string{
	scenarios.EscapeInt: "asInt", scenarios.EscapeNumber: "asNumber", scenarios.EscapeBool: "asBool", scenarios.EscapeJSON: "asAny",
}

// now is the expression of a time, of which args say how far away it is and how it is
// written.
func (g *generator) now(args []string, e scenarios.Escape) string {
	g.uses("time")
	var away int64
	if len(args) > 0 {
		if ms, ok := template.Away(args[0]); ok {
			away, args = ms, args[1:]
		}
	}
	as := "s"
	if len(args) > 0 {
		as = args[0]
	}
	text := ""
	switch as {
	case "s":
		return fmt.Sprintf("nowSeconds(%d)", away)
	case "ms":
		return fmt.Sprintf("nowMs(%d)", away)
	case "iso":
		text = fmt.Sprintf("nowIso(%d)", away)
	case "http":
		text = fmt.Sprintf("nowHttp(%d)", away)
	case "date":
		text = fmt.Sprintf("nowText('%%Y-%%m-%%d', %d)", away)
	default:
		text = fmt.Sprintf("nowText(%s, %d)", quote(as), away)
	}
	return g.escaped(jsonText(e), text)
}
