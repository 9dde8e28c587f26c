package scenarios

import (
	"maps"
	"regexp"
	"slices"

	"taskbench/internal/source"
)

var nameText = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// outline is the steps of a scenario before anything in them is resolved, so
// that a target's overrides can be put in first.
type outline struct {
	mode  Mode
	name  string // of the scenario
	vars  map[string]*node
	setup []*node
	steps []*node
}

// builder makes the steps of an outline.
type builder struct {
	*resolver
	open opener
}

// assemble builds the scenario itself and a variant for each target that
// overrides something.
func (r *reader) assemble(s *Scenario, root *node, doc document, open opener) {
	o := r.outline(root, doc)
	o.name, s.Mode = s.Name, o.mode
	base := r.build(o, s.Data, open)
	s.Setup, s.Steps, s.Vars = base.setup, base.steps, base.vars
	if doc.overrides != nil {
		r.overrides(s, o, base, doc.overrides, open)
	}
}

// outline finds the vars and steps, and which of flow, mix, request it is.
func (r *reader) outline(root *node, doc document) outline {
	o := outline{vars: map[string]*node{}}
	if doc.vars != nil {
		o.vars = r.readVars(doc.vars)
	}
	if doc.setup != nil && r.want(doc.setup, sequence, "setup") {
		o.setup = doc.setup.items
	}
	found := []struct {
		mode Mode
		n    *node
	}{{Flow, doc.flow}, {Mix, doc.mix}, {Request, doc.request}}
	for _, f := range found {
		switch {
		case f.n == nil:
		case o.mode != "":
			r.fail(doc.places[string(f.mode)], "keep one; two scenarios are two files", "%s stands beside %s", f.mode, o.mode)
		default:
			o.mode = f.mode
			o.steps = r.stepNodes(f.mode, f.n)
		}
	}
	if o.mode == "" {
		r.fail(root.pos, "add request: GET /health, or a flow with steps", "nothing to measure: no flow, mix or request")
	}
	return o
}

// stepNodes are the steps of a section, each as a mapping.
func (r *reader) stepNodes(mode Mode, n *node) []*node {
	if mode == Request {
		if n.kind == scalar {
			n = &node{kind: mapping, pos: n.pos, pairs: []pair{{key: "request", pos: n.pos, value: n}}}
		}
		return []*node{n}
	}
	if r.want(n, sequence, string(mode)) && len(n.items) == 0 {
		r.fail(n.pos, "add a step: - {name: list, request: GET /items}", "%s has no steps", mode)
	}
	return n.items
}

// readVars reads names and scalars.
func (r *reader) readVars(n *node) map[string]*node {
	out := map[string]*node{}
	if !r.want(n, mapping, "vars") {
		return out
	}
	for _, p := range n.pairs {
		switch {
		case !captureName.MatchString(p.key):
			r.fail(p.pos, "start with a letter, then letters, digits, _ and -", "%q cannot be a var's name", p.key)
		case isBuiltin(p.key):
			r.fail(p.pos, "choose another name", "%q is a built-in reference", p.key)
		case p.value.kind != scalar:
			r.fail(p.value.pos, "write text, a number, true or false", "var %s must be one value, not %s", p.key, p.value.describe())
		default:
			out[p.key] = p.value
		}
	}
	return out
}

// build resolves an outline: setup first, then the measured steps. A capture
// is in scope from the step after the one that makes it.
func (r *reader) build(o outline, feeders map[string]Feeder, open opener) variant {
	b := &builder{open: open, resolver: &resolver{reader: r, scope: scope{
		vars: o.vars, feeders: feeders, made: map[string]bool{}, makers: makers(o),
	}}}
	out := variant{vars: values(o.vars)}
	taken := map[string]bool{}
	place := stepPlace{what: "a step of setup", nameNeeded: true}
	for _, n := range o.setup {
		out.setup = append(out.setup, b.next(n, place, taken))
	}
	place = stepPlace{what: "a step of " + string(o.mode), mode: o.mode, nameNeeded: o.mode != Request}
	if o.mode == Request {
		place.what = "request"
	}
	for _, n := range o.steps {
		s := b.next(n, place, taken)
		if s.Name == "" && o.mode == Request {
			s.Name = o.name
		}
		out.steps = append(out.steps, s)
	}
	b.checkVars()
	return out
}

// next builds a step and puts what it captures in scope.
func (b *builder) next(n *node, place stepPlace, taken map[string]bool) Step {
	s := b.step(n, place)
	if s.Name != "" && taken[s.Name] {
		b.fail(n.get("name").pos, "", "a step is already named %q", s.Name)
	}
	taken[s.Name] = true
	for _, c := range s.Captures {
		b.made[c.Name] = true
	}
	return s
}

// checkVars resolves vars nobody uses, so that their mistakes are told too.
func (b *builder) checkVars() {
	for name := range b.makers {
		b.made[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(b.vars)) {
		n := b.vars[name]
		b.enter(piece{expr: name, pos: n.pos}, func() Template {
			if _, isText := n.value.(string); isText {
				b.template(n.text, n.pos, asPlain)
			}
			return nil
		})
	}
}

// makers finds which step makes each capture, before any step is read.
func makers(o outline) map[string]string {
	out := map[string]string{}
	for _, n := range slices.Concat(o.setup, o.steps) {
		captures, name := n.get("capture"), n.get("name")
		if captures == nil || name == nil {
			continue
		}
		for _, p := range captures.pairs {
			if out[p.key] == "" {
				out[p.key] = name.text
			}
		}
	}
	return out
}

func values(vars map[string]*node) map[string]Value {
	out := map[string]Value{}
	for name, n := range vars {
		out[name] = n.value
	}
	return out
}

// checkTarget reports a target name no configuration could have.
func (r *reader) checkTarget(name string, pos source.Position) {
	if !stepName.MatchString(name) {
		r.fail(pos, "use letters, digits, dots and dashes", "%q cannot be a target's name", name)
	}
}
