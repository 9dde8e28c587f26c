package lua

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"taskbench/internal/captured"
	"taskbench/scenarios"
)

// eachUse is a value of an element, and how its place needs it.
type eachUse struct {
	column string
	path   scenarios.JSONPath
	escape scenarios.Escape
}

// findLists learns which captures are lists, and what is sent of their elements.
func (g *generator) findLists() {
	for _, step := range g.everyStep() {
		if each := step.Control.Each; each != nil {
			g.stored[each.List] = g.stored[each.List].With(captured.Elements)
			g.uses("json")
		}
	}
}

// eachValue is the expression of a value of the element at hand.
func (g *generator) eachValue(ref *scenarios.Ref, e scenarios.Escape) string {
	list := g.each.List
	i := slices.IndexFunc(g.elements[list], func(u eachUse) bool { return u.column == ref.Column && u.escape == e })
	if i < 0 {
		i = len(g.elements[list])
		g.elements[list] = append(g.elements[list], eachUse{ref.Column, ref.Path, e})
		g.converted(e) // which need parts of the runtime
		g.reads(ref.Path)
	}
	return fmt.Sprintf("each[%d]", i+1)
}

// converted is the expression of a value of an element for its place; nil where it
// cannot be that.
func (g *generator) converted(e scenarios.Escape) string {
	return cmp.Or(g.conversion(e), g.stores(e, "kind"))
}

// captureList keeps a list as text, if all its elements have what is sent of them.
func (j *judgement) captureList(c *scenarios.Capture) {
	fmt.Fprintf(&j.b, "        %s = value\n", field(captured.Table(captured.Elements), c.Name))
	fmt.Fprintf(&j.b, "        if not %s(value) then unmet(%d) end\n", field("each_of", c.Name), j.number("capture:"+c.Name+" as list"))
}

// writeLists writes how the elements of lists are cut.
func (g *generator) writeLists(b *strings.Builder) {
	if len(g.elements) == 0 && !slices.ContainsFunc(g.allSteps(), func(s *scenarios.Step) bool { return s.Control.Each != nil }) {
		return
	}
	g.runtime(b, "control_lists")
	names := map[string]bool{}
	for _, step := range g.allSteps() {
		if each := step.Control.Each; each != nil {
			names[each.List] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		fmt.Fprintf(b, "\n%s = list_of({\n", field("each_of", name))
		for _, u := range g.elements[name] {
			fmt.Fprintf(b, "  { read = %s, text = %t, write = function(value, kind) return %s end },\n", g.reads(u.path), captured.AsText(u.escape), g.converted(u.escape))
		}
		b.WriteString("})\n")
	}
}
