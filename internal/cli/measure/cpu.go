package measure

import (
	"context"
	"errors"

	"github.com/urfave/cli/v2"

	"taskbench/compare/profiles"
	"taskbench/internal/cli/console"
	"taskbench/internal/profile"
	"taskbench/results"
)

func cpuCommand(p console.Process) *cli.Command {
	return &cli.Command{
		Name:      "cpu",
		Usage:     "show where every target's CPU time goes under load: hottest functions, flame graphs (needs perf)",
		ArgsUsage: "[URL...] [SCENARIO|FILE.yaml]",
		Description: "Runs perf on each server while the scenario (default: the folder's one, else " + profileScenario + ") loads it, at its highest\n" +
			"number of connections. Stored beside the results: folded stacks, a profile for go tool pprof,\n" +
			"and one page of flame graphs of all targets that opens offline.\n" +
			"Exit code 1: perf is missing or not permitted; CPU use and load are measured all the same.",
		Flags: append(profileFlags(),
			&cli.IntFlag{Name: "recordings", Value: 1, Usage: "how often each target is recorded, `N`, in random order: with two or more, taskbench why gives functions' time intervals"},
			&cli.IntFlag{Name: "freq", Value: 999, EnvVars: []string{"TASKBENCH_FREQ"}, Usage: "samples a second and core, `HZ`"},
			&cli.StringFlag{Name: "call-graph", Value: profile.FramePointers, EnvVars: []string{"TASKBENCH_CALL_GRAPH"},
				Usage: "how callers are found: `fp` (frame pointers) or dwarf (debug information; costs more)"},
		),
		Action: func(c *cli.Context) error {
			o := profile.Options{Frequency: c.Int("freq"), CallGraph: c.String("call-graph")}
			if o.Frequency < 1 || o.Frequency > 10000 {
				return console.BadFlag("--freq %d: 1 to 10000 samples a second", o.Frequency)
			}
			if allowed := []string{profile.FramePointers, profile.Dwarf}; o.CallGraph != allowed[0] && o.CallGraph != allowed[1] {
				return console.Usagef(o.CallGraph, allowed, "--call-graph %q is neither fp nor dwarf", o.CallGraph)
			}
			recordings := c.Int("recordings")
			if recordings < 1 || recordings > mostRecordings {
				return console.BadFlag("--recordings %d: 1 to %d", recordings, mostRecordings)
			}
			f, err := newProfiling(c, p, recordings)
			if err != nil {
				return err
			}
			defer f.cleanup()
			return profileCPU(c.Context, f, o)
		},
	}
}

// profileCPU measures, stores and prints.
func profileCPU(ctx context.Context, f *profiling, o profile.Options) error {
	perf, refused := profile.FindPerf(ctx)
	probe := &profile.CPU{Perf: perf, Refused: refused, Options: o, Dir: f.runner.Dir, Results: map[string][]*profile.Result{}}
	f.runner.Probes = append(f.runner.Probes, probe)
	docs, err := f.measure(ctx, results.CPU)
	if !measured(docs) {
		return err
	}
	page, storeErr := f.kept.CPU(docs, probe.Results)
	return errors.Join(err, storeErr, f.print(profiles.CPU, docs, page), notProfiled(docs))
}

// notProfiled fails a command that was asked for a profile and has none.
func notProfiled(docs []*results.Document) error {
	for _, d := range docs {
		if t := d.LastTrial(); t != nil && t.CPU != nil && t.CPU.Missing == "" {
			return nil
		}
	}
	return errors.New("no target could be profiled (see above); the load was measured")
}
