package measure

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"taskbench/compare/capacity"
	"taskbench/compare/capacity/shown"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/internal/arrivals"
	"taskbench/internal/bench"
	"taskbench/internal/cli/console"
	"taskbench/internal/cli/documents"
	"taskbench/internal/cli/order"
	"taskbench/internal/figure"
	"taskbench/internal/search"
	"taskbench/results"
	"taskbench/scenarios"
)

const (
	usualRepeats  = stats.FixedMin // the fewest that get a verdict
	searchWarmup  = 500 * time.Millisecond
	shortestTrial = time.Second
	mostRepeats   = 100
)

func capacityCommand(p console.Process) *cli.Command {
	flags := slices.DeleteFunc(profileFlags(), func(f cli.Flag) bool { return f.Names()[0] == "duration" })
	return &cli.Command{
		Name:      "capacity",
		Usage:     "find the highest rate at which every target keeps an objective",
		ArgsUsage: "[URL...] [SCENARIO|FILE.yaml]",
		Description: "Searches each server for the rate at which the objective (--objective, else the scenario's, else\n" +
			"\"" + scenarios.DefaultObjective + "\") stops to hold, and repeats that with fresh servers, whose trials take\n" +
			"turns. docs/capacity.md says how. Ctrl-C ends it with what there is.\n" +
			"Exit code 3: an objective never held, or with --check-expected a documented capacity is missed.\n" +
			"4: with --strict, some rate or ratio was not found.",
		Flags: append(flags,
			&cli.StringFlag{Name: "objective", Usage: "what is to hold, `BOUNDS` with commas between them: \"p95 < 20ms, errors < 0.1%\""},
			&cli.IntFlag{Name: "repeats", Value: usualRepeats, Usage: "search every target `N` times; fewer than 5 give no verdict on ratios"},
			&cli.DurationFlag{Name: "trial", Value: search.Usual().Final, Usage: "`LENGTH` of a trial that counts; half of it while it is only looked where to search"},
			&cli.StringFlag{Name: "width", Value: "2%", Usage: "how far apart the bounds of each search may be, `SIZE`"},
			&cli.StringFlag{Name: "from", Usage: "the lowest `RATE` that is tried (default: 1/s)"},
			&cli.StringFlag{Name: "to", Usage: "the highest `RATE` that is tried (default: what the generator can send)"},
			&cli.StringFlag{Name: "start", Usage: "the first `RATE` that is tried (default: one user's)"},
			&cli.BoolFlag{Name: "check-expected", Usage: "fail (exit code 3) when a documented capacity is missed"},
			&cli.BoolFlag{Name: "strict", Usage: "exit code 4 when a rate was not found, or a ratio is undecided"},
			&cli.StringFlag{Name: "stored", Usage: "measure nothing: print the stored search `REF` again (latest, an implementation, a session or a file)"},
		),
		Action: func(c *cli.Context) error {
			if c.IsSet("stored") {
				return storedCapacity(c, p)
			}
			s, err := newCapacity(c, p)
			if err != nil {
				return err
			}
			defer s.cleanup()
			return s.measure(c.Context)
		},
	}
}

// capacityRun is a search as it was asked for.
type capacityRun struct {
	*profiling
	search bench.Search
	ends   ends
}

// ends are what a command ends with beside its page.
type ends struct{ expected, strict bool }

func newCapacity(c *cli.Context, p console.Process) (*capacityRun, error) {
	goal, start, err := capacityGoal(c)
	if err != nil {
		return nil, err
	}
	repeats := c.Int("repeats")
	if repeats < 1 || repeats > mostRepeats {
		return nil, console.BadFlag("--repeats %d: 1 to %d", repeats, mostRepeats)
	}
	f, err := newProfiling(c, p, 1)
	if err != nil {
		return nil, err
	}
	s := &capacityRun{profiling: f, ends: ends{c.Bool("check-expected"), c.Bool("strict")}}
	if s.search.Objective, err = objective(c, f.plan.Scenarios[0]); err != nil {
		f.cleanup()
		return nil, err
	}
	f.plan.Pairs, f.plan.Rule = repeats, nil
	cell := &f.plan.Cells[0]
	cell.Rate = arrivals.Plan{Rate: max(goal.Least, min(1, goal.Most)), Arrival: cell.Rate.Arrival}
	cell.AutoUsers = len(f.cfg.Connections) == 0 && cell.Scenario.Load.AutoUsers
	cell.Duration, cell.Auto = goal.Final, false
	if f.cfg.Warmup == nil {
		cell.Warmup = searchWarmup
	}
	s.search.Plan = search.Plan{Goal: goal, Targets: len(f.plan.Targets), Repeats: repeats, Start: start, Seed: uint64(f.plan.Seed)}
	return s, nil
}

