package measure

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"taskbench/compare"
	"taskbench/compare/lineup"
	"taskbench/compare/verdict"
	"taskbench/compare/words"
	"taskbench/internal/bench"
	"taskbench/internal/cli/console"
	"taskbench/internal/cli/documents"
	"taskbench/internal/cli/order"
	"taskbench/internal/config"
	"taskbench/internal/ledger"
	"taskbench/internal/machine"
	"taskbench/internal/profile"
	"taskbench/internal/scratch"
	"taskbench/internal/source"
	"taskbench/results"
	"taskbench/scenarios"
)

// What a ledger records where nobody asks for more: five recordings are as many
// as verdicts on load tests take at least.
const (
	usualRecordings = 5
	mostRecordings  = 100
	usualUsers      = 10
	mostUsers       = 1000
)

func ledgerCommand(p console.Process) *cli.Command {
	return &cli.Command{
		Name:      "ledger",
		Usage:     "count what an answer costs every target: instructions, allocations, system calls (needs valgrind)",
		ArgsUsage: "[SCENARIO|FILE.yaml|FOLDER...]",
		Description: "Starts each target under valgrind's callgrind and sends the scenario's steps one request at a time, over\n" +
			"so many virtual users and three times as many: the slope is what one answer costs. Counts need no quiet\n" +
			"machine. Targets need start:. taskbench why then takes the difference apart. See docs/ledger.md.",
		Flags: slices.Concat(order.TargetFlags(), countFlags(), []cli.Flag{
			&cli.IntFlag{Name: "users", Value: usualUsers, Usage: "the smaller number of virtual users, `N`"},
			&cli.IntFlag{Name: "recordings", Value: usualRecordings, Usage: "how often each target is recorded, `N`; a verdict takes three"},
			&cli.StringFlag{Name: "stored", Usage: "count nothing: print the stored ledger `REF` again (latest, an implementation, a session or a file)"},
			documents.Flag(), console.FormatFlag(),
		}),
		Action: func(c *cli.Context) error {
			if c.IsSet("stored") {
				return storedLedger(c, p)
			}
			l, err := newLedgerRun(c, p)
			if err != nil {
				return err
			}
			defer l.cleanup()
			return l.measure(c.Context)
		},
	}
}

// countFlags are those of loads that recordings have, too.
func countFlags() []cli.Flag {
	return slices.DeleteFunc(order.LoadFlags(), func(f cli.Flag) bool { return !slices.Contains([]string{"seed", "reset"}, f.Names()[0]) })
}

// ledgerRun is a ledger as it was asked for.
type ledgerRun struct {
	p       console.Process
	format  string
	plan    bench.Plan
	trials  *ledger.Trials
	kept    *profile.Store
	display *console.Display
	cleanup func()
}

func newLedgerRun(c *cli.Context, p console.Process) (*ledgerRun, error) {
	if err := console.CheckFormat(c.String("format")); err != nil {
		return nil, err
	}
	users, recordings := c.Int("users"), c.Int("recordings")
	switch {
	case users < 1 || users > mostUsers:
		return nil, console.BadFlag("--users %d: 1 to %d", users, mostUsers)
	case recordings < 1 || recordings > mostRecordings:
		return nil, console.BadFlag("--recordings %d: 1 to %d", recordings, mostRecordings)
	}
	asked, err := order.New(c, c.Args().Slice())
	if err != nil {
		return nil, err
	}
	if !asked.Config.Alone() {
		fmt.Fprintf(p.Stderr, "hosts are not used: a ledger counts what few requests from this machine cost, whoever sends them\n")
		asked.Config.Hosts = nil
	}
	if floor := asked.Config.Floor; floor != nil {
		asked.Config.Targets = append(slices.Clone(asked.Config.Targets), *floor)
	}
	valgrind, err := ledger.Find(c.Context)
	if err != nil {
		return nil, err
	}
	if asked.Config.Floor != nil && asked.Config.Floor.Start == "" {
		return nil, source.WithHint(errors.New("the floor runs already: counting begins with a server's start"), "write floor: {url: …, start: …}, or take it out")
	}
	for _, t := range asked.Config.Targets { // what valgrind cannot run is refused before anything is started
		if _, err := valgrind.Wrap(t, "", nil); err != nil {
			return nil, err
		}
	}
	loaded, err := asked.Scenarios(c)
	if err != nil {
		return nil, err
	}
	for _, s := range loaded {
		if err := ledger.Countable(s); err != nil {
			return nil, err
		}
	}
	plan, err := ledgerPlan(asked.Config, loaded, users, recordings)
	if err != nil {
		return nil, err
	}
	dir, cleanup, err := scratch.Folder()
	if err != nil {
		return nil, err
	}
	kept := newKept(asked.Config, plan, p.Secrets.Hide)
	kept.Kind = results.Ledger
	return &ledgerRun{
		p: p, format: c.String("format"), plan: plan, kept: kept, display: console.NewDisplay(p), cleanup: cleanup,
		trials: &ledger.Trials{Recorder: ledger.Recorder{Valgrind: valgrind, Users: users, Dir: dir, Cores: machine.CPUs()}},
	}, nil
}

