package script

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"taskbench/internal/captured"
	"taskbench/scenarios"
)

// eachUse is a value of an element, and how its place needs it.
type eachUse struct {
	column string
	path   scenarios.JSONPath
	escape scenarios.Escape
}

// findStored learns how captures are used before the first one is written.
func (g *generator) findStored() {
	every := g.allSteps()
	for i := range g.s.After {
		every = append(every, &g.s.After[i])
	}
	for i := range g.s.Teardown {
		every = append(every, &g.s.Teardown[i])
	}
	for _, step := range every {
		g.each = step.Control.Each
		if g.each != nil {
			g.stored[g.each.List] = g.stored[g.each.List].With(captured.Elements)
			g.uses("json")
		}
	}
	for _, step := range every {
		g.each = step.Control.Each
		for _, c := range conditions(step.Control) {
			if c.Op == scenarios.Exists || c.Op == scenarios.Absent {
				g.maybe[c.Left[0].Ref.Name] = true
			}
			g.condition(c)
		}
	}
	for _, step := range every {
		g.each = step.Control.Each
		g.ask(step)
	}
}

// conditions are those of a step.
func conditions(c scenarios.Control) []*scenarios.Condition {
	var out []*scenarios.Condition
	if c.If != nil {
		out = append(out, c.If)
	}
	if c.Repeat != nil && c.Repeat.Values != nil {
		out = append(out, c.Repeat.Values)
	}
	return out
}

// condition is a condition as an expression.
func (g *generator) condition(c *scenarios.Condition) string {
	switch c.Op {
	case scenarios.Exists:
		return field("there", c.Left[0].Ref.Name) + " === 'yes'"
	case scenarios.Absent:
		return field("there", c.Left[0].Ref.Name) + " !== 'yes'"
	case "==", "!=":
		return g.text(c.Left, scenarios.EscapeNone) + " " + string(c.Op) + "= " + g.text(c.Right, scenarios.EscapeNone)
	}
	return "numberOf(" + g.text(c.Left, scenarios.EscapeNone) + ") " + string(c.Op) + " numberOf(" + g.text(c.Right, scenarios.EscapeNone) + ")"
}

// ends writes what until and while ask of an answer: the captures of the one that meets it
// are needed, and those of others taken where they are there.
func (j *judgement) ends(r *scenarios.Repeat) {
	if r == nil || r.Kind == scenarios.Count {
		return
	}
	if r.Answer == nil {
		return
	}
	inner := &judgement{g: j.g, fails: "return false"}
	if len(r.Answer.Statuses) > 0 || r.Answer.StatusOf != nil {
		fmt.Fprintf(&inner.b, "    if (%s) return false;\n", inner.wrongStatus(*r.Answer))
	}
	inner.expect(*r.Answer)
	body := strings.ReplaceAll(inner.b.String(), "\n    ", "\n      ")
	fmt.Fprintf(&j.b, "    met = (() => {\n  %s      return true;\n    })();\n", strings.TrimSuffix(body, "  "))
	j.least = "met"
}

// control writes how a step is sent, where that is not once.
func (g *generator) control(step *scenarios.Step, unmet []string) string {
	c := step.Control
	var b strings.Builder
	add := func(format string, args ...any) { fmt.Fprintf(&b, "  "+format+",\n", args...) }
	wait := func(name string, d time.Duration) {
		if d > 0 {
			add("%s: %d", name, max(1, d.Milliseconds()))
		}
	}
	if c.If != nil {
		add("when: () => %s", g.condition(c.If))
	}
	if c.Each != nil {
		add("list: () => %s(%s) || []", field("each_of", c.Each.List), field(captured.Table(captured.Elements), c.Each.List))
		if c.Each.Max > 0 {
			add("most: %d", c.Each.Max)
		}
		wait("eachWait", c.Each.Wait)
	}
	if r := c.Repeat; r != nil {
		add("ends: %s, times: %d, endless: %s", quote(string(r.Kind)), r.Times, quote(fmt.Sprintf("%s, in %d answers", r.Kind, r.Times)))
		if r.Values != nil {
			add("met: () => %s", g.condition(r.Values))
		}
		wait("wait", r.Wait)
	}
	if r := c.Retry; r != nil {
		add("tries: %d, busy: (status) => !(%s), retryWait: %d", r.Times, wrongStatus("status", r.On), r.Wait.Milliseconds())
	}
	if c.Redirects > 0 {
		g.uses("redirects", "read")
		add("redirects: %d, astray: %s", c.Redirects, quote(fmt.Sprintf("redirects: at most %d, to this server", c.Redirects)))
	}
	return b.String()
}

// eachValue is the expression of a value of the element at hand.
func (g *generator) eachValue(ref *scenarios.Ref, e scenarios.Escape) string {
	list := g.each.List
	i := slices.IndexFunc(g.elements[list], func(u eachUse) bool { return u.column == ref.Column && u.escape == e })
	if i < 0 {
		i = len(g.elements[list])
		g.elements[list] = append(g.elements[list], eachUse{ref.Column, ref.Path, e})
		g.converted(e, "value", "kind") // which need parts of the runtime
		g.reads(ref.Path)
	}
	return fmt.Sprintf("each[%d]", i)
}

// writeLists writes how the elements of lists are cut.
func (g *generator) writeLists(b *strings.Builder) {
	names := map[string]bool{}
	for _, step := range g.allSteps() {
		if step.Control.Each != nil {
			names[step.Control.Each.List] = true
		}
	}
	if len(names) == 0 {
		return
	}
	g.uses("lists")
	b.WriteString("\n// What is sent of each element of a list.\nconst each_of = {\n")
	for _, name := range slices.Sorted(maps.Keys(names)) {
		fmt.Fprintf(b, "  %s: listOf([\n", key(name))
		for _, u := range g.elements[name] {
			write, _ := g.converted(u.escape, "value", "kind")
			fmt.Fprintf(b, "    { read: (answer) => %s, text: %t, write: (value, kind) => %s },\n", g.reads(u.path), captured.AsText(u.escape), write)
		}
		b.WriteString("  ]),\n")
	}
	b.WriteString("};\n")
}

// forget writes what is not known any more when an iteration begins: captures of measured
// steps that may find nothing, or are made by steps that are not always sent.
func (g *generator) forget() string {
	var lines []string
	for i := range g.s.Steps {
		step := &g.s.Steps[i]
		for _, c := range step.Captures {
			if g.maybe[c.Name] {
				lines = append(lines, fmt.Sprintf("  %s = '';\n", field("there", c.Name)))
			}
			if step.Sure() && !g.maybe[c.Name] {
				continue
			}
			for _, e := range g.stored[c.Name] {
				empty := "''"
				if e == captured.Elements {
					empty = "'[]'"
				}
				lines = append(lines, fmt.Sprintf("  %s = %s;\n", field(captured.Table(e), c.Name), empty))
			}
		}
	}
	slices.Sort(lines)
	return strings.Join(slices.Compact(lines), "")
}
