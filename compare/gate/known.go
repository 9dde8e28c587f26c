package gate

import (
	"taskbench/compare"
	"taskbench/compare/finding"
	"taskbench/compare/history"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/results"
)

// fewestKnown is how many runs say how much runs differ. With four, whatever
// differs, 4 of 100 gates that have nothing to find warn or fail (`make bench-verdicts`).
const fewestKnown = 4

// known are the runs that tell how much runs of the same programs differ.
type known struct {
	runs         [][]results.Document // by time, without the one that is judged
	now          run
	compared     map[string][]*compare.Comparison // of control and one candidate
	fewest, most int                              // runs behind the metrics decided on
	unknown      bool                             // there is one with too few
}

func newKnown(docs []results.Document, now run) *known {
	k := &known{now: now, compared: map[string][]*compare.Comparison{}}
	for _, r := range lineup.Sessions(docs) {
		if r[0].Session != now.control().Session {
			k.runs = append(k.runs, r)
		}
	}
	return k
}

// of are the control and a candidate in each known run on this machine that has both.
func (k *known) of(candidate string) []*compare.Comparison {
	if list, have := k.compared[candidate]; have {
		return list
	}
	control := k.now.control().Implementation
	here := history.Machine(k.now.of(control).Environment)
	var list []*compare.Comparison
	for _, docs := range k.runs {
		r := run{docs: docs}
		if r.of(control) == nil || r.of(candidate) == nil || history.Machine(r.of(control).Environment) != here {
			continue
		}
		c, err := compare.New([]results.Document{*r.of(control), *r.of(candidate)}, lineup.Options{Baseline: control})
		if err == nil {
			list = append(list, c)
		}
	}
	k.compared[candidate] = list
	return list
}

// between is how much the ratio of a metric differs from run to run; nil where
// too few runs measured the same. A change of the programs is no scatter: the
// history is cut where it has a step, and where it comes to the level of now, the
// pairs that are judged.
func (k *known) between(m *figure.Figure, candidate string, s compare.Scenario, now []stats.Pair) *stats.Between {
	var runs [][]stats.Pair
	for _, c := range k.of(candidate) {
		for _, then := range c.Scenarios {
			if then.Name != s.Name || !then.Different(s).IsZero() || then.Load.Level() != s.Load.Level() {
				continue
			}
			if row, measured := then.Row(m); measured {
				runs = append(runs, stats.Plain(then.Series(row, 1)))
			}
		}
	}
	return k.scatter(m.Better, runs, now)
}

// scatter is how much runs differ, and is counted for the notes.
func (k *known) scatter(better stats.Direction, runs [][]stats.Pair, now []stats.Pair) *stats.Between {
	stretches := stats.Stretches(better, runs, now)
	b := stats.BetweenRuns(better, stretches...)
	n := 0
	for _, s := range stretches {
		n += len(s)
	}
	if n < fewestKnown || b.DF < 1 {
		k.unknown = true
		return nil
	}
	if k.fewest == 0 || n < k.fewest {
		k.fewest = n
	}
	k.most = max(k.most, n)
	return &b
}

// notes say what the decisions rest on.
func (k *known) notes() []finding.Finding {
	var list []finding.Finding
	if k.most > 0 {
		list = append(list, finding.Finding{Code: finding.BetweenKnown, Values: finding.Values{"runs": float64(k.fewest), "most_runs": float64(k.most)}})
	}
	if k.unknown {
		list = append(list, finding.Finding{Code: finding.BetweenUnknown})
	}
	return list
}
