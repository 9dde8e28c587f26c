package lineup

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"taskbench/compare/finding"
	"taskbench/internal/figure"
	"taskbench/results"
)

// Notes are what a reader must know of the documents as a whole.
//
// What could not be measured on their machines is not among them: it is the
// same in every run there, and stands in the documents and the report. Who sets
// a margin for it has asked.
func Notes(entrants []Entrant, asked func(*figure.Figure) bool) []finding.Finding {
	list := []finding.Finding{}
	first := entrants[0]
	if slices.ContainsFunc(entrants, func(e Entrant) bool { return e.Session != first.Session }) {
		list = append(list, finding.Finding{Code: finding.OtherSessions})
	}
	for _, e := range entrants[1:] {
		if d := OtherMachine(first.Doc.Environment, e.Doc.Environment); len(d) > 0 {
			list = append(list, finding.Finding{Code: finding.OtherMachine, Target: e.Label, Said: append([]string{first.Label}, d...)})
		}
	}
	list = append(list, Senders(entrants)...)
	if asked(figure.InstructionsPer) {
		for _, why := range NotMeasurable(documents(entrants)) {
			list = append(list, finding.Finding{Code: finding.NotMeasurable, Said: []string{why}})
		}
	}
	for i, e := range entrants {
		late := slices.ContainsFunc(e.Doc.Stops, timeUp)
		if !e.Complete && !late {
			list = append(list, finding.Finding{Code: finding.Incomplete, Target: e.Label})
		}
		for _, w := range e.Doc.Warnings {
			list = append(list, Noted(e.Label, w))
		}
		told := slices.ContainsFunc(entrants[:i], func(o Entrant) bool { return o.Session == e.Session }) // of the time limit: it is the run's
		for _, s := range e.Doc.Stops {
			if !timeUp(s) || !told {
				list = append(list, stopped(s, e.Label, e.Doc.Plan.Pairs))
			}
		}
	}
	return list
}

func timeUp(s results.Stop) bool { return s.Code == results.TimeUp }

// OutOfTime reports whether a time limit ended one of the runs.
func OutOfTime(entrants []Entrant) bool {
	return slices.ContainsFunc(entrants, func(e Entrant) bool { return slices.ContainsFunc(e.Doc.Stops, timeUp) })
}

// stopped is an end before the plan's of so many pairs.
func stopped(s results.Stop, target string, planned int) finding.Finding {
	if s.Code == results.GivenUp {
		return finding.Finding{Code: finding.GivenUp, Target: target, Said: []string{s.Scenario}, Values: finding.Values{
			"connections": float64(s.Connections), "pairs": float64(s.Pairs), "failures": float64(s.Failures),
		}}
	}
	return finding.Finding{Code: finding.TimeUp, Values: finding.Values{
		"pairs": float64(s.Pairs), "most_pairs": float64(s.MostPairs), "planned_pairs": float64(planned),
	}}
}

// NotMeasurable are what could not be measured on the machines of documents,
// each once.
func NotMeasurable(docs []results.Document) []string {
	var list []string
	for _, d := range docs {
		for _, n := range d.Environment.Notes {
			if !slices.Contains(list, n) {
				list = append(list, n)
			}
		}
	}
	return list
}

// OtherMachine tells where a machine or generator differs from another in what
// a measurement depends on: of each difference what it is, what it is here and
// what it is there. What is not known is not compared, and memory may vary by
// what the kernel keeps for itself.
func OtherMachine(there, here results.Environment) []string {
	var list []string
	for _, f := range []struct{ name, there, here string }{
		{"CPU", there.CPUModel, here.CPUModel},
		{"cores", fmt.Sprint(there.Cores), fmt.Sprint(here.Cores)},
		{"memory", gibibytes(there.MemoryBytes), gibibytes(here.MemoryBytes)},
		{"OS", there.OS, here.OS},
		{"kernel", there.Kernel, here.Kernel},
		{"governor", there.Governor, here.Governor},
		{"wrk", generator(there, here), generator(here, there)},
		{"taskbench", there.TaskbenchVersion, here.TaskbenchVersion},
	} {
		if f.there != f.here && known(f.there) && known(f.here) {
			list = append(list, f.name, f.here, f.there)
		}
	}
	return list
}

// generator is the version of what sent, where the other has one of the same program:
// another program is no other machine.
func generator(of, other results.Environment) string {
	if program(of.WrkVersion) != program(other.WrkVersion) {
		return ""
	}
	return of.WrkVersion
}

// program is "k6" of "k6 1.8.1"; wrk's own versions name none.
func program(version string) string {
	name, _, two := strings.Cut(version, " ")
	if !two || name != results.WithK6 && name != "wrk2" {
		return ""
	}
	return name
}

func gibibytes(n uint64) string { return fmt.Sprintf("%.0f GiB", float64(n)/(1<<30)) }

func known(fact string) bool { return fact != "" && fact != "0" && fact != gibibytes(0) }

// MachineFlags are what the documents say of the machine before the run.
func MachineFlags(entrants []Entrant) []finding.Finding {
	flags := []finding.Finding{}
	for _, e := range entrants {
		env := e.Doc.Environment
		if env.Cores == 0 || !(env.LoadBefore > float64(env.Cores)/2) || math.IsInf(env.LoadBefore, 1) {
			continue
		}
		f := finding.Finding{Code: finding.LoadBefore, Values: finding.Values{"load_average": env.LoadBefore, "cores": float64(env.Cores)}}
		if !slices.ContainsFunc(flags, f.Same) {
			flags = append(flags, f)
		}
	}
	return flags
}