// capacityGoal is what flags make of the usual goal, and the rate to begin with; 0: it
// is for the run to choose.
func capacityGoal(c *cli.Context) (goal search.Goal, start float64, err error) {
	goal = search.Usual()
	goal.Least, goal.Most = 1, arrivals.Most
	trial := c.Duration("trial")
	if trial < shortestTrial || trial > time.Hour {
		return goal, 0, console.BadFlag("--trial %v: %v to an hour", trial, shortestTrial)
	}
	goal.Initial, goal.Final, goal.Sum = max(trial/2, shortestTrial), trial, 3*trial
	if goal.Width, err = order.Fraction("width", c.String("width")); err != nil || goal.Width < 0.001 || goal.Width > 0.5 {
		return goal, 0, console.BadFlag("--width %s: a size from 0.1%% to 50%%, such as 2%%", c.String("width"))
	}
	for flag, to := range map[string]*float64{"from": &goal.Least, "to": &goal.Most, "start": &start} {
		if !c.IsSet(flag) {
			continue
		}
		if *to, err = arrivals.Parse(c.String(flag)); err != nil {
			return goal, 0, console.BadFlag("--%s: %v", flag, err)
		}
	}
	switch {
	case goal.Least >= goal.Most:
		return goal, 0, console.BadFlag("--from %s is not below --to %s", arrivals.Text(goal.Least), arrivals.Text(goal.Most))
	case start > 0 && (start < goal.Least || start > goal.Most):
		return goal, 0, console.BadFlag("--start %s is not between --from and --to", arrivals.Text(start))
	}
	return goal, start, nil
}

// objective is the flag's, else the scenario's, else the usual one.
func objective(c *cli.Context, s *scenarios.Scenario) ([]scenarios.Bound, error) {
	if !c.IsSet("objective") && len(s.Objective) > 0 {
		return s.Objective, nil
	}
	return scenarios.ParseObjective(cmp.Or(c.String("objective"), scenarios.DefaultObjective), s.Mode)
}

// text is an objective as it is written.
func text(objective []scenarios.Bound) string {
	parts := make([]string, len(objective))
	for i, b := range objective {
		parts[i] = b.Metric + " " + b.Text
	}
	return strings.Join(parts, ", ")
}

func (s *capacityRun) measure(ctx context.Context) error {
	s.announce()
	docs, runErr := s.carryOut(ctx)
	if !measured(docs) {
		return runErr
	}
	if err := notLoaded(docs); err != nil {
		return err
	}
	table, err := capacity.New(documents.Values(docs), lineup.Options{Baseline: docs[0].Baseline})
	if err != nil {
		return errors.Join(runErr, err)
	}
	if err := s.show(shown.Page(table), docs, runErr); err != nil {
		return err
	}
	return cmp.Or(s.ends.of(table), judgeHosts(docs))
}

// announce tells what is to come, and how long that takes about.
func (s *capacityRun) announce() {
	names := s.names()
	s.display.Note(fmt.Sprintf("looking for the highest rate at which %s holds: %s, %s", text(s.search.Objective), strings.Join(names, ", "),
		figure.Count(s.search.Repeats, "repeat")))
	const trialsEach, firstTrials, around = 5, 16, time.Second
	each := s.search.Goal.Final + s.plan.Cells[0].Warmup + around
	about := time.Duration(len(names)*(trialsEach*s.search.Repeats+firstTrials)) * each
	s.display.Note(fmt.Sprintf("open load: requests are due on a schedule, whatever comes back; about %v in all", about.Round(10*time.Second)))
	if s.search.Repeats < stats.FixedMin && len(names) > 1 {
		s.display.Note(fmt.Sprintf("too few repeats for verdicts: %d are needed (--repeats)", stats.FixedMin))
	}
}

