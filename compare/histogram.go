package compare

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/internal/source"
	"taskbench/results"
)

// Histograms are the latency distributions of one load test.
type Histograms struct {
	Schema         int         `json:"taskbench_histogram"`
	Implementation string      `json:"implementation"`
	Session        string      `json:"session"`
	Created        time.Time   `json:"created"`
	Reference      string      `json:"reference,omitempty"` // what the reference server said of itself
	Histograms     []Histogram `json:"histograms"`
}

// Histogram is one distribution: of a scenario's answers, of one step's, or of
// whole iterations of a flow.
type Histogram struct {
	Scenario    string            `json:"scenario"`
	Title       string            `json:"title"`
	Connections int               `json:"connections"`
	Step        string            `json:"step,omitempty"`       // "": all steps together
	EndToEnd    bool              `json:"end_to_end,omitempty"` // iterations, first request to last answer
	Pairs       int               `json:"pairs"`                // whose trials are in it
	Count       uint64            `json:"count"`
	Percentiles []Percentile      `json:"percentiles"`
	Buckets     []Bucket          `json:"buckets"` // rising and without gaps, empty ones included
	Notes       []finding.Finding `json:"notes,omitempty"`
}

// Bucket counts the answers that took FromUS ≤ t < ToUS microseconds.
type Bucket struct {
	FromUS   float64 `json:"from_us"`
	ToUS     float64 `json:"to_us"`
	Count    uint64  `json:"count"`
	Fraction float64 `json:"fraction"`
}

// Percentile is a mark on a distribution; the last one, "max", is its end.
type Percentile struct {
	Name string  `json:"name"`
	US   float64 `json:"us"`
}

// NewHistograms merges the stored distributions of all trials that worked, of
// the named scenarios or, without names, of all of them; with steps also those
// of each step and of whole iterations. It is an error to ask for a scenario
// that was not measured, or for a document without latencies.
func NewHistograms(d results.Document, names []string, steps bool) (*Histograms, error) {
	if d.Kind != results.LoadTest {
		return nil, source.Errorf(source.Position{}, "name a load test (see: taskbench results list)", "the results of %s are of kind %s, which has no latencies", d.Implementation, d.Kind)
	}
	var measured []string
	for _, m := range d.Scenarios {
		measured = append(measured, m.Scenario)
	}
	for _, name := range names {
		if !slices.Contains(measured, name) {
			return nil, source.Errorf(source.Position{}, source.Allowed(name, measured), "scenario %q was not measured", name)
		}
	}
	h := &Histograms{
		Schema: lineup.Schema, Implementation: d.Implementation, Session: d.Session, Created: d.Created, Reference: d.Reference, Histograms: []Histogram{},
	}
	for i := range d.Scenarios {
		if m := &d.Scenarios[i]; len(names) == 0 || slices.Contains(names, m.Scenario) {
			if err := h.add(m, steps); err != nil {
				return nil, fmt.Errorf("%s of %s: %w", m.Scenario, d.Implementation, err)
			}
		}
	}
	if len(h.Histograms) == 0 {
		return nil, source.Errorf(source.Position{}, "taskbench compare says what became of it", "%s has no answers to show", d.Implementation)
	}
	return h, nil
}

// add appends a measurement's distributions.
func (h *Histograms) add(m *results.Measurement, steps bool) error {
	if err := h.merge(m, Histogram{}, func(t results.Trial) *results.Latency { return t.Latency }); err != nil || !steps {
		return err
	}
	if len(m.Steps) > 1 {
		for _, step := range m.Steps {
			err := h.merge(m, Histogram{Step: step}, func(t results.Trial) *results.Latency {
				at := slices.IndexFunc(t.Steps, func(s results.StepResult) bool { return s.Name == step })
				if at < 0 {
					return nil
				}
				return t.Steps[at].Latency
			})
			if err != nil {
				return err
			}
		}
	}
	for _, journey := range m.Journeys {
		err := h.merge(m, Histogram{Step: journey, EndToEnd: true}, func(t results.Trial) *results.Latency {
			at := slices.IndexFunc(t.Journeys, func(j results.Journey) bool { return j.Name == journey })
			if at < 0 {
				return nil
			}
			return t.Journeys[at].Latency
		})
		if err != nil {
			return err
		}
	}
	return h.merge(m, Histogram{EndToEnd: true}, func(t results.Trial) *results.Latency {
		if t.Iterations == nil {
			return nil
		}
		return t.Iterations.Latency
	})
}

