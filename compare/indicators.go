package compare

import (
	"fmt"
	"slices"

	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/internal/figure"
	"taskbench/results"
)

// Indicator is one general sign of a good server, held against all that was
// measured of each target: a bound, or (Op "") a red flag that is to be in no
// scenario.
type Indicator struct {
	results.Expectation
	Results []IndicatorResult `json:"results"` // one a target, in their order
}

// IndicatorResult is what a target reached. What a bound is held against more
// than once (latency by each step, throughput by each scenario) is met where most
// of them do.
type IndicatorResult struct {
	Target  string          `json:"target"`
	Worst   *float64        `json:"worst"`           // in the unit of the bound; nil for a red flag
	Where   string          `json:"where,omitempty"` // the scenario, and step, of the worst
	Met     int             `json:"met"`             // how many keep the bound
	Of      int             `json:"of"`
	Good    *bool           `json:"good"` // nil: not known, see Missing
	Missing finding.Finding `json:"missing,omitzero"`
}

// signs are the red flags that are indicators, too.
var signs = []finding.Code{finding.LongTail, finding.Falling, finding.ServerBusy}

// indicators holds each indicator of the documents, and red flags where there are
// any, against the targets. It is to be asked before flags are hoisted.
func indicators(entrants []lineup.Entrant, list []Scenario) []Indicator {
	var asked []results.Expectation
	for _, e := range entrants {
		for _, x := range e.Doc.Indicators {
			if !slices.Contains(asked, x) {
				asked = append(asked, x)
			}
		}
	}
	if len(asked) == 0 {
		return nil
	}
	var out []Indicator
	for _, x := range asked {
		one := Indicator{Expectation: x}
		for _, e := range entrants {
			one.Results = append(one.Results, indicated(x, e))
		}
		out = append(out, one)
	}
	for _, code := range signs {
		one := Indicator{Expectation: results.Expectation{Metric: string(code)}}
		for _, e := range entrants {
			one.Results = append(one.Results, flagged(code, e.Label, list))
		}
		out = append(out, one)
	}
	return out
}

// indicated holds one bound against a target.
func indicated(x results.Expectation, e lineup.Entrant) IndicatorResult {
	r := IndicatorResult{Target: e.Label}
	if x.Metric == "leaks" {
		r.Missing = finding.Finding{Code: finding.LeaksElsewhere}
		return r
	}
	for _, m := range e.Doc.Scenarios {
		trials := slices.DeleteFunc(slices.Clone(m.Trials), func(t results.Trial) bool { return !t.Counts() })
		name := fmt.Sprintf("%s @ %d", m.Scenario, m.Load.Connections)
		switch x.Metric {
		case "p95":
			for _, step := range m.Steps {
				r.hold(x, name+" "+step, trials, func(t results.Trial) (float64, bool) { return figure.P95.Of(&t, step) })
			}
		case "throughput":
			r.hold(x, name, trials, metricIn(figure.Throughput))
		case "memory":
			r.hold(x, name, trials, metricIn(figure.Resident))
		case "cpu":
			r.hold(x, name, trials, coresShare)
		}
	}
	if r.Of == 0 {
		r.Missing = finding.Finding{Code: finding.NotMeasured, Target: e.Label}
		return r
	}
	most := r.Of/2 + 1
	if x.Metric == "memory" || x.Metric == "cpu" { // a server that needs too much once, does
		most = r.Of
	}
	r.Good = new(r.Met >= most)
	return r
}

// hold counts one figure, in the middle of the trials.
func (r *IndicatorResult) hold(x results.Expectation, where string, trials []results.Trial, of func(results.Trial) (float64, bool)) {
	v, ok := middle(trials, of)
	if !ok {
		return
	}
	met := meets(v, x.Op, x.Limit)
	if met == nil {
		return
	}
	r.Of++
	if *met {
		r.Met++
	}
	if r.Worst == nil || (v > *r.Worst) == (x.Op[0] == '<') {
		r.Worst, r.Where = &v, where
	}
}

// coresShare is how much of its cores a server keeps busy.
func coresShare(t results.Trial) (float64, bool) {
	r := t.Resources
	if r == nil || r.ServerCores == nil || r.ServerCoresAllowed == 0 {
		return 0, false
	}
	return *r.ServerCores / float64(r.ServerCoresAllowed), true
}

// flagged counts the scenarios of a target that have a red flag.
func flagged(code finding.Code, target string, list []Scenario) IndicatorResult {
	r := IndicatorResult{Target: target}
	for _, s := range list {
		if !s.Measured() {
			continue
		}
		r.Of++
		if slices.ContainsFunc(s.Flags, func(f finding.Finding) bool { return f.Code == code && f.Target == target }) {
			r.Where = fmt.Sprintf("%s @ %d", s.Name, s.Load.Connections)
		} else {
			r.Met++
		}
	}
	if r.Of > 0 {
		r.Good = new(r.Met == r.Of)
	}
	return r
}