func (s *capacityRun) carryOut(ctx context.Context) ([]*results.Document, error) {
	defer s.display.Close()
	s.runner.Progress, s.runner.Live = func(bench.Event) {}, false
	survey, docs, err := surveyed(ctx, s.runner, &s.plan, nil, s.display)
	if err != nil {
		return nil, err
	}
	s.kept.Kind, s.runner.Save = results.Capacity, s.kept.Save
	s.search.Judge = capacity.Judge
	s.search.Told = func(ask search.Ask, t results.Trial, b search.Bounds) { s.display.Note(s.told(ask, t, b)) }
	for _, d := range docs {
		d.Kind = results.Capacity // of those that are never saved, too
	}
	return docs, s.runner.Search(ctx, s.plan, survey, docs, s.search)
}

// told is a line for each trial: what was asked, what became of it, and what is known
// by now.
func (s *capacityRun) told(ask search.Ask, t results.Trial, b search.Bounds) string {
	line := fmt.Sprintf("repeat %d of %d, %s: %s for %v", ask.Repeat+1, s.search.Repeats, s.plan.Targets[ask.Target].Name, figure.Rate.Print(ask.Rate), lasted(ask, t))
	switch sought := t.Sought; {
	case sought.Void != "":
		line += ", does not count: " + sought.Void
	case len(sought.Exceeded) > 0:
		line += ", exceeds (" + strings.Join(sought.Exceeded, ", ") + ")"
	default:
		line += ", holds"
	}
	if t.Ended != nil {
		line += ": " + strings.SplitN(t.Error, "\n", 2)[0]
	} else if t.Latency != nil {
		line += fmt.Sprintf(", p95 %s", figure.Time.Print(t.Latency.P95US))
	}
	switch {
	case b.Found():
		line += fmt.Sprintf("; between %s and %s", figure.Rate.Text(b.Lower, b.Lower), figure.Rate.Text(b.Upper, b.Lower))
	case b.Lower > 0:
		line += "; at least " + figure.Rate.Print(b.Lower)
	case b.Upper > 0:
		line += "; less than " + figure.Rate.Print(b.Upper)
	}
	return line
}

// lasted is how long a trial was, which is longer than asked for where the rate is low.
func lasted(ask search.Ask, t results.Trial) time.Duration {
	return max(ask.Length, time.Duration(t.WindowS*float64(time.Second)).Round(100*time.Millisecond))
}

// storedCapacity prints again what was stored.
func storedCapacity(c *cli.Context, p console.Process) error {
	docs, err := storedDocuments(c, p, results.Capacity)
	if err != nil {
		return err
	}
	table, err := capacity.New(docs, lineup.Options{Baseline: docs[0].Baseline})
	if err != nil {
		return err
	}
	if err := console.WritePage(p, shown.Page(table), c.String("format")); err != nil {
		return err
	}
	return ends{c.Bool("check-expected"), c.Bool("strict")}.of(table)
}

// of is the exit that a search has earned: an objective that never holds is a failure
// whoever asked; what is not known is one for those who ask for it.
func (e ends) of(c *capacity.Comparison) error {
	var failed, open []error
	for _, s := range c.Sides {
		switch s.Outcome {
		case capacity.Found:
		case capacity.Never:
			failed = append(failed, fmt.Errorf("%s: the objective never holds: %s", s.Target, c.Objective))
		default:
			open = append(open, fmt.Errorf("%s: its capacity was not found", s.Target))
		}
		if s.Against != nil && (s.Against.Verdict == stats.Inconclusive || s.Against.Verdict == stats.Indicative) {
			open = append(open, fmt.Errorf("%s against %s: undecided", s.Target, c.Baseline))
		}
	}
	if e.expected {
		for _, text := range shown.Missed(c) {
			failed = append(failed, errors.New(text))
		}
	}
	if err := errors.Join(failed...); err != nil {
		return console.Exit(console.ExitGate, err)
	}
	if err := errors.Join(open...); err != nil && e.strict {
		return console.Exit(console.ExitInconclusive, err)
	}
	return nil
}
