package scenarios

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"taskbench/internal/source"
	"taskbench/internal/yamlfile"
)

// variant is what differs between targets: everything else they share.
type variant struct {
	vars       map[string]Value
	setup      []Step
	once       int // of setup: the others are before
	after      []Step
	teardown   []Step
	steps      []Step
	journeys   []Journey
	overridden []string
	byAnswer   bool // a target has it by what it answered
}

// For is the scenario as a target gets it: a copy with the overrides of its name
// in, and those that its answers called for (see Answered), or as it is when there
// are none. The load of s is kept, also when it was changed since loading;
// the hash is that of the whole file.
func (s *Scenario) For(target string) *Scenario {
	out := *s
	if v, ok := s.variantOf(target); ok {
		out.use(v)
	}
	var said []string
	out.Data, said = s.dataFor(target)
	out.overridden = slices.Concat(out.overridden, said)
	return &out
}

// all are its steps, wherever they stand.
func (v variant) all() []Step { return slices.Concat(v.setup, v.steps, v.after, v.teardown) }

// variant is what the scenario is made of.
func (s *Scenario) variant() variant {
	return variant{
		vars: s.Vars, setup: s.Setup, once: s.OnceSteps, steps: s.Steps, journeys: s.Journeys, after: s.After, teardown: s.Teardown,
		overridden: s.overridden, byAnswer: s.byAnswer,
	}
}

// AllSteps are the steps of a scenario, wherever they stand: setup and before, the
// measured ones, after and teardown.
func (s *Scenario) AllSteps() []Step { return s.variant().all() }

// use makes the scenario the variant.
func (s *Scenario) use(v variant) {
	s.Vars, s.Setup, s.OnceSteps, s.Steps, s.Journeys = v.vars, v.setup, 0, v.steps, v.journeys
	if s.SetupRules.Once {
		s.OnceSteps = v.once
	}
	s.After, s.Teardown = v.after, v.teardown
	s.overridden, s.byAnswer = v.overridden, v.byAnswer
}

// Overridden says where a scenario made by For differs from its file, one
// sentence a difference; empty when nowhere.
func (s *Scenario) Overridden() []string { return slices.Clone(s.overridden) }

// overrides builds the variant of every target that is named, so that a
// mistake in one is found when the file is loaded.
func (r *reader) overrides(s *Scenario, base outline, built variant, n *yamlfile.Node, open opener) {
	if !r.Want(n, yamlfile.Mapping, "overrides") {
		return
	}
	s.Overrides = map[string]Override{}
	s.variants = map[string]variant{}
	named := map[string]outline{}
	vary := func(base outline, p yamlfile.Pair) (variant, outline, []condition) {
		changed, touched, when := r.override(base, p)
		r.About = " (with the overrides of " + p.Key + ")"
		v := r.build(changed, s.Data, open)
		r.About = ""
		v.overridden = differences(built, v)
		s.Overrides[p.Key] = summary(v, touched, changed)
		return v, changed, when
	}
	for _, p := range n.Pairs {
		r.checkTarget(p.Key, p.Pos)
		v, changed, when := vary(base, p)
		if p.Value.Get("when") == nil {
			s.variants[p.Key], named[p.Key] = v, changed
		} else {
			s.adaptions = append(s.adaptions, adaption{p, when, map[string]variant{"": v.because(p.Key, when)}})
		}
	}
	if len(r.Errs) > 0 {
		return
	}
	for _, a := range s.adaptions { // on top of what is a target's by its name, too
		for _, target := range slices.Sorted(maps.Keys(named)) {
			v, _, _ := vary(named[target], a.pair)
			a.on[target] = v.because(a.pair.Key, a.when)
		}
	}
}

// because is a variant that a target has for what it answered.
func (v variant) because(name string, when []condition) variant {
	v.overridden = append([]string{fmt.Sprintf("overrides %q apply, because %s", name, sentence(when))}, v.overridden...)
	v.byAnswer = true
	return v
}

