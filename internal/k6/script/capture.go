package script

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"taskbench/internal/captured"
	"taskbench/scenarios"
)

// capture reads a value and stores it the ways in which it is used.
func (j *judgement) capture(c *scenarios.Capture) {
	g := j.g
	name := "capture:" + c.Name
	uses, optional := g.stored[c.Name], g.maybe[c.Name]
	there := "it"
	if optional || slices.ContainsFunc(uses, captured.AsText) {
		there = "it && it.kind !== 'null'" // which has no text: "Bearer null" is nobody's token
	}
	if len(uses) == 0 && !optional {
		g.uses("expect")
		j.check(name, j.needless("exists("+j.legible(c)+")"))
		return
	}
	fmt.Fprintf(&j.b, "    {\n      const it = %s;\n      if (%s) {\n", j.legible(c), there)
	if optional {
		fmt.Fprintf(&j.b, "        %s = 'yes';\n", field("there", c.Name))
	}
	for _, e := range uses {
		to := field(captured.Table(e), c.Name)
		value, partial := j.converted(c, e)
		fmt.Fprintf(&j.b, "        %s = %s;\n", to, value)
		switch {
		case e == captured.Elements:
			fmt.Fprintf(&j.b, "        if (%s(it.value) === null) unmet(%s);\n", field("each_of", c.Name), quote(j.name(name+" as list")))
		case partial:
			fmt.Fprintf(&j.b, "        if (%s === null) unmet(%s);\n", to, quote(j.name(name+" as "+strings.TrimSuffix(string(e), "()"))))
		}
	}
	switch {
	case optional:
		fmt.Fprintf(&j.b, "      } else {\n        %s = '';\n      }\n    }\n", field("there", c.Name))
	case j.least != "":
		fmt.Fprintf(&j.b, "      } else if (%s) {\n        unmet(%s);\n      }\n    }\n", j.least, quote(j.name(name)))
	default:
		fmt.Fprintf(&j.b, "      } else {\n        unmet(%s);\n      }\n    }\n", quote(j.name(name)))
	}
}

// needless is a condition that only has to hold where captures are needed.
func (j *judgement) needless(condition string) string {
	if j.least == "" {
		return condition
	}
	return "(!" + j.least + " || " + condition + ")"
}

// converted is the expression of a captured value, it, for its place, and whether that is
// null for values which cannot stand there.
func (j *judgement) converted(c *scenarios.Capture, e scenarios.Escape) (expr string, partial bool) {
	switch e {
	case captured.Elements:
		return "it.value", false
	case captured.List:
		use := j.g.lists[c.Name]
		return fmt.Sprintf("asList(%s, it, %d, [%s])", quote(c.Name), use.Least, takers(use.Fits)), true
	}
	return j.g.converted(e, "it.value", "it.kind")
}

func (g *generator) converted(e scenarios.Escape, value, kind string) (expr string, partial bool) {
	switch {
	case captured.Type(e) != "":
		g.uses("json", "cast")
		return castCalls[e] + "(" + value + ")", true
	case e == scenarios.EscapePath:
		g.uses("raw")
		return "asPath(" + value + ")", true
	case e == scenarios.EscapeJSONValue:
		g.uses("escape")
		return "jsonLiteral(" + value + ", " + kind + ")", false
	}
	return g.escaped(e, value), false
}

// legible is the expression of a captured value that is text, so that it can be sent.
func (j *judgement) legible(c *scenarios.Capture) string {
	j.g.uses("read")
	if c.Kind == scenarios.CaptureHeader || c.Kind == scenarios.CaptureCookie {
		return "legible(" + j.read(c) + ")"
	}
	return "legible(" + j.read(c) + ", answer.body)"
}

// read is the expression of a captured value: what it is read from, a match in that, an
// element of it.
func (j *judgement) read(c *scenarios.Capture) string {
	expr := j.from(c)
	if c.Match != "" {
		expr = j.match(expr, c.Match, c.All)
	}
	if c.Item == "" {
		return expr
	}
	j.g.uses("json", "list")
	return fmt.Sprintf("itemOf(%s, %s, %s)", quote("="+c.Name), expr, j.g.element(c.Item))
}

func (j *judgement) match(found, expression string, all bool) string {
	j.g.uses("read")
	if all {
		j.g.uses("escape")
		return "allMatches(" + found + ", " + regexpOf(expression, true) + "g)"
	}
	return "match(" + found + ", " + regexpOf(expression, true) + ")"
}

// from is the expression of what a capture reads from.
func (j *judgement) from(c *scenarios.Capture) string {
	switch c.Kind {
	case scenarios.CaptureRegex:
		j.g.uses("read")
		return j.match("body(answer)", c.Source, c.All)
	case scenarios.CaptureHeader:
		return j.header(c.Source)
	case scenarios.CaptureCookie:
		j.g.uses("read")
		return "cookie(answer, " + quote(c.Source) + ")"
	}
	return j.g.reads(c.Path)
}

// captures makes the objects that hold captured values, empty at first, and names them
// for virtual users that are handed over.
func (g *generator) captures(b *strings.Builder) {
	byTable := captured.Tables(g.stored)
	tables := slices.Sorted(maps.Keys(byTable))
	if len(tables) > 0 {
		b.WriteString("\n// What was captured, written the way its places need it.\n")
	}
	for _, table := range tables {
		fields := make([]string, len(byTable[table]))
		for i, name := range byTable[table] {
			fields[i] = key(name) + ": ''"
		}
		fmt.Fprintf(b, "const %s = { %s };\n", table, strings.Join(fields, ", "))
	}
}

// getReady writes what a virtual user does before all begin.
func (g *generator) getReady(b *strings.Builder) {
	rows := ""
	if len(g.columns) > 0 {
		rows = "  drawRows();\n"
	}
	if len(g.s.Setup) == 0 {
		fmt.Fprintf(b, "\n// Nothing has to be set up.\nfunction getReady() {\n  seedRandom(user);\n  return true;\n}\n")
		return
	}
	steps := make([]string, len(g.s.Setup))
	for i := range g.s.Setup {
		steps[i] = fmt.Sprintf("setUp(%s)", g.names[&g.s.Setup[i]])
	}
	fmt.Fprintf(b, "\n// Each virtual user is set up once: elsewhere, or here.\nfunction getReady() {\n  seedRandom(user);\n%s", rows)
	b.WriteString("  if (handed.length >= user) {\n    take(handed[user - 1]);\n    seedRandom(-user); // not once more what its setup drew\n    return true;\n  }\n")
	fmt.Fprintf(b, "  seedRandom(user);\n  return %s;\n}\n", strings.Join(steps, " && "))
	b.WriteString("\nconst handed = new SharedArray('users', () => (__ENV.TASKBENCH_USERS ? open(__ENV.TASKBENCH_USERS).trim().split('\\n') : []));\n")
}

// made names what is handed over.
func (g *generator) made() []string {
	tables := map[string]bool{}
	for table := range captured.Tables(g.stored) {
		tables[table] = true
	}
	if g.needs["values"] {
		tables["drawn"] = true
	}
	if g.controlled() {
		tables["there"] = true
	}
	if g.s.Cookies {
		tables["jar"] = true
	}
	return slices.Sorted(maps.Keys(tables))
}
