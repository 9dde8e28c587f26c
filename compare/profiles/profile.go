// Package profiles puts where CPU time or the heap goes in several servers side by side.
package profiles

import (
	"errors"
	"math"
	"slices"

	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/results"
)

// Profile shows where CPU time, or the heap, goes in several targets, side by
// side. It is one recording each, or the samples of several together: shares and
// counts to look into, not verdicts.
type Profile struct {
	Schema   int             `json:"taskbench_profile"`
	Kind     Kind            `json:"kind"`
	Scenario string          `json:"scenario"`
	Load     results.Load    `json:"load"`
	Targets  []lineup.Target `json:"targets"` // the baseline first
	// Seconds is how many cores each target kept busy, second by second; cpu only.
	Seconds [][]float64 `json:"cores_each_second,omitempty"` // of the last recording
	// Recordings is how many there are of each target: figures are their medians.
	Recordings []int             `json:"recordings"`
	Figures    []Figure          `json:"rows"`
	Hot        []HotRow          `json:"hot"` // functions, or allocation sites
	Notes      []finding.Finding `json:"notes"`
}

// Kind is what a profile is of.
type Kind string

const (
	CPU  Kind = "cpu"
	Heap Kind = "heap"
)

// Figure is one figure of every target.
type Figure struct {
	Name  string         `json:"name"`
	Unit  string         `json:"unit"` // "cores", "fraction", "per_s", "us", "count", "bytes"
	Cells []verdict.Cell `json:"values"`
	// Limit is a documented expectation: less than it is fine. 0: none.
	Limit float64 `json:"limit,omitempty"`
	// Core is the number of the one core that the figure is of; nil: of all.
	Core *int `json:"core,omitempty"`

	Figure *figure.Figure `json:"-"`
}

// HotRow is one function in every target; nil where it was not met among the hottest.
type HotRow struct {
	Name   string     `json:"name"`
	Self   []*float64 `json:"self"`  // cpu: own share of the samples; heap: allocations
	Total  []*float64 `json:"total"` // cpu: share with all that it called; heap: bytes at the peak
	Leaked []*float64 `json:"leaked,omitempty"`
	// Difference is each target's Self less the baseline's, for cpu as a
	// fraction, for heap per answer; what was not met counts as 0. Nil where the
	// target or the baseline could not be profiled.
	Difference []*float64 `json:"difference"`
	// CI is the 95 % interval of each Difference, of cpu only: allocations are
	// counted, samples are drawn.
	CI []*stats.Interval `json:"difference_ci,omitempty"`
}

// errNone: no document has a profile of the kind.
var errNone = errors.New("nothing was profiled: see the errors above")

// profileKinds are the kinds of the documents that profiles are in.
var profileKinds = map[Kind]results.Kind{CPU: results.CPU, Heap: results.Memory}

// New lines up the trials with a profile of every document, the
// baseline first; of one where none counts only why. Each document holds one
// scenario at one load; one without a profile is left out. Errors are those of New.
func New(kind Kind, docs []results.Document, o lineup.Options) (*Profile, error) {
	entrants, err := lineup.Of(profileKinds[kind], docs, o)
	if err != nil {
		return nil, err
	}
	p := &Profile{Schema: lineup.Schema, Kind: kind, Notes: lineup.Senders(entrants)}
	var trials []*results.Trial
	var each [][]*results.Trial // behind those
	for _, e := range entrants {
		m, all := profiled(kind, e.Doc)
		if len(all) == 0 {
			continue
		}
		p.Scenario, p.Load = m.Scenario, m.Load
		each, p.Recordings = append(each, all), append(p.Recordings, len(all))
		p.Targets, trials = append(p.Targets, e.Target), append(trials, pooled(all))
	}
	if len(trials) == 0 {
		return nil, errNone
	}
	if kind == CPU {
		p.cpu(trials, each)
	} else {
		p.heap(trials, each)
	}
	return p, nil
}

// profiled are the trials with a profile that count, the last one where none of
// them counts, or was recorded.
func profiled(kind Kind, d results.Document) (*results.Measurement, []*results.Trial) {
	for i := range d.Scenarios {
		m := &d.Scenarios[i]
		var last *results.Trial
		var whole []*results.Trial
		for j := range m.Trials {
			t := &m.Trials[j]
			switch {
			case !t.Counts():
				last = uncounted(t)
			case kind == CPU && t.CPU != nil && t.CPU.Missing != "":
				last = t
			case kind == CPU && t.CPU != nil, kind == Heap && t.Heap != nil:
				whole = append(whole, t)
			}
		}
		switch {
		case len(whole) > 0:
			return m, whole
		case last != nil:
			return m, []*results.Trial{last}
		}
	}
	return nil, nil
}

// pooled is the last of several recordings, with the functions of all: of shares
// of samples their mean, by how many samples there are.
func pooled(all []*results.Trial) *results.Trial {
	last := *all[len(all)-1]
	if len(all) == 1 || last.CPU == nil {
		return &last
	}
	sum := *last.CPU
	sum.Samples, sum.Functions = 0, nil
	for _, t := range all {
		sum.Samples += t.CPU.Samples
	}
	at := map[string]int{}
	for _, t := range all {
		part := float64(t.CPU.Samples) / float64(max(sum.Samples, 1))
		for _, f := range t.CPU.Functions {
			i, known := at[f.Name]
			if !known {
				i = len(sum.Functions)
				at[f.Name] = i
				sum.Functions = append(sum.Functions, results.HotFunction{Name: f.Name, Object: f.Object})
			}
			sum.Functions[i].SelfFraction += part * f.SelfFraction
			sum.Functions[i].TotalFraction += part * f.TotalFraction
		}
	}
	last.CPU = &sum
	return &last
}

