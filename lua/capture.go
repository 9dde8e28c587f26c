package lua

import (
	"fmt"
	"slices"
	"strings"

	"taskbench/internal/captured"
	"taskbench/scenarios"
)

// capture reads a value and stores it the ways in which it is used.
func (j *judgement) capture(c *scenarios.Capture) {
	read, kind := j.reads(c)
	read += j.within(c, &kind)
	name := "capture:" + c.Name
	uses, optional := j.g.stored[c.Name], j.g.maybe[c.Name]
	if len(uses) == 0 && !optional {
		j.check(read, name, j.needed()+"not value")
		return
	}
	there := "value"
	if kind == "kind" && (optional || slices.ContainsFunc(uses, captured.AsText)) {
		there = `value and kind ~= "null"` // which has no text: "Bearer null" is nobody's token
	}
	fmt.Fprintf(&j.b, "    do\n      %s\n      if %s then\n", read, there)
	if optional {
		fmt.Fprintf(&j.b, "        %s = \"yes\"\n", field("there", c.Name))
	}
	for _, e := range uses {
		if e == captured.Elements {
			j.captureList(c)
			continue
		}
		if call := j.converts(c, e, kind); call != "" {
			fmt.Fprintf(&j.b, "        %s = %s\n", field(captured.Table(e), c.Name), call)
			fmt.Fprintf(&j.b, "        if not %s then unmet(%d) end\n", field(captured.Table(e), c.Name), j.number(name+" as "+strings.TrimSuffix(string(e), "()")))
			continue
		}
		fmt.Fprintf(&j.b, "        %s = %s\n", field(captured.Table(e), c.Name), j.g.stores(e, kind))
	}
	switch {
	case optional:
		fmt.Fprintf(&j.b, "      else\n        %s = \"\"\n      end\n    end\n", field("there", c.Name))
	case j.least != "":
		fmt.Fprintf(&j.b, "      elseif %s then\n        unmet(%d)\n      end\n    end\n", j.least, j.number(name))
	default:
		fmt.Fprintf(&j.b, "      else\n        unmet(%d)\n      end\n    end\n", j.number(name))
	}
}

// converts is the expression of a captured value as what not every value can be:
// nil where it is not. "" where every value can.
func (j *judgement) converts(c *scenarios.Capture, e scenarios.Escape, kind string) string {
	if e == captured.List {
		use := j.g.lists[c.Name]
		return fmt.Sprintf("as_list(%s, value, %s, %d, { %s })", quote(c.Name), kind, use.Least, takers(use.Fits))
	}
	return j.g.conversion(e)
}

// conversion is the same of any value.
func (g *generator) conversion(e scenarios.Escape) string {
	switch to := captured.Type(e); {
	case to != "":
		g.uses("json")
		g.uses("cast")
		return "as_" + to + "(value)"
	case e == scenarios.EscapePath:
		g.uses("raw")
		return "as_path(value)"
	}
	return ""
}

// within writes what is done with a value that was read before it is the captured
// one: a match in it, an element of it.
func (j *judgement) within(c *scenarios.Capture, kind *string) string {
	var b strings.Builder
	if fromJSON := c.Kind == scenarios.CaptureJSON; !fromJSON && (c.Match != "" && c.All || c.Item != "" && !c.All) {
		b.WriteString("\n      local kind")
	}
	if c.Match != "" {
		search := j.regexp("match_"+word(c.Name), c.Match, c.Pos)
		if c.All {
			fmt.Fprintf(&b, "\n      if value then value, kind = %s(value) end", j.all(search))
		} else {
			fmt.Fprintf(&b, "\n      local _\n      if value then _, value = %s(value) end", search)
		}
		*kind = `"string"`
	}
	if c.All {
		*kind = `"array"`
	}
	if c.Item != "" {
		j.g.uses("json")
		j.g.uses("json_path")
		j.g.uses("list")
		fmt.Fprintf(&b, "\n      if value then value, kind = item(%s, value, %s) end", quote("="+c.Name), j.g.element(c.Item))
		*kind = "kind"
	}
	if b.Len() == 0 {
		return ""
	}
	return b.String()
}

// all is a function that gives all matches of a search.
func (j *judgement) all(search string) string {
	j.g.uses("escape")
	j.g.uses("matches")
	return j.g.local("all", "all_matches("+search+")")
}

// reads is the statement that reads a captured value, and the expression of
// its kind: what is not out of JSON is text.
func (j *judgement) reads(c *scenarios.Capture) (statement, kind string) {
	stem := "read_" + word(c.Name)
	switch c.Kind {
	case scenarios.CaptureRegex:
		search := j.regexp(stem, c.Source, c.Pos)
		if c.All {
			return "local value, kind = " + j.all(search) + "(body)", `"string"`
		}
		return "local _, value = " + search + "(body)", `"string"`
	case scenarios.CaptureHeader, scenarios.CaptureCookie:
		j.g.uses("header")
		if c.Kind == scenarios.CaptureCookie {
			j.g.uses("head")
			j.g.uses("cookies")
		}
		read := j.g.local(stem, string(c.Kind)+"("+quote(c.Source)+")")
		return "local value = " + read + "(headers)", `"string"`
	}
	return "local value, kind = " + j.g.reader(stem, c.Path) + "(body)", "kind"
}

// stores is the expression of a captured value, escaped for its places.
func (g *generator) stores(e scenarios.Escape, kind string) string {
	if e == scenarios.EscapeJSONValue {
		g.uses("escape")
		return "json_literal(value, " + kind + ")"
	}
	return g.escaped(e, "value")
}
