package scenarios

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"taskbench/internal/othertools"
	"taskbench/internal/yamlfile"
)

// Journey is a flow of a mix: one iteration runs its steps in order.
type Journey struct {
	Name   string
	Weight float64 // > 0
	First  int     // its first step, in Scenario.Steps
	Count  int     // and how many are its own
}

// Ways are those in which an iteration may go: all steps of a flow, a journey of a mix, or
// one of its requests.
func (s *Scenario) Ways() []Journey {
	switch {
	case s.Mode == Flow:
		return []Journey{{Weight: 1, Count: len(s.Steps)}}
	case len(s.Journeys) > 0:
		return s.Journeys
	}
	var out []Journey
	for i := range s.Steps {
		out = append(out, Journey{Name: s.Steps[i].Name, Weight: s.Steps[i].Weight, First: i, Count: 1})
	}
	return out
}

// PausesOf is for how long virtual users pause in and behind the steps of an iteration, in
// the mean: where it is not known how often a step is sent, it is sent twice.
func (s *Scenario) PausesOf(j Journey) time.Duration {
	var sum time.Duration
	for i := range s.Steps[j.First : j.First+j.Count] {
		step := &s.Steps[j.First+i]
		sum += s.ThinkAfter(step).Mean
		if each := step.Control.Each; each != nil {
			sum += each.Wait
		}
		if repeat := step.Control.Repeat; repeat != nil {
			sum += repeat.Wait * time.Duration(max(1, repeat.Times-1))
		}
	}
	return sum
}

// Spread is the time over which virtual users who pause begin, one after the other: as
// long as an iteration pauses in the mean. Had all begun at once, all would ask at once
// again behind each pause, and a window would have one iteration more or less of each of
// them: 8 or 12 answers of 10.
func (s *Scenario) Spread() time.Duration {
	var pauses, weights float64
	for _, j := range s.Ways() {
		weight := cmp.Or(j.Weight, 1) // of a single request
		weights += weight
		pauses += weight * float64(s.PausesOf(j))
	}
	if weights == 0 {
		return 0
	}
	return time.Duration(pauses / weights)
}

// How long iterations are waited for behind the window.
const (
	MostFinish = 10 * time.Second
	mostPauses = time.Second // of those that are, at no rate
)

// Finish is how long virtual users may go on behind the window to end their iteration, so
// that what it made is deleted as its steps do: as long as an answer may take. Who pauses
// for long in between is not waited for, but at a rate: all that was due in the window counts.
func (s *Scenario) Finish(timeout time.Duration, atRate bool) time.Duration {
	longest := 0
	for _, j := range s.Ways() {
		longest = max(longest, j.Count)
		if !atRate && s.PausesOf(j) > mostPauses {
			return 0
		}
	}
	if !atRate && longest < 2 {
		return 0
	}
	return min(timeout, MostFinish)
}

// tour is a journey before its steps are built.
type tour struct {
	name   string
	weight float64
	node   *yamlfile.Node
}

// journeySteps are the steps of a mix, those of its journeys one after the other.
// A mix in which nothing has a flow has no journeys; in any other each step that
// stands alone is one, too.
func (r *reader) journeySteps(o *outline, items []*yamlfile.Node) []*yamlfile.Node {
	if !slices.ContainsFunc(items, isJourney) {
		return items
	}
	o.tourOf = map[*yamlfile.Node]int{}
	taken := map[string]bool{}
	var out []*yamlfile.Node
	for i, n := range items {
		t, steps := r.tour(n)
		if t.name != "" && taken[t.name] {
			r.Fail(n.Get("name").Pos, "", "a journey is already named %q", t.name)
		}
		taken[t.name] = true
		o.tours = append(o.tours, t)
		for _, step := range steps {
			own := *step // an alias may stand in several journeys
			o.tourOf[&own] = i
			out = append(out, &own)
		}
	}
	return out
}

func isJourney(n *yamlfile.Node) bool { return n.Get("flow") != nil }

// tour reads one entry of a mix with journeys, and gives its steps.
func (r *reader) tour(n *yamlfile.Node) (tour, []*yamlfile.Node) {
	t := tour{weight: 1, node: n}
	if !isJourney(n) {
		b := &builder{resolver: &resolver{reader: r}}
		if name := n.Get("name"); name != nil {
			t.name = b.stepName(name)
		}
		if w := n.Get("weight"); w != nil {
			t.weight = b.weight(w, stepPlace{mode: Mix})
		}
		return t, []*yamlfile.Node{n}
	}
	var steps []*yamlfile.Node
	r.translate(n, "a journey", othertools.InJourney)
	r.fields(n, "a journey", r.journeyFields(&t, &steps))
	if n.Get("name") == nil {
		r.Fail(n.Pos, "add name: browse", "a journey needs a name")
	}
	return t, steps
}

func (r *reader) journeyFields(t *tour, steps *[]*yamlfile.Node) []field {
	b := &builder{resolver: &resolver{reader: r}}
	return []field{
		{"name", "Name of the journey in reports; its steps are called by it, a dot, and their own.", text, true, func(n *yamlfile.Node) { t.name = b.stepName(n) }},
		{"weight", "Share of this journey; 1 when left out.", weight, false, func(n *yamlfile.Node) { t.weight = b.weight(n, stepPlace{mode: Mix}) }},
		{"flow", "Its steps, all of them in order in each iteration.", listOf(defined("step"), 1), true, func(n *yamlfile.Node) { *steps = r.stepNodes(Flow, n) }},
	}
}

// fullName gives a step of a journey its full name.
func (o outline) fullName(n *yamlfile.Node, own string) string {
	if i, ofJourney := o.tourOf[n]; ofJourney && isJourney(o.tours[i].node) && own != "" {
		return o.tours[i].name + "." + own
	}
	return own
}

// enterJourney forgets what an earlier journey captured, and says where the step stands.
func (b *builder) enterJourney(o outline, n *yamlfile.Node, out *variant, place stepPlace) stepPlace {
	i, ofJourney := o.tourOf[n]
	if !ofJourney {
		return place
	}
	t := o.tours[i]
	if last := len(out.journeys) - 1; last < 0 || out.journeys[last].Name != t.name {
		b.made = maps.Clone(b.madeBefore)
		b.within, b.apart = t.name+".", "capture it in the same journey, or in setup"
		out.journeys = append(out.journeys, Journey{Name: t.name, Weight: t.weight, First: len(out.steps)})
	}
	out.journeys[len(out.journeys)-1].Count++
	if isJourney(t.node) {
		return stepPlace{what: "a step of journey " + t.name, mode: Flow, nameNeeded: true}
	}
	return place
}

// Journey is the one of a step, by its place in Steps; nil where the scenario has none.
func (s *Scenario) Journey(step int) *Journey {
	for i := range s.Journeys {
		if j := &s.Journeys[i]; j.First <= step && step < j.First+j.Count {
			return j
		}
	}
	return nil
}

// checkJourneys reports journeys of which nothing is left, or nothing might be sent.
func (r *reader) checkJourneys(o outline, v variant) {
	for _, t := range o.tours {
		i := slices.IndexFunc(v.journeys, func(j Journey) bool { return j.Name == t.name })
		if i < 0 {
			r.Fail(t.node.Pos, "leave one of its steps", "journey %q has no steps", t.name)
			continue
		}
		j := v.journeys[i]
		r.checkSure(v.steps[j.First:j.First+j.Count], "journey "+t.name)
	}
}
