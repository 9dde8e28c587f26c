package scenarios

import (
	"maps"
	"regexp"
	"slices"

	"taskbench/internal/yamlfile"
)

// part is a part of a scenario, or several.
type part int

const (
	inSetup part = 1 << iota
	inSteps
)

var ownNumber = regexp.MustCompile(`\$\{vu\}`)

// checkOnce reports vars that are not the same in the one setup that is for all
// and in what all send.
func (b *builder) checkOnce() {
	for _, name := range slices.Sorted(maps.Keys(b.used)) {
		if n := b.vars[name]; b.used[name] == inSetup|inSteps && ownNumber.MatchString(n.Text) {
			b.Fail(n.Pos, "capture it in setup, or leave out ${vu}", "with once, %s is that of virtual user 1 in setup, and of each in the steps", name)
		}
	}
}

// Bounds of how setup is run.
const (
	MaxAtOnce  = 1000
	MaxRetries = 10
)

// reasons reads rules of lint and why a scenario does not follow them.
func (r *reader) reasons(n *yamlfile.Node) []Reason {
	if !r.Want(n, yamlfile.Mapping, "lint") {
		return nil
	}
	var out []Reason
	for _, p := range n.Pairs {
		why := r.Str(p.Value, "lint "+p.Key)
		if why == "" && p.Value.Kind == yamlfile.Scalar && p.Value.Value != nil {
			r.Fail(p.Value.Pos, "write it in a few words", "lint %s has no reason", p.Key)
		}
		out = append(out, Reason{Rule: p.Key, Why: why, Pos: p.Pos})
	}
	return out
}

// onOff reads on, off, true or false: as all readers of YAML mean them.
func (r *reader) onOff(n *yamlfile.Node) bool {
	switch {
	case n.Kind == yamlfile.Scalar && (n.Text == "on" || n.Text == "true"):
		return true
	case n.Kind != yamlfile.Scalar || n.Text != "off" && n.Text != "false":
		r.Fail(n.Pos, "write cookies: on", "cookies must be on or off, not %s", n.Describe())
	}
	return false
}

// all are the steps of an outline, wherever they stand.
func (o outline) all() []*yamlfile.Node {
	return slices.Concat(o.setup, o.before, o.steps, o.after, o.teardown)
}

// list is a section that is a list of steps; none where it is left out.
func (r *reader) list(n *yamlfile.Node, section string) []*yamlfile.Node {
	if n == nil || !r.Want(n, yamlfile.Sequence, section) {
		return nil
	}
	return n.Items
}

// closing builds what is sent when all is measured. It knows what setup and before
// captured, and nothing of what the iterations did.
func (b *builder) closing(o outline, out *variant, taken map[string]bool) {
	b.made = maps.Clone(b.madeBefore)
	b.within, b.apart = " ", "capture it in setup or before: what iterations captured is gone" // no name begins with a space
	defer func() { b.apart = "" }()
	for _, n := range b.bounded(o.after, "after") {
		out.after = append(out.after, b.next(n, o, stepPlace{what: "a step of after", nameNeeded: true}, taken))
	}
	b.made = maps.Clone(b.madeBefore)
	for _, n := range b.bounded(o.teardown, "teardown") {
		out.teardown = append(out.teardown, b.next(n, o, stepPlace{what: "a step of teardown", nameNeeded: true}, taken))
	}
	b.checkSure(out.after, "after")
	b.checkSure(out.teardown, "teardown")
}

// setupSteps are the steps of a setup: it is a list of them, or has one beside
// the rules by which they are run.
func (r *reader) setupSteps(n *yamlfile.Node) []*yamlfile.Node {
	steps := n
	if n.Kind == yamlfile.Mapping {
		if steps = n.Get("steps"); steps == nil {
			r.Fail(n.Pos, "add steps: [...]", "setup needs a list of steps")
			return nil
		}
	}
	if !r.Want(steps, yamlfile.Sequence, "setup") {
		return nil
	}
	return steps.Items
}

// setupRules reads what stands beside the steps.
func (r *reader) setupRules(n *yamlfile.Node) SetupRules {
	var rules SetupRules
	if n.Kind == yamlfile.Mapping {
		r.fields(n, "setup", r.setupFields(&rules))
	}
	return rules
}

func (r *reader) setupFields(s *SetupRules) []field {
	return []field{
		{"steps", "Steps each virtual user runs once before its loop; never measured.", setupList, true, func(*yamlfile.Node) {}},
		{"at_once", "Virtual users in their setup at once; chosen from what the first ones take when left out.", integer(1, MaxAtOnce), false, func(v *yamlfile.Node) {
			s.AtOnce = r.Integer(v, "at_once", 1, MaxAtOnce)
		}},
		{"retries", "How often a step is asked again that got no answer, 429 or 5xx; 0 when left out.", integer(0, MaxRetries), false, func(v *yamlfile.Node) {
			s.Retries = r.Integer(v, "retries", 0, MaxRetries)
		}},
		{"once", "Whether one virtual user's setup is for all.", scalar("boolean"), false, func(v *yamlfile.Node) { s.Once = r.Bool(v, "once") }},
		{"keep", "Whether later trials use what setup made, where servers still take it; where the server and its data stay when left out.", scalar("boolean"), false, func(v *yamlfile.Node) {
			keep := r.Bool(v, "keep")
			s.Keep = &keep
		}},
	}
}
