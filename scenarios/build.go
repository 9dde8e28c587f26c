package scenarios

import (
	"maps"
	"regexp"
	"slices"

	"taskbench/internal/source"
	"taskbench/internal/yamlfile"
)

// maxName is how many letters a scenario's name has at most: files of a run are
// called by it, the target and the connections.
const maxName = 64

var nameText = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// outline is the steps of a scenario before anything in them is resolved, so
// that a target's overrides can be put in first.
type outline struct {
	mode  Mode
	name  string // of the scenario
	once  bool   // one virtual user's setup is for all
	vars  map[string]*yamlfile.Node
	setup []*yamlfile.Node
	steps []*yamlfile.Node

	before, after, teardown []*yamlfile.Node
	redirects               int // that a step follows which says nothing of them

	tours  []tour                 // journeys of a mix
	tourOf map[*yamlfile.Node]int // of its steps, and those that overrides made of them
}

// builder makes the steps of an outline.
type builder struct {
	*resolver
	open      opener
	redirects int // as of outline
}

// assemble builds the scenario itself and a variant for each target that
// overrides something.
func (r *reader) assemble(s *Scenario, root *yamlfile.Node, doc document, open opener) {
	o := r.outline(root, doc)
	o.name, o.once, s.Mode = s.Name, s.SetupRules.Once, o.mode
	base := r.build(o, s.Data, open)
	s.chosen = &choices{by: map[string]variant{}}
	s.use(base)
	if doc.overrides != nil {
		r.overrides(s, o, base, doc.overrides, open)
	}
}

// outline finds the vars and steps, and which of flow, mix, request it is.
func (r *reader) outline(root *yamlfile.Node, doc document) outline {
	o := outline{vars: map[string]*yamlfile.Node{}}
	if doc.vars != nil {
		o.vars = r.readVars(doc.vars)
	}
	if doc.setup != nil {
		o.setup = r.setupSteps(doc.setup)
	}
	o.redirects = doc.redirects
	o.before, o.after, o.teardown = r.list(doc.before, "before"), r.list(doc.after, "after"), r.list(doc.teardown, "teardown")
	found := []struct {
		mode Mode
		n    *yamlfile.Node
	}{{Flow, doc.flow}, {Mix, doc.mix}, {Request, doc.request}}
	for _, f := range found {
		switch {
		case f.n == nil:
		case o.mode != "":
			r.Fail(doc.places[string(f.mode)], "keep one; two scenarios are two files", "%s stands beside %s", f.mode, o.mode)
		default:
			o.mode = f.mode
			if o.steps = r.stepNodes(f.mode, f.n); f.mode == Mix {
				o.steps = r.journeySteps(&o, o.steps)
			}
		}
	}
	if o.mode == "" {
		r.Fail(root.Pos, "add request: GET /health, or a flow with steps", "nothing to measure: no flow, mix or request")
	}
	return o
}

// stepNodes are the steps of a section, each as a mapping.
func (r *reader) stepNodes(mode Mode, n *yamlfile.Node) []*yamlfile.Node {
	if mode == Request {
		if n.Kind == yamlfile.Scalar {
			n = &yamlfile.Node{Kind: yamlfile.Mapping, Pos: n.Pos, Pairs: []yamlfile.Pair{{Key: "request", Pos: n.Pos, Value: n}}}
		}
		return []*yamlfile.Node{n}
	}
	if r.Want(n, yamlfile.Sequence, string(mode)) && len(n.Items) == 0 {
		r.Fail(n.Pos, "add a step: - {name: list, request: GET /items}", "%s has no steps", mode)
	}
	return n.Items
}

// readVars reads names and scalars.
func (r *reader) readVars(n *yamlfile.Node) map[string]*yamlfile.Node {
	out := map[string]*yamlfile.Node{}
	if !r.Want(n, yamlfile.Mapping, "vars") {
		return out
	}
	for _, p := range n.Pairs {
		switch {
		case !captureName.MatchString(p.Key):
			r.Fail(p.Pos, "start with a letter, then letters, digits, _ and -", "%q cannot be a var's name", p.Key)
		case isBuiltin(p.Key):
			r.Fail(p.Pos, "choose another name", "%q is a built-in reference", p.Key)
		case p.Value.Kind != yamlfile.Scalar:
			r.Fail(p.Value.Pos, "write text, a number, true or false", "var %s must be one value, not %s", p.Key, p.Value.Describe())
		default:
			out[p.Key] = p.Value
		}
	}
	return out
}

