// Package micro measures Criterion microbenchmarks: it runs `cargo bench` of
// several crates, alternating, and imports what others measured.
//
// A replicate is a process run. Criterion's hundred samples come from inside
// one process and share its memory layout and its moment, so a round is one
// `cargo bench` of each crate in random order, under a baseline name of its
// own, and verdicts are taken over rounds. Results go to a folder of ours
// (CRITERION_HOME): what is in a crate's target/criterion stays as it was.
//
// The package never judges figures and never changes a crate.
package micro

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"taskbench/internal/files"
	"taskbench/internal/source"
	"taskbench/parse"
	"taskbench/results"
)

// Crate is a cargo package with Criterion benches, as one implementation.
type Crate struct {
	Name string // of the implementation
	Dir  string // with a Cargo.toml

	target string // the folder it is built in; "": cargo's choice
}

// Plan is what to measure.
type Plan struct {
	Session  string
	Crates   []Crate
	Baseline string // a crate's name
	Rounds   int
	Seed     int64         // of the order within rounds
	Rule     *results.Rule // how the rounds will be judged
	Args     []string      // for Criterion, after the "--" of cargo bench

	resumed []*results.Document // of an interrupted run that is gone on with
	done    int                 // rounds that it has
}

// Event tells where a run stands.
type Event struct {
	Crate         string
	Round, Rounds int // Round 0: building
	Done, Total   int // process runs
}

// Runner runs plans. All fields but Progress are needed.
type Runner struct {
	Cargo    string // path of cargo, see Find
	Home     string // an empty folder for Criterion's results
	Now      func() time.Time
	Save     func(*results.Document) error // after every round, one document a crate
	Progress func(Event)
}

// Run builds every crate, measures the rounds and hands the documents over.
//
// Benches that do not build or do not run are named in the documents' warnings
// and in their rounds; the others are measured. It is an error when nothing is
// left of a crate, or the context ends: what was measured by then is saved.
func (r *Runner) Run(ctx context.Context, p Plan, e results.Environment) ([]*results.Document, error) {
	docs := p.resumed
	if docs == nil {
		docs = documents(p, e, r.Now())
	}
	p.Crates = slices.Clone(p.Crates)
	builds, err := r.buildAll(ctx, p)
	if err != nil {
		return nil, err
	}
	for i, c := range p.Crates {
		if err := docs[i].Micro.CompiledBy(r.toolchain(ctx, c)); err != nil {
			return nil, fmt.Errorf("%s: %w", c.Name, err)
		}
		for _, w := range builds[i].failed {
			if !slices.Contains(docs[i].Warnings, w) {
				docs[i].Warnings = append(docs[i].Warnings, w)
			}
		}
	}
	random := rand.New(rand.NewPCG(uint64(p.Seed), 0))
	for round := 1; round <= p.Rounds; round++ {
		order := random.Perm(len(p.Crates))
		if round <= p.done {
			continue
		}
		for position, i := range order {
			done := (round-1)*len(p.Crates) + position
			r.tell(Event{Crate: p.Crates[i].Name, Round: round, Rounds: p.Rounds, Done: done, Total: p.Rounds * len(p.Crates)})
			if err := r.round(ctx, p, i, builds[i], round, position+1, docs[i]); err != nil {
				return docs, errors.Join(interrupted(err, round, p.Rounds, docs), r.saveAll(docs))
			}
		}
		for _, d := range docs {
			d.Complete = round == p.Rounds
		}
		if err := r.saveAll(docs); err != nil {
			return docs, err
		}
	}
	return docs, measured(p, docs)
}

// interrupted says how far it came.
func interrupted(err error, round, rounds int, docs []*results.Document) error {
	if !slices.ContainsFunc(docs, func(d *results.Document) bool { return len(d.Micro.Rounds) > 0 }) {
		return fmt.Errorf("interrupted before anything was measured: %w", err)
	}
	return fmt.Errorf("interrupted in round %d of %d: what was measured is kept: %w", round, rounds, err)
}

func (r *Runner) tell(e Event) {
	if r.Progress != nil {
		r.Progress(e)
	}
}

func (r *Runner) saveAll(docs []*results.Document) error {
	var errs []error
	for _, d := range docs {
		if len(d.Micro.Rounds) > 0 {
			errs = append(errs, r.Save(d))
		}
	}
	return errors.Join(errs...)
}

// measured is an error when a crate has no figures at all.
func measured(p Plan, docs []*results.Document) error {
	var errs []error
	for i, d := range docs {
		if len(d.Micro.Benchmarks) == 0 && len(d.Micro.Rounds) > 0 {
			errs = append(errs, source.Errorf(source.Position{}, hintFor(d.Micro.Rounds[0].Error),
				"%s: cargo bench of %s left no results of Criterion: %s", d.Implementation, p.Crates[i].Dir, d.Micro.Rounds[0].Error))
		}
	}
	return errors.Join(errs...)
}

// hintFor says what to do about benches that left no results: of their arguments,
// where these are what they complain about.
func hintFor(problem string) string {
	for _, words := range []string{"unexpected argument", "Found argument", "invalid value", "Invalid value", "a value is required", "requires a value"} {
		if strings.Contains(problem, words) {
			return "what follows -- goes to every bench, and Criterion has to know it (cargo bench --bench NAME -- --help); cargo's own arguments belong into Cargo.toml or CARGO_… variables"
		}
	}
	return "see that the benches use Criterion 0.3.3 or newer; results of older ones can be imported: taskbench micro import"
}

// round is one process run of a crate. Only the end of the context is an
// error: whatever else goes wrong belongs to the round.
func (r *Runner) round(ctx context.Context, p Plan, i int, b build, number, position int, doc *results.Document) error {
	baseline, started := fmt.Sprintf("round-%d", number), r.Now()
	problem := r.bench(ctx, p.Crates[i], b, baseline, p.Args)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	home := r.home(p.Crates[i])
	var runs []parse.MicroRun
	var problems []error
	if _, err := os.Stat(home); err == nil {
		runs, problems = parse.CriterionFolder(files.FS(home), func(name string) bool { return name == baseline })
	}
	round := results.MicroRound{Round: number, Position: position, Started: &started, Baseline: baseline, Error: problem}
	for _, err := range append(problems, doc.Micro.AddRound(round, runs)...) {
		doc.Warnings = append(doc.Warnings, warning(err))
	}
	return nil
}

// home is where Criterion leaves a crate's results.
func (r *Runner) home(c Crate) string { return filepath.Join(r.Home, c.Name) }

// documents are one empty document a crate.
func documents(p Plan, e results.Environment, now time.Time) []*results.Document {
	var names []string
	for _, c := range p.Crates {
		names = append(names, c.Name)
	}
	var docs []*results.Document
	for _, c := range p.Crates {
		docs = append(docs, &results.Document{
			Kind: results.Microbench, Session: p.Session, Implementation: c.Name, Baseline: p.Baseline, Created: now,
			Target:      results.Target{Dir: c.Dir},
			Plan:        results.Plan{Targets: names, Pairs: p.Rounds, Seed: p.Seed, Rule: p.Rule},
			Environment: e, Scenarios: []results.Measurement{},
			Micro: &results.Micro{Source: []string{c.Dir}, Args: p.Args, Paired: true, Rounds: []results.MicroRound{}, Benchmarks: []results.Microbenchmark{}},
		})
	}
	return docs
}
