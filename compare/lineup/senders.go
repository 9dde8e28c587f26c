package lineup

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"taskbench/compare/finding"
	"taskbench/internal/figure"
	"taskbench/results"
)

// Senders tell of each run whose load k6 sent, or hosts: which they were, what each said
// of itself, and where they differ from each other.
func Senders(entrants []Entrant) (list []finding.Finding) {
	for _, e := range entrants {
		env := e.Doc.Environment
		k6 := finding.Finding{Code: finding.SentByK6, Said: []string{env.WrkVersion}}
		if e.Doc.Sender().Engine == results.WithK6 && !slices.ContainsFunc(list, k6.Same) {
			list = append(list, k6)
		}
		if len(env.Hosts) == 0 {
			continue
		}
		for _, f := range append([]finding.Finding{sentBy(env)}, differing(env)...) {
			if !slices.ContainsFunc(list, f.Same) {
				list = append(list, f)
			}
		}
	}
	return list
}

// sentBy are the hosts of a run. Processes of one machine have all that it tells in
// common, which its own flags say: their number is what there is to say.
func sentBy(env results.Environment) finding.Finding {
	if env.HostsAreLocal() {
		return finding.Finding{Code: finding.SentByProcesses, Values: finding.Values{"processes": float64(len(env.Hosts))}}
	}
	sent := finding.Finding{Code: finding.SentByHosts, Values: finding.Values{"hosts": float64(len(env.Hosts))}}
	for _, h := range env.Hosts {
		sent.Said = append(sent.Said, h.Name, HostFacts(h))
	}
	return sent
}

func differing(env results.Environment) (list []finding.Finding) {
	for _, text := range env.HostNotes {
		list = append(list, finding.Finding{Code: finding.HostsDiffer, Said: []string{text}})
	}
	return list
}

// HostFacts is "wrk 4.2.0, 8 cores, clock +1.2 ms (± 0.3 ms), load 0.3", as far as a
// host told.
func HostFacts(h results.Host) string {
	var parts []string
	switch {
	case strings.HasPrefix(h.WrkVersion, results.WithK6+" "):
		parts = append(parts, h.WrkVersion)
	case h.WrkVersion != "":
		parts = append(parts, "wrk "+h.WrkVersion)
	}
	if h.Cores > 0 {
		parts = append(parts, figure.Count(h.Cores, "core"))
	}
	if len(h.CPUs) > 0 {
		parts = append(parts, "on CPUs "+strings.Trim(fmt.Sprint(h.CPUs), "[]"))
	}
	if h.ClockErrorS > 0 {
		parts = append(parts, fmt.Sprintf("clock %s (± %s)", signedTime(h.ClockAheadS), shortTime(h.ClockErrorS)))
	}
	if !math.IsInf(h.LoadBefore, 0) {
		parts = append(parts, fmt.Sprintf("load %.1f", h.LoadBefore))
	}
	return strings.Join(parts, ", ")
}

func signedTime(s float64) string {
	if s < 0 {
		return "−" + shortTime(-s)
	}
	return "+" + shortTime(s)
}

// shortTime is a length of time in its own unit, to a tenth.
func shortTime(s float64) string {
	const longest = 1e9 // s: what no clock is off by
	d := time.Duration(min(s, longest) * float64(time.Second))
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%.0f µs", float64(d)/1e3)
	case d < time.Second:
		return fmt.Sprintf("%.1f ms", float64(d)/1e6)
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
