package results

// What a window must hold before figures may be divided by all its answers: that
// many whole iterations and, apart from those that failed, answers to all steps
// that differ by no more than this part of their mean.
const (
	leastIterations = 20
	mostUneven      = 0.10
)

// Uneven reports whether the window was short against a flow's iterations: few
// were completed, or some steps were answered much more often than others, where
// all are sent once in each. Then a figure for each answer is of another mix of steps
// in every trial.
func (t *Trial) Uneven() bool {
	if t.Iterations == nil || len(t.Steps) < 2 {
		return false
	}
	fewest, most := t.StepRange()
	mean := float64(t.Answers) / float64(len(t.Steps))
	few := t.Iterations.Completed+t.Iterations.Failed < leastIterations
	return few || !t.Iterations.Varied && float64(most-fewest)-float64(t.Iterations.Failed) > mostUneven*mean
}

// StepRange is how often the step that was answered least was, and the one that
// was answered most.
func (t *Trial) StepRange() (fewest, most uint64) {
	for i, s := range t.Steps {
		if i == 0 || s.Answers < fewest {
			fewest = s.Answers
		}
		most = max(most, s.Answers)
	}
	return fewest, most
}
