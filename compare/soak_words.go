package compare

import (
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
	return fmt.Sprintf("soak: %s, %s, %s of %s", c.Scenario, count(c.Load.Connections, "connection"),
		count(most, "window"), lengthText(c.Load.DurationS))
}

// text prints a value as a table shows it, its sign in front.
func (f soakFigure) text(v float64) string {
	if v < 0 {
		return "-" + f.text(-v)
	}
	if f.metric == "" {
		return profileFigure(&v, f.unit)
	}
	return oneFigure(f.metric, v, v)
}

// texts prints one value of every target so that the eye can compare them.
func (f soakFigure) texts(values []*float64) []string {
	if f.metric != "" {
		return figures(f.metric, values)
	}
	printed := make([]string, len(values))
	for i, v := range values {
		printed[i] = profileFigure(v, f.unit)
	}
	return printed
}

// changeText prints a change of a figure with the given middle value: as a part
// of it, unless the figure is a number of things or a fraction itself.
func (f soakFigure) changeText(change, middle float64) string {
	switch {
	case f.unit == "fraction":
		return strconv.FormatFloat(100*change, 'f', 1, 64) + " pp"
	case f.unit == "count":
		return fixed(change, 1)
	case middle > 0:
		return percent(change / middle)
	}
	return f.text(change)
}

// text is the verdict as a table shows it: "falling 34.1 %/h".
func (r *SoakRow) text(d *Drift) string {
	if d.Verdict != Drifting {
		return string(d.Verdict)
	}
	return d.Word + " " + r.figure.pace(math.Abs(d.SlopePH), d.middle())
}

// tightText is the same without words: "-34.1 %/h".
func (r *SoakRow) tightText(d *Drift) string {
	if d.Verdict != Drifting {
		return string(d.Verdict)
	}
	return plus(d.SlopePH) + r.figure.pace(d.SlopePH, d.middle())
}

// sentence says all about a figure that drifts.
func (r *SoakRow) sentence(d *Drift, target string) string {
	low, high := d.LowPH, d.HighPH
	if d.SlopePH < 0 {
		low, high = -high, -low
	}
	f := r.figure
	return fmt.Sprintf("%s of %s is %s [%s to %s] (%s), %s", r.Name, target, r.text(d),
		f.pace(low, d.middle()), f.pace(high, d.middle()), pText(d.P), d.Reason)
}

// fastest is the largest number that a change an hour may be: more is one a minute.
const fastest = 1000

// pace prints a change an hour: of memory in bytes, of things in their number,
// of all else as a part of its middle value.
func (f soakFigure) pace(perHour, middle float64) string {
	unit := " %"
	switch {
	case f.unit == "bytes":
		return perMinute(perHour / 3600)
	case f.unit == "fraction":
		perHour, unit = 100*perHour, " pp"
	case f.unit != "count" && middle > 0:
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
	return fixed(v, decimals(v))
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
			open = append(open, r.Name+" "+r.figure.changeText(d.NotRuledOut, d.middle()))
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
	usual, found := soakFigures[0].leastPart, false
	var others []string
	for _, r := range c.Rows {
		for _, cell := range r.Cells {
			found = found || cell.Drift != nil && cell.Drift.Verdict == Steady
		}
		f := r.figure
		switch {
		case f.leastPart == 0:
			others = append(others, f.name+" "+f.changeText(excludedFactor*f.least, 0))
		case f.leastPart != usual:
			others = append(others, f.name+" "+part(f))
		case f.least > 0:
			others = append(others, f.name+" at least "+f.text(excludedFactor*f.least))
		}
	}
	if !found {
		return ""
	}
	line := fmt.Sprintf("steady: no change of %s or more since the warm-up", part(soakFigures[0]))
	if len(others) > 0 {
		line += " (" + strings.Join(others, ", ") + ")"
	}
	return line
}

func part(f soakFigure) string { return plain(100*excludedFactor*f.leastPart) + " %" }

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
	text += fmt.Sprintf(", %s answers", grouped(s.Answers))
	if s.Bad > 0 {
		text += fmt.Sprintf(", %s requests without a good answer", grouped(s.Bad))
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
		return plain(math.Round(seconds*10)/10) + " s"
	case seconds < 2*3600:
		return plain(math.Round(seconds/6)/10) + " min"
	}
	return plain(math.Round(seconds/360)/10) + " h"
}
