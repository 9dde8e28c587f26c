package order

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"taskbench/internal/bench"
	"taskbench/internal/cli/console"
	"taskbench/internal/config"
	"taskbench/internal/hosts"
	"taskbench/internal/server"
	"taskbench/internal/source"
)

// Flags that several commands share. Each can be given in the environment as
// TASKBENCH_… too; a flag wins over the environment, that over taskbench.yaml,
// and that over the default.
func TargetFlags() []cli.Flag {
	return append([]cli.Flag{
		ConfigFlag(),
		&cli.StringSliceFlag{Name: "target", EnvVars: []string{"TASKBENCH_TARGET"}, Usage: "a server, as `NAME=URL`; repeat for more. A NAME of the configuration alone picks that one"},
		&cli.StringFlag{Name: "baseline", EnvVars: []string{"TASKBENCH_BASELINE"}, Usage: "the target `NAME` that ratios are taken to (default: the first target)"},
		&cli.BoolFlag{Name: "allow-remote", EnvVars: []string{"TASKBENCH_ALLOW_REMOTE"}, Usage: "send load beyond this machine and private networks, to servers that are yours to load"},
		console.RedactFlag(),
	}, ScenarioFlags()...)
}

// ConfigFlag is --config.
func ConfigFlag() cli.Flag {
	return &cli.StringFlag{Name: "config", EnvVars: []string{"TASKBENCH_CONFIG"}, Usage: "configuration `FILE` (default: taskbench.yaml, if it is there)"}
}

// LoadFlags are of commands that load servers: how often, how long, with what.
func LoadFlags() []cli.Flag {
	return []cli.Flag{
		&cli.GenericFlag{Name: "pairs", EnvVars: []string{"TASKBENCH_PAIRS"}, Value: new(PairsValue), Usage: "how often every target is measured: `N` times, or auto (default): look after 6, 9, 12, 16 and 20 pairs, and stop where every primary metric has a verdict"},
		&cli.DurationFlag{Name: "max-time", EnvVars: []string{"TASKBENCH_MAX_TIME"}, Usage: "begin no pair that would end later than this after the start, such as 10m, but the first of every scenario; scenarios share the time, and what was measured is kept"},
		&cli.DurationFlag{Name: "duration", EnvVars: []string{"TASKBENCH_DURATION"}, Usage: "length of one measurement window (default: the scenario's; in slots 2 to 4 s of it, as pairs scatter)"},
		&cli.DurationFlag{Name: "warmup", EnvVars: []string{"TASKBENCH_WARMUP"}, Usage: "load before the window opens; 0s is none (default: the scenario's)"},
		ConnectionsFlag(),
		RateFlag(), ArrivalFlag(),
		&cli.Int64Flag{Name: "seed", EnvVars: []string{"TASKBENCH_SEED"}, Usage: "seed of the order and of everything random (default: drawn, and recorded)"},
		ResetFlag(),
		&cli.BoolFlag{Name: "in-turn", EnvVars: []string{"TASKBENCH_IN_TURN"}, Usage: "whole trials, one server after the other, instead of slots of a tenth of a second (docs/slots.md)"},
		&cli.DurationFlag{Name: "slot", EnvVars: []string{"TASKBENCH_SLOT"}, Usage: "how long the servers' slots are, `TIME` (default: 100ms, longer where answers are slow)"},
		&cli.StringFlag{Name: "pin", EnvVars: []string{"TASKBENCH_PIN"}, Usage: "keep servers and wrk apart: servers on one half of the cores, wrk on the other, or each on a list of CPUs, `SERVER:GENERATOR` such as 0-3:4-7; for servers that taskbench starts"},
		IgnoreLockFlag(),
		WrkFlag(),
		HostsFlag(),
	}
}

// HostsFlag is --hosts.
func HostsFlag() cli.Flag {
	return &cli.StringFlag{Name: "hosts", EnvVars: []string{"TASKBENCH_HOSTS"}, Usage: "have hosts send the load together, `HOST[,HOST…]` as ssh takes them, or local:N for processes on this machine; none is this machine alone (docs/distributed.md)"}
}

