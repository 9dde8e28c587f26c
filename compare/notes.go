package compare

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"taskbench/compare/finding"
	"taskbench/internal/figure"
	"taskbench/results"
)

// notes are what a reader must know of the documents as a whole.
//
// What could not be measured on their machines is not among them: it is the
// same in every run there, and stands in the documents and the report. Who sets
// a margin for it has asked.
func notes(entrants []entrant, asked func(*figure.Figure) bool) []finding.Finding {
	list := []finding.Finding{}
	first := entrants[0]
	if slices.ContainsFunc(entrants, func(e entrant) bool { return e.Session != first.Session }) {
		list = append(list, finding.Finding{Code: finding.OtherSessions})
	}
	for _, e := range entrants[1:] {
		if d := OtherMachine(first.doc.Environment, e.doc.Environment); len(d) > 0 {
			list = append(list, finding.Finding{Code: finding.OtherMachine, Target: e.Label, Said: append([]string{first.Label}, d...)})
		}
	}
	if asked(figure.InstructionsPer) {
		for _, why := range notMeasurable(documents(entrants)) {
			list = append(list, finding.Finding{Code: finding.NotMeasurable, Said: []string{why}})
		}
	}
	for _, e := range entrants {
		if !e.Complete {
			list = append(list, finding.Finding{Code: finding.Incomplete, Target: e.Label})
		}
		for _, w := range e.doc.Warnings {
			list = append(list, noted(e.Label, w))
		}
		for _, s := range e.doc.Stops {
			list = append(list, stopped(s, e.Label, e.doc.Plan.Pairs))
		}
	}
	return list
}

// noted is what a document says of itself.
func noted(target, text string) finding.Finding {
	return finding.Finding{Code: finding.Noted, Target: target, Said: []string{text}}
}

// why is what a trial that does not count says of it, and what to do about it.
func why(t results.Trial) []string {
	if t.Hint == "" {
		return []string{t.Error}
	}
	return []string{t.Error, t.Hint}
}

// stopped is an end before the plan's of so many pairs.
func stopped(s results.Stop, target string, planned int) finding.Finding {
	if s.Code == results.GivenUp {
		return finding.Finding{Code: finding.GivenUp, Target: target, Said: []string{s.Scenario}, Values: finding.Values{
			"connections": float64(s.Connections), "pairs": float64(s.Pairs), "failures": float64(s.Failures),
		}}
	}
	return finding.Finding{Code: finding.TimeUp, Target: target, Values: finding.Values{
		"pairs": float64(s.Pairs), "most_pairs": float64(s.MostPairs), "planned_pairs": float64(planned),
	}}
}

// notMeasurable are what could not be measured on the machines of documents,
// each once.
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
		{"wrk", there.WrkVersion, here.WrkVersion},
		{"taskbench", there.TaskbenchVersion, here.TaskbenchVersion},
	} {
		if f.there != f.here && known(f.there) && known(f.here) {
			list = append(list, f.name, f.here, f.there)
		}
	}
	return list
}

func gibibytes(n uint64) string { return fmt.Sprintf("%.0f GiB", float64(n)/(1<<30)) }

func known(fact string) bool { return fact != "" && fact != "0" && fact != gibibytes(0) }

// scenarioNotes are differences that do not forbid comparing, and warnings.
func scenarioNotes(sides []*side) []finding.Finding {
	list := append([]finding.Finding{}, inTurn(sides)...)
	for _, s := range sides {
		if s.measurement != nil && len(s.measurement.Grows) > 0 {
			list = append(list, grows(s.measurement))
			break
		}
	}
	for _, s := range sides {
		if s.measurement != nil && len(s.measurement.Overridden) > 0 {
			list = append(list, finding.Finding{Code: finding.OwnScenario, Target: s.Target, Said: s.measurement.Overridden})
		}
	}
	for _, s := range sides {
		if s.measurement == nil {
			continue
		}
		for _, k := range alike(s.measurement.Trials, func(t results.Trial) []finding.Finding {
			var list []finding.Finding
			for _, w := range t.Warnings {
				list = append(list, finding.Finding{Code: finding.TrialNoted, Target: s.Target, Said: []string{w}})
			}
			return list
		}) {
			list = append(list, k.with("more_trials"))
		}
	}
	return list
}

// grows is what a scenario leaves behind.
func grows(m *results.Measurement) finding.Finding {
	return finding.Finding{Code: finding.Grows, Said: m.Grows}
}

// kind is a thing that happened in several trials: the first finding of it,
// and in how many more trials there was one.
type kind struct {
	finding.Finding
	more int
}

// with is the finding with the number of further trials, where there are any.
func (k kind) with(name string) finding.Finding {
	f := k.Finding
	if k.more > 0 {
		f.Values = finding.Values{name: float64(k.more)}
		for name, v := range k.Values {
			f.Values[name] = v
		}
	}
	return f
}

// alike tells once what happened in several trials; figures in it may differ
// from trial to trial.
func alike(trials []results.Trial, of func(results.Trial) []finding.Finding) []kind {
	var list []kind
	at := map[string]int{}
	for _, t := range trials {
		for _, f := range of(t) {
			k := string(f.Code) + f.Step + wordsOnly(strings.Join(f.Said, "\n"))
			if i, seen := at[k]; seen {
				list[i].more++
				continue
			}
			f.Pairs = []int{t.Pair}
			at[k] = len(list)
			list = append(list, kind{Finding: f})
		}
	}
	return list
}

// wordsOnly is a text without its figures.
func wordsOnly(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) || r == '.' || r == ',' {
			return -1
		}
		return r
	}, text)
}

// answerDifferences tells once what the documents of all targets carry: where
// the servers answered differently. Steps that differ in the same way share a
// finding.
func answerDifferences(sides []*side) []finding.Finding {
	var order []string
	steps := make(map[string][]string)
	for _, s := range sides {
		if s.measurement == nil {
			continue
		}
		for _, d := range s.measurement.Differences {
			if steps[d.What] == nil {
				order = append(order, d.What)
			}
			if !slices.Contains(steps[d.What], d.Step) {
				steps[d.What] = append(steps[d.What], d.Step)
			}
		}
	}
	list := []finding.Finding{}
	for _, what := range order {
		list = append(list, finding.Finding{Code: finding.AnswersDiffer, Said: append([]string{what}, steps[what]...)})
	}
	return list
}