// merge appends the distribution that of finds in the trials, if there is one.
func (h *Histograms) merge(m *results.Measurement, one Histogram, of func(results.Trial) *results.Latency) error {
	var parts []*results.Latency
	for _, t := range m.Trials {
		if l := of(t); t.Counts() && l != nil && l.Count > 0 {
			parts = append(parts, l)
		}
	}
	merged, err := results.MergeLatency(parts...)
	if err != nil || merged == nil {
		return err
	}
	one.Scenario, one.Title, one.Connections = m.Scenario, m.Title, m.Load.Connections
	one.Pairs, one.Count, one.Percentiles = len(parts), merged.Count, percentiles(merged)
	if len(failures(m)) > 0 {
		one.Notes = append(one.Notes, finding.Finding{Code: finding.WrongCounted})
	}
	if one.Buckets, err = buckets(merged); err != nil {
		return err
	}
	h.Histograms = append(h.Histograms, one)
	return nil
}

func percentiles(l *results.Latency) []Percentile {
	return []Percentile{{"p50", l.P50US}, {"p90", l.P90US}, {"p95", l.P95US}, {"p99", l.P99US}, {"p99.9", l.P999US}, {"max", l.MaxUS}}
}

// preferred are bounds within a decade, the finest first: the series R20, R10
// and R5 of preferred numbers (ISO 3, rounded), and 1-2-5.
var preferred = [][]float64{
	{1, 1.12, 1.25, 1.4, 1.6, 1.8, 2, 2.24, 2.5, 2.8, 3.15, 3.55, 4, 4.5, 5, 5.6, 6.3, 7.1, 8, 9},
	{1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8},
	{1, 1.6, 2.5, 4, 6.3},
	{1, 2, 5},
}

// mostRows keeps a distribution on one screen; only one over more than six
// decades, without gaps, has more.
const mostRows = 22

// buckets cuts a distribution at preferred numbers, as finely as one screen allows.
func buckets(l *results.Latency) ([]Bucket, error) {
	h, err := l.Histogram()
	if err != nil {
		return nil, err
	}
	var list []Bucket
	for _, series := range preferred {
		if list = cut(h, boundsAround(series, math.Max(float64(h.Min()), 1), float64(h.Max()))); len(Visible(list)) <= mostRows {
			break
		}
	}
	return list, nil
}

// cut counts a distribution's values between rising bounds.
func cut(h *hdrhistogram.Histogram, bounds []float64) []Bucket {
	list := make([]Bucket, len(bounds)-1)
	for i := range list {
		list[i].FromUS, list[i].ToUS = bounds[i], bounds[i+1]
	}
	for _, bar := range h.Distribution() {
		list[sortedBefore(bounds[1:len(bounds)-1], float64(bar.From))].Count += uint64(bar.Count)
	}
	for i := range list {
		list[i].Fraction = float64(list[i].Count) / float64(h.TotalCount())
	}
	return list
}

// Visible are the indexes of the buckets that get a line, with one -1 for
// several empty ones.
func Visible(list []Bucket) []int {
	var rows []int
	for i := 0; i < len(list); i++ {
		end := i
		for end < len(list) && list[end].Count == 0 {
			end++
		}
		if end-i > 1 {
			rows, i = append(rows, -1), end-1
			continue
		}
		rows = append(rows, i)
	}
	return rows
}

// sortedBefore is how many of the rising bounds are at most v.
func sortedBefore(bounds []float64, v float64) int {
	at, found := slices.BinarySearch(bounds, v)
	if found {
		at++
	}
	return at
}

// boundsAround are the series' numbers from the last one at most low, to the
// first above high.
func boundsAround(series []float64, low, high float64) []float64 {
	var bounds []float64
	for decade := math.Pow(10, math.Floor(math.Log10(low))); ; decade *= 10 {
		for _, step := range series {
			bound := decade * step
			if bound <= low {
				bounds = bounds[:0]
			}
			if bounds = append(bounds, bound); bound > high {
				return bounds
			}
		}
	}
}
