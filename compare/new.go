package compare

import (
	"cmp"
	"slices"

	"taskbench/internal/figure"
	"taskbench/internal/plain"
	"taskbench/internal/source"
	"taskbench/results"
)

// Options says how documents of any kind are compared. The zero Options is fine.
type Options struct {
	// Baseline is the label or implementation that ratios are taken to; "" is
	// the one the documents name or, when none of them is it, the oldest.
	Baseline string
	// First makes the first of the documents the baseline where Baseline names
	// none: a reader who names documents one after the other means it so.
	First bool
	// Margins are parity margins by metric, as fractions (0.05: 5 %), for
	// metrics that are noisier by nature, such as P99. Others have the stored
	// rule's margin, DefaultMargin where none is stored.
	Margins map[*figure.Figure]float64

	Statistic MicroStatistic // of microbenchmarks; "" is MicroMedian
	Match     []MicroMatch   // for benchmarks that are named differently
	Margin    float64        // of parity of microbenchmarks, as a fraction; 0 is the stored rule's
}

// New compares load tests: the documents of one session or any others, say
// today's and last month's of one implementation. One document alone is shown
// without ratios. The order of docs does not matter, unless Options.First says so. It is an error to give
// none, documents of another kind, the same one twice under one name, or a
// baseline that is not among them.
func New(docs []results.Document, o Options) (*Comparison, error) {
	entrants, err := lineUp(results.LoadTest, docs, o)
	if err != nil {
		return nil, err
	}
	rules := newRules(entrants, o.Margins)
	c := &Comparison{rules: rules, Schema: Schema, Baseline: entrants[0].Label, Targets: targets(entrants), Scenarios: []Scenario{}, Notes: notes(entrants, rules.named)}
	for _, e := range entrants {
		c.found = append(c.found, e.found())
		c.startFloor = startFloor(entrants)
	}
	for _, k := range keys(entrants) {
		c.Scenarios = append(c.Scenarios, newScenario(k, entrants, rules))
	}
	c.Indicators = indicators(entrants, c.Scenarios)
	if !rules.apart {
		c.Notes = append(c.Notes, sameProcesses(entrants)...)
	}
	c.Sweeps = sweeps(c)
	c.Flags = append(machineFlags(entrants), hoist(c.Scenarios)...)
	c.ElapsedS = elapsed(entrants)
	c.state(plannedCells(entrants))
	c.Summary = summarise(c)
	return c, nil
}

// Holds reports whether any trial of documents has what is asked for.
func Holds(docs []results.Document, has func(results.Trial) bool) bool {
	return slices.ContainsFunc(docs, func(d results.Document) bool {
		return slices.ContainsFunc(d.Scenarios, func(m results.Measurement) bool { return slices.ContainsFunc(m.Trials, has) })
	})
}

// lineUp gives all documents, of one kind, their labels and puts the baseline first.
func lineUp(kind results.Kind, docs []results.Document, o Options) ([]entrant, error) {
	if err := checkMargins(o.Margins); err != nil {
		return nil, err
	}
	entrants, err := enter(kind, docs)
	if err != nil {
		return nil, err
	}
	return entrants, baselineFirst(entrants, docs, o)
}

// targets are the entrants without their documents.
func targets(entrants []entrant) []Target {
	list := make([]Target, len(entrants))
	for i, e := range entrants {
		list[i] = e.Target
	}
	return list
}

func documents(entrants []entrant) []results.Document {
	list := make([]results.Document, len(entrants))
	for i, e := range entrants {
		list[i] = e.doc
	}
	return list
}

// entrant is a document with the name it has in the tables.
type entrant struct {
	Target
	doc results.Document
}

