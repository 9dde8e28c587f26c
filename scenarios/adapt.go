package scenarios

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"taskbench/internal/yamlfile"
)

// adaption is overrides that no name calls for, but what a server answers.
type adaption struct {
	pair yamlfile.Pair
	when []condition        // all of them
	on   map[string]variant // by the target whose own overrides are in it too; "" for all others
}

// condition is met by a status that a step was answered with.
type condition struct {
	step     string
	statuses []StatusRange
}

// conditions reads when: steps to statuses.
func (r *reader) conditions(base outline, n *yamlfile.Node) []condition {
	if !r.Want(n, yamlfile.Mapping, "when") {
		return nil
	}
	if len(n.Pairs) == 0 {
		r.Fail(n.Pos, "write it like when: {create: 401}", "when names no step")
	}
	b := &builder{resolver: &resolver{reader: r}}
	var out []condition
	for _, p := range n.Pairs {
		r.checkStepName(base, p, "whose answer could tell")
		out = append(out, condition{p.Key, b.statuses(p.Value)})
	}
	return out
}

func (c condition) met(statuses map[string]int) bool {
	status, answered := statuses[c.step]
	return answered && slices.ContainsFunc(c.statuses, func(r StatusRange) bool { return r.Low <= status && status <= r.High })
}

// sentence says what was answered: "step "create" is answered with 401".
func sentence(when []condition) string {
	parts := make([]string, len(when))
	for i, c := range when {
		parts[i] = fmt.Sprintf("step %q is answered with %s", c.step, statusWords(c.statuses))
	}
	return strings.Join(parts, " and ")
}

// choices are the variants that targets have by what they answered. Copies of a
// scenario share them.
type choices struct {
	mu sync.Mutex
	by map[string]variant
}

func (s *Scenario) variantOf(target string) (variant, bool) {
	if v, ok := s.chosenFor(target); ok {
		return v, ok
	}
	v, ok := s.variants[target]
	return v, ok
}

func (s *Scenario) chosenFor(target string) (variant, bool) {
	if s.chosen == nil {
		return variant{}, false
	}
	s.chosen.mu.Lock()
	defer s.chosen.mu.Unlock()
	v, ok := s.chosen.by[target]
	return v, ok
}

func (s *Scenario) choose(target string, v variant) {
	s.chosen.mu.Lock()
	defer s.chosen.mu.Unlock()
	s.chosen.by[target] = v
}

// Answered takes note of the statuses with which a target answered the steps of
// its variant, and tells whether it is another one now: the first overrides whose
// when: is met are this target's from now on, on top of those of its name. Once it
// has some it keeps them.
func (s *Scenario) Answered(target string, statuses map[string]int) bool {
	if _, has := s.chosenFor(target); has {
		return false
	}
	for _, a := range s.adaptions {
		if !slices.ContainsFunc(a.when, func(c condition) bool { return !c.met(statuses) }) {
			s.choose(target, a.variantOf(target))
			return true
		}
	}
	return false
}

// Variants are all that a target may be sent: For, and what it would be with each of
// the overrides that its answers may call for.
func (s *Scenario) Variants(target string) []*Scenario {
	list := []*Scenario{s.For(target)}
	for _, a := range s.adaptions {
		out := *s
		out.use(a.variantOf(target))
		list = append(list, &out)
	}
	return list
}

func (a adaption) variantOf(target string) variant {
	if v, own := a.on[target]; own {
		return v
	}
	return a.on[""]
}

// Recall gives a target the variant that it had in a stored run, by what was
// stored of it: what Overridden said.
func (s *Scenario) Recall(target string, overridden []string) {
	for _, a := range s.adaptions {
		if v := a.variantOf(target); slices.Equal(v.overridden, overridden) {
			s.choose(target, v)
		}
	}
}

// Accept has a step of a target expect something else from now on, as overrides
// of its name would.
func (s *Scenario) Accept(target, step string, e Expect) {
	now := s.For(target)
	v := now.variant()
	for _, part := range []*[]Step{&v.setup, &v.steps, &v.after, &v.teardown} {
		*part = slices.Clone(*part)
		steps := *part
		for i := range steps {
			if steps[i].Name == step {
				steps[i].Expect = e
			}
		}
	}
	v.overridden = differences(s.variant(), v)
	s.choose(target, v)
}

// Adapted says what this variant differs in because of what its target answered,
// one sentence a difference; empty where a name or nothing called for it.
func (s *Scenario) Adapted() []string {
	if !s.byAnswer {
		return nil
	}
	return s.Overridden()
}
