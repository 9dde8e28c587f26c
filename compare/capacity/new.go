package capacity

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/internal/figure"
	"taskbench/internal/search"
	"taskbench/internal/source"
	"taskbench/results"
)

// New puts documents of kind capacity, each of one scenario, side by side. It is an
// error to give none with a search, documents of another kind, of different
// scenarios, or that looked for different things.
func New(docs []results.Document, o lineup.Options) (*Comparison, error) {
	entrants, err := lineup.Of(results.Capacity, docs, o)
	if err != nil {
		return nil, err
	}
	targets, docs := lineup.Targets(entrants), make([]results.Document, len(entrants))
	for i, e := range entrants {
		docs[i] = e.Doc
	}
	first, err := searched(docs[0])
	if err != nil {
		return nil, err
	}
	c := &Comparison{
		Schema: lineup.Schema, Baseline: targets[0].Label, Targets: targets, Scenario: first.Scenario, Title: first.Title,
		Objective: Text(first.Search.Objective), Search: *first.Search, Notes: lineup.Notes(entrants, func(*figure.Figure) bool { return false }),
	}
	var found [][]search.Bounds
	for i, d := range docs {
		m, err := searched(d)
		if err != nil {
			return nil, err
		}
		if m.Hash != first.Hash || !reflect.DeepEqual(m.Search, first.Search) {
			return nil, source.Errorf(source.Position{}, "name one session: taskbench results list shows them",
				"%s and %s were searched with different scenarios or for different objectives", c.Baseline, targets[i].Label)
		}
		c.Repeats = max(c.Repeats, d.Plan.Pairs)
		bounds := Bounds(d)
		found = append(found, bounds)
		c.Sides = append(c.Sides, side(targets[i].Label, m, bounds))
	}
	c.judge(docs, found)
	c.Metric = curveMetric(first.Search.Objective)
	c.Curve = curve(c, docs)
	c.Expected = expected(c.Sides, first.Expected)
	c.Notes = append(c.Notes, lineup.MachineFlags(entrants)...)
	c.Notes = append(c.Notes, others(docs)...)
	for i, d := range docs {
		c.Notes = append(c.Notes, notes(c, i, d)...)
	}
	return c, nil
}

// searched is the scenario that a document's search is about.
func searched(d results.Document) (*results.Measurement, error) {
	if len(d.Scenarios) == 0 || d.Scenarios[0].Search == nil {
		return nil, fmt.Errorf("%s: no search was begun", d.Implementation)
	}
	return &d.Scenarios[0], nil
}

// Text is an objective as it is written.
func Text(objective []results.Expectation) string {
	parts := make([]string, len(objective))
	for i, b := range objective {
		parts[i] = b.Metric + " " + b.Text
	}
	return strings.Join(parts, ", ")
}