// build resolves an outline: setup first, then the measured steps. A capture
// is in scope from the step after the one that makes it.
func (r *reader) build(o outline, feeders map[string]Feeder, open opener) variant {
	b := &builder{open: open, redirects: o.redirects, resolver: &resolver{reader: r, scope: scope{
		vars: o.vars, feeders: feeders, made: map[string]bool{}, makers: makers(o), where: inSetup, used: map[string]part{},
	}}}
	out := variant{vars: values(o.vars)}
	taken := map[string]bool{}
	place := stepPlace{what: "a step of setup", nameNeeded: true}
	o.setup, o.steps = r.bounded(o.setup, "setup"), r.bounded(o.steps, string(o.mode))
	for _, n := range o.setup {
		out.setup = append(out.setup, b.next(n, o, place, taken))
	}
	out.once = len(out.setup)
	b.where = inSteps
	place.what = "a step of before"
	for _, n := range r.bounded(o.before, "before") {
		out.setup = append(out.setup, b.next(n, o, place, taken))
	}
	b.madeBefore = maps.Clone(b.made)
	place = stepPlace{what: "a step of " + string(o.mode), mode: o.mode, nameNeeded: o.mode != Request}
	if o.mode == Request {
		place.what = "request"
	}
	for _, n := range o.steps {
		s := b.next(n, o, b.enterJourney(o, n, &out, place), taken)
		if s.Name == "" && o.mode == Request {
			s.Name = o.name
		}
		out.steps = append(out.steps, s)
	}
	b.closing(o, &out, taken)
	r.checkSure(out.setup[:out.once], "setup")
	r.checkSure(out.setup[out.once:], "before")
	if r.checkJourneys(o, out); len(o.tours) == 0 {
		r.checkSureSteps(o.mode, out.steps)
	}
	if o.once {
		b.checkOnce()
	}
	b.where = 0
	b.checkVars()
	return out
}

// maxSteps bounds the steps of a section: each has a histogram of its own in every
// virtual user, and code of its own in the script.
const maxSteps = 1000

// bounded reports steps that are too many, and leaves them out.
func (r *reader) bounded(steps []*yamlfile.Node, section string) []*yamlfile.Node {
	if len(steps) <= maxSteps {
		return steps
	}
	r.Fail(steps[maxSteps].Pos, "write alike requests as one step, with what differs in a data file or in ${pick(a,b,c)}",
		"%s has %d steps: %d are the most, as each has figures of its own", section, len(steps), maxSteps)
	return steps[:maxSteps]
}

// next builds a step and puts what it captures in scope.
func (b *builder) next(n *yamlfile.Node, o outline, place stepPlace, taken map[string]bool) Step {
	s := b.step(n, place)
	s.Name = o.fullName(n, s.Name)
	if s.Name != "" && taken[s.Name] {
		b.Fail(n.Get("name").Pos, "", "a step is already named %q", s.Name)
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
	b.eachOf = new(Step) // a var may be for a step that has one
	for _, name := range slices.Sorted(maps.Keys(b.vars)) {
		n := b.vars[name]
		b.enter(piece{expr: name, pos: n.Pos}, func() Template {
			if _, isText := n.Value.(string); isText {
				b.template(n.Text, n.Pos, asPlain)
			}
			return nil
		})
	}
}

// makers finds which step makes each capture, before any step is read.
func makers(o outline) map[string]string {
	out := map[string]string{}
	for _, n := range o.all() {
		captures, name := n.Get("capture"), n.Get("name")
		if captures == nil || name == nil {
			continue
		}
		for _, p := range captures.Pairs {
			if out[p.Key] == "" {
				out[p.Key] = o.fullName(n, name.Text)
			}
		}
	}
	return out
}

func values(vars map[string]*yamlfile.Node) map[string]Value {
	out := map[string]Value{}
	for name, n := range vars {
		out[name] = n.Value
	}
	return out
}

// checkTarget reports a target name no configuration could have.
func (r *reader) checkTarget(name string, pos source.Position) {
	if !stepName.MatchString(name) {
		r.Fail(pos, "use letters, digits, dots and dashes", "%q cannot be a target's name", name)
	}
}
