package soak

import "taskbench/internal/figure"

// ErrNone is what the tests, which print and so are outside of the package, look into.
var ErrNone = errNone

// JudgeDrifts judges figures of one soak together.
func JudgeDrifts(f *figure.Figure, everyS float64, values ...[]float64) []Drift {
	var courses []course
	for _, v := range values {
		courses = append(courses, newCourse(f, v, everyS))
	}
	judgeDrifts(courses)
	list := make([]Drift, len(courses))
	for i, c := range courses {
		list[i] = *c.drift
	}
	return list
}
