package scenarios

import (
	"maps"
	"slices"
	"strings"

	"taskbench/internal/source"
)

// variant is what differs between targets: everything else they share.
type variant struct {
	vars       map[string]Value
	setup      []Step
	steps      []Step
	overridden []string
}

// For is the scenario as a target gets it: a copy with the target's overrides
// in, or as it is when there are none. The load of s is kept, also when it was
// changed since loading; the hash is that of the whole file.
func (s *Scenario) For(target string) *Scenario {
	out := *s
	if v, ok := s.variants[target]; ok {
		out.Vars, out.Setup, out.Steps, out.overridden = v.vars, v.setup, v.steps, v.overridden
	}
	return &out
}

// Overridden says where a scenario made by For differs from its file, one
// sentence a difference; empty when nowhere.
func (s *Scenario) Overridden() []string { return slices.Clone(s.overridden) }

// overrides builds the variant of every target that is named, so that a
// mistake in one is found when the file is loaded.
func (r *reader) overrides(s *Scenario, base outline, built variant, n *node, open opener) {
	if !r.want(n, mapping, "overrides") {
		return
	}
	s.Overrides = map[string]Override{}
	s.variants = map[string]variant{}
	for _, p := range n.pairs {
		r.checkTarget(p.key, p.pos)
		changed, touched := r.override(base, p)
		r.about = " (with the overrides of " + p.key + ")"
		v := r.build(changed, s.Data, open)
		r.about = ""
		v.overridden = differences(built, v)
		s.variants[p.key] = v
		s.Overrides[p.key] = summary(v, touched, changed)
	}
}

// override puts one target's changes into a copy of the outline. touched are
// the steps it changes, by name.
func (r *reader) override(base outline, target pair) (out outline, touched map[string]*node) {
	out = base
	touched = map[string]*node{}
	r.fields(target.value, "the overrides of "+target.key,
		field{"vars", func(n *node) { out.vars = r.overrideVars(base.vars, n) }},
		field{"steps", func(n *node) {
			if r.want(n, mapping, "steps") {
				r.checkOverriddenSteps(base, n)
				for _, p := range n.pairs {
					touched[p.key] = p.value
				}
			}
		}},
	)
	out.setup = r.overrideSteps(base.setup, touched)
	out.steps = r.overrideSteps(base.steps, touched)
	if len(base.steps) > 0 && len(out.steps) == 0 {
		r.fail(target.pos, "leave a step to measure", "%s skips every step", target.key)
	}
	return out, touched
}

func (r *reader) overrideVars(base map[string]*node, n *node) map[string]*node {
	out := maps.Clone(base)
	if n.kind == mapping {
		for _, p := range n.pairs {
			if base[p.key] == nil {
				r.fail(p.pos, source.Allowed(p.key, slices.Sorted(maps.Keys(base))), "there is no var %q to override", p.key)
			}
		}
	}
	maps.Copy(out, r.readVars(n))
	return out
}

func (r *reader) checkOverriddenSteps(base outline, n *node) {
	var names []string
	for _, step := range slices.Concat(base.setup, base.steps) {
		names = append(names, nodeName(step, base))
	}
	for _, p := range n.pairs {
		if !slices.Contains(names, p.key) {
			r.fail(p.pos, source.Allowed(p.key, names), "there is no step %q to override", p.key)
		}
		r.checkStepOverride(p.value)
	}
}

// nodeName is a step's name before it is built; a request without one is named
// as the scenario.
func nodeName(step *node, o outline) string {
	if n := step.get("name"); n != nil {
		return n.text
	}
	return o.name
}

var (
	bodyKeys     = []string{"json", "form", "body", "body_file"}
	overrideKeys = append([]string{"request", "method", "path", "headers", "expect", "capture"}, bodyKeys...)
)

