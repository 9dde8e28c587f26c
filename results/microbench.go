package results

import (
	"fmt"
	"slices"
	"time"

	"taskbench/parse"
)

// Micro is what a document of kind microbench measured: Criterion's benchmarks
// of one implementation, round by round. A round is one process run, and one
// replicate; the samples inside it are not.
type Micro struct {
	Source     []string         `json:"source"`              // folders or files imported, or the crate that was run
	Toolchain  string           `json:"toolchain,omitempty"` // what compiled it: "rustc 1.95.0 (…)"; "" when imported
	Args       []string         `json:"args,omitempty"`      // for Criterion
	Paired     bool             `json:"paired"`              // rounds of the session alternated in random order: they are pairs
	Rounds     []MicroRound     `json:"rounds"`
	Benchmarks []Microbenchmark `json:"benchmarks"` // in the order first met
}

// MicroRound is one process run of all benchmarks.
type MicroRound struct {
	Round    int        `json:"round"`              // from 1; the same number on both sides is a pair
	Position int        `json:"position,omitempty"` // place of this implementation within its round, from 1; 0 when imported
	Started  *time.Time `json:"started,omitempty"`  // absent when imported
	Baseline string     `json:"baseline,omitempty"` // Criterion's name of the run
	Error    string     `json:"error,omitempty"`    // why the round has no figures, or only some; "" when fine
}

// Microbenchmark is one benchmark, identified by ID.
type Microbenchmark struct {
	ID         string            `json:"id"` // Criterion's full id, with its slashes
	Group      string            `json:"group"`
	Function   string            `json:"function,omitempty"`
	Parameter  string            `json:"parameter,omitempty"`
	Unit       string            `json:"unit"`                 // of all its figures, which are those of one iteration: ns, or a custom measurement's
	Throughput []MicroThroughput `json:"throughput,omitempty"` // the work of one iteration
	Runs       []MicroRun        `json:"runs"`                 // at most one a round
}

// MicroThroughput is an amount of work.
type MicroThroughput struct {
	Amount float64 `json:"amount"`
	Unit   string  `json:"unit"` // bytes, elements or bits
}

// MicroRun is a benchmark's part in one round. Estimates that the source does
// not have are absent.
type MicroRun struct {
	Round    int            `json:"round"`
	Mean     *MicroEstimate `json:"mean,omitempty"`
	Median   *MicroEstimate `json:"median,omitempty"`
	MAD      *MicroEstimate `json:"median_abs_dev,omitempty"` // scaled by 1.4826, as Criterion does
	StdDev   *MicroEstimate `json:"std_dev,omitempty"`
	Slope    *MicroEstimate `json:"slope,omitempty"` // only where iterations rise from sample to sample
	Outliers *MicroOutliers `json:"outliers,omitempty"`
	Sampling string         `json:"sampling,omitempty"` // Linear or Flat
	// Iterations and Totals are the samples: sample i took totals[i], in the
	// benchmark's unit, for iterations[i] iterations.
	Iterations []float64 `json:"iterations,omitempty"`
	Totals     []float64 `json:"totals,omitempty"`
}

// MicroEstimate is a figure with its bootstrapped confidence interval.
type MicroEstimate struct {
	Estimate      float64 `json:"estimate"`
	Low           float64 `json:"low"`
	High          float64 `json:"high"`
	Confidence    float64 `json:"confidence,omitempty"` // 0.95; absent when not told
	StandardError float64 `json:"standard_error,omitempty"`
}

// MicroOutliers counts samples beyond Tukey's fences; none is dropped.
type MicroOutliers struct {
	LowSevere  int `json:"low_severe"`
	LowMild    int `json:"low_mild"`
	HighMild   int `json:"high_mild"`
	HighSevere int `json:"high_severe"`
	Samples    int `json:"samples"` // in all
}

// Total is how many samples lie beyond the fences.
func (o MicroOutliers) Total() int { return o.LowSevere + o.LowMild + o.HighMild + o.HighSevere }

