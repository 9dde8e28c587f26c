package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"taskbench/internal/check"
	"taskbench/internal/server"
	"taskbench/results"
)

// Survey is what is known of the targets before any load: who they are and
// how they answer one iteration of every scenario.
type Survey struct {
	Identities []server.Identity // in the order of the plan's targets
	Visits     [][]check.Visit   // by scenario, then by target
	Resident   []uint64          // bytes that each target held after its visits; 0: unknown
	Deaf       []bool            // which targets had to be killed after their visits
}

// Survey visits every target once. It fails when a target does not answer at
// all; answers that are not as expected stand in the visits.
func (r *Runner) Survey(ctx context.Context, p Plan) (Survey, error) {
	s := Survey{Visits: make([][]check.Visit, len(p.Scenarios))}
	for _, spec := range p.Targets {
		if err := r.surveyTarget(ctx, p, spec, &s); err != nil {
			if ctx.Err() != nil {
				return s, errors.New("interrupted before anything was measured")
			}
			return s, err
		}
	}
	return s, nil
}

func (r *Runner) surveyTarget(ctx context.Context, p Plan, spec server.Spec, s *Survey) error {
	if err := server.Reset(ctx, p.Reset, spec, server.ForCheck); err != nil {
		return err
	}
	server, err := r.openServer(ctx, spec)
	if err != nil {
		return err
	}
	defer func() {
		_ = server.Stop(context.WithoutCancel(ctx)) // what does not end shows in the first pair
		s.Deaf = append(s.Deaf, server.Deaf())
	}()
	s.Identities = append(s.Identities, server.Identity(ctx))
	for i, scenario := range p.Scenarios {
		visit := check.Live(ctx, scenario, spec, p.Seed)
		if (scenario.Load.AutoDuration && visit.Took > lookAgain || scenario.Load.AutoUsers) && visit.Err == nil {
			again := check.Live(ctx, scenario, spec, p.Seed)
			visit.Took = min(visit.Took, cmp.Or(again.Took, visit.Took))
		}
		if visit.Err != nil {
			return diedOf(fmt.Errorf("%s on %s: %w", scenario.Name, spec.Name, visit.Err), server)
		}
		s.Visits[i] = append(s.Visits[i], visit)
	}
	usage, _ := server.Usage()
	s.Resident = append(s.Resident, usage.ResidentBytes)
	return ctx.Err()
}

// Refused says why a target's scenario must not be loaded: one iteration did not
// get the answers it expects of this target. "" when it did.
func (s Survey) Refused(scenario, target int) string {
	a, failed := s.Visits[scenario][target].Failed()
	if !failed {
		return ""
	}
	return check.Unexpected(a)
}

// differences says where a target's answers part from those of the first other target.
func (s Survey) differences(scenario, baseline int) []results.Difference {
	var out []results.Difference
	visits := s.Visits[scenario]
	for i, v := range visits {
		if i != baseline {
			for _, d := range check.Differences(visits[baseline], v) {
				out = append(out, results.Difference(d))
			}
		}
	}
	return out
}

// record writes what the survey found into a document.
func (s Survey) record(d *results.Document, i int, spec server.Spec) {
	id := s.Identities[i]
	d.Reference = id.Reference
	for _, visits := range s.Visits {
		if i < len(visits) && visits[i].Certificate != "" && !slices.Contains(d.Environment.Notes, visits[i].Certificate) {
			d.Environment.Notes = append(d.Environment.Notes, visits[i].Certificate)
		}
	}
	d.Environment.Notes = append(d.Environment.Notes, processNotes(id, spec.Name)...)
	if id.Executable == "" && id.Forwarder.PID == 0 {
		d.Environment.Notes = append(d.Environment.Notes, "the process of "+spec.Name+" is not known (it runs on another machine, or belongs to another user): its CPU time and memory are not measured")
	}
	if i < len(s.Deaf) && s.Deaf[i] {
		d.Warnings = append(d.Warnings, fmt.Sprintf("it does not end within %v when it is asked to (SIGTERM), and is killed: each pair waits for that", server.StopGrace))
	}
	d.Target = results.Target{
		URL: spec.URL, Start: spec.Start, Dir: spec.Dir,
		GitCommit: id.GitCommit, GitDirty: id.GitDirty,
		ExecutableSHA256: id.ExecutableSHA256, ExecutableBytes: id.ExecutableBytes,
		Process: known(id.Process), Forwarder: known(id.Forwarder),
	}
	for _, p := range id.Also {
		d.Target.Also = append(d.Target.Also, recorded(p))
	}
}

// known is a process for the record; nil where there is none.
func known(p server.Process) *results.Process {
	if p.PID == 0 {
		return nil
	}
	r := recorded(p)
	return &r
}

// processNotes say whose figures CPU time and memory are, where that may not be
// what was meant.
func processNotes(id server.Identity, name string) []string {
	switch p := id.Process; {
	case id.Forwarder.PID != 0:
		return []string{fmt.Sprintf("what listens for %s is %s (pid %d), which passes requests on: its CPU time and memory are not the server's and are not measured; name the server's process with pid: in taskbench.yaml", name, id.Forwarder.Name, id.Forwarder.PID)}
	case id.Gateway && p.PID != 0:
		return []string{fmt.Sprintf("CPU time and memory of %s are those of %s (pid %d): if it passes requests on, name the server's process with pid:, or list it under also:, in taskbench.yaml", name, p.Name, p.PID)}
	}
	return nil
}
