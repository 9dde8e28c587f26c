// Package soak says what drifts in several servers under constant load for long.
package soak

import (
	"errors"
	"slices"

	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/internal/source"
	"taskbench/results"
)

// Comparison is what constant load did to several targets over a long
// time: every figure window by window, and whether it drifts. There are no
// ratios: targets are soaked one after the other, which makes no pairs.
type Comparison struct {
	Schema   int               `json:"taskbench_soak"`
	Baseline string            `json:"baseline"`
	Targets  []lineup.Target   `json:"targets"` // the baseline first
	Scenario string            `json:"scenario"`
	Load     results.Load      `json:"load"` // its duration is a window's
	Rows     []Row             `json:"rows"`
	Sides    []Side            `json:"sides"` // one a target, in their order
	Notes    []finding.Finding `json:"notes"`
}

// Row is one figure of every target.
type Row struct {
	Name   string          `json:"name"`
	Unit   string          `json:"unit"` // "per_s", "us", "bytes", "count" or "fraction"
	Better stats.Direction `json:"better"`
	Cells  []Cell          `json:"values"`

	Figure *figure.Figure `json:"-"`
}

// Cell is one figure of one target.
type Cell struct {
	Target     string          `json:"target"`
	Median     *float64        `json:"median"`           // over the windows that count; nil: unknown
	EachWindow []*float64      `json:"each_window"`      // as measured; nil where a window does not count
	Missing    finding.Finding `json:"missing,omitzero"` // why there is no median
	Drift      *Drift          `json:"drift"`            // nil when there are no figures
}

// Side is what became of one target.
type Side struct {
	Target   string  `json:"target"`
	Windows  int     `json:"windows"` // that count
	Failed   int     `json:"failed"`  // that do not
	Planned  int     `json:"planned"`
	EveryS   float64 `json:"every_s"` // from the beginning of one window to that of the next
	Answers  uint64  `json:"answers"` // in all windows
	Bad      uint64  `json:"bad"`     // answers not as expected, and requests without an answer
	Complete bool    `json:"complete"`
}

// errNone: no document has a window.
var errNone = errors.New("no window was measured: see the errors above")

// windowValue is the figure of a window; nil when there is none.
func windowValue(f *figure.Figure, t results.Trial) *float64 {
	v, ok := f.Of(&t, "")
	if !ok || v > beyondFigures {
		return nil
	}
	return &v
}

// beyondFigures is more than anything that was measured: a stored document is
// anybody's text, and sums must stay finite.
const beyondFigures = 1e18

// New puts documents of kind soak, each of one scenario at one load, side
// by side. Windows without figures to trust do not count. It is an error to
// give none with a window, documents of another kind, or of different loads.
func New(docs []results.Document, o lineup.Options) (*Comparison, error) {
	entrants, err := lineup.Of(results.Soak, docs, o)
	if err != nil {
		return nil, err
	}
	notes := []finding.Finding{}
	entrants = slices.DeleteFunc(entrants, func(e lineup.Entrant) bool {
		empty := len(windowsOf(e)) == 0
		if empty {
			notes = append(notes, finding.Finding{Code: finding.NoWindow, Target: e.Label})
		}
		return empty
	})
	if len(entrants) == 0 {
		return nil, errNone
	}
	m := entrants[0].Doc.Scenarios[0]
	c := &Comparison{Schema: lineup.Schema, Baseline: entrants[0].Label, Targets: lineup.Targets(entrants), Scenario: m.Scenario, Load: m.Load, Notes: notes}
	c.Notes = append(c.Notes, lineup.Senders(entrants)...)
	if len(m.Grows) > 0 {
		c.Notes = append(c.Notes, lineup.Grows(&m))
	}
	for _, e := range entrants {
		other := e.Doc.Scenarios[0]
		if other.Hash != m.Hash || other.Load != m.Load {
			return nil, source.Errorf(source.Position{}, "name one session: taskbench results list shows them", "%s and %s were soaked with different scenarios or loads", c.Baseline, e.Label)
		}
		c.Sides = append(c.Sides, newSide(e))
		c.Notes = append(c.Notes, notesOf(e.Label, windowsOf(e))...)
	}
	var courses []course
	for _, f := range figure.Soak {
		courses = append(courses, c.row(f, entrants)...)
	}
	judgeDrifts(courses)
	return c, nil
}