// ledgerPlan is a plan whose pairs are recordings, and whose loads are users.
func ledgerPlan(cfg config.Config, loaded []*scenarios.Scenario, users, recordings int) (bench.Plan, error) {
	p, err := newPlan(cfg, loaded, options{quick: true})
	if cfg.Floor != nil {
		p.Floor = cfg.Floor.Name
	}
	p.Pairs, p.Rule, p.InSlots = recordings, verdict.LedgerRule(recordings), false
	p.Cells = bench.NewCells(loaded, bench.Overrides{Connections: []int{users}})
	for i := range p.Cells {
		p.Cells[i].Duration, p.Cells[i].Warmup, p.Cells[i].Threads = 0, 0, 1
	}
	return p, err
}

// measure records, stores and prints.
func (l *ledgerRun) measure(ctx context.Context) error {
	if err := l.kept.Results.Probe(); err != nil {
		return err
	}
	runner := &bench.Runner{Trial: l.trials.Trial, Save: l.kept.Save, Progress: l.display.Show, Now: time.Now, Dir: l.trials.Dir}
	docs, _, err := carryOut(ctx, runner, l.plan, nil, l.display)
	if !measured(docs) {
		return err
	}
	graphs, storeErr := l.trials.Keep(l.kept, docs)
	table, tableErr := compare.NewLedger(documents.Values(docs), lineup.Options{})
	if tableErr != nil {
		return errors.Join(err, notLoaded(docs), tableErr)
	}
	besideLoad(l.kept.Results.Dir, table)
	err = errors.Join(err, storeErr, console.WritePage(l.p, words.Ledger(table), l.format))
	tellStored(l.p.Stderr, docs, l.kept.Paths)
	if graphs != "" {
		fmt.Fprintf(l.p.Stderr, "flame graphs: %s\n", graphs)
	}
	return errors.Join(err, notLoaded(docs), notCounted(docs))
}

// storedLedger prints again what was stored.
func storedLedger(c *cli.Context, p console.Process) error {
	docs, err := storedDocuments(c, p, results.Ledger)
	if err != nil {
		return err
	}
	table, err := compare.NewLedger(docs, lineup.Options{})
	if err != nil {
		return err
	}
	besideLoad(documents.Open(c, p).Dir, table)
	return console.WritePage(p, words.Ledger(table), c.String("format"))
}

// besideLoad adds what the newest measured run says of CPU time, where there is one.
func besideLoad(dir string, table *compare.LedgerComparison) {
	docs, err := documents.Named(&results.Store{Dir: dir}, nil)
	if err != nil || docs[0].Kind != results.LoadTest {
		return
	}
	if load, err := compare.New(docs, lineup.Options{Baseline: table.Targets[0].Implementation}); err == nil {
		table.Beside(load)
	}
}

// notCounted tells of targets without a recording.
func notCounted(docs []*results.Document) error {
	var errs []error
	for _, d := range docs {
		if d.Plan.Floor == d.Implementation { // the others are counted without it, and it is said
			continue
		}
		for _, m := range d.Scenarios {
			failed := func(t results.Trial) bool { return !t.Counts() }
			if n := len(m.Trials); n > 0 && !slices.ContainsFunc(m.Trials, func(t results.Trial) bool { return t.Counts() }) {
				t := m.Trials[slices.IndexFunc(m.Trials, failed)]
				errs = append(errs, fmt.Errorf("%s: %s was not counted: %s", d.Implementation, m.Scenario, t.Error))
			}
		}
	}
	return errors.Join(errs...)
}
