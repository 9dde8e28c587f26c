package parse

import (
	"fmt"
	"math"
	"slices"
)

// MicroRun is one microbenchmark as one process run measured it: what
// Criterion stored, or one of the tools around it.
type MicroRun struct {
	Where     string // the folder, or file and line, it was read from
	Baseline  string // Criterion's name of the run: "new", "base", "round-1"; "" where the format has none
	ID        string // Criterion's full_id: group/function/parameter as the bench names them
	Group     string
	Function  string // "" when the benchmark has none
	Parameter string // "" when the benchmark has none
	// Throughput is the work one iteration does, nil when the bench does not say.
	Throughput []MicroThroughput
	Unit       string // of all figures: "ns" unless the source names another
	Sampling   string // "Linear" (rising iterations), "Flat" or "" (not told)
	Samples    MicroSamples
	Estimates  MicroEstimates
}

// MicroThroughput is an amount of work in one iteration.
type MicroThroughput struct {
	Amount float64
	Unit   string // "bytes", "elements" or "bits"
}

// MicroEstimates are Criterion's estimates of one iteration, in the run's
// unit. What a source does not tell is nil; Mean and Median are always there.
type MicroEstimates struct {
	Mean, Median, MAD, StdDev, Slope *MicroEstimate
}

// MicroEstimate is a figure with its bootstrapped confidence interval. Level
// (0.95) and StandardError are 0 where the source does not tell them.
type MicroEstimate struct {
	Point, Low, High, Level, StandardError float64
}

// Typical is what Criterion prints as "time": the slope, else the mean.
func (e MicroEstimates) Typical() *MicroEstimate {
	if e.Slope != nil {
		return e.Slope
	}
	return e.Mean
}

// MicroSamples are the measurements of one process run: sample i took Totals[i]
// for Iterations[i] iterations. Both are empty where a source keeps estimates only.
type MicroSamples struct {
	Iterations []float64
	Totals     []float64
}

// Each gives the figure of one iteration for every sample.
func (s MicroSamples) Each() []float64 {
	each := make([]float64, len(s.Totals))
	for i, total := range s.Totals {
		each[i] = total / s.Iterations[i]
	}
	return each
}

// MicroPoints are the point estimates that follow from samples.
type MicroPoints struct {
	Mean, Median, MAD, StdDev float64
	// Slope is that of the line through the origin, Σxy/Σx². It means something
	// only where iterations rise from sample to sample.
	Slope float64
}

// madConsistency makes the median absolute deviation an estimate of a normal
// distribution's standard deviation: 1/Φ⁻¹(3/4) to four decimals, as the 32-bit
// number that Criterion multiplies by.
const madConsistency = float64(float32(1.4826))

// Points computes the estimates as Criterion does (its stats module): sample
// standard deviation with n−1, quantiles by linear interpolation, the deviation
// of the median scaled by 1.4826. All are 0 without samples.
func (s MicroSamples) Points() MicroPoints {
	each := s.Each()
	n := float64(len(each))
	if n == 0 {
		return MicroPoints{}
	}
	var p MicroPoints
	for _, x := range each {
		p.Mean += x / n
	}
	squares, deviations := 0.0, make([]float64, len(each))
	p.Median = quantile(ordered(each), 0.5)
	for i, x := range each {
		squares += (x - p.Mean) * (x - p.Mean)
		deviations[i] = math.Abs(x - p.Median)
	}
	p.MAD = madConsistency * quantile(ordered(deviations), 0.5)
	if n > 1 {
		p.StdDev = math.Sqrt(squares / (n - 1))
	}
	p.Slope = s.slope()
	return p
}

func (s MicroSamples) slope() float64 {
	xy, xx := 0.0, 0.0
	for i, x := range s.Iterations {
		xy += x * s.Totals[i]
		xx += x * x
	}
	return xy / xx
}

// MicroOutliers counts samples beyond Tukey's fences (Exploratory Data
// Analysis, 1977): mild beyond 1.5 interquartile ranges, severe beyond 3.
// They are counted, never dropped.
type MicroOutliers struct {
	LowSevere, LowMild, HighMild, HighSevere int
}

// Outliers classifies every sample, with the fences Criterion uses.
func (s MicroSamples) Outliers() MicroOutliers {
	var o MicroOutliers
	each := ordered(s.Each())
	if len(each) == 0 {
		return o
	}
	q1, q3 := quantile(each, 0.25), quantile(each, 0.75)
	mild, severe := 1.5*(q3-q1), 3*(q3-q1)
	for _, x := range each {
		switch {
		case x < q1-severe:
			o.LowSevere++
		case x > q3+severe:
			o.HighSevere++
		case x < q1-mild:
			o.LowMild++
		case x > q3+mild:
			o.HighMild++
		}
	}
	return o
}

func ordered(xs []float64) []float64 {
	s := slices.Clone(xs)
	slices.Sort(s)
	return s
}

// quantile of a sorted, non-empty sample by linear interpolation (Hyndman and
// Fan's type 7).
func quantile(sorted []float64, p float64) float64 {
	at := p * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

// agreement is how far, relatively, a stored estimate may lie from what its
// samples give. Criterion's own differ by rounding only, some 1e-15.
const agreement = 1e-6

// problem says why a run cannot be used; "" when it can.
func (r MicroRun) problem() string {
	switch {
	case r.ID == "":
		return "it has no id"
	case r.Estimates.Mean == nil || r.Estimates.Median == nil:
		return "its mean or median is missing or not a number"
	}
	if why := r.Samples.problem(); why != "" || len(r.Samples.Totals) == 0 {
		return why
	}
	p := r.Samples.Points()
	if !sameFigure(p.Mean, r.Estimates.Mean.Point) || !sameFigure(p.Median, r.Estimates.Median.Point) {
		return fmt.Sprintf("its estimates are not those of its samples (mean %g, the samples' is %g): it was written by halves",
			r.Estimates.Mean.Point, p.Mean)
	}
	return ""
}

func sameFigure(a, b float64) bool {
	return math.Abs(a-b) <= agreement*math.Max(math.Abs(a), math.Abs(b))
}

// problem says why samples make no sense; "" when they do.
func (s MicroSamples) problem() string {
	if len(s.Iterations) != len(s.Totals) {
		return fmt.Sprintf("it has %d iteration counts for %d samples", len(s.Iterations), len(s.Totals))
	}
	for i, n := range s.Iterations {
		if !(n > 0) || math.IsInf(n, 0) || math.IsNaN(s.Totals[i]) || math.IsInf(s.Totals[i], 0) {
			return fmt.Sprintf("sample %d is not a number: %g in %g iterations", i+1, s.Totals[i], n)
		}
	}
	return ""
}
