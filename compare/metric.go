package compare

import (
	"math"
	"slices"
	"strings"

	"taskbench/compare/stats"
	"taskbench/results"
)

// Metric names a figure and its unit.
type Metric string

const (
	Throughput Metric = "throughput_per_s" // good answers
	P50        Metric = "p50_us"
	P95        Metric = "p95_us"
	P99        Metric = "p99_us"
	Max        Metric = "max_us"
	FlowP95    Metric = "flow_p95_us" // first request to last answer of an iteration
	Errors     Metric = "error_fraction"

	CPUPerAnswer    Metric = "cpu_per_answer_us" // of the server's process tree, a good answer
	AnswersPerCPU   Metric = "answers_per_cpu_s" // its inverse, good answers a second of CPU time
	InstructionsPer Metric = "instructions_per_answer"
	Resident        Metric = "server_resident_bytes" // peak of the server's process tree
)

// Direction says which way a metric improves.
type Direction = stats.Direction

const (
	Higher = stats.HigherIsBetter
	Lower  = stats.LowerIsBetter
)

// Better is the metric's direction.
func (m Metric) Better() Direction {
	if m == Throughput || m == AnswersPerCPU {
		return Higher
	}
	return Lower
}

// primary are the metrics of a whole scenario that decide when a run stops
// and that a gate looks at, where they were measured.
var primary = []Metric{Throughput, P50, P95, CPUPerAnswer, InstructionsPer}

// Primary reports whether runs stop, and gates decide, by this metric.
func (m Metric) Primary() bool { return slices.Contains(primary, m) }

// judged reports whether pairs get a verdict on the metric. The slowest of a
// million answers shows nothing, and fractions that are often 0 have no ratio.
func (m Metric) judged() bool { return m != Max && m != Errors }

// MetricNamed finds a metric that gets verdicts by its name in tables
// ("throughput", "p99", "flow p95") or in JSON ("p99_us").
func MetricNamed(name string) (Metric, bool) {
	for _, m := range scenarioMetrics {
		if m.judged() && (string(m) == name || m.name() == name || strings.ReplaceAll(m.name(), " ", "_") == name) {
			return m, true
		}
	}
	return "", false
}

// JudgedNames are the names that MetricNamed knows, as tables have them.
func JudgedNames() []string {
	var names []string
	for _, m := range scenarioMetrics {
		if m.judged() {
			names = append(names, m.name())
		}
	}
	return names
}

// The rows of a table, in their order.
var (
	scenarioMetrics = []Metric{
		Throughput, P50, P95, P99, Max, FlowP95, CPUPerAnswer, AnswersPerCPU, InstructionsPer, Resident, Errors,
	}
	stepMetrics = []Metric{Throughput, P50, P95, P99, Errors}
)

// optional are metrics that not every run can measure: without a figure on
// any side they have no row.
var optional = []Metric{FlowP95, CPUPerAnswer, AnswersPerCPU, InstructionsPer, Resident}

// metricOf maps an expectation's metric to its figure: "p99.9" to "p99.9_us".
func metricOf(expected string) Metric {
	switch expected {
	case "throughput":
		return Throughput
	case "errors":
		return Errors
	}
	return Metric(expected + "_us")
}

// read takes the metric out of a trial, of the step when one is named. Not ok
// when the trial has none, or nothing that is a figure: a stored document is
// anybody's text.
func read(t results.Trial, step string, m Metric) (float64, bool) {
	v, ok := readTrial(t, m)
	if step != "" {
		v, ok = readStep(t, step, m)
	}
	return v, ok && v >= 0 && !math.IsInf(v, 1) && (m != Errors || v <= 1)
}

func readTrial(t results.Trial, m Metric) (float64, bool) {
	switch m {
	case Throughput:
		return t.ThroughputPS, true
	case Errors:
		return t.ErrorFraction, true
	case CPUPerAnswer, AnswersPerCPU, InstructionsPer, Resident:
		return readResources(t.Resources, m)
	}
	if name, flow := strings.CutPrefix(string(m), "flow_"); flow {
		if t.Iterations == nil {
			return 0, false
		}
		return readLatency(t.Iterations.Latency, Metric(name))
	}
	return readLatency(t.Latency, m)
}

func readResources(r *results.Resources, m Metric) (float64, bool) {
	if r == nil {
		return 0, false
	}
	if m == Resident {
		if r.ServerResidentBytes == nil {
			return 0, false
		}
		return float64(*r.ServerResidentBytes), true
	}
	v := map[Metric]*float64{
		CPUPerAnswer: r.CPUPerAnswerUS, AnswersPerCPU: r.AnswersPerCPUS, InstructionsPer: r.InstructionsPerAnswer,
	}[m]
	if v == nil {
		return 0, false
	}
	return *v, true
}

func readStep(t results.Trial, step string, m Metric) (float64, bool) {
	for _, s := range t.Steps {
		if s.Name != step {
			continue
		}
		switch m {
		case Throughput:
			return s.ThroughputPS, true
		case Errors:
			asked := s.Answers + s.Unmet[faultLost]
			return float64(asked-min(s.Good, asked)) / float64(asked), asked > 0
		}
		return readLatency(s.Latency, m)
	}
	return 0, false
}

func readLatency(l *results.Latency, m Metric) (float64, bool) {
	if l == nil || l.Count == 0 {
		return 0, false
	}
	switch m {
	case P50:
		return l.P50US, true
	case "p75_us":
		return l.P75US, true
	case "p90_us":
		return l.P90US, true
	case P95:
		return l.P95US, true
	case P99:
		return l.P99US, true
	case "p99.9_us":
		return l.P999US, true
	case "mean_us":
		return l.MeanUS, true
	case Max:
		return l.MaxUS, true
	}
	return 0, false
}
