package compare

import (
	"slices"

	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/results"
)

// askedAgain tells of answers behind which their step was asked once more, over all
// trials.
func askedAgain(s *side) []finding.Finding {
	var list []finding.Finding
	for _, step := range s.measurement.Steps {
		var answers, redirected, retried uint64
		for _, t := range s.inOrder() {
			for _, r := range t.Steps {
				if r.Name == step {
					answers, redirected, retried = answers+r.Answers, redirected+r.Redirected, retried+r.Retried
				}
			}
		}
		add := func(code finding.Code, n uint64) {
			if n > 0 {
				list = append(list, finding.Finding{Code: code, Target: s.Target, Step: step, Values: finding.Values{"count": float64(n), "of": float64(answers)}})
			}
		}
		add(finding.Redirected, redirected)
		add(finding.Retried, retried)
	}
	return list
}

// scenarioNotes are differences that do not forbid comparing, and warnings.
func scenarioNotes(sides []*side) []finding.Finding {
	list := append([]finding.Finding{}, append(inTurn(sides), notSustained(sides)...)...)
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
		list = append(list, askedAgain(s)...)
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
