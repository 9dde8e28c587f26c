// Package export writes comparisons and gate reports in the formats of other
// tools: trackers of benchmarks, CI servers, monitoring, plotters. Every exporter
// is a pure function of what it is given; docs/exports.md tells what each
// format can and cannot hold.
//
// It computes nothing: figures are the ones that compare decided about. What a
// format has no place for is left out and never bent, and so is what is not
// comparable: the speed of a target that gave wrong answers, and figures of
// another scenario text than the baseline's.
package export

import (
	"fmt"
	"math"
	"strings"
	"unicode"

	"taskbench/compare"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/internal/plain"
	"taskbench/results"
)

// entry is one figure of one target, on its way into any format.
type entry struct {
	scenario    string
	connections int
	sender      string // of the load; "": wrk on this machine alone
	level       string // the scenario, with its connections where there are several loads, and its sender
	step        string // "": the whole scenario
	metric      *figure.Figure
	better      stats.Direction
	target      lineup.Target
	median      float64
	eachPair    []*float64 // nil where a pair has none
	ratio       *verdict.Ratio
}

// entries are all figures that may stand alone, in the order of the tables.
func entries(c *compare.Comparison) []entry {
	var list []entry
	for _, s := range c.Scenarios {
		for _, r := range s.Rows {
			for i, cell := range r.Cells {
				if cell.Median == nil || !exportable(s.Sides[i].State, r.Metric) {
					continue
				}
				list = append(list, entry{
					s.Name, s.Load.Connections, s.Sender.Known(), level(c, s), r.Step, r.Metric, r.Better, c.Targets[i], *cell.Median, cell.EachPair, cell.Ratio,
				})
			}
		}
	}
	return list
}

// exportable reports whether a figure means what its name says: a target that
// gave wrong answers has an error rate, and no speed.
func exportable(s compare.State, m *figure.Figure) bool {
	switch s {
	case compare.Compared, compare.Measured:
		return true
	case compare.Failed:
		return m.Equal(figure.Errors)
	}
	return false
}

// level is the scenario's name, with its load where it was measured at several, and
// with what sent it: other tools compare what has one name.
func level(c *compare.Comparison, s compare.Scenario) string {
	name := loadOf(c, s)
	if sender := s.Sender.Known(); sender != "" {
		name += " (" + sender + ")"
	}
	return name
}

func loadOf(c *compare.Comparison, s compare.Scenario) string {
	for _, other := range c.Scenarios {
		if other.Name == s.Name && other.Load.Level() != s.Load.Level() {
			if s.Load.Open() {
				return s.Name + "@" + s.Load.Rate
			}
			return fmt.Sprintf("%s@%d", s.Name, s.Load.Connections)
		}
	}
	return s.Name
}

// span gives the smallest and the largest figure of a pair.
func (e entry) span() (low, high float64) {
	low, high = e.median, e.median
	for _, v := range e.eachPair {
		if v != nil {
			low, high = math.Min(low, *v), math.Max(high, *v)
		}
	}
	return low, high
}

// path names the figure's place: scenario, step if any, and target.
func (e entry) path() string {
	parts := []string{e.level}
	if e.step != "" {
		parts = append(parts, e.step)
	}
	return strings.Join(append(parts, e.target.Label), "/")
}

// word makes any text one word of a path: what separates becomes "_".
func word(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, plain.Clean(text))
}

// measurementOf finds what a document holds of a scenario; nil when nothing.
func measurementOf(d results.Document, s compare.Scenario) *results.Measurement {
	for i, m := range d.Scenarios {
		if m.Scenario == s.Name && m.Load.Connections == s.Load.Connections {
			return &d.Scenarios[i]
		}
	}
	return nil
}
