package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"taskbench/compare"
	"taskbench/internal/bench"
	"taskbench/internal/server"
	"taskbench/internal/source"
	"taskbench/results"
	"taskbench/wrk"
)

// memoryDuration is long enough for a verdict on leaks.
const memoryDuration = 60 * time.Second

func memoryCommand(p Process) *cli.Command {
	return &cli.Command{
		Name:      "memory",
		Usage:     "show every target's memory before, under and after load, and whether it leaks",
		ArgsUsage: "[SCENARIO|FILE.yaml]",
		Description: "Loads each server with the scenario (default: " + profileScenario + "), at its highest number of\n" +
			"connections, for 60 s, and samples its process tree meanwhile. docs/memory.md says how leaks are judged.\n" +
			"Exit code 3: with --check-expected, memory was over the limit or kept growing.",
		Flags: append(profileFlags(),
			&cli.GenericFlag{Name: "pairs", EnvVars: []string{"TASKBENCH_PAIRS"}, Value: new(pairsValue), Usage: "how often every target is measured, `N` times (default: 1; a verdict on ratios takes 6)"},
			&cli.Float64Flag{Name: "hz", Value: 10, Usage: "samples a second, `N` from 1 to 100"},
			&cli.StringFlag{Name: "limit", Value: "100MB", Usage: "the expected most under load, `SIZE`"},
			&cli.DurationFlag{Name: "baseline-time", Value: 2 * time.Second, Usage: "sample for `TIME` before load"},
			&cli.DurationFlag{Name: "settle", Value: 5 * time.Second, Usage: "sample for `TIME` after load"},
			&cli.BoolFlag{Name: "check-expected", Usage: "fail (exit code 3) when memory is over the limit or keeps growing"},
			&cli.BoolFlag{Name: "heaptrack", Usage: "start the targets under heaptrack instead, and show what they allocate"},
		),
		Action: func(c *cli.Context) error {
			m, err := memoryOptions(c)
			if err != nil {
				return err
			}
			f, err := newProfiling(c, p)
			if err != nil {
				return err
			}
			defer f.cleanup()
			if c.Bool("heaptrack") {
				return profileHeap(c.Context, f)
			}
			m.profiling = f
			if err := m.lengthen(c); err != nil {
				return err
			}
			return m.measure(c.Context)
		},
	}
}

// memoryRun samples the targets' memory while they are measured.
type memoryRun struct {
	*profiling
	hz            float64
	limit         float64 // bytes
	before, after time.Duration
	check         bool

	current  *server.Server
	warmUps  int // runs of wrk that are still to come before the one that counts
	recorder *bench.Recorder
	recorded map[string]results.MemoryProfile // of the newest trial, by target
}

func memoryOptions(c *cli.Context) (*memoryRun, error) {
	limit, err := parseSize(c.String("limit"))
	m := &memoryRun{
		hz: c.Float64("hz"), limit: limit, before: c.Duration("baseline-time"), after: c.Duration("settle"),
		check: c.Bool("check-expected"), recorded: map[string]results.MemoryProfile{},
	}
	switch {
	case err != nil:
		return nil, exit(ExitUsage, fmt.Errorf("--limit %s: %w", c.String("limit"), err))
	case !(m.hz >= 1 && m.hz <= 100):
		return nil, badFlag("--hz %v: 1 to 100 samples a second", m.hz)
	case m.before < 0 || m.after < 0:
		return nil, badFlag("--baseline-time and --settle cannot be negative")
	case c.Bool("heaptrack") && c.IsSet("pairs"):
		return nil, badFlag("--heaptrack counts allocations in one run: leave --pairs out")
	}
	return m, nil
}

// lengthen gives the plan its pairs, and windows long enough for a verdict.
func (m *memoryRun) lengthen(c *cli.Context) error {
	cell := m.plan.Cells[0]
	if m.cfg.Duration == 0 {
		cell.Duration = memoryDuration
	}
	if c.IsSet("pairs") {
		if int(*c.Generic("pairs").(*pairsValue)) < 1 {
			return badFlag("--pairs auto: memory takes a number of pairs, such as 6")
		}
		plan, err := newPlan(m.cfg, m.plan.Scenarios, options{})
		if err != nil {
			return err
		}
		m.plan = plan
	}
	m.plan.Cells = []bench.Cell{cell}
	return nil
}