// checkStepOverride reports keys an override cannot have; their values are
// checked when the variant is built.
func (r *reader) checkStepOverride(n *node) {
	table := make([]field, len(overrideKeys))
	for i, key := range overrideKeys {
		table[i] = field{key: key}
	}
	skip := field{"skip", func(v *node) { r.boolean(v, "skip") }}
	r.fields(n, "the override of a step", append(table, skip)...)
}

// overrideSteps applies changes to the steps that have some.
func (r *reader) overrideSteps(steps []*node, touched map[string]*node) []*node {
	var out []*node
	for _, step := range steps {
		change := touched[nodeName(step, outline{})]
		switch {
		case change == nil || change.kind != mapping || step.kind != mapping:
			out = append(out, step)
		case change.get("skip") != nil && change.get("skip").value == true:
		default:
			out = append(out, r.overrideStep(step, change))
		}
	}
	return out
}

// overrideStep is the step with the keys of change in place of its own:
// headers by name, a body instead of any other body, the rest whole.
func (r *reader) overrideStep(step, change *node) *node {
	out := *step
	out.pairs = slices.Clone(step.pairs)
	if change.get("method") != nil || change.get("path") != nil {
		out.pairs = r.longForm(out.pairs)
	}
	for _, p := range change.pairs {
		switch {
		case !slices.Contains(overrideKeys, p.key):
			continue // skip: false, or reported already
		case p.key == "request":
			out.pairs = without(out.pairs, "method", "path", "request")
		case slices.Contains(bodyKeys, p.key):
			out.pairs = without(out.pairs, bodyKeys...)
		case p.key == "headers" && p.value.kind == mapping && out.get("headers") != nil:
			p.value = mergeHeaders(out.get("headers"), p.value)
			out.pairs = without(out.pairs, "headers")
		default:
			out.pairs = without(out.pairs, p.key)
		}
		out.pairs = append(out.pairs, p)
	}
	return &out
}

// longForm writes request: METHOD PATH as method and path.
func (r *reader) longForm(pairs []pair) []pair {
	b := builder{resolver: &resolver{reader: r}}
	for _, p := range pairs {
		if p.key != "request" {
			continue
		}
		if method, path := b.splitRequest(p.value); method != nil {
			pairs = without(pairs, "request")
			return append(pairs, pair{"method", p.pos, method}, pair{"path", p.pos, path})
		}
	}
	return pairs
}

func without(pairs []pair, keys ...string) []pair {
	return slices.DeleteFunc(slices.Clone(pairs), func(p pair) bool { return slices.Contains(keys, p.key) })
}

func mergeHeaders(base, change *node) *node {
	out := *base
	out.pairs = slices.Clone(base.pairs)
	for _, p := range change.pairs {
		out.pairs = slices.DeleteFunc(out.pairs, func(h pair) bool { return strings.EqualFold(h.key, p.key) })
		out.pairs = append(out.pairs, p)
	}
	return &out
}

// summary is an override in the terms of the built steps.
func summary(v variant, touched map[string]*node, o outline) Override {
	out := Override{Vars: v.vars, Steps: map[string]StepOverride{}}
	for name, change := range touched {
		so := StepOverride{Skip: change.get("skip") != nil && change.get("skip").value == true}
		for _, s := range slices.Concat(v.setup, v.steps) {
			if s.Name == name {
				so = stepOverride(s, change)
			}
		}
		out.Steps[name] = so
	}
	return out
}

func stepOverride(s Step, change *node) StepOverride {
	var out StepOverride
	for _, p := range change.pairs {
		switch {
		case p.key == "request":
			out.Method, out.Path = &s.Method, &s.Path
		case p.key == "method":
			out.Method = &s.Method
		case p.key == "path":
			out.Path = &s.Path
		case p.key == "headers":
			out.Headers = s.Headers
		case p.key == "expect":
			out.Expect = &s.Expect
		case p.key == "capture":
			out.Captures = s.Captures
		case slices.Contains(bodyKeys, p.key):
			out.Body = &s.Body
		}
	}
	return out
}
