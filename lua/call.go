package lua

import (
	"fmt"
	"strings"

	"taskbench/internal/captured"
	"taskbench/internal/template"
	"taskbench/scenarios"
)

// call is the expression of a function's text, or of an element of an array.
func (g *generator) call(ref *scenarios.Ref, e scenarios.Escape) part {
	if ref.Name == "item" {
		return part{expr: g.item(ref, e)}
	}
	known := true // when the script loads
	var args []string
	for _, of := range ref.Of {
		text, onLoad := g.joined(of)
		args = append(args, text)
		known = known && onLoad
	}
	var expr string
	switch ref.Name {
	case "base64":
		g.uses("base64")
		expr = "base64(" + args[0] + ")"
	case "urlencode":
		g.uses("escape")
		expr = "url(" + args[0] + ")"
	case "hmac_sha256":
		g.uses("hmac")
		as := ref.Args[0]
		if as == "base64" {
			g.uses("base64")
		}
		expr = as + "(hmac_sha256(" + strings.Join(args, ", ") + "))"
	}
	return part{expr: g.escaped(e, expr), onLoad: known}
}

// joined is the expression of a text that a function is given, and whether it is
// known when the script loads.
func (g *generator) joined(t scenarios.Template) (expr string, onLoad bool) {
	onLoad = true
	var terms []string
	for _, p := range g.parts(t, scenarios.EscapeNone) {
		if p.expr == "" {
			p.expr, p.onLoad = quote(p.text), true
		}
		onLoad = onLoad && p.onLoad
		terms = append(terms, p.expr)
	}
	if len(terms) == 0 {
		return `""`, true
	}
	return strings.Join(terms, " .. "), onLoad
}

// item is the expression of an element of an array.
func (g *generator) item(ref *scenarios.Ref, e scenarios.Escape) string {
	list, which := ref.Of[0][0].Ref, ref.Args[0]
	g.uses("json")
	g.uses("json_path")
	g.uses("list")
	name, text := list.Name, ""
	if list.Kind == scenarios.RefColumn {
		name += "." + list.Column
		text = g.column(list)
	} else {
		g.stored[name] = g.stored[name].With(captured.List)
		g.needsOfList(name, which, e)
		text = field(captured.Table(captured.List), name)
	}
	return g.escaped(e, fmt.Sprintf("item(%s, %s, %s)", quote(name), text, g.element(which)))
}

// element is the expression of which element is meant.
func (g *generator) element(which string) string {
	if which == "random" {
		g.uses("random")
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
			names[i] = "as_path"
		case captured.Type(e) != "":
			names[i] = "as_" + captured.Type(e)
		default:
			names[i] = "item_as_text"
		}
	}
	return strings.Join(names, ", ")
}

// now is the expression of a time, of which args say how far away it is and how it
// is written.
func (g *generator) now(args []string, e scenarios.Escape) string {
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
	plus := func(to string, n int64) string {
		if n == 0 {
			return to
		}
		return fmt.Sprintf("%s %+d", to, n)
	}
	ms := plus("unix_ms()", away)
	switch as {
	case "s":
		if away%1000 != 0 {
			return `string.format("%.0f", math.floor((` + ms + `) / 1000))`
		}
		return bracketed(plus("os.time()", away/1000), away)
	case "ms":
		return bracketed(ms, away)
	}
	g.uses("time")
	text := ""
	switch as {
	case "iso", "http":
		text = "time_" + as + "(" + ms + ")"
	case "date":
		text = `time_text("%Y-%m-%d", ` + ms + ")"
	default:
		text = "time_text(" + quote(as) + ", " + ms + ")"
	}
	return g.escaped(jsonText(e), text)
}

// bracketed keeps a sum together where text is joined to it.
func bracketed(sum string, added int64) string {
	if added == 0 {
		return sum
	}
	return "(" + sum + ")"
}
