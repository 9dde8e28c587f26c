// Package lineup lines documents up to be compared: each with the label it has in tables, the
// baseline first, and what they say of themselves and their machines.
package lineup

import (
	"cmp"
	"slices"
	"time"

	"taskbench/internal/figure"
	"taskbench/internal/plain"
	"taskbench/internal/source"
	"taskbench/results"
)

// Target is one document being compared.
type Target struct {
	Label          string    `json:"label"` // the implementation; with its date when that is not unique
	Implementation string    `json:"implementation"`
	Session        string    `json:"session"`
	Created        time.Time `json:"created"`
	Complete       bool      `json:"complete"`
	Reference      string    `json:"reference,omitempty"` // what the reference server said of itself
	GitCommit      string    `json:"git_commit,omitempty"`

	Sender results.Sender `json:"sender,omitzero"` // what loaded it; none: wrk on this machine alone
}

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
}

// Schema is the version of the JSON forms of all comparisons; docs/results.md
// describes them.
const Schema = 2

// Of gives all documents, of one kind, their labels and puts the baseline first.
func Of(kind results.Kind, docs []results.Document, o Options) ([]Entrant, error) {
	if err := checkMargins(o.Margins); err != nil {
		return nil, err
	}
	entrants, err := enter(kind, docs)
	if err != nil {
		return nil, err
	}
	if err := baselineFirst(entrants, docs, o); err != nil {
		return entrants, err
	}
	if kind != results.LoadTest { // of which figures are shown all the same, and the reason in place of ratios
		return entrants, sentAlike(entrants)
	}
	return entrants, nil
}

// Targets are the entrants without their documents.
func Targets(entrants []Entrant) []Target {
	list := make([]Target, len(entrants))
	for i, e := range entrants {
		list[i] = e.Target
	}
	return list
}

func documents(entrants []Entrant) []results.Document {
	list := make([]results.Document, len(entrants))
	for i, e := range entrants {
		list[i] = e.Doc
	}
	return list
}

// Entrant is a document with the name it has in the tables.
type Entrant struct {
	Target
	Doc results.Document
}

// Found reports whether a target's server was there already: every pair then
// measured the same process.
func (e Entrant) Found() bool { return e.Doc.Target.Start == "" }

// enter gives every document, all of one kind, its label: the implementation,
// with the date or the date and session where several are of one implementation.
func enter(kind results.Kind, docs []results.Document) ([]Entrant, error) {
	if len(docs) == 0 {
		return nil, source.Errorf(source.Position{}, "measure something first: taskbench run", "nothing to compare")
	}
	var entrants []Entrant
	width := labelWidth(docs)
	for _, d := range docs {
		if d.Kind != kind {
			return nil, source.Errorf(source.Position{}, "compare results of one kind: "+string(kind), "the results of %s are of kind %s", d.Implementation, d.Kind)
		}
		entrants = append(entrants, Entrant{Target{
			Label: plain.OneLine(d.Implementation, width), Implementation: d.Implementation, Session: d.Session, Created: d.Created,
			Complete: d.Complete, Reference: d.Reference, GitCommit: d.Target.GitCommit, Sender: d.Sender(),
		}, d})
	}
	slices.SortStableFunc(entrants, func(a, b Entrant) int {
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
func lengthen(entrants []Entrant, more func(Target) string) {
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
func baselineFirst(entrants []Entrant, docs []results.Document, o Options) error {
	at, wanted := -1, o.Baseline
	for i, e := range entrants {
		switch {
		case wanted == "" && o.First:
			if e.Session == docs[0].Session && e.Implementation == docs[0].Implementation {
				at = i
			}
		case wanted != "" && (e.Label == wanted || e.Implementation == wanted && at < 0):
			at = i
		case wanted == "" && e.Implementation == e.Doc.Baseline && at < 0:
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

func oldest(entrants []Entrant) int {
	at := 0
	for i, e := range entrants {
		if e.Created.Before(entrants[at].Created) {
			at = i
		}
	}
	return at
}

func checkMargins(margins map[*figure.Figure]float64) error {
	for m, v := range margins {
		if !(v > 0 && v < 1) {
			return source.Errorf(source.Position{}, "0.05 is 5 %", "the parity margin of %s is %v, must be above 0 and below 1", m.Name, v)
		}
	}
	return nil
}
