package lua

import (
	"fmt"
	"strings"

	"taskbench/internal/captured"
	"taskbench/scenarios"
)

// part is a piece of a request: text, or a Lua expression. An expression that
// is known when the script loads becomes part of the literal beside it.
type part struct {
	text   string
	expr   string
	onLoad bool
}

// parts turns a template into pieces whose values are escaped for their place.
func (g *generator) parts(t scenarios.Template, escape scenarios.Escape) []part {
	out := make([]part, 0, len(t))
	for _, p := range t {
		if p.Ref == nil {
			out = append(out, part{text: p.Literal})
			continue
		}
		e := p.Ref.Escape
		if e == scenarios.EscapeNone {
			e = escape
		}
		out = append(out, g.reference(p.Ref, e))
	}
	return out
}

// reference is the expression for one ${...}.
func (g *generator) reference(ref *scenarios.Ref, e scenarios.Escape) part {
	switch ref.Kind {
	case scenarios.RefCapture:
		g.stored[ref.Name] = g.stored[ref.Name].With(e)
		return part{expr: field(captured.Table(e), ref.Name)}
	case scenarios.RefEach:
		return part{expr: g.eachValue(ref, e)}
	case scenarios.RefColumn:
		return part{expr: g.escaped(jsonText(e), g.column(ref))}
	case scenarios.RefCall:
		return g.call(ref, e)
	}
	return g.builtin(ref, e)
}

// column is the expression of a column's value in the current row.
func (g *generator) column(ref *scenarios.Ref) string {
	g.feeders[ref.Name] = true
	return field(field("data", ref.Name), ref.Column) + "[" + field("row", ref.Name) + "]"
}

// builtin is the expression for a built-in reference. Numbers need no escape.
func (g *generator) builtin(ref *scenarios.Ref, e scenarios.Escape) part {
	switch ref.Name {
	case "vu", "iteration":
		return part{expr: ref.Name}
	case "run":
		return part{expr: g.escaped(jsonText(e), "run")}
	case "env":
		value := "(os.getenv(" + quote(ref.Args[0]) + `) or "")`
		return part{expr: g.escaped(e, value), onLoad: true}
	}
	g.uses("random")
	g.uses("values")
	switch ref.Name {
	case "seq":
		return part{expr: "next_number()"}
	case "now":
		return part{expr: g.now(ref.Args, e)}
	case "random":
		return part{expr: between(ref.Args[0], ref.Args[1])}
	case "pick":
		return part{expr: "pick(" + g.choices(ref.Args, e) + ")"}
	default: // uuid
		if e == scenarios.EscapeJSONValue {
			return part{expr: `'"' .. uuid() .. '"'`}
		}
		return part{expr: "uuid()"}
	}
}

// jsonText is e where the value is text whatever it looks like.
func jsonText(e scenarios.Escape) scenarios.Escape {
	if e == scenarios.EscapeJSONValue {
		return escapeJSONQuoted
	}
	return e
}

const escapeJSONQuoted scenarios.Escape = "jsonquoted"

// between draws a whole number; Lua would write one of 15 digits and more
// with an exponent.
func between(low, high string) string {
	call := "between(" + low + ", " + high + ")"
	if len(low) > 14 || len(high) > 14 {
		return `string.format("%.0f", ` + call + ")"
	}
	return call
}

// choices names a table of the arguments of pick, escaped when generating.
func (g *generator) choices(args []string, e scenarios.Escape) string {
	texts := make([]string, len(args))
	for i, arg := range args {
		texts[i] = g.escaped(e, quote(arg))
	}
	return g.local("choices", "{ "+strings.Join(texts, ", ")+" }")
}

// escaped wraps an expression in the function that escapes its text.
func (g *generator) escaped(e scenarios.Escape, expr string) string {
	format, ok := escapeCalls[e]
	if !ok {
		return expr
	}
	switch e {
	case scenarios.EscapeRaw, scenarios.EscapePath:
		g.uses("raw")
	default:
		g.uses("escape")
	}
	return fmt.Sprintf(format, expr)
}

var escapeCalls = map[scenarios.Escape]string{
	scenarios.EscapeURL:        "url(%s)",
	captured.Header:            "line(%s)",
	scenarios.EscapeJSONString: "json_text(%s)",
	scenarios.EscapeJSONValue:  "json_literal(%s)",
	escapeJSONQuoted:           `json_literal(%s, "string")`,
	scenarios.EscapeRaw:        "as_raw(%s)",
	scenarios.EscapePath:       "as_path(%s, true)",
}

// concat writes an expression that joins operands, or several statements
// where there are more than one Lua function has registers for.
func concat(name string, operands []string) string {
	const most = 100
	if len(operands) == 1 {
		operands = append(operands, `""`)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "    local %s = %s\n", name, strings.Join(operands[:min(most, len(operands))], " .. "))
	for i := most; i < len(operands); i += most {
		end := min(i+most, len(operands))
		fmt.Fprintf(&b, "    %s = %s .. %s\n", name, name, strings.Join(operands[i:end], " .. "))
	}
	return b.String()
}