// uncounted is a trial that does not count, without what was recorded of it.
func uncounted(t *results.Trial) *results.Trial {
	return &results.Trial{Error: t.Error, Hint: t.Hint, CPU: &results.CPUProfile{Missing: t.Error}, Heap: &results.HeapProfile{Missing: t.Error}}
}

// figure collects the values of every target's recordings, and the ratio of their
// medians to the baseline's, which has no interval.
// otherwise is why one may be absent though the target was recorded.
func (p *Profile) figure(f *figure.Figure, name string, otherwise finding.Code, each [][]*results.Trial) {
	row := Figure{Name: name, Unit: f.Unit.Name, Figure: f}
	known := false
	for i, all := range each {
		c := verdict.Cell{Target: p.Targets[i].Label}
		for _, t := range all {
			c.EachPair = append(c.EachPair, verdict.ValueOf(*t, "", f))
		}
		c.Median = verdict.Median(c.EachPair)
		if known = known || verdict.Tells(f, c.Median); c.Median == nil {
			if c.Missing = p.missing(all[len(all)-1]); c.Missing.IsZero() {
				c.Missing.Code = otherwise
			}
		}
		if i > 0 {
			c.Ratio, c.NoRatio = alone(row.Cells[0], c)
		}
		row.Cells = append(row.Cells, c)
	}
	if known {
		p.Figures = append(p.Figures, row)
	}
}

// missing is why nothing was recorded in a trial; zero when something was.
func (p *Profile) missing(t *results.Trial) finding.Finding {
	text := ""
	if p.Kind == CPU {
		text = t.CPU.Missing
	} else {
		text = t.Heap.Missing
	}
	switch {
	case t.Error != "":
		return finding.Finding{Code: finding.LoadNotCounted, Said: lineup.Why(*t)}
	case text != "":
		return lineup.Noted("", text)
	}
	return finding.Finding{}
}

// alone is the ratio of two single values, or why there is none.
func alone(base, c verdict.Cell) (*verdict.Ratio, finding.Finding) {
	switch {
	case c.Median == nil:
		return nil, c.Missing
	case base.Median == nil:
		missing := base.Missing
		missing.Target = base.Target
		return nil, missing
	case !(*base.Median > 0):
		return nil, finding.Finding{Code: finding.BaselineZero, Target: base.Target}
	}
	r := *c.Median / *base.Median
	return &verdict.Ratio{Ratio: r, Low: r, High: r, Pairs: 1}, finding.Finding{}
}

// notes says what holds for all targets once, and the rest by target.
func (p *Profile) notes(each [][]finding.Finding) {
	for i, notes := range each {
		for _, n := range notes {
			everywhere := !slices.ContainsFunc(each, func(other []finding.Finding) bool { return !slices.ContainsFunc(other, n.Same) })
			switch {
			case len(each) > 1 && !everywhere:
				n.Target = p.Targets[i].Label
				p.Notes = append(p.Notes, n)
			case i == 0:
				p.Notes = append(p.Notes, n)
			}
		}
	}
}

func (p *Profile) cpu(trials []*results.Trial, each [][]*results.Trial) {
	for _, f := range figure.CPU {
		before := len(p.Figures)
		p.figure(f, f.Name, finding.NotRecorded, each)
		if f == figure.CoresUsed && len(p.Figures) > before {
			p.Figures[before].Limit = limit(trials)
		}
		if f == figure.BusiestCore {
			p.cores(trials, each)
		}
	}
	for _, t := range trials {
		p.Seconds = append(p.Seconds, eachSecond(t))
	}
	hot, notes := newHotRows(len(trials)), [][]finding.Finding(nil)
	for i, t := range trials {
		notes = append(notes, recorded(finding.NoSamples, t, t.CPU.Missing, slices.Concat(t.CPU.Notes, t.Warnings)))
		for _, f := range t.CPU.Functions {
			r := hot.row(f.Name)
			r.Self[i], r.Total[i] = &f.SelfFraction, &f.TotalFraction
		}
	}
	p.notes(notes)
	p.Hot = hot.sorted(func(i int) (float64, bool) { return 1, trials[i].CPU.Missing == "" })
	for k, r := range p.Hot {
		p.Hot[k].CI = make([]*stats.Interval, len(trials))
		for i, d := range r.Difference {
			p.Hot[k].CI[i] = sampled(d, orZero(r.Self[i]), trials[i].CPU.Samples, orZero(r.Self[0]), trials[0].CPU.Samples)
		}
	}
}

// sampled is the 95 % interval of the difference of two shares of so many
// samples each; nil where there is no difference.
func sampled(difference *float64, own float64, n uint64, base float64, of uint64) *stats.Interval {
	if difference == nil || n == 0 || of == 0 {
		return nil
	}
	const z95 = 1.96
	half := z95 * math.Sqrt(own*(1-own)/float64(n)+base*(1-base)/float64(of))
	return &stats.Interval{Low: *difference - half, High: *difference + half}
}

// recorded is what is to be known of a recording: first why there is nothing.
func recorded(absent finding.Code, t *results.Trial, missing string, notes []string) []finding.Finding {
	var list []finding.Finding
	switch {
	case t.Error != "":
		list = append(list, finding.Finding{Code: absent}.With(finding.Finding{Code: finding.LoadNotCounted, Said: lineup.Why(*t)}))
	case missing != "":
		list = append(list, finding.Finding{Code: absent, Said: []string{missing}})
	}
	for _, n := range notes {
		list = append(list, lineup.Noted("", n))
	}
	return list
}

func limit(trials []*results.Trial) float64 {
	for _, t := range trials {
		if t.CPU.Use != nil {
			return t.CPU.Use.LimitFraction
		}
	}
	return 0
}
