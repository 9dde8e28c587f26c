package compare

import (
	"maps"
	"slices"
)

// Finding is a fact that a reader must know, as a code and its values. Package
// words makes a sentence of it.
type Finding struct {
	Code   Code   `json:"code"`
	Target string `json:"target,omitempty"` // "": it concerns all
	Pair   int    `json:"pair,omitempty"`   // in which it was worst
	// Values are its figures by name, with units as in documents; Said are
	// sentences of others: servers, programs, documents.
	Values map[string]float64 `json:"values,omitempty"`
	Said   []string           `json:"said,omitempty"`
	// Text is the sentence, in JSON only: nothing reads it.
	Text string `json:"text,omitempty"`
}

// Code says what was found.
type Code string

// The red flags, with the names of their values.
const (
	LongTail      Code = "long_tail"      // p99_us, p95_us
	Falling       Code = "falling"        // fall_fraction, seconds, trials, p
	Failing       Code = "failing"        // trials_failed, trials, worst_fraction
	GeneratorBusy Code = "generator_busy" // cores, cores_allowed
	ServerBusy    Code = "server_busy"    // cores, cores_allowed
	Steal         Code = "steal"          // fraction
	BusyMachine   Code = "busy_machine"   // cores
	LoadBefore    Code = "load_before"    // load_average, cores
	SharedCores   Code = "shared_cores"   // cores
	AnswersDiffer Code = "answers_differ" // said: the steps, then how
	Degraded      Code = "degraded"       // peak_per_s, peak_connections, last_per_s, last_connections
)

// same reports whether two say the same.
func (f Finding) same(other Finding) bool {
	return f.Code == other.Code && f.Target == other.Target && f.Pair == other.Pair && maps.Equal(f.Values, other.Values) && slices.Equal(f.Said, other.Said)
}