// windowsOf are a document's windows, in their order.
func windowsOf(e lineup.Entrant) []results.Trial {
	if len(e.Doc.Scenarios) == 0 {
		return nil
	}
	return e.Doc.Scenarios[0].Trials
}

func newSide(e lineup.Entrant) Side {
	s := Side{Target: e.Label, Planned: e.Doc.Plan.Pairs, Complete: e.Doc.Complete}
	var first, last results.Trial
	for _, t := range windowsOf(e) {
		if !t.Counts() {
			s.Failed++
			continue
		}
		s.Answers += t.Answers
		s.Bad += t.Failures()
		if last = t; s.Windows == 0 {
			first = t
		}
		s.Windows++
	}
	s.EveryS = everyS(first, last, s.Windows)
	return s
}

// everyS is how far apart n windows begin, from the first to the last; 0: unknown.
func everyS(first, last results.Trial, n int) float64 {
	if n < 2 {
		return 0
	}
	return last.Started.Sub(first.Started).Seconds() / float64(n-1)
}

// row adds a figure, if any target has it; its courses are to be judged.
func (c *Comparison) row(f *figure.Figure, entrants []lineup.Entrant) []course {
	row := Row{Figure: f, Name: f.Name, Unit: f.Unit.Name, Better: f.Better, Cells: make([]Cell, len(entrants))}
	var courses []course
	for i, e := range entrants {
		cell := Cell{Target: e.Label}
		var values []float64
		var with []results.Trial // that have the figure
		for _, t := range windowsOf(e) {
			v := windowValue(f, t)
			cell.EachWindow = append(cell.EachWindow, v)
			if v != nil {
				values, with = append(values, *v), append(with, t)
			}
		}
		if cell.Median = verdict.Median(cell.EachWindow); cell.Median == nil {
			cell.Missing = finding.Finding{Code: finding.NotReadable}
			if c.Sides[i].Windows == 0 {
				cell.Missing = finding.Finding{Code: finding.NoWindowCounts, Target: e.Label}
			}
		} else {
			course := newCourse(f, values, everyS(with[0], with[len(with)-1], len(with)))
			cell.Drift, courses = course.drift, append(courses, course)
		}
		row.Cells[i] = cell
	}
	if len(courses) > 0 {
		c.Rows = append(c.Rows, row)
	}
	return courses
}

// shownNotes are as many of a target as anybody reads.
const shownNotes = 5

// notesOf are what happened in a target's windows, each kind of thing once:
// where it happened first, and in how many windows.
func notesOf(label string, windows []results.Trial) []finding.Finding {
	var out []finding.Finding
	kinds := lineup.Alike(windows, func(t results.Trial) []finding.Finding { return happenings(label, t) })
	for _, k := range kinds[:min(len(kinds), shownNotes)] {
		out = append(out, k.With("more_windows"))
	}
	if more := len(kinds) - shownNotes; more > 0 {
		out = append(out, finding.Finding{Code: finding.MoreNotes, Target: label, Values: finding.Values{"notes": float64(more)}})
	}
	return out
}

// happenings are what a window says of itself; one that does not count, only why.
func happenings(label string, t results.Trial) []finding.Finding {
	if !t.Counts() {
		return []finding.Finding{{Code: finding.WindowNotCounted, Target: label, Said: lineup.Why(t)}}
	}
	var list []finding.Finding
	for _, s := range t.Steps {
		if bad := s.Answers - min(s.Good, s.Answers); bad > 0 {
			f := finding.Finding{Code: finding.WindowWrong, Target: label, Step: s.Name, Values: finding.Values{"count": float64(bad), "of": float64(s.Answers)}}
			list = append(list, f.With(lineup.Statuses(s.Statuses)))
		}
	}
	texts := t.Warnings
	if t.Memory != nil {
		texts = slices.Concat(texts, t.Memory.Notes, []string{t.Memory.Missing})
	}
	for _, text := range texts {
		if text != "" {
			list = append(list, finding.Finding{Code: finding.WindowNoted, Target: label, Said: []string{text}})
		}
	}
	return list
}
