package measure

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"taskbench/internal/bench"
	"taskbench/internal/cli/console"
	"taskbench/internal/config"
	"taskbench/internal/figure"
	"taskbench/internal/hosts"
	"taskbench/internal/server"
	"taskbench/internal/source"
	"taskbench/results"
	"taskbench/wrk"
)

// sentBy lays out what sends the load of a plan: hosts, or this machine alone.
func sentBy(p *bench.Plan, cfg config.Config) error {
	if cfg.Alone() {
		return hereAlone(p, cfg)
	}
	var levels []int
	for _, c := range p.Cells {
		if !c.AutoUsers {
			levels = append(levels, c.Connections)
		}
	}
	if err := hostsFit(cfg, levels); err != nil {
		return err
	}
	p.Hosts = len(cfg.Hosts)
	if !slices.ContainsFunc(cfg.Hosts, here) {
		p.GeneratorCPUs = nil // which are of this machine
	}
	notInSlots(p, results.SeveralHosts)
	return nil
}

// hereAlone keeps wrk to the CPUs of the one process on this machine, where hosts have
// one that says them.
func hereAlone(p *bench.Plan, cfg config.Config) error {
	if len(cfg.Hosts) == 0 || len(cfg.Hosts[0].CPUs) == 0 {
		return nil
	}
	p.GeneratorCPUs = cfg.Hosts[0].CPUs
	return console.ExitWith(console.ExitUsage, config.CheckCPUs(p.GeneratorCPUs))
}

// notInSlots has a plan measured in turn, and says why where slots were planned.
func notInSlots(p *bench.Plan, why string) {
	if p.InSlots {
		p.InSlots, p.WhyInTurn = false, why
	}
}

// here reports whether a host is a process on this machine.
func here(h hosts.Host) bool { return h.SSH == "" }

// away reports whether a host is another machine, as far as its name tells.
func away(h hosts.Host) bool { return !here(h) && !loopback(h.SSH) }

// Senders are the hosts that would send a load at these numbers of virtual users; none
// where this machine alone does. Errors are what they cannot send.
func Senders(cfg config.Config, levels []int) ([]hosts.Host, error) {
	if cfg.Alone() {
		return nil, nil
	}
	return hostList(cfg), hostsFit(cfg, levels)
}

// hostsFit refuses what hosts cannot send: fewer virtual users than there are hosts, and
// load on a server by an address at which each would find itself.
func hostsFit(cfg config.Config, levels []int) error {
	if len(levels) > 0 && slices.Min(levels) < len(cfg.Hosts) {
		return console.Exit(console.ExitUsage, source.WithHint(fmt.Errorf("%s are too few for %d hosts: each has one at least", figure.Count(slices.Min(levels), "virtual user"), len(cfg.Hosts)),
			fmt.Sprintf("--connections %d or more, fewer hosts, or --hosts none", len(cfg.Hosts))))
	}
	elsewhere := slices.IndexFunc(cfg.Hosts, away)
	for _, t := range cfg.Targets {
		if elsewhere >= 0 && server.OnThisMachine(t.URL) {
			return console.Exit(console.ExitUsage, source.WithHint(fmt.Errorf("%s is at %s, where %s finds itself and not this machine", t.Name, t.URL, cfg.Hosts[elsewhere].Name),
				"give the address by which hosts reach the server: --target "+t.Name+"=http://ADDRESS:PORT, or url: in taskbench.yaml; --hosts none sends from this machine alone"))
		}
	}
	return nil
}

// loopback reports whether ssh reaches this machine by a word.
func loopback(ssh string) bool {
	name := strings.TrimPrefix(ssh, "ssh://")
	name = name[strings.LastIndex(name, "@")+1:]
	if u, err := url.Parse("ssh://" + name); err == nil {
		return server.OnThisMachine(u.String())
	}
	return false
}

// newFleet has hosts send the load of a run. Whether this machine has a wrk does not
// matter then.
func newFleet(ctx context.Context, p console.Process, cfg config.Config, d *console.Display) (*bench.Runner, func(), error) {
	r, cleanup, err := newRunnerWith(wrk.Installation{}, p, cfg, d)
	if err != nil {
		return nil, nil, err
	}
	list := hostList(cfg)
	d.Note("looking at " + hostNames(list))
	fleet, err := hosts.Open(ctx, list)
	if err != nil {
		cleanup()
		return nil, nil, err
	}
	for _, w := range fleet.Warnings() {
		fmt.Fprintf(p.Stderr, "warning: %s\n", w)
	}
	if cfg.Pin != "" {
		fmt.Fprintln(p.Stderr, "--pin is of this machine: servers that it starts, and processes here without cpus of their own; cpus: of a host pins wrk there")
	}
	for _, facts := range fleet.Facts() {
		r.Hosts = append(r.Hosts, bench.Host{Here: here(facts.Host), Host: hostFacts(facts)})
	}
	r.Apart = fleet.Warnings()
	r.Wrk.Version, r.Generate = fleet.Facts()[0].Wrk.Version, fleet.Generate
	return r, func() {
		if err := fleet.Close(); err != nil {
			fmt.Fprintf(p.Stderr, "%v\n", err)
		}
		cleanup()
	}, nil
}

// hostList are the hosts, of which those on this machine have its wrk where they name none.
func hostList(cfg config.Config) []hosts.Host {
	list := slices.Clone(cfg.Hosts)
	for i, h := range list {
		if here(h) {
			list[i].Wrk = cmp.Or(h.Wrk, cfg.Wrk)
		}
	}
	return list
}

func hostNames(list []hosts.Host) string {
	names := make([]string, len(list))
	for i, h := range list {
		names[i] = h.Name
	}
	return strings.Join(names, ", ")
}

// hostFacts is what a host said of itself, for the record.
func hostFacts(f hosts.Facts) results.Host {
	return results.Host{
		Name: f.Host.Name, WrkVersion: f.Wrk.Version, OS: f.System, Kernel: f.Kernel, Cores: f.Cores, CPUs: f.Host.CPUs, LoadBefore: f.Load,
		ClockAheadS: f.Clock.Offset.Seconds(), ClockErrorS: f.Clock.Within.Seconds(), RoundTripS: f.Clock.RoundTrip.Seconds(),
	}
}

// asAsked are hosts before anybody looked at them.
func asAsked(cfg config.Config) []bench.Host {
	if cfg.Alone() {
		return nil
	}
	var list []bench.Host
	for _, h := range cfg.Hosts {
		list = append(list, bench.Host{Here: here(h), Host: results.Host{Name: h.Name, CPUs: h.CPUs}})
	}
	return list
}

// noHosts refuses hosts where a way of measuring has none.
func noHosts(cfg config.Config, what string) error {
	if cfg.Alone() {
		return nil
	}
	return console.Exit(console.ExitUsage, source.WithHint(errors.New(what+" sends from this machine alone, and not from "+hostNames(cfg.Hosts)), "--hosts none, or leave hosts out of taskbench.yaml"))
}
