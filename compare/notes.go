package compare

import (
	"slices"

	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/results"
)

// scenarioNotes are differences that do not forbid comparing, and warnings.
func scenarioNotes(sides []*side) []finding.Finding {
	list := append([]finding.Finding{}, inTurn(sides)...)
	for _, s := range sides {
		if s.measurement != nil && len(s.measurement.Grows) > 0 {
			list = append(list, lineup.Grows(s.measurement))
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
		for _, k := range lineup.Alike(s.measurement.Trials, func(t results.Trial) []finding.Finding {
			var list []finding.Finding
			for _, w := range t.Warnings {
				list = append(list, finding.Finding{Code: finding.TrialNoted, Target: s.Target, Said: []string{w}})
			}
			return list
		}) {
			list = append(list, k.With("more_trials"))
		}
	}
	return list
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
