package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"taskbench/compare"
	"taskbench/internal/profile"
	"taskbench/results"
)

func cpuCommand(p Process) *cli.Command {
	return &cli.Command{
		Name:      "cpu",
		Usage:     "show where every target's CPU time goes under load: hottest functions, flame graphs (needs perf)",
		ArgsUsage: "[SCENARIO|FILE.yaml]",
		Description: "Runs perf on each server while the scenario (default: " + profileScenario + ") loads it, at its highest\n" +
			"number of connections. Stored beside the results: folded stacks, a profile for go tool pprof,\n" +
			"and one page of flame graphs of all targets that opens offline.\n" +
			"Exit code 1: perf is missing or not permitted; CPU use and load are measured all the same.",
		Flags: append(profileFlags(),
			&cli.IntFlag{Name: "freq", Value: 999, EnvVars: []string{"TASKBENCH_FREQ"}, Usage: "samples a second and core, `HZ`"},
			&cli.StringFlag{Name: "call-graph", Value: profile.FramePointers, EnvVars: []string{"TASKBENCH_CALL_GRAPH"},
				Usage: "how callers are found: `fp` (frame pointers) or dwarf (debug information; costs more)"},
		),
		Action: func(c *cli.Context) error {
			o := profile.Options{Frequency: c.Int("freq"), CallGraph: c.String("call-graph")}
			if o.Frequency < 1 || o.Frequency > 10000 {
				return badFlag("--freq %d: 1 to 10000 samples a second", o.Frequency)
			}
			if allowed := []string{profile.FramePointers, profile.Dwarf}; o.CallGraph != allowed[0] && o.CallGraph != allowed[1] {
				return usagef(o.CallGraph, allowed, "--call-graph %q is neither fp nor dwarf", o.CallGraph)
			}
			f, err := newProfiling(c, p)
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
	probe := &profile.CPU{Perf: perf, Refused: refused, Options: o, Dir: f.runner.Dir, Results: map[string]*profile.Result{}}
	f.runner.Probes = append(f.runner.Probes, probe)
	f.runner.Save = func(d *results.Document) error { return f.save(d, results.CPU) }
	docs, _, err := carryOut(ctx, f.runner, f.plan, nil, f.display)
	if !measured(docs) {
		return err
	}
	page, storeErr := storeCPU(f, docs, probe.Results)
	return errors.Join(err, storeErr, f.print(compare.CPUProfile, docs, page...), notProfiled(docs))
}

// storeCPU writes folded stacks and a pprof profile for each target that was
// recorded, and one page for all.
func storeCPU(f *profiling, docs []*results.Document, recorded map[string]*profile.Result) ([]string, error) {
	profile.Share(slices.Collect(maps.Values(recorded)))
	page := profile.Page{Title: "CPU: " + f.plan.Cells[0].Name(), Unit: "samples"}
	for _, d := range baselineFirst(docs) {
		r := recorded[d.Implementation]
		if t := lastTrial(d); r == nil || r.Tree == nil || t == nil || !t.Counts() {
			continue
		}
		if err := storeSamples(f, d, r); err != nil {
			return nil, err
		}
		page.Graphs = append(page.Graphs, profile.Graph{Name: d.Implementation, Tree: r.Tree, Notes: r.Profile.Notes})
		page.About = append(page.About, about(d, fmt.Sprintf("%d samples by %s (%s) in the window of %.1f s, callers by %s; %d of setup, warm-up and the end are left out",
			r.Profile.Samples, r.Profile.Tool, r.Profile.Event, r.Profile.LengthS, r.Profile.CallGraph, r.Profile.SamplesLeftOut)))
	}
	if len(page.Graphs) == 0 {
		return nil, nil
	}
	path, err := f.pageFile("cpu", docs[0].Created, func(w io.Writer) error { return profile.WritePage(w, page) })
	return []string{path}, errors.Join(err, f.recordPage(docs, path, results.CPU))
}

func storeSamples(f *profiling, d *results.Document, r *profile.Result) error {
	folded, err := f.beside(d.Implementation, ".folded", r.Tree.WriteFolded)
	if err != nil {
		return err
	}
	meaning := profile.Meaning{
		Type: "samples", Unit: "count", Cost: "cpu", CostUnit: "nanoseconds", CostOfOne: int64(time.Second) / int64(r.Profile.FrequencyHz),
		Started: r.Started, Length: time.Duration(r.Profile.LengthS * float64(time.Second)),
		Description: d.Implementation + ", " + f.plan.Cells[0].Name(),
	}
	pprof, err := f.beside(d.Implementation, ".pb.gz", func(w io.Writer) error { return r.Tree.WritePprof(w, meaning) })
	if err != nil {
		return err
	}
	if t := lastTrial(d); t != nil && t.CPU != nil {
		t.CPU.Files = []string{folded, pprof}
	}
	return f.save(d, results.CPU)
}

// baselineFirst orders documents as differences are taken.
func baselineFirst(docs []*results.Document) []*results.Document {
	var first, others []*results.Document
	for _, d := range docs {
		if d.Implementation == d.Baseline {
			first = append(first, d)
		} else {
			others = append(others, d)
		}
	}
	return append(first, others...)
}

// about says on a page what one target's graph is of.
func about(d *results.Document, what string) string {
	text := d.Implementation + ": " + what
	if d.Reference != "" {
		text += "; " + d.Reference
	}
	return text
}

// notProfiled fails a command that was asked for a profile and has none.
func notProfiled(docs []*results.Document) error {
	for _, d := range docs {
		if t := lastTrial(d); t != nil && t.CPU != nil && t.CPU.Missing == "" {
			return nil
		}
	}
	return errors.New("no target could be profiled (see above); the load was measured")
}