// hostsOf are those that are named, each as the configuration has it, if it does.
func hostsOf(text string, configured []hosts.Host) ([]hosts.Host, error) {
	list, err := config.ParseHosts(text)
	if err != nil {
		return nil, console.Exit(console.ExitUsage, source.WithHint(fmt.Errorf("--hosts: %w", err), "write it like --hosts bench@a,bench@b, --hosts local:2, or --hosts none"))
	}
	for i, h := range list {
		same := func(c hosts.Host) bool { return c.Name == h.Name && c.SSH == h.SSH }
		if at := slices.IndexFunc(configured, same); at >= 0 && h.SSH != "" {
			list[i] = configured[at]
		}
	}
	return list, nil
}

// ConnectionsFlag is --connections.
func ConnectionsFlag() cli.Flag {
	return &cli.IntSliceFlag{Name: "connections", EnvVars: []string{"TASKBENCH_CONNECTIONS"}, Usage: "virtual users, `N[,N…]`: one measurement each (default: the scenario's)"}
}

// ResetFlag is --reset.
func ResetFlag() cli.Flag {
	return &cli.StringFlag{Name: "reset", EnvVars: []string{"TASKBENCH_RESET"}, Usage: "shell `COMMAND` before every trial, to bring data back to its beginning"}
}

// WrkFlag is --wrk.
func WrkFlag() cli.Flag {
	return &cli.StringFlag{Name: "wrk", EnvVars: []string{"TASKBENCH_WRK"}, Usage: "the wrk to use, `PATH` (default: the one on PATH)"}
}

// PairsValue is --pairs: a number, or auto.
type PairsValue int

