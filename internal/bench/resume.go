package bench

import (
	"fmt"
	"slices"
	"time"

	"taskbench/internal/arrivals"
	"taskbench/internal/server"
	"taskbench/internal/source"
	"taskbench/results"
	"taskbench/scenarios"
)

// compared are the documents of targets that are held against each other: all but the
// floor's, without which a run goes on.
func compared(docs []*results.Document) []*results.Document {
	return slices.DeleteFunc(slices.Clone(docs), func(d *results.Document) bool { return d.Plan.Floor != "" && d.Plan.Floor == d.Implementation })
}

// completePairs are the pairs of a cell in which every target had its turn.
func completePairs(docs []*results.Document, cell int) map[int]bool {
	docs = compared(docs)
	turns := map[int]int{}
	for _, d := range docs {
		for _, t := range d.Scenarios[cell].Trials {
			if !t.Interrupted {
				turns[t.Pair]++
			}
		}
	}
	complete := map[int]bool{}
	for pair, n := range turns {
		if n == len(docs) {
			complete[pair] = true
		}
	}
	return complete
}

// Resume makes the plan that the documents of an interrupted run were measured
// by, and readies them to be gone on with: pairs that were cut short are taken
// out, to be measured again. docs may be in any order and come back in that of
// the plan. load gives a scenario by its name and the file it came from, "" for
// a built-in one. configured are the targets as they would be run now, and
// resetBy the hook that would be run before every trial.
//
// It refuses what would mix two things under one name: a scenario, a target or
// a command that has changed since. Nothing that a document says is executed:
// whoever writes one would otherwise run commands here.
func Resume(docs []*results.Document, load func(name, file string) (*scenarios.Scenario, error), configured []server.Spec, resetBy string) (Plan, []*results.Document, error) {
	docs, err := inPlanOrder(docs)
	if err != nil {
		return Plan{}, nil, err
	}
	first := docs[0]
	p := Plan{
		Session: first.Session, Baseline: first.Baseline,
		Pairs: first.Plan.Pairs, Rule: first.Plan.Rule, Seed: first.Plan.Seed, Reset: resetBy,
		InSlots: first.Plan.InSlots, Slot: fromSeconds(first.Plan.SlotS),
		PairLeast: fromSeconds(first.Plan.PairLeastS), PairMost: fromSeconds(first.Plan.PairMostS), StartFloor: first.Plan.StartFloor, Limit: fromSeconds(first.Plan.MaxTimeS),
		Engine: first.Plan.Engine, Hosts: first.Plan.Hosts,
		ServerCPUs: first.Plan.ServerCPUs, GeneratorCPUs: first.Plan.GeneratorCPUs,
	}
	for _, d := range docs {
		spec, err := targetAgain(d, configured)
		if err != nil {
			return Plan{}, nil, err
		}
		if d.Plan.Reset != resetBy {
			return Plan{}, nil, differs(d, "the reset hook", d.Plan.Reset, resetBy)
		}
		if spec.Start != "" {
			spec.CPUs = p.ServerCPUs
		}
		p.Targets = append(p.Targets, spec)
	}
	if err := p.cellsAgain(docs, load); err != nil {
		return Plan{}, nil, err
	}
	for _, d := range docs {
		d.Stops = nil // what was given up gets another chance
	}
	dropIncomplete(docs)
	return p, docs, nil
}

// inPlanOrder sorts documents by the place of their target in the plan.
func inPlanOrder(docs []*results.Document) ([]*results.Document, error) {
	if len(docs) == 0 {
		return nil, fmt.Errorf("there is no run to resume")
	}
	names := docs[0].Plan.Targets
	for _, d := range docs {
		if fresh(d) || !slices.Contains(names, d.Implementation) {
			return nil, cannotResume(d, "its documents contradict each other")
		}
	}
	var sorted []*results.Document
	for n, name := range names {
		if slices.Contains(names[:n], name) {
			return nil, cannotResume(docs[0], "its plan names %s twice", name)
		}
		i := slices.IndexFunc(docs, func(d *results.Document) bool { return d.Implementation == name })
		switch {
		case i >= 0:
			sorted = append(sorted, docs[i])
		case slices.ContainsFunc(docs, hasPair):
			return nil, cannotResume(docs[0], "the results of %s are missing", name)
		default:
			sorted = append(sorted, unsaved(docs[0], name))
		}
	}
	for _, d := range sorted {
		if !fresh(d) && len(d.Scenarios) != len(docs[0].Scenarios) || d.Plan.Pairs != sorted[0].Plan.Pairs || d.Plan.Seed != sorted[0].Plan.Seed {
			return nil, cannotResume(d, "its documents contradict each other")
		}
	}
	return sorted, nil
}

// hasPair reports whether a document has more than half of a run's first pair.
// From then on every target has one.
func hasPair(d *results.Document) bool {
	trials := 0
	for _, m := range d.Scenarios {
		trials += len(m.Trials)
	}
	return trials > 1
}

// unsaved is the document of a target that was to be saved next when the run
// was killed.
func unsaved(beside *results.Document, name string) *results.Document {
	environment := beside.Environment
	environment.Notes = slices.Clone(environment.Notes)
	return &results.Document{
		Schema: results.Schema, Kind: beside.Kind, Session: beside.Session, Implementation: name, Baseline: beside.Baseline,
		Created: beside.Created, Plan: beside.Plan, Environment: environment,
	}
}

// fresh reports whether nothing is known yet of the target that a document is of.
func fresh(d *results.Document) bool { return d.Target.URL == "" }