func (m *memoryRun) measure(ctx context.Context) error {
	m.runner.Open, m.runner.Generate = m.open, m.generate
	m.runner.Save = func(d *results.Document) error {
		if t := lastTrial(d); t != nil && t.Memory == nil {
			if p, ok := m.recorded[d.Implementation]; ok {
				t.Memory = &p
				delete(m.recorded, d.Implementation)
			}
		}
		return m.save(d, results.Memory)
	}
	docs, _, err := carryOut(ctx, m.runner, m.plan, nil, m.display)
	if !measured(docs) {
		return err
	}
	table, tableErr := compare.NewMemory(values(docs))
	if tableErr != nil {
		return errors.Join(err, notMeasured(docs), tableErr)
	}
	err = errors.Join(err, memoryForms.write(m.p, table, m.format))
	for _, d := range docs {
		fmt.Fprintf(m.p.Stderr, "stored: %s\n", m.paths[d.Implementation])
	}
	if err := errors.Join(err, notMeasured(docs)); err != nil || !m.check {
		return err
	}
	return expectedMemory(table)
}

func (m *memoryRun) open(ctx context.Context, spec server.Spec) (_ bench.Server, err error) {
	if m.current, err = server.Open(ctx, spec); err != nil {
		return nil, err
	}
	m.recorder, m.warmUps = nil, 0
	if m.plan.Cells[0].WarmsUpApart(spec) {
		m.warmUps = 1
	}
	return m.current, nil
}

// generate samples around the generator's runs: from before the first to some
// time after the last.
func (m *memoryRun) generate(ctx context.Context, o wrk.Options) (wrk.Output, error) {
	if m.recorder == nil {
		m.recorder = bench.Record(m.current, m.hz)
		wait(ctx, m.before)
	}
	if m.warmUps > 0 {
		m.warmUps--
		out, err := wrk.Run(ctx, o)
		if err != nil {
			m.recorder.End(0, 0, 0, 0)
		}
		return out, err
	}
	from := m.recorder.Elapsed()
	out, err := wrk.Run(ctx, o)
	to := m.recorder.Elapsed()
	if err == nil {
		wait(ctx, m.after)
	}
	cell := m.plan.Cells[0]
	p := m.recorder.End(from, to, cell.Duration, cell.Connections)
	p.LimitBytes = m.limit
	m.recorded[m.current.Spec().Name] = p
	return out, err
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// expectedMemory fails what is over its limit or leaks.
func expectedMemory(table *compare.MemoryComparison) error {
	var errs []error
	for _, s := range table.Sides {
		if s.Met != nil && !*s.Met {
			errs = append(errs, fmt.Errorf("%s: its peak memory is over the limit (✗ above)", s.Target))
		}
		if s.Leak != nil && s.Leak.Verdict == compare.Growing {
			errs = append(errs, fmt.Errorf("%s: its memory keeps growing", s.Target))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return exit(ExitGate, err)
	}
	return nil
}

var sizeUnits = []struct {
	name  string
	bytes float64
}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"kB", 1e3}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"B", 1}}

// parseSize reads "100MB" or "64 MiB" as bytes.
func parseSize(text string) (float64, error) {
	i := slices.IndexFunc(sizeUnits, func(u struct {
		name  string
		bytes float64
	}) bool {
		return strings.HasSuffix(text, u.name)
	})
	if i >= 0 {
		u := sizeUnits[i]
		n, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(text, u.name)), 64)
		if err == nil && n > 0 && !math.IsInf(n, 1) {
			return n * u.bytes, nil
		}
	}
	return 0, source.WithHint(errors.New("not a size"), "write a number and a unit: 100MB, 64MiB, 1GB")
}
