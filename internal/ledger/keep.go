package ledger

import (
	"fmt"

	"taskbench/internal/profile"
	"taskbench/results"
)

// Keep completes the documents of a run: with the functions of every step's middle
// recording, and a page of flame graphs of those; its path is "" when there is none.
func (r *Trials) Keep(store *profile.Store, docs []*results.Document) (page string, err error) {
	graphs := profile.Page{Title: "instructions: " + store.Load, Unit: "instructions"}
	for _, d := range profile.BaselineFirst(docs) {
		for i := range d.Scenarios {
			m := &d.Scenarios[i]
			for _, step := range m.Steps {
				if bill := r.bill(d.Implementation, m, step); bill != nil {
					part := step
					if len(d.Scenarios) > 1 {
						part = m.Scenario + " " + step
					}
					graphs.Graphs = append(graphs.Graphs, profile.Graph{Name: d.Implementation, Part: part, Tree: bill.Tree(), Answers: bill.Answers})
				}
			}
		}
		Middle(d)
		if err := store.Save(d); err != nil {
			return "", err
		}
	}
	graphs.About = []string{
		fmt.Sprintf("instructions of all answers that were counted, by valgrind %s, in the middle one of a step's recordings", r.Valgrind.Version),
		"callgrind records who calls whom, and not whole stacks: where a function is called from several places, its cost is divided by what each of them cost",
	}
	return store.Page("ledger", graphs, docs)
}

// bill is that of a step's middle recording; nil where there is none.
func (r *Trials) bill(target string, m *results.Measurement, step string) *Bill {
	middle := m.MiddleTrial(step)
	if middle < 0 {
		return nil
	}
	for _, b := range r.bills[place{target, m.Scenario, m.Trials[middle].Seed}] {
		if b.Step == step {
			return b.Bill
		}
	}
	return nil
}