func cannotResume(d *results.Document, format string, args ...any) error {
	return source.WithHint(fmt.Errorf("session %s cannot be resumed: %s", d.Session, fmt.Sprintf(format, args...)),
		"what it measured stays as it is (taskbench compare "+d.Session+"); start anew with: taskbench run")
}

// differs refuses what a document has in another way than the configuration,
// and shows both.
func differs(d *results.Document, what, stored, configured string) error {
	return source.WithHint(fmt.Errorf("session %s cannot be resumed: %s is not what it was\n  in the stored run: %q\n  configured now:    %q", d.Session, what, stored, configured),
		"commands and addresses are taken from the configuration and from flags, never from a result document: if you trust the stored one, configure it (taskbench.yaml, --target, --reset, --hosts), or start anew with: taskbench run")
}

// targetAgain is the configured target that a document was measured on. One
// that was given by its address alone need not be given again while it is on
// this machine.
func targetAgain(d *results.Document, configured []server.Spec) (server.Spec, error) {
	was, now := d.Target, server.Spec{Name: d.Implementation}
	if i := slices.IndexFunc(configured, func(t server.Spec) bool { return t.Name == now.Name }); i >= 0 {
		now = configured[i]
	}
	switch {
	case fresh(d) && now.URL == "":
		return now, cannotResume(d, "%s is not configured, and nothing of it was stored yet", now.Name)
	case fresh(d):
		return now, nil
	case was.Start != now.Start:
		return now, differs(d, "the start command of "+now.Name, was.Start, now.Start)
	case was.URL != now.URL && (now.Start != "" || !server.OnThisMachine(was.URL)):
		return now, differs(d, "the address of "+now.Name, was.URL, now.URL)
	case was.Dir != now.Dir && was.URL == now.URL:
		return now, differs(d, "the folder of "+now.Name, was.Dir, now.Dir)
	case was.URL != now.URL:
		return server.Spec{Name: now.Name, URL: was.URL}, nil
	}
	return now, nil
}

// cellsAgain rebuilds scenarios and cells from what was measured.
func (p *Plan) cellsAgain(docs []*results.Document, load func(name, file string) (*scenarios.Scenario, error)) error {
	docs = stored(docs)
	places := map[string]int{}
	for i, m := range docs[0].Scenarios {
		place, known := places[m.Scenario]
		if !known {
			s, err := load(m.Scenario, m.File)
			if err != nil {
				return err
			}
			place = len(p.Scenarios)
			places[m.Scenario] = place
			p.Scenarios = append(p.Scenarios, s)
		}
		cell := Cell{
			Scenario: p.Scenarios[place], scenario: place, Connections: m.Load.Connections, Threads: m.Load.Threads,
			Duration: fromSeconds(m.Load.DurationS), Auto: m.Load.DurationAuto, Warmup: fromSeconds(m.Load.WarmupS),
			AutoUsers: m.Load.UsersAuto,
		}
		var err error
		if cell.Rate, err = arrivals.Read(m.Load.Rate, m.Load.Arrival); err != nil {
			return cannotResume(docs[0], "its rate %q cannot be read", m.Load.Rate)
		}
		for _, d := range docs {
			was := d.Scenarios[i]
			if now := cell.asked(d.Implementation); was.Hash != now.Hash || was.Load != now.Load {
				return cannotResume(d, "scenario %s has changed since", m.Scenario)
			}
		}
		p.Cells = append(p.Cells, cell)
	}
	return nil
}

// stored are the documents that the store had.
func stored(docs []*results.Document) []*results.Document {
	return slices.DeleteFunc(slices.Clone(docs), fresh)
}

func fromSeconds(s float64) time.Duration {
	return time.Duration(s * float64(time.Second)).Round(time.Microsecond)
}

// dropIncomplete takes out the trials of pairs that were cut short.
func dropIncomplete(docs []*results.Document) {
	kept := stored(docs)
	for i := range kept[0].Scenarios {
		complete := map[int]bool{}
		if len(kept) == len(docs) {
			complete = completePairs(docs, i)
		}
		for _, d := range kept {
			d.Scenarios[i].Trials = slices.DeleteFunc(d.Scenarios[i].Trials, func(t results.Trial) bool { return !complete[t.Pair] })
		}
	}
}

// SameMachine checks, before a resumed run goes on, that its pairs would be of
// the machine, and made by the programs, that the earlier ones were. What is not
// known is not compared.
func SameMachine(docs []*results.Document, now results.Environment) error {
	for _, d := range docs {
		was := d.Environment
		for _, fact := range []struct{ name, was, now string }{
			{"CPU", was.CPUModel, now.CPUModel},
			{"number of cores", fmt.Sprint(was.Cores), fmt.Sprint(now.Cores)},
			{"kernel", was.Kernel, now.Kernel},
			{"wrk", was.WrkVersion, now.WrkVersion},
			{"taskbench", was.TaskbenchVersion, now.TaskbenchVersion},
		} {
			if fact.was != fact.now && fact.was != "" && fact.was != "0" {
				return cannotResume(d, "its %s was %s, and is %s now", fact.name, fact.was, fact.now)
			}
		}
	}
	return nil
}

// SameServers checks, before a resumed run goes on, that the targets are still
// the programs that were measured.
func (s Survey) SameServers(docs []*results.Document) error {
	for i, d := range docs {
		now, was := s.Identities[i], d.Target
		switch {
		case was.ExecutableSHA256 != "" && now.ExecutableSHA256 != "" && now.ExecutableSHA256 != was.ExecutableSHA256:
			return cannotResume(d, "the program of %s is another one than it was then", d.Implementation)
		case !fresh(d) && now.Reference != d.Reference:
			return cannotResume(d, "%s was %q, and is %q now", d.Implementation, d.Reference, now.Reference)
		}
	}
	return nil
}
