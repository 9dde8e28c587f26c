package compare

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/internal/source"
	"taskbench/results"
)

// SoakComparison is what constant load did to several targets over a long
// time: every figure window by window, and whether it drifts. There are no
// ratios: targets are soaked one after the other, which makes no pairs.
type SoakComparison struct {
	Schema   int          `json:"taskbench_soak"`
	Baseline string       `json:"baseline"`
	Targets  []Target     `json:"targets"` // the baseline first
	Scenario string       `json:"scenario"`
	Load     results.Load `json:"load"` // its duration is a window's
	Rows     []SoakRow    `json:"rows"`
	Sides    []SoakSide   `json:"sides"` // one a target, in their order
	Notes    []string     `json:"notes"`
}

// SoakRow is one figure of every target.
type SoakRow struct {
	Name   string          `json:"name"`
	Unit   string          `json:"unit"` // "per_s", "us", "bytes", "count" or "fraction"
	Better stats.Direction `json:"better"`
	Cells  []SoakCell      `json:"values"`

	Figure *figure.Figure `json:"-"`
}

// SoakCell is one figure of one target.
type SoakCell struct {
	Target     string     `json:"target"`
	Median     *float64   `json:"median"`            // over the windows that count; nil: unknown
	EachWindow []*float64 `json:"each_window"`       // as measured; nil where a window does not count
	Missing    string     `json:"missing,omitempty"` // why there is no median
	Drift      *Drift     `json:"drift"`             // nil when there are no figures
}

// SoakSide is what became of one target.
type SoakSide struct {
	Target   string  `json:"target"`
	Windows  int     `json:"windows"` // that count
	Failed   int     `json:"failed"`  // that do not
	Planned  int     `json:"planned"`
	EveryS   float64 `json:"every_s"` // from the beginning of one window to that of the next
	Answers  uint64  `json:"answers"` // in all windows
	Bad      uint64  `json:"bad"`     // answers not as expected, and requests without an answer
	Complete bool    `json:"complete"`
}

// errNoSoak: no document has a window.
var errNoSoak = errors.New("no window was measured: see the errors above")

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

// NewSoak puts documents of kind soak, each of one scenario at one load, side
// by side. Windows without figures to trust do not count. It is an error to
// give none with a window, documents of another kind, or of different loads.
func NewSoak(docs []results.Document) (*SoakComparison, error) {
	entrants, err := enter(results.Soak, docs)
	if err != nil {
		return nil, err
	}
	if err := baselineFirst(entrants, docs, Options{}); err != nil {
		return nil, err
	}
	notes := []string{}
	entrants = slices.DeleteFunc(entrants, func(e entrant) bool {
		empty := len(windowsOf(e)) == 0
		if empty {
			notes = append(notes, e.Label+": no window was measured")
		}
		return empty
	})
	if len(entrants) == 0 {
		return nil, errNoSoak
	}
	m := entrants[0].doc.Scenarios[0]
	c := &SoakComparison{Schema: Schema, Baseline: entrants[0].Label, Scenario: m.Scenario, Load: m.Load, Notes: notes}
	for _, e := range entrants {
		other := e.doc.Scenarios[0]
		if other.Hash != m.Hash || other.Load != m.Load {
			return nil, source.Errorf(source.Position{}, "name one session: taskbench results list shows them", "%s and %s were soaked with different scenarios or loads", c.Baseline, e.Label)
		}
		c.Targets = append(c.Targets, e.Target)
		c.Sides = append(c.Sides, soakSide(e))
		c.Notes = append(c.Notes, soakNotes(e.Label, windowsOf(e))...)
	}
	for _, f := range figure.Soak {
		c.row(f, entrants)
	}
	return c, nil
}

// windowsOf are a document's windows, in their order.
func windowsOf(e entrant) []results.Trial {
	if len(e.doc.Scenarios) == 0 {
		return nil
	}
	return e.doc.Scenarios[0].Trials
}

func soakSide(e entrant) SoakSide {
	s := SoakSide{Target: e.Label, Planned: e.doc.Plan.Pairs, Complete: e.doc.Complete}
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

// row adds a figure, if any target has it.
func (c *SoakComparison) row(f *figure.Figure, entrants []entrant) {
	row := SoakRow{Figure: f, Name: f.Name, Unit: f.Unit.Name, Better: f.Better, Cells: make([]SoakCell, len(entrants))}
	known := false
	for i, e := range entrants {
		cell := SoakCell{Target: e.Label}
		var values []float64
		var with []results.Trial // that have the figure
		for _, t := range windowsOf(e) {
			v := windowValue(f, t)
			cell.EachWindow = append(cell.EachWindow, v)
			if v != nil {
				values, with = append(values, *v), append(with, t)
			}
		}
		if cell.Median = median(cell.EachWindow); cell.Median == nil {
			cell.Missing = "it could not be read"
			if c.Sides[i].Windows == 0 {
				cell.Missing = "no window of " + e.Label + " counts"
			}
		} else {
			d := judgeDrift(f, values, everyS(with[0], with[len(with)-1], len(with)))
			cell.Drift, known = &d, true
		}
		row.Cells[i] = cell
	}
	if known {
		c.Rows = append(c.Rows, row)
	}
}

// shownNotes are as many of a target as anybody reads.
const shownNotes = 5

// soakNotes are what happened in a target's windows, each kind of thing once:
// where it happened first, and in how many windows.
func soakNotes(label string, windows []results.Trial) []string {
	type note struct {
		text         string
		first, times int
	}
	var notes []*note
	seen := map[string]*note{}
	for _, t := range windows {
		for _, text := range happenings(t) {
			kind := strings.Map(func(r rune) rune {
				if unicode.IsDigit(r) || r == '.' || r == ',' {
					return -1
				}
				return r
			}, text)
			if seen[kind] == nil {
				seen[kind] = &note{text: text, first: t.Pair}
				notes = append(notes, seen[kind])
			}
			seen[kind].times++
		}
	}
	var out []string
	for _, n := range notes[:min(len(notes), shownNotes)] {
		where := fmt.Sprintf("window %d", n.first)
		if n.times > 1 {
			where += fmt.Sprintf(" and %d more", n.times-1)
		}
		out = append(out, fmt.Sprintf("%s, %s: %s", label, where, n.text))
	}
	if more := len(notes) - shownNotes; more > 0 {
		out = append(out, fmt.Sprintf("%s: %s of other kinds, see the stored document", label, figure.Count(more, "note")))
	}
	return out
}

// happenings are what a window says of itself; one that does not count, only why.
func happenings(t results.Trial) []string {
	if !t.Counts() {
		return []string{"not counted: " + t.Error}
	}
	var list []string
	for _, s := range t.Steps {
		if bad := s.Answers - min(s.Good, s.Answers); bad > 0 {
			list = append(list, fmt.Sprintf("step %s: %s of %s answers not as expected, statuses %s", s.Name, figure.Grouped(bad), figure.Grouped(s.Answers), statusList(s.Statuses)))
		}
	}
	list = append(list, t.Warnings...)
	if t.Memory != nil {
		list = append(list, t.Memory.Notes...)
		if t.Memory.Missing != "" {
			list = append(list, t.Memory.Missing)
		}
	}
	return list
}
