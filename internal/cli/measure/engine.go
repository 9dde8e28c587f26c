package measure

import (
	"context"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"taskbench/internal/bench"
	"taskbench/internal/cli/console"
	"taskbench/internal/config"
	"taskbench/internal/wrk2"
	"taskbench/results"
	"taskbench/wrk"
)

// The engines that a run can send with.
const (
	withWrk  = "wrk"
	withWrk2 = "wrk2"
)

func engineFlag() cli.Flag {
	return &cli.StringFlag{Name: "engine", Value: withWrk, Usage: "send with `NAME`: wrk, or wrk2, which has to be installed and keeps a rate of requests that never change (docs/rate.md)",
		Action: func(_ *cli.Context, name string) error {
			if name != withWrk && name != withWrk2 {
				return console.Usagef(name, []string{withWrk, withWrk2}, "unknown engine %q", name)
			}
			return nil
		}}
}

// sendWith chooses the engine, where it can do what is planned.
func (o *options) sendWith(engine string, cfg config.Config, plan *bench.Plan) error {
	if engine != withWrk2 {
		return nil
	}
	o.wrk2, o.goOn = true, ""
	plan.Engine = withWrk2
	notInSlots(plan, results.OtherEngine)
	if err := noHosts(cfg, "wrk2"); err != nil {
		return err
	}
	return console.ExitWith(console.ExitUsage, wrk2.Check(*plan))
}

// runner is what measures, with the engine that was asked for.
func (o options) runner(ctx context.Context, p console.Process, cfg config.Config, d *console.Display, plan bench.Plan) (*bench.Runner, func(), error) {
	if !o.wrk2 {
		return newRunner(ctx, p, cfg, d)
	}
	installation, err := wrk2.Find(cfg.Wrk)
	if err != nil {
		return nil, nil, err
	}
	r, cleanup, err := newRunnerWith(installation, p, cfg, d)
	if err != nil {
		return nil, nil, err
	}
	r.Wrk.Version = withWrk2 + " " + installation.Version
	r.Trial = wrk2.Engine{Wrk: installation, Generate: wrk.Run, Dir: filepath.Join(r.Dir, "wrk2"), CPUs: plan.GeneratorCPUs}.Trial
	return r, cleanup, nil
}
