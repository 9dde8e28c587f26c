package measure

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"taskbench/compare/lineup"
	"taskbench/compare/profiles"
	"taskbench/compare/words"
	"taskbench/internal/bench"
	"taskbench/internal/cli/console"
	"taskbench/internal/cli/documents"
	"taskbench/internal/cli/order"
	"taskbench/internal/config"
	"taskbench/internal/page"
	"taskbench/internal/profile"
	"taskbench/results"
	"taskbench/scenarios"
)

// profileScenario is what is profiled where none is named: every kind of
// request is in it.
const profileScenario = "workflow"

// profileFlags are of commands that measure one scenario once on every target.
func profileFlags() []cli.Flag {
	loads := slices.DeleteFunc(order.LoadFlags(), func(f cli.Flag) bool {
		return !slices.Contains([]string{"duration", "warmup", "connections", "rate", "arrival", "seed", "reset", "wrk", "pin", "hosts", "ignore-lock"}, f.Names()[0])
	})
	return slices.Concat(order.TargetFlags(), loads, []cli.Flag{documents.Flag(), console.FormatFlag()})
}

// profiling is one scenario, measured on every target and looked into
// meanwhile: by the probes that the command gives the runner.
type profiling struct {
	p       console.Process
	cfg     config.Config
	format  string
	plan    bench.Plan
	runner  *bench.Runner
	kept    *profile.Store
	display *console.Display
	cleanup func()
}

func newProfiling(c *cli.Context, p console.Process, recordings int) (*profiling, error) {
	asked, err := order.New(c, c.Args().Slice())
	if err != nil {
		return nil, err
	}
	if err := console.CheckFormat(c.String("format")); err != nil {
		return nil, err
	}
	if err := asked.ForTaskFlow(c); err != nil {
		return nil, err
	}
	scenario, err := asked.One(c, profileScenario)
	if err != nil {
		return nil, err
	}
	cfg := asked.Config
	cfg.Connections = highest(cfg.Connections, scenario)
	plan, err := profilePlan(cfg, scenario, recordings)
	if err != nil {
		return nil, err
	}
	f := &profiling{
		p: p, cfg: cfg, format: c.String("format"), plan: plan,
		kept: newKept(cfg, plan, p.Secrets.Hide), display: console.NewDisplay(p),
	}
	if err := f.kept.Results.Probe(); err != nil {
		return nil, err
	}
	f.runner, f.cleanup, err = newRunner(c.Context, p, cfg, f.display)
	return f, err
}

// highest is the highest of several numbers of connections, which alone is measured;
// where there is one, what was asked for stays.
func highest(asked []int, s *scenarios.Scenario) []int {
	levels := asked
	if len(levels) == 0 {
		levels = s.Load.Connections
	}
	if len(levels) < 2 {
		return asked
	}
	return []int{slices.Max(levels)}
}

// profilePlan measures a scenario once, or more often, on every target, in turn:
// what is looked into has the machine to itself.
func profilePlan(cfg config.Config, scenario *scenarios.Scenario, recordings int) (bench.Plan, error) {
	cfg.InTurn, cfg.Pairs = true, recordings
	return newPlan(cfg, []*scenarios.Scenario{scenario}, options{quick: recordings == 1})
}

func newKept(cfg config.Config, plan bench.Plan, hide func(string) string) *profile.Store {
	return &profile.Store{Results: &results.Store{Dir: cfg.Results, Hide: hide}, Load: plan.Cells[0].Name(), Paths: map[string]string{}}
}

// measure carries the plan out, and keeps its documents as those of a kind.
func (f *profiling) measure(ctx context.Context, kind results.Kind) ([]*results.Document, error) {
	f.kept.Kind, f.runner.Save = kind, f.kept.Save
	docs, _, err := carryOut(ctx, f.runner, f.plan, nil, f.display)
	return docs, err
}

// names are those of the targets.
func (f *profiling) names() []string {
	names := make([]string, len(f.plan.Targets))
	for i, t := range f.plan.Targets {
		names[i] = t.Name
	}
	return names
}

// show writes the page, and where documents are; err is what went wrong before.
func (f *profiling) show(shown page.Page, docs []*results.Document, err error) error {
	err = errors.Join(err, console.WritePage(f.p, shown, f.format))
	tellStored(f.p.Stderr, docs, f.kept.Paths)
	return err
}

// storedDocuments are those of a kind that --stored names: nothing is measured then.
func storedDocuments(c *cli.Context, p console.Process, kind results.Kind) ([]results.Document, error) {
	if c.NArg() > 0 {
		return nil, console.BadFlag("--stored measures nothing: leave %s out", c.Args().First())
	}
	if err := console.CheckFormat(c.String("format")); err != nil {
		return nil, err
	}
	return documents.OfKind(documents.Open(c, p), kind, c.String("stored"))
}

// print writes the tables, and where everything lies.
func (f *profiling) print(kind profiles.Kind, docs []*results.Document, page string) error {
	table, err := profiles.New(kind, documents.Values(docs), lineup.Options{})
	if err != nil {
		return errors.Join(notMeasured(docs), err)
	}
	if err := console.WritePage(f.p, words.Profile(table), f.format); err != nil {
		return err
	}
	tellStored(f.p.Stderr, docs, f.kept.Paths)
	if page != "" {
		fmt.Fprintf(f.p.Stderr, "flame graphs: %s\n", page)
	}
	return cmp.Or(notMeasured(docs), judgeHosts(docs))
}

// mostlyFailed is the share of requests without a good answer from which on
// figures are not those of a server at work.
const mostlyFailed = 0.5

// notMeasured tells of targets without a load worth the name. What was sampled
// is printed and stored all the same.
func notMeasured(docs []*results.Document) error {
	if err := notLoaded(docs); err != nil {
		return err
	}
	var errs []error
	for _, d := range docs {
		if t := d.LastTrial(); t != nil {
			errs = append(errs, doubtful(d.Implementation, t))
		}
	}
	return errors.Join(errs...)
}

// notLoaded tells of scenarios that some target answered wrongly before any load,
// each target with its own answer; nil when there is none.
func notLoaded(docs []*results.Document) error {
	var errs []error
	for _, d := range docs {
		for _, m := range d.Scenarios {
			if m.Refused != "" && d.Plan.Floor != d.Implementation {
				errs = append(errs, fmt.Errorf("failed: %s was not loaded: %s: %s", m.Scenario, d.Implementation, m.Refused))
			}
		}
	}
	if len(errs) == 0 {
		return nil
	}
	return console.Exit(console.ExitGate, errors.Join(errs...))
}

// doubtful says why a trial's load was none, or the wrong one; nil when it was right.
func doubtful(name string, t *results.Trial) error {
	switch {
	case t.Error != "":
		return fmt.Errorf("%s: %s", name, t.Error)
	case t.ErrorFraction > mostlyFailed:
		return fmt.Errorf("%s: %.0f %% of its requests had no good answer: these are not the figures of a server at work", name, 100*t.ErrorFraction)
	case t.Answers > t.Good:
		return console.Exit(console.ExitGate, fmt.Errorf("failed: answers of %s were not as expected\nhint: taskbench run SCENARIO shows which", name))
	}
	return nil
}
