package measure

import (
	"context"
	"errors"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"taskbench/internal/bench"
	"taskbench/internal/cli/console"
	"taskbench/internal/config"
	"taskbench/internal/hosts"
	"taskbench/internal/k6"
	"taskbench/internal/machine"
	"taskbench/internal/source"
	"taskbench/internal/wrk2"
	"taskbench/lua"
	"taskbench/results"
	"taskbench/scenarios"
	"taskbench/wrk"
)

// The engines that a run can send with.
const (
	withWrk  = results.WithWrk
	withWrk2 = "wrk2"
	withK6   = results.WithK6
)

// Engines are those by the names that --engine takes.
var Engines = []string{withWrk, withK6, withWrk2}

func engineFlag() cli.Flag {
	return &cli.StringFlag{Name: "engine", Value: withWrk, Usage: "send with `NAME`, which has to be installed: wrk; k6 (docs/distributed.md); or wrk2, which keeps a rate of requests that never change (docs/rate.md)",
		Action: func(c *cli.Context, name string) error {
			if !slices.Contains(Engines, name) {
				return console.Usagef(name, Engines, "unknown engine %q", name)
			}
			if name != withWrk && c.IsSet("slot") {
				return console.BadFlag("%s sends whole trials, which have no slots: leave --slot out, or send with wrk", name)
			}
			return nil
		}}
}

// sendWith chooses the engine, where it can do what is planned.
func sendWith(engine string, cfg config.Config, plan *bench.Plan) error {
	if engine == withWrk {
		return nil
	}
	plan.Engine = engine
	notInSlots(plan, results.OtherEngine)
	if engine == withK6 {
		return console.ExitWith(console.ExitUsage, errors.Join(processesOnly(cfg), scriptsForK6(*plan)))
	}
	if err := noHosts(cfg, "wrk2"); err != nil {
		return err
	}
	return console.ExitWith(console.ExitUsage, wrk2.Check(*plan))
}

// processesOnly refuses hosts that k6 is not started on from here.
func processesOnly(cfg config.Config) error {
	if away := slices.IndexFunc(cfg.Hosts, func(h hosts.Host) bool { return !here(h) }); away >= 0 {
		return source.WithHint(errors.New("k6 is started on this machine alone, and not on "+cfg.Hosts[away].Name),
			"--hosts local:N for N processes; taskbench k6 SCENARIO -o FOLDER writes the script, to be run on other machines or on a cluster")
	}
	return nil
}

// scriptsForK6 reports, before any load, what k6 cannot do of a plan.
func scriptsForK6(p bench.Plan) error {
	for _, c := range p.Cells {
		for _, t := range p.Targets {
			if _, _, err := k6.Script(c.Scenario.For(t.Name), lua.Options{Target: t.Name, URL: t.URL, Connections: c.Connections, Rate: &c.Rate}); err != nil {
				return err
			}
		}
	}
	return nil
}

// runner is what measures, with the plan's engine.
func (o options) runner(ctx context.Context, p console.Process, cfg config.Config, d *console.Display, plan bench.Plan) (*bench.Runner, func(), error) {
	switch plan.Engine {
	case withK6:
		return runnerOfK6(p, cfg, d)
	case withWrk2:
		return runnerOfWrk2(p, cfg, d, plan)
	}
	return newRunner(ctx, p, cfg, d)
}

func runnerOfWrk2(p console.Process, cfg config.Config, d *console.Display, plan bench.Plan) (*bench.Runner, func(), error) {
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

// runnerOfK6 sends with as many k6 processes as there are hosts, which all are here.
func runnerOfK6(p console.Process, cfg config.Config, d *console.Display) (*bench.Runner, func(), error) {
	installation, err := k6.Find(cfg.Wrk)
	if err != nil {
		return nil, nil, err
	}
	r, cleanup, err := newRunnerWith(wrk.Installation{Path: installation.Path, Version: installation.String()}, p, cfg, d)
	if err != nil {
		return nil, nil, err
	}
	engine := k6.Engine{K6: installation, Processes: 1}
	if r.Hosts = asAsked(cfg); len(r.Hosts) > 0 {
		engine.Processes = len(r.Hosts)
	}
	this := machine.Describe()
	for i, h := range r.Hosts {
		r.Hosts[i].WrkVersion, r.Hosts[i].OS, r.Hosts[i].Kernel, r.Hosts[i].Cores, r.Hosts[i].LoadBefore = installation.String(), this.OS, this.Kernel, this.Cores, this.LoadBefore
		engine.CPUs = append(engine.CPUs, h.CPUs)
	}
	r.Live = false // k6 tells at the end alone
	r.Generate, r.Script = engine.Generate, scriptForK6
	return r, cleanup, nil
}

func scriptForK6(s *scenarios.Scenario, o lua.Options) (bench.Script, error) {
	text, command, err := k6.Script(s, o)
	return bench.Script{Text: text, Ext: ".js", Command: command}, err
}
