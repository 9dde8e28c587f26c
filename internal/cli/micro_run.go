package cli

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"taskbench/compare/verdict"
	"taskbench/internal/bench"
	"taskbench/internal/cli/console"
	"taskbench/internal/cli/documents"
	"taskbench/internal/cli/measure"
	"taskbench/internal/machine"
	"taskbench/internal/micro"
	"taskbench/internal/scratch"
	"taskbench/internal/shell"
	"taskbench/internal/source"
	"taskbench/results"
)

func runMicro(c *cli.Context, p console.Process) error {
	names, args := forCriterion(c.Args().Slice(), behindDashes(p.Args))
	pairs, err := namedPaths(names, "taskbench micro run rust=../rust windjammer=../windjammer")
	if err != nil {
		return err
	}
	options, err := microOptions(c)
	if err != nil {
		return err
	}
	store := documents.Open(c, p)
	plan, err := microPlan(c, pairs, args)
	if err == nil && c.IsSet("resume") {
		plan, err = resumedMicro(c, store, plan)
	}
	if err != nil {
		return err
	}
	if err := store.Probe(); err != nil {
		return err
	}
	docs, err := measureMicro(c, p, plan, store)
	if len(docs) == 0 {
		return err
	}
	if err != nil && c.Context.Err() != nil && micro.CanResume(docs) {
		err = source.WithHint(err, "go on where it stopped with: "+goOnMicro(c, plan))
	}
	for _, d := range docs {
		for _, w := range d.Warnings {
			fmt.Fprintf(p.Stderr, "%s: %s\n", d.Implementation, w)
		}
	}
	return errors.Join(err, printMicro(p, documents.Values(docs), options, c.String("format")))
}

// microPlan settles what is run. The baseline is settled as a load test's.
func microPlan(c *cli.Context, pairs []namedPath, args []string) (micro.Plan, error) {
	plan := micro.Plan{
		Session: measure.NewSession(time.Now()), Rounds: c.Int("rounds"), Seed: rand.Int64N(1 << 31), Args: args,
		Rule: verdict.NewRule(c.Int("rounds"), false, c.Int("rounds") == 1, c.Float64("margin")),
	}
	if plan.Rounds < 1 {
		return plan, console.BadFlag("--rounds %d: at least one round is needed", plan.Rounds)
	}
	if c.IsSet("seed") {
		plan.Seed = c.Int64("seed")
	}
	for _, pair := range pairs {
		if slices.ContainsFunc(plan.Crates, func(other micro.Crate) bool { return other.Name == pair.name }) {
			return plan, console.BadFlag("%s=%s: %q is given twice", pair.name, pair.path, pair.name)
		}
		plan.Crates = append(plan.Crates, micro.Crate{Name: pair.name, Dir: pair.path})
	}
	var err error
	plan.Baseline, err = microBaseline(c, pairs)
	return plan, err
}

// resumedMicro is the plan of an interrupted run, for crates and arguments as they
// are given now.
func resumedMicro(c *cli.Context, store *results.Store, given micro.Plan) (micro.Plan, error) {
	for _, name := range []string{"rounds", "seed", "margin", "baseline"} {
		if slices.Contains(c.LocalFlagNames(), name) {
			return given, console.BadFlag("--resume goes on as the run was planned: leave --%s out", name)
		}
	}
	docs, err := store.Interrupted(results.Microbench, c.String("resume"))
	if err != nil {
		return given, err
	}
	environment := machine.Describe()
	environment.TaskbenchVersion = console.Version()
	if err := bench.SameMachine(docs, environment); err != nil {
		return given, err
	}
	return micro.Resume(docs, given.Crates, given.Args)
}

// goOnMicro is the command that goes on with an interrupted run.
func goOnMicro(c *cli.Context, plan micro.Plan) string {
	words := []string{"taskbench micro run --resume " + plan.Session}
	for _, name := range []string{"results", "cargo"} {
		if slices.Contains(c.LocalFlagNames(), name) {
			words = append(words, "--"+name+" "+shell.Argument(c.String(name)))
		}
	}
	for _, crate := range plan.Crates {
		words = append(words, shell.Argument(crate.Name+"="+crate.Dir))
	}
	if len(plan.Args) > 0 {
		words = append(words, "--")
	}
	for _, arg := range plan.Args {
		words = append(words, shell.Argument(arg))
	}
	return strings.Join(words, " ")
}

// measureMicro runs the plan. Documents come with an error when only some
// rounds were measured.
func measureMicro(c *cli.Context, p console.Process, plan micro.Plan, store *results.Store) ([]*results.Document, error) {
	found, err := micro.Find(c.String("cargo"))
	if err != nil {
		return nil, err
	}
	beside, release, err := measure.Alone(p, c.Bool("ignore-lock"), nil)
	if err != nil {
		return nil, err
	}
	defer release()
	home, remove, err := scratch.Folder()
	if err != nil {
		return nil, err
	}
	defer remove()
	runner := &micro.Runner{
		Cargo: found, Home: home, Now: time.Now,
		Save: func(d *results.Document) error {
			path, err := store.Save(d)
			if err == nil && d.Complete {
				fmt.Fprintf(p.Stderr, "stored: %s\n", path)
			}
			return err
		},
		Progress: func(e micro.Event) { fmt.Fprintln(p.Stderr, microEvent(e)) },
	}
	environment := machine.Describe()
	environment.TaskbenchVersion = console.Version()
	if beside != "" {
		environment.Notes = append(environment.Notes, "it was not alone: "+beside)
	}
	return runner.Run(c.Context, plan, environment)
}

func microEvent(e micro.Event) string {
	if e.Round == 0 {
		return "building the benches of " + e.Crate
	}
	return fmt.Sprintf("%d/%d round %d of %d: %s", e.Done+1, e.Total, e.Round, e.Rounds, e.Crate)
}