// override puts one target's changes into a copy of the outline. touched are
// the steps it changes, by name.
func (r *reader) override(base outline, target yamlfile.Pair) (out outline, touched map[string]*yamlfile.Node, when []condition) {
	out = base
	touched = map[string]*yamlfile.Node{}
	r.fields(target.Value, "the overrides of "+target.Key, r.overrideFields(base, &out, touched, &when))
	for _, part := range []*[]*yamlfile.Node{&out.setup, &out.before, &out.steps, &out.after, &out.teardown} {
		*part = r.overrideSteps(base, *part, touched)
	}
	if len(base.steps) > 0 && len(out.steps) == 0 {
		r.Fail(target.Pos, "leave a step to measure", "%s skips every step", target.Key)
	}
	return out, touched, when
}

func (r *reader) overrideFields(base outline, out *outline, touched map[string]*yamlfile.Node, when *[]condition) []field {
	return []field{
		{"when", "Steps to the statuses by which a server is known that needs these changes, whatever the target is called.", namesTo(orList(statusForm())), false, func(n *yamlfile.Node) { *when = r.conditions(base, n) }},
		{"vars", "Other values of the scenario's vars.", namesTo(constant), false, func(n *yamlfile.Node) { out.vars = r.overrideVars(base.vars, n) }},
		{"steps", "Changes of steps, setup steps too, by name.", namesTo(defined("changes")), false, func(n *yamlfile.Node) {
			if r.Want(n, yamlfile.Mapping, "steps") {
				r.checkOverriddenSteps(base, n)
				for _, p := range n.Pairs {
					touched[p.Key] = p.Value
				}
			}
		}},
	}
}

func (r *reader) overrideVars(base map[string]*yamlfile.Node, n *yamlfile.Node) map[string]*yamlfile.Node {
	out := maps.Clone(base)
	if n.Kind == yamlfile.Mapping {
		for _, p := range n.Pairs {
			if base[p.Key] == nil {
				r.FailWith(p.Pos, func() string { return source.Allowed(p.Key, slices.Sorted(maps.Keys(base))) }, "there is no var %q to override", p.Key)
			}
		}
	}
	maps.Copy(out, r.readVars(n))
	return out
}

func (r *reader) checkOverriddenSteps(base outline, n *yamlfile.Node) {
	for _, p := range n.Pairs {
		r.checkStepName(base, p, "to override")
		r.checkStepOverride(p.Value)
	}
}

// checkStepName reports a name that no step has.
func (r *reader) checkStepName(base outline, p yamlfile.Pair, whatFor string) {
	var names []string
	for _, step := range base.all() {
		names = append(names, nodeName(step, base))
	}
	if !slices.Contains(names, p.Key) {
		r.FailWith(p.Pos, func() string { return source.Allowed(p.Key, names) }, "there is no step %q %s", p.Key, whatFor)
	}
}

// nodeName is a step's name before it is built; a request without one is named
// as the scenario.
func nodeName(step *yamlfile.Node, o outline) string {
	if n := step.Get("name"); n != nil {
		return o.fullName(step, n.Text)
	}
	return o.name
}

// checkStepOverride reports keys an override cannot have; their values are
// checked when the variant is built.
func (r *reader) checkStepOverride(n *yamlfile.Node) {
	r.fields(n, "the override of a step", r.changeFields())
}

// changeFields are those of a request, and one of its own.
func (r *reader) changeFields() []field {
	table := (&stepReader{builder: &builder{resolver: &resolver{reader: r}}, step: new(Step)}).requestFields()
	for i := range table {
		table[i].read = nil
	}
	skip := field{"skip", "The target has no such step.", scalar("boolean"), false, func(v *yamlfile.Node) { r.Bool(v, "skip") }}
	return append(table, skip)
}

