package bench

import (
	"cmp"
	"context"
	"slices"

	"taskbench/internal/counter"
	"taskbench/internal/machine"
	"taskbench/results"
)

// Begin visits every target, and the machine, before any load, and returns the
// documents that the run fills. docs are those of a run to be resumed, which is
// refused on another machine or with other servers; nil begins new ones. version
// is this program's. Of a new run, durations that scenarios leave open are set in
// the plan's cells, and the plan is fitted to the time that there is.
func (r *Runner) Begin(ctx context.Context, p *Plan, docs []*results.Document, version string) (Survey, []*results.Document, error) {
	began := r.Now()
	survey, err := r.Survey(ctx, *p)
	if err != nil {
		return survey, nil, err
	}
	surveyed := r.Now().Sub(began)
	environment := machine.Describe()
	environment.TaskbenchVersion, environment.WrkVersion, environment.Hosts = version, r.Wrk.Version, recordedHosts(r.Hosts)
	environment.HostNotes = r.Apart
	r.countInstructions(ctx, &environment)
	if r.Beside != "" {
		environment.Notes = append(environment.Notes, "it was not alone: "+r.Beside)
	}
	if docs != nil {
		r.fitDeadline(p, survey, surveyed)
		for _, d := range docs {
			d.Resumed = r.Now()
		}
		addNotes(docs, environment.Notes)
		return survey, docs, cmp.Or(SameMachine(docs, environment), SameHosts(docs, r.Hosts), survey.SameServers(docs))
	}
	survey.fit(p.Cells, r.share(*p), p.Hosts)
	r.fitDeadline(p, survey, surveyed)
	return survey, Documents(*p, environment, survey, r.Now()), nil
}

// countInstructions adds their probe, where this machine can count them.
func (r *Runner) countInstructions(ctx context.Context, e *results.Environment) {
	perf, err := counter.Find(ctx, counter.Instructions)
	if err != nil {
		e.Notes = append(e.Notes, "instructions per answer are not counted here: "+err.Error())
		return
	}
	r.Probes = append(r.Probes, Instructions{Count: perf.Count})
}

// addNotes tells of a resumed run what cannot be measured in it any more, which
// it could when it began.
func addNotes(docs []*results.Document, notes []string) {
	for _, d := range docs {
		for _, n := range notes {
			if !slices.Contains(d.Environment.Notes, n) {
				d.Environment.Notes = append(d.Environment.Notes, n)
			}
		}
	}
}