// Goal is what a stored search was content with.
func Goal(s results.Search) search.Goal {
	seconds := func(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
	return search.Goal{
		Width: s.WidthFraction, Exceed: min(s.ExceedFraction, mostExceed), Initial: seconds(s.InitialS), Final: seconds(s.FinalS), Sum: seconds(s.SumS),
		Least: s.LeastPS, Most: s.MostPS,
	}
}

// mostExceed is below 1: where all trials may exceed, every rate is carried.
const mostExceed = 0.99

// Trials are what a document's search was told, in the order in which it was measured.
func Trials(m results.Measurement, target int) []search.Measured {
	var out []search.Measured
	for _, t := range m.Trials {
		if s := t.Sought; s != nil && t.Pair > 0 {
			out = append(out, search.Measured{Target: target, Repeat: t.Pair - 1, Trial: search.Trial{
				Rate: s.RatePS, Length: time.Duration(s.LengthS * float64(time.Second)), Exceeded: len(s.Exceeded) > 0, Carried: s.CarriedPS, Void: s.Void != "",
			}})
		}
	}
	return out
}

// mostRepeats bounds what a document can ask of its reader.
const mostRepeats = 1000

// Bounds are those of each repeat of a document's search.
func Bounds(d results.Document) []search.Bounds {
	m := d.Scenarios[0]
	trials := Trials(m, 0)
	var out []search.Bounds
	for repeat := range min(d.Plan.Pairs, mostRepeats) {
		out = append(out, Goal(*m.Search).Bounds(search.Of(trials, 0, repeat)))
	}
	return out
}

func side(label string, m *results.Measurement, bounds []search.Bounds) Side {
	s := Side{Target: label, Carried: carriedBy(bounds, m.Search.LeastPS, m.Search.MostPS), Each: []Repeat{}}
	last := -1
	for i, b := range bounds {
		if b.Lower > 0 || b.Upper > 0 {
			last = i
		}
	}
	for _, b := range bounds[:last+1] {
		s.Each = append(s.Each, repeatOf(b))
	}
	for _, t := range m.Trials {
		if t.Sought != nil {
			s.Trials++
			if t.Sought.Void != "" {
				s.Void++
			}
		}
	}
	return s
}

// judge holds every candidate against the baseline. Repeats of other sessions were not
// measured in the same minutes, and make no pairs: they are judged all the same, and
// the notes say it.
func (c *Comparison) judge(docs []results.Document, found [][]search.Bounds) {
	for i := 1; i < len(docs); i++ {
		if c.Sides[0].Outcome == Found && c.Sides[i].Outcome == Found {
			j := ratio(found[0], found[i])
			c.Sides[i].Against = &j
		}
	}
}

// expected holds what is documented of the capacity against what was found.
func expected(sides []Side, list []results.Expectation) []Expectation {
	var out []Expectation
	for _, e := range list {
		if e.Metric != results.ExpectedCapacity {
			continue
		}
		one := Expectation{Expectation: e}
		for _, s := range sides {
			one.Results = append(one.Results, Met{Target: s.Target, Met: s.meets(e)})
		}
		out = append(out, one)
	}
	return out
}

// meets is nil where the search does not tell: of "at least so much" and "less than".
func (s Side) meets(e results.Expectation) *bool {
	enough := s.Rate > e.Limit || e.Op == ">=" && s.Rate == e.Limit
	told := s.Outcome == Found || s.Outcome == Never && !enough || (s.Outcome == Always || s.Outcome == Generator) && enough
	if !told {
		return nil
	}
	return &enough
}

// notes are what a reader must know of one side.
func notes(c *Comparison, i int, d results.Document) []finding.Finding {
	s, m := c.Sides[i], d.Scenarios[0]
	note := func(code finding.Code, values finding.Values, said ...string) finding.Finding {
		return finding.Finding{Code: code, Target: s.Target, Values: values, Said: said}
	}
	var out []finding.Finding
	switch s.Outcome {
	case Never:
		out = append(out, note(finding.CapacityNever, finding.Values{"least_per_s": s.Rate}, exceededAt(m, s.Rate)...))
	case Always:
		out = append(out, note(finding.CapacityAlways, finding.Values{"most_per_s": s.Rate}))
	case Generator:
		out = append(out, note(finding.CapacityGenerator, finding.Values{"rate_per_s": s.Rate}, lastVoid(m)))
	case Unknown:
		out = append(out, note(finding.CapacityUnknown, finding.Values{"trials": float64(s.Trials)}, lastVoid(m)))
	case Found:
		if s.Repeats < d.Plan.Pairs {
			out = append(out, note(finding.CapacityRepeats, finding.Values{"repeats": float64(s.Repeats), "planned": float64(d.Plan.Pairs)}))
		}
	}
	if s.Void > 0 && s.Outcome == Found {
		out = append(out, note(finding.CapacityVoid, finding.Values{"trials_void": float64(s.Void), "trials": float64(s.Trials)}, lastVoid(m)))
	}
	if n, how := endings(m); n > 0 {
		out = append(out, note(finding.CapacityEnded, finding.Values{"trials_ended": float64(n), "trials": float64(s.Trials)}, how))
	}
	return out
}

// endings are in how many trials a server ended, and what was told of the last one.
func endings(m results.Measurement) (n int, last string) {
	for _, t := range m.Trials {
		if t.Ended != nil {
			n, last = n+1, t.Error
		}
	}
	return n, last
}

// othersLimit is how many cores other programs may keep busy before what exceeds may be
// their doing.
const othersLimit = 0.5

// others tells of the trial in which other programs kept most cores busy: what they
// take, no server carries.
func others(docs []results.Document) []finding.Finding {
	worst, repeat := 0.0, 0
	for _, d := range docs {
		for _, t := range d.Scenarios[0].Trials {
			if r := t.Resources; r != nil && r.OthersCores != nil && *r.OthersCores > worst {
				worst, repeat = *r.OthersCores, t.Pair
			}
		}
	}
	if worst <= othersLimit {
		return nil
	}
	return []finding.Finding{{Code: finding.BusyMachine, Pairs: []int{repeat}, Values: finding.Values{"cores": worst}}}
}

// exceededAt are the bounds that did not hold at a rate, each once.
func exceededAt(m results.Measurement, rate float64) []string {
	var out []string
	for _, t := range m.Trials {
		if t.Sought == nil || t.Sought.RatePS != rate {
			continue
		}
		for _, e := range t.Sought.Exceeded {
			if !slices.Contains(out, e) {
				out = append(out, e)
			}
		}
	}
	return out
}

// lastVoid is why the last trial that says nothing does so.
func lastVoid(m results.Measurement) string {
	for _, t := range slices.Backward(m.Trials) {
		if t.Sought != nil && t.Sought.Void != "" {
			return t.Sought.Void
		}
	}
	return ""
}