func (v *PairsValue) Set(text string) error {
	if *v = config.AutoPairs; text == "auto" {
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > bench.MaxPairs {
		return fmt.Errorf("write auto, or a whole number from 1 to %d", bench.MaxPairs)
	}
	*v = PairsValue(n)
	return nil
}

func (v *PairsValue) String() string { return "" } // as a default: the usage tells it

// Settings is the effective configuration of a command: file under flags. The
// sites of its command line, if there are any, are its targets.
func Settings(c *cli.Context, sites ...Site) (config.Config, error) {
	cfg, err := config.Find(c.String("config"))
	if err != nil {
		return cfg, console.Exit(console.ExitUsage, err)
	}
	if len(sites) > 0 {
		if slices.Contains(c.LocalFlagNames(), "target") {
			return cfg, console.BadFlag("%s is a server, and --target is another: give all as URLs, or all by --target", sites[0].base)
		}
		cfg.Targets, cfg.Baseline = TargetsAt(sites), ""
	} else if words := c.StringSlice("target"); len(words) > 0 {
		if cfg.Targets, err = pickTargets(words, cfg.Targets); err != nil {
			return cfg, err
		}
	}
	for i := range cfg.Targets {
		cfg.Targets[i].Remote = cfg.Targets[i].Remote || c.Bool("allow-remote")
	}
	overlayString(c, "baseline", &cfg.Baseline)
	overlayString(c, "suite", &cfg.Suite)
	overlayString(c, "results", &cfg.Results)
	overlayString(c, "reset", &cfg.Reset)
	overlayString(c, "wrk", &cfg.Wrk)
	overlayString(c, "pin", &cfg.Pin)
	cfg.IgnoreLock = c.Bool("ignore-lock")
	if text := c.String("hosts"); text != "" {
		if cfg.Hosts, err = hostsOf(text, cfg.Hosts); err != nil {
			return cfg, err
		}
	}
	if c.IsSet("pairs") {
		cfg.Pairs = int(*c.Generic("pairs").(*PairsValue))
	}
	if c.IsSet("max-time") {
		cfg.MaxTime = c.Duration("max-time")
	}
	if c.IsSet("duration") {
		cfg.Duration = c.Duration("duration")
	}
	if c.IsSet("warmup") {
		warmup := c.Duration("warmup")
		cfg.Warmup = &warmup
	}
	if c.IsSet("connections") {
		cfg.Connections = c.IntSlice("connections")
	}
	rate, way, err := RateOf(c)
	if err != nil {
		return cfg, err
	}
	cfg.Rate, cfg.Arrival = cmp.Or(rate, cfg.Rate), cmp.Or(way, cfg.Arrival)
	if c.IsSet("seed") {
		seed := c.Int64("seed")
		cfg.Seed = &seed
	}
	if c.IsSet("slot") {
		cfg.Slot, cfg.InTurn = c.Duration("slot"), false
	}
	if c.IsSet("in-turn") {
		cfg.InTurn = c.Bool("in-turn")
	}
	return cfg, checkSettings(c, &cfg)
}

func overlayString(c *cli.Context, name string, into *string) {
	if c.IsSet(name) {
		*into = c.String(name)
	}
}

// checkSettings refuses what no run can do, and settles the baseline.
func checkSettings(c *cli.Context, cfg *config.Config) error {
	names := cfg.TargetNames()
	if cfg.Baseline == "" {
		cfg.Baseline = names[0]
	} else if !slices.Contains(names, cfg.Baseline) {
		return console.Usagef(cfg.Baseline, names, "baseline %q is none of the targets", cfg.Baseline)
	}
	switch {
	case cfg.Suite != "" && !slices.Contains(config.Suites, cfg.Suite):
		return console.Usagef(cfg.Suite, config.Suites, "there is no suite %q", cfg.Suite)
	case cfg.MaxTime < 0 || cfg.MaxTime > 0 && cfg.MaxTime < time.Second:
		return console.BadFlag("--max-time %v: give it a second at least, or 0s for no limit", cfg.MaxTime)
	case cfg.Duration < 0 || c.IsSet("duration") && cfg.Duration < 100*time.Millisecond:
		return console.BadFlag("--duration %v: a window is at least 100ms long", cfg.Duration)
	case max(cfg.Duration, valueOr(cfg.Warmup)) > config.MaxWindow:
		return console.BadFlag("--duration and --warmup are %v at most", config.MaxWindow)
	case c.IsSet("slot") && cfg.Slot < config.ShortestSlot:
		return console.BadFlag("--slot is at least %s: shorter ones are over before the first answers", config.ShortestSlot)
	case c.IsSet("slot") && !cfg.Alone():
		return console.BadFlag("hosts send whole trials, which have no slots: leave --slot out, or send from this machine alone (--hosts none)")
	case c.IsSet("slot") && cfg.InTurn:
		return console.BadFlag("--in-turn has no slots: leave --slot out")
	case cfg.Warmup != nil && *cfg.Warmup < 0:
		return console.BadFlag("--warmup %v: cannot be negative", *cfg.Warmup)
	}
	for _, n := range cfg.Connections {
		if n < 1 {
			return console.BadFlag("--connections %d: at least one connection is needed", n)
		}
		if n > config.MaxUsers {
			return console.BadFlag("--connections %d: %d at most", n, config.MaxUsers)
		}
	}
	return nil
}

func valueOr(d *time.Duration) time.Duration {
	if d == nil {
		return 0
	}
	return *d
}

// pickTargets reads --target words: NAME=URL makes or redirects a target, a
// bare NAME picks one of the configuration.
func pickTargets(words []string, configured []server.Spec) ([]server.Spec, error) {
	var out []server.Spec
	for _, word := range words {
		spec, err := pickTarget(word, configured)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(out, func(t server.Spec) bool { return t.Name == spec.Name }) {
			return nil, console.BadFlag("--target %s: %q is given twice", word, spec.Name)
		}
		out = append(out, spec)
	}
	return out, nil
}

func pickTarget(word string, configured []server.Spec) (server.Spec, error) {
	name, address, hasURL := strings.Cut(word, "=")
	if hasURL {
		if err := config.CheckTarget(name, address); err != nil {
			return server.Spec{}, console.Exit(console.ExitUsage, source.WithHint(fmt.Errorf("--target %s: %w", word, err), "write it like --target rust=http://localhost:3001"))
		}
		return server.Spec{Name: name, URL: address}, nil
	}
	if u, err := url.Parse(word); err == nil && u.Scheme != "" && u.Host != "" {
		return server.Spec{}, console.Exit(console.ExitUsage, source.WithHint(fmt.Errorf("--target %s has no name", word), "write it like --target rust="+word))
	}
	var names []string
	for _, t := range configured {
		if t.Name == word {
			return t, nil
		}
		names = append(names, t.Name)
	}
	return server.Spec{}, console.Usagef(word, names, "--target %s: no such target, and no URL behind it", word)
}

// IgnoreLockFlag is --ignore-lock.
func IgnoreLockFlag() cli.Flag {
	return &cli.BoolFlag{Name: "ignore-lock", EnvVars: []string{"TASKBENCH_IGNORE_LOCK"}, Usage: "measure although another taskbench measures on this machine: each disturbs the other's figures"}
}
