package micro

import (
	"fmt"
	"path/filepath"
	"slices"

	"taskbench/internal/source"
	"taskbench/results"
)

// Resume makes the plan that the documents of an interrupted run were measured
// by, for crates and Criterion's arguments as they are given now, and readies the
// documents to be gone on with: rounds that not all crates had are taken out.
// What is run is what was given; a document says only whether it is the same.
func Resume(docs []*results.Document, crates []Crate, args []string) (Plan, error) {
	first := docs[0]
	p := Plan{
		Session: first.Session, Baseline: first.Baseline, Rounds: first.Plan.Pairs, Seed: first.Plan.Seed,
		Rule: first.Plan.Rule, Args: args,
	}
	for _, name := range first.Plan.Targets {
		i := slices.IndexFunc(crates, func(c Crate) bool { return c.Name == name })
		k := slices.IndexFunc(docs, func(d *results.Document) bool { return d.Implementation == name })
		switch {
		case k < 0:
			return p, cannotResume(first, "the results of %s are missing", name)
		case i < 0 || len(crates) != len(first.Plan.Targets):
			return p, cannotResume(first, "it measured %v, and these crates have to be named again", first.Plan.Targets)
		case !sameFolder(docs[k].Target.Dir, crates[i].Dir):
			return p, cannotResume(first, "%s was measured in %q, not in %q", name, docs[k].Target.Dir, crates[i].Dir)
		case !slices.Equal(docs[k].Micro.Args, args):
			return p, cannotResume(first, "Criterion's arguments were %q, and are %q now", docs[k].Micro.Args, args)
		}
		p.Crates = append(p.Crates, crates[i])
		p.resumed = append(p.resumed, docs[k])
	}
	for p.done = 0; everyoneHas(p.resumed, p.done+1); p.done++ {
	}
	for _, d := range p.resumed {
		d.Micro.KeepRounds(p.done)
	}
	return p, nil
}

// CanResume reports whether an interrupted run has a round to go on behind.
func CanResume(docs []*results.Document) bool { return everyoneHas(docs, 1) }

func everyoneHas(docs []*results.Document, round int) bool {
	return !slices.ContainsFunc(docs, func(d *results.Document) bool {
		return !slices.ContainsFunc(d.Micro.Rounds, func(r results.MicroRound) bool { return r.Round == round })
	})
}

// sameFolder compares folders that may be written in two ways.
func sameFolder(a, b string) bool {
	x, errA := filepath.Abs(a)
	y, errB := filepath.Abs(b)
	return errA == nil && errB == nil && x == y
}

func cannotResume(d *results.Document, format string, args ...any) error {
	return source.WithHint(fmt.Errorf("session %s cannot be resumed: %s", d.Session, fmt.Sprintf(format, args...)),
		"name crates and arguments as in the run that was interrupted: taskbench micro run --resume NAME=CRATE... -- ARGUMENTS")
}
