// Package finding is what was found, as facts: a code from a fixed list with
// figures by name. It has no sentences: package words makes them.
package finding

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
)

// Finding is a fact that a reader must know, or why something is not there.
type Finding struct {
	Code   Code   `json:"code"`
	Target string `json:"target,omitempty"` // "": it concerns all
	Step   string `json:"step,omitempty"`   // of the scenario; "": of none
	Metric string `json:"metric,omitempty"` // the key of the figure that Values are of
	Pairs  []int  `json:"pairs,omitempty"`  // that it is about, or in which it was worst; windows of a soak, rounds of a microbenchmark
	// Values are its figures by name, with units as in documents.
	Values Values `json:"values,omitempty"`
	// Said is what others said: servers, programs, documents; and names that they gave.
	Said []string `json:"said,omitempty"`
	// More is what it rests on, or what else is to be said of it.
	More []Finding `json:"more,omitempty"`
	// Text is the sentence with More, in JSON only: nothing reads it.
	Text string `json:"text,omitempty"`
}

// Values are figures by name.
type Values map[string]float64

// MarshalJSON leaves out what JSON cannot hold: a caller's document may have
// durations that are no numbers.
func (v Values) MarshalJSON() ([]byte, error) {
	finite := map[string]float64{}
	for name, x := range v {
		if !math.IsNaN(x) && !math.IsInf(x, 0) {
			finite[name] = x
		}
	}
	return json.Marshal(finite)
}

// IsZero reports that there is nothing to say.
func (f Finding) IsZero() bool { return f.Code == "" }

// With is the finding with more to be said of it.
func (f Finding) With(more ...Finding) Finding {
	f.More = append(slices.Clip(f.More), more...)
	return f
}

// Same reports whether two say the same.
func (f Finding) Same(other Finding) bool {
	return f.Code == other.Code && f.Target == other.Target && f.Step == other.Step && f.Metric == other.Metric &&
		slices.Equal(f.Pairs, other.Pairs) && maps.Equal(f.Values, other.Values) && slices.Equal(f.Said, other.Said) &&
		slices.EqualFunc(f.More, other.More, Finding.Same)
}

// Code says what was found.
type Code string