// enter gives every document, all of one kind, its label: the implementation,
// with the date or the date and session where several are of one implementation.
func enter(kind results.Kind, docs []results.Document) ([]entrant, error) {
	if len(docs) == 0 {
		return nil, source.Errorf(source.Position{}, "measure something first: taskbench run", "nothing to compare")
	}
	var entrants []entrant
	width := labelWidth(docs)
	for _, d := range docs {
		if d.Kind != kind {
			return nil, source.Errorf(source.Position{}, "compare results of one kind: "+string(kind), "the results of %s are of kind %s", d.Implementation, d.Kind)
		}
		entrants = append(entrants, entrant{Target{
			Label: plain.OneLine(d.Implementation, width), Implementation: d.Implementation, Session: d.Session, Created: d.Created,
			Complete: d.Complete, Reference: d.Reference, GitCommit: d.Target.GitCommit,
		}, d})
	}
	slices.SortStableFunc(entrants, func(a, b entrant) int {
		return cmp.Or(cmp.Compare(a.Implementation, b.Implementation), a.Created.Compare(b.Created), cmp.Compare(a.Session, b.Session))
	})
	for _, more := range []func(Target) string{
		func(t Target) string { return t.Created.Format("2006-01-02") },
		func(t Target) string { return t.Created.Format("15:04:05") },
		func(t Target) string { return t.Session },
	} {
		lengthen(entrants, more)
	}
	for i := range entrants[1:] {
		if entrants[i].Label == entrants[i+1].Label {
			return nil, source.Errorf(source.Position{}, "name two different results", "the results of %s are given twice", entrants[i].Label)
		}
	}
	return entrants, nil
}

// labelWidth is what names are cut to: so much that no two of them become one.
func labelWidth(docs []results.Document) int {
	const usual, most = 40, 1000
	cut := make(map[string]string)
	for _, d := range docs {
		label := plain.OneLine(d.Implementation, usual)
		if name, taken := cut[label]; taken && name != d.Implementation {
			return most
		}
		cut[label] = d.Implementation
	}
	return usual
}

// lengthen adds to the labels that are not unique.
func lengthen(entrants []entrant, more func(Target) string) {
	times := make(map[string]int)
	for _, e := range entrants {
		times[e.Label]++
	}
	for i, e := range entrants {
		if times[e.Label] > 1 {
			entrants[i].Label += " " + plain.OneLine(more(e.Target), 60)
		}
	}
}

// baselineFirst moves the baseline of docs to the front of the entrants that they are.
func baselineFirst(entrants []entrant, docs []results.Document, o Options) error {
	at, wanted := -1, o.Baseline
	for i, e := range entrants {
		switch {
		case wanted == "" && o.First:
			if e.Session == docs[0].Session && e.Implementation == docs[0].Implementation {
				at = i
			}
		case wanted != "" && (e.Label == wanted || e.Implementation == wanted && at < 0):
			at = i
		case wanted == "" && e.Implementation == e.doc.Baseline && at < 0:
			at = i
		}
	}
	if at < 0 && wanted != "" {
		var labels []string
		for _, e := range entrants {
			labels = append(labels, e.Label)
		}
		return source.Errorf(source.Position{}, source.Allowed(wanted, labels), "the baseline %q is not among the results", wanted)
	}
	if at < 0 {
		at = oldest(entrants)
	}
	baseline := entrants[at]
	copy(entrants[1:], entrants[:at])
	entrants[0] = baseline
	return nil
}

func oldest(entrants []entrant) int {
	at := 0
	for i, e := range entrants {
		if e.Created.Before(entrants[at].Created) {
			at = i
		}
	}
	return at
}

// key names a scenario at a load level.
type key struct {
	scenario    string
	connections int
}

// keys are all that was measured: in the baseline's order, then what only
// others have.
func keys(entrants []entrant) []key {
	var all []key
	seen := make(map[key]bool)
	for _, e := range entrants {
		for _, m := range e.doc.Scenarios {
			k := key{m.Scenario, m.Load.Connections}
			if !seen[k] {
				seen[k] = true
				all = append(all, k)
			}
		}
	}
	return all
}
