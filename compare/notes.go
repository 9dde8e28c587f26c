package compare

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"taskbench/internal/figure"
	"taskbench/results"
)

// notes are what a reader must know of the documents as a whole.
//
// What could not be measured on their machines is not among them: it is the
// same in every run there, and stands in the documents and the report. Who sets
// a margin for it has asked.
func notes(entrants []entrant, asked func(*figure.Figure) bool) []string {
	list := []string{}
	for _, e := range entrants {
		if e.Session != entrants[0].Session {
			list = append(list, "measured in different sessions: part of any difference may be the machine's; "+
				"taskbench gate --baseline-run holds a run against an earlier one with a control")
			break
		}
	}
	var docs []results.Document
	var labels []string
	for _, e := range entrants {
		docs, labels = append(docs, e.doc), append(labels, e.Label)
	}
	if d := environmentNote(docs, labels); d != "" {
		list = append(list, d)
	}
	if asked(figure.InstructionsPer) {
		list = append(list, notMeasurable(docs)...)
	}
	for _, e := range entrants {
		if !e.Complete {
			list = append(list, fmt.Sprintf("the results of %s are not complete: the run was interrupted or still goes on", e.Label))
		}
		for _, w := range e.doc.Warnings {
			list = append(list, e.Label+": "+w)
		}
		for _, s := range e.doc.Stops {
			list = append(list, e.Label+": "+s.Text(e.doc.Plan.Pairs))
		}
	}
	return list
}

// notMeasurable are what could not be measured on the machines of documents,
// each sentence once.
func notMeasurable(docs []results.Document) []string {
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

// environmentNote says in one line where the machines or generators differ
// from the first document's; "" where they do not. What is not known is not compared.
func environmentNote(docs []results.Document, labels []string) string {
	var parts []string
	for i, d := range docs[1:] {
		if diff := environmentDifferences(docs[0].Environment, d.Environment); len(diff) > 0 {
			parts = append(parts, fmt.Sprintf("%s: %s", labels[i+1], strings.Join(diff, ", ")))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return fmt.Sprintf("not measured on the same machine as %s, so ratios are not the implementations' alone: %s", labels[0], strings.Join(parts, "; "))
}

// environmentDifferences compares what a measurement depends on. Memory may
// vary by what the kernel keeps for itself.
func environmentDifferences(a, b results.Environment) []string {
	var list []string
	for _, f := range []struct{ name, a, b string }{
		{"CPU", a.CPUModel, b.CPUModel},
		{"cores", fmt.Sprint(a.Cores), fmt.Sprint(b.Cores)},
		{"memory", gibibytes(a.MemoryBytes), gibibytes(b.MemoryBytes)},
		{"OS", a.OS, b.OS},
		{"kernel", a.Kernel, b.Kernel},
		{"governor", a.Governor, b.Governor},
		{"wrk", a.WrkVersion, b.WrkVersion},
		{"taskbench", a.TaskbenchVersion, b.TaskbenchVersion},
	} {
		if f.a != f.b && known(f.a) && known(f.b) {
			list = append(list, fmt.Sprintf("%s %s, not %s", f.name, f.b, f.a))
		}
	}
	return list
}

func gibibytes(n uint64) string { return fmt.Sprintf("%.0f GiB", float64(n)/(1<<30)) }

func known(fact string) bool { return fact != "" && fact != "0" && fact != gibibytes(0) }

// scenarioNotes are differences that do not forbid comparing, and warnings.
func scenarioNotes(sides []*side) []string {
	list := []string{}
	for _, s := range sides {
		if s.measurement == nil {
			continue
		}
		if o := s.measurement.Overridden; len(o) > 0 {
			list = append(list, fmt.Sprintf("%s has its own scenario: %s", s.Target, strings.Join(o, "; ")))
		}
	}
	for _, s := range sides {
		if s.measurement != nil {
			list = append(list, trialWarnings(s)...)
		}
	}
	return list
}

// answerDifferences tells once what the documents of all targets carry: where
// the servers answered differently. Steps that differ in the same way share a
// sentence.
func answerDifferences(sides []*side) []Finding {
	var order []string
	steps := make(map[string][]string)
	for _, s := range sides {
		if s.measurement == nil {
			continue
		}
		for _, d := range s.measurement.Differences {
			step, what, found := strings.Cut(d, ": ")
			if !found {
				step, what = "", d
			}
			if steps[what] == nil {
				order = append(order, what)
			}
			if !slices.Contains(steps[what], step) {
				steps[what] = append(steps[what], step)
			}
		}
	}
	list := []Finding{}
	for _, what := range order {
		list = append(list, Finding{Code: AnswersDiffer, Said: []string{strings.Join(steps[what], ", "), what}})
	}
	return list
}

// trialWarnings tells a warning that came in several pairs once; figures in it
// may differ from pair to pair.
func trialWarnings(s *side) []string {
	var list []string
	at := make(map[string]int)
	more := make(map[int]int)
	for _, t := range s.measurement.Trials {
		for _, w := range t.Warnings {
			k := strings.Map(func(r rune) rune {
				if unicode.IsDigit(r) || r == '.' {
					return -1
				}
				return r
			}, w)
			if i, seen := at[k]; seen {
				more[i]++
				continue
			}
			at[k] = len(list)
			list = append(list, fmt.Sprintf("%s, pair %d: %s", s.Target, t.Pair, w))
		}
	}
	for i, n := range more {
		list[i] += fmt.Sprintf(" (and so in %s more)", figure.Count(n, "trial"))
	}
	return list
}