// overrideSteps applies changes to the steps that have some.
func (r *reader) overrideSteps(base outline, steps []*yamlfile.Node, touched map[string]*yamlfile.Node) []*yamlfile.Node {
	var out []*yamlfile.Node
	for _, step := range steps {
		change := touched[nodeName(step, base)]
		switch {
		case change == nil || change.Kind != yamlfile.Mapping || step.Kind != yamlfile.Mapping:
			out = append(out, step)
		case change.Get("skip") != nil && change.Get("skip").Value == true:
		default:
			changed := r.overrideStep(step, change)
			if i, ofJourney := base.tourOf[step]; ofJourney {
				base.tourOf[changed] = i
			}
			out = append(out, changed)
		}
	}
	return out
}

// overrideStep is the step with the keys of change in place of its own:
// headers by name, a body instead of any other body, the rest whole.
func (r *reader) overrideStep(step, change *yamlfile.Node) *yamlfile.Node {
	out := *step
	out.Pairs = slices.Clone(step.Pairs)
	if change.Get("method") != nil || change.Get("path") != nil {
		out.Pairs = r.longForm(out.Pairs)
	}
	known := keysOf(r.changeFields())
	for _, p := range change.Pairs {
		switch {
		case p.Key == "skip" || !slices.Contains(known, p.Key):
			continue // skip: false, or reported already
		case p.Key == "request":
			out.Pairs = without(out.Pairs, "method", "path", "request")
		case slices.Contains(bodyKeys, p.Key):
			out.Pairs = without(out.Pairs, bodyKeys...)
		case p.Key == "headers" && p.Value.Kind == yamlfile.Mapping && out.Get("headers") != nil:
			p.Value = mergeHeaders(out.Get("headers"), p.Value)
			out.Pairs = without(out.Pairs, "headers")
		default:
			out.Pairs = without(out.Pairs, p.Key)
		}
		out.Pairs = append(out.Pairs, p)
	}
	return &out
}

// longForm writes request: METHOD PATH as method and path.
func (r *reader) longForm(pairs []yamlfile.Pair) []yamlfile.Pair {
	b := builder{resolver: &resolver{reader: r}}
	for _, p := range pairs {
		if p.Key != "request" {
			continue
		}
		if method, path := b.splitRequest(p.Value); method != nil {
			pairs = without(pairs, "request")
			return append(pairs, yamlfile.Pair{Key: "method", Pos: p.Pos, Value: method}, yamlfile.Pair{Key: "path", Pos: p.Pos, Value: path})
		}
	}
	return pairs
}

func without(pairs []yamlfile.Pair, keys ...string) []yamlfile.Pair {
	return slices.DeleteFunc(slices.Clone(pairs), func(p yamlfile.Pair) bool { return slices.Contains(keys, p.Key) })
}

func mergeHeaders(base, change *yamlfile.Node) *yamlfile.Node {
	out := *base
	out.Pairs = slices.Clone(base.Pairs)
	for _, p := range change.Pairs {
		out.Pairs = slices.DeleteFunc(out.Pairs, func(h yamlfile.Pair) bool { return strings.EqualFold(h.Key, p.Key) })
		out.Pairs = append(out.Pairs, p)
	}
	return &out
}

// summary is an override in the terms of the built steps.
func summary(v variant, touched map[string]*yamlfile.Node, o outline) Override {
	out := Override{Vars: v.vars, Steps: map[string]StepOverride{}}
	for name, change := range touched {
		so := StepOverride{Skip: change.Get("skip") != nil && change.Get("skip").Value == true}
		for _, s := range v.all() {
			if s.Name == name {
				so = stepOverride(s, change)
			}
		}
		out.Steps[name] = so
	}
	return out
}

func stepOverride(s Step, change *yamlfile.Node) StepOverride {
	var out StepOverride
	for _, p := range change.Pairs {
		switch {
		case p.Key == "request":
			out.Method, out.Path = &s.Method, &s.Path
		case p.Key == "method":
			out.Method = &s.Method
		case p.Key == "path":
			out.Path = &s.Path
		case p.Key == "headers":
			out.Headers = s.Headers
		case p.Key == "expect":
			out.Expect = &s.Expect
		case p.Key == "capture":
			out.Captures = s.Captures
		case slices.Contains(bodyKeys, p.Key):
			out.Body = &s.Body
		}
	}
	return out
}
