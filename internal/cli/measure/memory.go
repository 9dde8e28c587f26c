package measure

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

	"taskbench/compare/lineup"
	"taskbench/compare/memory"
	"taskbench/compare/stats"
	"taskbench/compare/words"
	"taskbench/internal/bench"
	"taskbench/internal/cli/console"
	"taskbench/internal/cli/documents"
	"taskbench/internal/cli/order"
	"taskbench/internal/source"
	"taskbench/results"
)

// memoryDuration is long enough for a verdict on leaks.
const memoryDuration = 60 * time.Second

func memoryCommand(p console.Process) *cli.Command {
	return &cli.Command{
		Name:      "memory",
		Usage:     "show every target's memory before, under and after load, and whether it leaks",
		ArgsUsage: "[URL...] [SCENARIO|FILE.yaml]",
		Description: "Loads each server with the scenario (default: the folder's one, else " + profileScenario + "), at its highest number of\n" +
			"connections, for 60 s, and samples its process tree meanwhile. docs/memory.md says how leaks are judged.\n" +
			"Exit code 3: with --check-expected, memory was over the limit or kept growing.",
		Flags: append(profileFlags(),
			&cli.GenericFlag{Name: "pairs", EnvVars: []string{"TASKBENCH_PAIRS"}, Value: new(order.PairsValue), Usage: "how often every target is measured, `N` times (default: 1; a verdict on ratios takes 6)"},
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
			f, err := newProfiling(c, p, 1)
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

// memoryRun is a measurement of memory as it was asked for.
type memoryRun struct {
	*profiling
	series bench.Series
	check  bool
}

func memoryOptions(c *cli.Context) (*memoryRun, error) {
	limit, err := parseSize(c.String("limit"))
	m := &memoryRun{
		series: bench.Series{Hz: c.Float64("hz"), LimitBytes: limit, Before: c.Duration("baseline-time"), After: c.Duration("settle")},
		check:  c.Bool("check-expected"),
	}
	switch {
	case err != nil:
		return nil, console.Exit(console.ExitUsage, fmt.Errorf("--limit %s: %w", c.String("limit"), err))
	case !(m.series.Hz >= 1 && m.series.Hz <= 100):
		return nil, console.BadFlag("--hz %v: 1 to 100 samples a second", m.series.Hz)
	case m.series.Before < 0 || m.series.After < 0:
		return nil, console.BadFlag("--baseline-time and --settle cannot be negative")
	case c.Bool("heaptrack") && c.IsSet("pairs"):
		return nil, console.BadFlag("--heaptrack counts allocations in one run: leave --pairs out")
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
		if int(*c.Generic("pairs").(*order.PairsValue)) < 1 {
			return console.BadFlag("--pairs auto: memory takes a number of pairs, such as 6")
		}
		plan, err := newPlan(m.cfg, m.plan.Scenarios, options{})
		if err != nil {
			return err
		}
		m.plan, m.plan.InSlots = plan, false
	}
	m.plan.Cells = []bench.Cell{cell}
	return nil
}

func (m *memoryRun) measure(ctx context.Context) error {
	m.runner.Probes = append(m.runner.Probes, m.series)
	docs, err := m.profiling.measure(ctx, results.Memory)
	if !measured(docs) {
		return err
	}
	table, tableErr := memory.New(documents.Values(docs), lineup.Options{})
	if tableErr != nil {
		return errors.Join(err, notMeasured(docs), tableErr)
	}
	if err := errors.Join(m.show(words.Memory(table), docs, err), notMeasured(docs)); err != nil || !m.check {
		return err
	}
	return expectedMemory(table)
}

// expectedMemory fails what is over its limit or leaks.
func expectedMemory(table *memory.Comparison) error {
	var errs []error
	for _, s := range table.Sides {
		if s.Met != nil && !*s.Met {
			errs = append(errs, fmt.Errorf("%s: its peak memory is over the limit (✗ above)", s.Target))
		}
		if s.Leak != nil && s.Leak.Verdict == stats.Growing {
			errs = append(errs, fmt.Errorf("%s: its memory keeps growing", s.Target))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return console.Exit(console.ExitGate, err)
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