// AddRound adds a process run with what was read of it. A benchmark that is
// there twice, that changed its unit, or whose samples are those of an earlier
// round to the last bit (a copied baseline is no second measurement) is left
// out of the round and reported by name.
func (m *Micro) AddRound(round MicroRound, runs []parse.MicroRun) []error {
	m.Rounds = append(m.Rounds, round)
	at := make(map[string]int, len(m.Benchmarks)+len(runs))
	for i, b := range m.Benchmarks {
		at[b.ID] = i
	}
	var problems []error
	for _, r := range runs {
		i, known := at[r.ID]
		if !known {
			i = len(m.Benchmarks)
			at[r.ID] = i
			m.Benchmarks = append(m.Benchmarks, microbenchmark(r))
		}
		if why := m.Benchmarks[i].add(round.Round, r); why != "" {
			problems = append(problems, fmt.Errorf("%s: benchmark %q is left out of round %d: %s", r.Where, r.ID, round.Round, why))
		}
	}
	return problems
}

// KeepRounds takes out all rounds but the first so many.
func (m *Micro) KeepRounds(n int) {
	m.Rounds = slices.DeleteFunc(m.Rounds, func(r MicroRound) bool { return r.Round > n })
	for i := range m.Benchmarks {
		b := &m.Benchmarks[i]
		b.Runs = slices.DeleteFunc(b.Runs, func(r MicroRun) bool { return r.Round > n })
	}
	m.Benchmarks = slices.DeleteFunc(m.Benchmarks, func(b Microbenchmark) bool { return len(b.Runs) == 0 })
}

// CompiledBy records the toolchain. It is an error when rounds were measured that
// another one compiled.
func (m *Micro) CompiledBy(toolchain string) error {
	if len(m.Rounds) > 0 && m.Toolchain != toolchain {
		return fmt.Errorf("its rounds so far were compiled by %q, and %q is here now", m.Toolchain, toolchain)
	}
	m.Toolchain = toolchain
	return nil
}

func microbenchmark(r parse.MicroRun) Microbenchmark {
	b := Microbenchmark{ID: r.ID, Group: r.Group, Function: r.Function, Parameter: r.Parameter, Unit: r.Unit}
	for _, t := range r.Throughput {
		b.Throughput = append(b.Throughput, MicroThroughput(t))
	}
	return b
}

// add appends a run, or says why not.
func (b *Microbenchmark) add(round int, r parse.MicroRun) string {
	if r.Unit != b.Unit {
		return fmt.Sprintf("it is measured in %q, before in %q", r.Unit, b.Unit)
	}
	for _, earlier := range b.Runs {
		switch {
		case earlier.Round == round:
			return "the round has it already"
		case len(r.Samples.Totals) > 0 && slices.Equal(earlier.Totals, r.Samples.Totals):
			return fmt.Sprintf("its samples are those of round %d to the last bit: a copy is no second measurement", earlier.Round)
		}
	}
	b.Runs = append(b.Runs, microRun(round, r))
	return ""
}

func microRun(round int, r parse.MicroRun) MicroRun {
	run := MicroRun{
		Round: round, Sampling: r.Sampling, Iterations: r.Samples.Iterations, Totals: r.Samples.Totals,
		Mean: microEstimate(r.Estimates.Mean), Median: microEstimate(r.Estimates.Median), MAD: microEstimate(r.Estimates.MAD),
		StdDev: microEstimate(r.Estimates.StdDev), Slope: microEstimate(r.Estimates.Slope),
	}
	if n := len(r.Samples.Totals); n > 0 {
		o := r.Samples.Outliers()
		run.Outliers = &MicroOutliers{o.LowSevere, o.LowMild, o.HighMild, o.HighSevere, n}
	}
	return run
}

func microEstimate(e *parse.MicroEstimate) *MicroEstimate {
	if e == nil {
		return nil
	}
	return &MicroEstimate{e.Point, e.Low, e.High, e.Level, e.StandardError}
}
