package compare

import (
	"taskbench/internal/figure"

	"fmt"
	"math"
	"strconv"
	"strings"
)

func (c *SoakComparison) title() string {
	most := 0
	for _, s := range c.Sides {
		most = max(most, s.Planned)
	}
	return fmt.Sprintf("soak: %s, %s, %s of %s", c.Scenario, figure.Count(c.Load.Connections, "connection"),
		figure.Count(most, "window"), lengthText(c.Load.DurationS))
}

// changeText prints a change of a figure with the given middle value: as a part
// of it, unless the figure is a number of things or a fraction itself.
func changeText(f *figure.Figure, change, middle float64) string {
	switch {
	case f.Unit.Name == figure.Fraction.Name:
		return strconv.FormatFloat(100*change, 'f', 1, 64) + " pp"
	case f.Unit.Name == figure.Things.Name:
		return figure.Fixed(change, 1)
	case middle > 0:
		return figure.Percent(change / middle)
	}
	return f.Text(change)
}

// text is the verdict as a table shows it: "falling 34.1 %/h".
func (r *SoakRow) text(d *Drift) string {
	if d.Verdict != Drifting {
		return string(d.Verdict)
	}
	return d.Word + " " + pace(r.Figure, math.Abs(d.SlopePH), d.middle())
}

// tightText is the same without words: "-34.1 %/h".
func (r *SoakRow) tightText(d *Drift) string {
	if d.Verdict != Drifting {
		return string(d.Verdict)
	}
	return plus(d.SlopePH) + pace(r.Figure, d.SlopePH, d.middle())
}

// sentence says all about a figure that drifts.
func (r *SoakRow) sentence(d *Drift, target string) string {
	low, high := d.LowPH, d.HighPH
	if d.SlopePH < 0 {
		low, high = -high, -low
	}
	f := r.Figure
	return fmt.Sprintf("%s of %s is %s [%s to %s] (%s), %s", r.Name, target, r.text(d),
		pace(f, low, d.middle()), pace(f, high, d.middle()), pText(d.P), d.Reason)
}

// fastest is the largest number that a change an hour may be: more is one a minute.
const fastest = 1000

// pace prints a change an hour: of memory in bytes, of things in their number,
// of all else as a part of its middle value.
func pace(f *figure.Figure, perHour, middle float64) string {
	unit := " %"
	switch {
	case f.Unit.Name == figure.Bytes.Name:
		return perMinute(perHour / 3600)
	case f.Unit.Name == figure.Fraction.Name:
		perHour, unit = 100*perHour, " pp"
	case f.Unit.Name != figure.Things.Name && middle > 0:
		perHour *= 100 / middle
	default:
		unit = ""
	}
	if math.Abs(perHour) < fastest {
		return signed(perHour) + unit + "/h"
	}
	return signed(perHour/60) + unit + "/min"
}

func signed(v float64) string {
	if v < 0 {
		return "-" + signed(-v)
	}
	return figure.Fixed(v, figure.Decimals(v))
}

// lines are what became of every target, and the verdicts in words.
func (c *SoakComparison) lines() []string {
	var out []string
	for _, s := range c.Sides {
		out = append(out, s.line())
	}
	for i, s := range c.Sides {
		out = append(out, c.sideLines(i, s.Target)...)
	}
	if l := c.steadyLine(); l != "" {
		out = append(out, l)
	}
	return out
}

// sideLines are the verdicts on one target that the table does not tell all of.
func (c *SoakComparison) sideLines(i int, target string) []string {
	var out, open, reasons []string
	figures := map[string][]string{} // by what else is said of them
	for _, r := range c.Rows {
		d := r.Cells[i].Drift
		switch {
		case d == nil || d.Verdict == Steady && !d.levelled():
		case d.Verdict == Drifting:
			out = append(out, r.sentence(d, target))
		case d.NotRuledOut > 0:
			open = append(open, r.Name+" "+changeText(r.Figure, d.NotRuledOut, d.middle()))
		default:
			why := fmt.Sprintf("%s: %s", d.Verdict, d.Reason)
			if figures[why] == nil {
				reasons = append(reasons, why)
			}
			figures[why] = append(figures[why], r.Name)
		}
	}
	if len(open) > 0 {
		out = append(out, fmt.Sprintf("%s: changes of up to this size cannot be ruled out: %s; soak longer", target, strings.Join(open, ", ")))
	}
	for _, why := range reasons {
		of := strings.Join(figures[why], ", ") + " of " + target
		if len(figures[why]) == len(c.Rows) {
			of = target
		}
		out = append(out, of+": "+why)
	}
	return out
}

// steadyLine says which changes a steady figure did not make; "" where none is.
func (c *SoakComparison) steadyLine() string {
	usual, found := figure.Soak[0].Drift.Part, false
	var others []string
	for _, r := range c.Rows {
		for _, cell := range r.Cells {
			found = found || cell.Drift != nil && cell.Drift.Verdict == Steady
		}
		f := r.Figure
		switch {
		case f.Drift.Part == 0:
			others = append(others, f.Name+" "+changeText(f, excludedFactor*f.Drift.Least, 0))
		case f.Drift.Part != usual:
			others = append(others, f.Name+" "+part(f))
		case f.Drift.Least > 0:
			others = append(others, f.Name+" at least "+f.Text(excludedFactor*f.Drift.Least))
		}
	}
	if !found {
		return ""
	}
	line := fmt.Sprintf("steady: no change of %s or more since the warm-up", part(figure.Soak[0]))
	if len(others) > 0 {
		line += " (" + strings.Join(others, ", ") + ")"
	}
	return line
}

func part(f *figure.Figure) string { return figure.Plain(100*excludedFactor*f.Drift.Part) + " %" }

// Worse says what drifts and gets worse, one sentence each.
func (c *SoakComparison) Worse() []string {
	var out []string
	for _, r := range c.Rows {
		for _, cell := range r.Cells {
			if cell.Drift != nil && cell.Drift.Harmful {
				out = append(out, fmt.Sprintf("%s: %s is %s", cell.Target, r.Name, r.text(cell.Drift)))
			}
		}
	}
	return out
}

// line says how much a target was measured.
func (s SoakSide) line() string {
	text := fmt.Sprintf("%s: %d of %d windows", s.Target, s.Windows, s.Planned)
	if s.Failed > 0 {
		text += fmt.Sprintf(" (%d not counted)", s.Failed)
	}
	text += fmt.Sprintf(", %s answers", figure.Grouped(s.Answers))
	if s.Bad > 0 {
		text += fmt.Sprintf(", %s requests without a good answer", figure.Grouped(s.Bad))
	}
	if !s.Complete {
		text += "; not complete"
	}
	return text
}

// lengthText prints a length of time in the unit that suits it: "90 s", "22 min".
func lengthText(seconds float64) string {
	switch {
	case seconds < 120:
		return figure.Plain(math.Round(seconds*10)/10) + " s"
	case seconds < 2*3600:
		return figure.Plain(math.Round(seconds/6)/10) + " min"
	}
	return figure.Plain(math.Round(seconds/360)/10) + " h"
}
