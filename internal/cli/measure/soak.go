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

	"taskbench/compare/lineup"
	"taskbench/compare/soak"
	"taskbench/compare/words"
	"taskbench/internal/bench"
	"taskbench/internal/cli/console"
	"taskbench/internal/cli/documents"
	"taskbench/results"
)

const (
	soakDuration    = 30 * time.Minute
	usualWindows    = 30              // of a soak, where they do not become too short
	shortWindow     = 5 * time.Second // too short
	shortestWindow  = time.Second     // that may be asked for
	mostSoakWindows = 500             // a document that is written anew after each must not become too large
)

func soakCommand(p console.Process) *cli.Command {
	flags := slices.DeleteFunc(profileFlags(), func(f cli.Flag) bool { return f.Names()[0] == "duration" })
	return &cli.Command{
		Name:      "soak",
		Usage:     "put every target under constant load for long, and show what drifts",
		ArgsUsage: "[URL...] [SCENARIO|FILE.yaml]",
		Description: "Loads each server, one after the other, with the scenario (default: the folder's one, else " + profileScenario + ") at its highest\n" +
			"number of connections, and looks at throughput, latency, CPU time, memory, open files and threads\n" +
			"window by window. docs/soak.md says how drift is judged. Ctrl-C ends it with what there is.\n" +
			"Exit code 3: with --check-expected, something got worse. 1: a server died.",
		Flags: append(flags,
			&cli.DurationFlag{Name: "duration", Value: soakDuration, Usage: "how long each target is under load, `TIME`"},
			&cli.DurationFlag{Name: "window", Usage: "length of a window, `TIME` (default: a thirtieth of the duration, at least 5s)"},
			&cli.Float64Flag{Name: "hz", Value: 2, Usage: "samples a second of memory and threads, `N` from 0.1 to 100"},
			&cli.BoolFlag{Name: "check-expected", Usage: "fail (exit code 3) when a figure keeps getting worse"},
			&cli.StringFlag{Name: "stored", Usage: "measure nothing: print the stored soak `REF` again (latest, an implementation, a session or a file)"},
		),
		Action: func(c *cli.Context) error {
			if c.IsSet("stored") {
				return storedSoak(c, p)
			}
			s, err := newSoak(c, p)
			if err != nil {
				return err
			}
			defer s.cleanup()
			return s.measure(c.Context)
		},
	}
}

// soakRun is a soak as it was asked for.
type soakRun struct {
	*profiling
	hz    float64
	check bool
}

func newSoak(c *cli.Context, p console.Process) (*soakRun, error) {
	window, windows, err := soakWindows(c.Duration("duration"), c.Duration("window"))
	if err != nil {
		return nil, err
	}
	hz := c.Float64("hz")
	if !(hz >= 0.1 && hz <= 100) {
		return nil, console.BadFlag("--hz %v: 0.1 to 100 samples a second", hz)
	}
	f, err := newProfiling(c, p, 1)
	if err != nil {
		return nil, err
	}
	if len(f.plan.Cells[0].Rate.Stages) > 0 {
		return nil, console.BadFlag("a soak is of one load, and %s has stages: give one --rate", f.plan.Cells[0].Scenario.Name)
	}
	f.plan.Pairs, f.plan.Rule = windows, nil
	f.plan.Cells[0].Duration = window
	return &soakRun{profiling: f, hz: hz, check: c.Bool("check-expected")}, nil
}

// soakWindows divides a soak; window 0 is for us to choose.
func soakWindows(duration, window time.Duration) (time.Duration, int, error) {
	if window == 0 {
		window = max(duration/usualWindows, min(shortWindow, duration)).Round(time.Second)
	}
	n := 0
	if window > 0 {
		n = int(duration / window)
	}
	switch {
	case window < shortestWindow:
		return 0, 0, console.BadFlag("--duration %v, --window %v: a window is at least %v long", duration, window, shortestWindow)
	case n < 1:
		return 0, 0, console.BadFlag("--duration %v is shorter than one window of %v", duration, window)
	case n > mostSoakWindows:
		return 0, 0, console.BadFlag("--window %v: %d windows are more than %d; make them longer: --window %v", window, n, mostSoakWindows,
			(duration/mostSoakWindows).Truncate(time.Second)+time.Second)
	}
	return window, n, nil
}

func (s *soakRun) measure(ctx context.Context) error {
	s.announce()
	docs, runErr := s.carryOut(ctx)
	if !measured(docs) {
		return runErr
	}
	if err := notLoaded(docs); err != nil {
		return err
	}
	table, err := soak.New(documents.Values(docs), lineup.Options{})
	if err != nil {
		return errors.Join(runErr, err)
	}
	if err := s.show(words.Soak(table), docs, runErr); err != nil {
		return err
	}
	if s.check {
		err = nothingWorse(table)
	}
	return cmp.Or(err, judgeHosts(docs))
}

// model says how load is sent.
func model(c bench.Cell) string {
	if c.Rate.Open() {
		return fmt.Sprintf("open load: iterations begin at %s, whatever comes back", c.Rate.Text())
	}
	return fmt.Sprintf("closed load: %d virtual users, each waits for an answer before it asks again", c.Connections)
}

// announce tells what is to come, and how long it will take.
func (s *soakRun) announce() {
	cell, names := s.plan.Cells[0], s.names()
	each := time.Duration(s.plan.Pairs) * cell.Duration
	text := fmt.Sprintf("soaking %s for %v", strings.Join(names, ", "), each)
	if len(names) > 1 {
		text += " each, one after the other"
	}
	s.display.Note(text)
	s.display.Note(fmt.Sprintf("%d windows of %v; at least %v in all", s.plan.Pairs, cell.Duration, time.Duration(len(names))*(each+cell.Warmup)))
	s.display.Note(model(cell))
	if s.plan.Pairs < soak.FewestWindows {
		s.display.Note(fmt.Sprintf("too few windows for verdicts: %d are needed (--duration, --window)", soak.FewestWindows))
	}
}

func (s *soakRun) carryOut(ctx context.Context) ([]*results.Document, error) {
	defer s.display.Close()
	survey, docs, err := surveyed(ctx, s.runner, &s.plan, nil, s.display)
	if err != nil {
		return nil, err
	}
	for _, d := range docs {
		d.Kind = results.Soak // of those that are never saved, too
	}
	s.runner.Probes = append(s.runner.Probes, bench.Series{Hz: s.hz, FilesOnly: true})
	s.kept.Kind, s.runner.Save = results.Soak, s.kept.Save
	return docs, s.runner.Soak(ctx, s.plan, survey, docs)
}

// storedSoak prints again what was stored.
func storedSoak(c *cli.Context, p console.Process) error {
	docs, err := storedDocuments(c, p, results.Soak)
	if err != nil {
		return err
	}
	table, err := soak.New(docs, lineup.Options{})
	if err != nil {
		return err
	}
	if err := console.WritePage(p, words.Soak(table), c.String("format")); err != nil || !c.Bool("check-expected") {
		return err
	}
	return nothingWorse(table)
}

// nothingWorse fails on figures that keep getting worse.
func nothingWorse(table *soak.Comparison) error {
	var errs []error
	for _, text := range words.Worse(table) {
		errs = append(errs, errors.New(text))
	}
	if err := errors.Join(errs...); err != nil {
		return console.Exit(console.ExitGate, err)
	}
	return nil
}
