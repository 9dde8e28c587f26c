package bench

import (
	"cmp"
	"fmt"
	"slices"

	"taskbench/internal/machine"
	"taskbench/lua"
	"taskbench/results"
	"taskbench/wrk"
)

// Host is one of several that send the load together.
type Host struct {
	results.Host
	Here bool // it is a process on this machine
}

// recorded are hosts as documents have them.
func recordedHosts(list []Host) []results.Host {
	var out []results.Host
	for _, h := range list {
		out = append(out, h.Host)
	}
	return out
}

// hostShares is what each host did of a trial.
func hostShares(out wrk.Output) []results.HostShare {
	var list []results.HostShare
	for _, s := range out.Shares {
		list = append(list, results.HostShare{Host: s.Host, Connections: s.Users, Answers: s.Answers, BehindS: s.Behind.Seconds(), CPUS: s.CPU.Seconds()})
	}
	return list
}

// sending is where wrk ran in a trial: this machine, and hosts.
type sending struct {
	here    []int   // CPUs that it may use on this machine; none: it does not run here
	cores   int     // it uses at most: of the place that is nearest to its limit
	busy    float64 // cores that it kept busy there
	hereCPU float64 // seconds of this machine's CPU time
}

// sendingOf tells where the generators of a run were, and how busy. wrk uses no more
// cores than it has threads.
func sendingOf(r Run) sending {
	seconds := r.Output.Wall.Seconds() * r.part()
	if len(r.Hosts) == 0 {
		g := sending{here: cpusOr(r.Options.CPUs, machine.CPUs()), hereCPU: r.Output.CPU().Seconds()}
		g.cores, g.busy = min(len(g.here), r.Options.Threads), g.hereCPU/seconds
		return g
	}
	var all []sending // of each place
	var here sending
	threadsHere := 0
	for i, h := range r.Hosts {
		threads := lua.Command{Threads: r.Options.Threads, Connections: r.Options.Connections}.Share(i+1, len(r.Hosts)).Threads
		cpu := cpuOf(r.Output, h.Name)
		if h.Here {
			here.here = append(here.here, cpusOr(h.CPUs, r.Options.CPUs, machine.CPUs())...)
			here.hereCPU += cpu
			threadsHere += threads
			continue
		}
		cores := h.Cores
		if len(h.CPUs) > 0 {
			cores = len(h.CPUs)
		}
		all = append(all, sending{cores: min(cores, threads), busy: cpu / seconds})
	}
	slices.Sort(here.here)
	here.here = slices.Compact(here.here)
	if len(here.here) > 0 {
		all = append(all, sending{cores: min(len(here.here), threadsHere), busy: here.hereCPU / seconds})
	}
	tightest := slices.MaxFunc(all, func(a, b sending) int {
		return cmp.Compare(a.busy/float64(max(a.cores, 1)), b.busy/float64(max(b.cores, 1)))
	})
	here.cores, here.busy = tightest.cores, tightest.busy
	return here
}

// cpusOr is the first of lists that names any CPU.
func cpusOr(lists ...[]int) []int {
	for _, l := range lists {
		if len(l) > 0 {
			return l
		}
	}
	return nil
}

// cpuOf is the CPU time, in seconds, that wrk took on a host.
func cpuOf(out wrk.Output, host string) float64 {
	for _, s := range out.Shares {
		if s.Host == host {
			return s.CPU.Seconds()
		}
	}
	return 0
}

// SameHosts checks, before a resumed run goes on, that its load would come from where
// that of its earlier pairs came from. A wrk that is not known yet is any.
func SameHosts(docs []*results.Document, now []Host) error {
	for _, d := range docs {
		was := d.Environment.Hosts
		if d.Plan.Hosts != len(now) {
			return differentHosts(d, now)
		}
		for i, h := range was {
			if i < len(now) && (h.Name != now[i].Name || !slices.Equal(h.CPUs, now[i].CPUs)) {
				return differentHosts(d, now)
			}
			if i < len(now) && now[i].WrkVersion != "" && h.WrkVersion != now[i].WrkVersion {
				return cannotResume(d, "wrk on %s was %s, and is %s now", h.Name, h.WrkVersion, now[i].WrkVersion)
			}
		}
	}
	return nil
}

func differentHosts(d *results.Document, now []Host) error {
	return differs(d, "what sends the load", hostsText(d.Environment.Hosts, d.Plan.Hosts), hostsText(recordedHosts(now), len(now)))
}

// hostsText names hosts, of so many.
func hostsText(list []results.Host, n int) string {
	if n == 0 {
		return "this machine alone"
	}
	text := ""
	for i, h := range list {
		if i > 0 {
			text += ", "
		}
		text += h.Name
		if len(h.CPUs) > 0 {
			text += " on CPUs " + machine.CPUList(h.CPUs)
		}
	}
	return cmp.Or(text, fmt.Sprintf("%d hosts", n))
}
