package words

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"taskbench/compare/sentences"
	"taskbench/compare/soak"
	"taskbench/internal/figure"
	"taskbench/internal/page"
)

// Soak is the page of soaks.
func Soak(c *soak.Comparison) page.Page {
	p := opening(c.Targets, "", notes(c.Notes, true))
	p.Records, p.Data = soakRecords(c), sentences.WithTexts(c)
	p.Add(soakTitle(c))
	if len(c.Rows) > 0 {
		p.Add(soakTable(c), page.Space{})
	}
	p.Add(page.Lines{Items: page.Sentences(soakLines(c))})
	return p
}

// soakRecords are one line for each figure of each target and one for each
// window, unrounded.
func soakRecords(c *soak.Comparison) page.Records {
	t := newTable("scenario", "target", "name", "at", "unit", "median", "verdict", "slope_per_h", "ci_low", "ci_high", "p", "windows", "reason")
	where := fields{"scenario": c.Scenario}
	t.warn(where, c.Notes...)
	for _, r := range c.Rows {
		for _, cell := range r.Cells {
			f := fields{"target": cell.Target, "name": r.Name, "unit": r.Unit, "median": orEmpty(cell.Median), "reason": sentences.Of(cell.Missing)}
			if d := cell.Drift; d != nil {
				f["verdict"], f["slope_per_h"], f["ci_low"], f["ci_high"] = string(d.Verdict), figure.Plain(d.SlopePH), figure.Plain(d.LowPH), figure.Plain(d.HighPH)
				f["p"], f["windows"], f["reason"] = figure.Plain(d.P), strconv.Itoa(d.Windows), sentences.Of(d.Reason)
			}
			t.add(where, f)
		}
	}
	for _, r := range c.Rows {
		for _, cell := range r.Cells {
			course(t, fields{"scenario": c.Scenario, "target": cell.Target, "name": r.Name, "unit": r.Unit}, cell.EachWindow)
		}
	}
	return t.Records
}

// soakTitle is "soak: projects, closed, 50 users, 60 windows of 1 min".
func soakTitle(c *soak.Comparison) page.Heading {
	most := 0
	for _, s := range c.Sides {
		most = max(most, s.Planned)
	}
	return titled("soak", fmt.Sprintf("%s, %s, %s of %s", c.Scenario, c.Load.Model(),
		figure.Count(most, "window"), figure.Length(c.Load.DurationS)))
}

// DriftText is the verdict as a table shows it: "falling 34.1 %/h".
func DriftText(r soak.Row, d *soak.Drift) string {
	if d.Verdict != soak.Drifting {
		return string(d.Verdict)
	}
	return d.Word + " " + r.Figure.Pace(math.Abs(d.SlopePH), d.Middle())
}

// tightDrift is the same without words: "-34.1 %/h".
func tightDrift(r soak.Row, d *soak.Drift) string {
	if d.Verdict != soak.Drifting {
		return string(d.Verdict)
	}
	return sign(d.SlopePH) + r.Figure.Pace(d.SlopePH, d.Middle())
}

// driftSentence says all about a figure that drifts.
func driftSentence(r soak.Row, d *soak.Drift, target string) string {
	low, high := d.LowPH, d.HighPH
	if d.SlopePH < 0 {
		low, high = -high, -low
	}
	f := r.Figure
	return fmt.Sprintf("%s of %s is %s [%s to %s] (%s), %s", r.Name, target, DriftText(r, d),
		f.Pace(low, d.Middle()), f.Pace(high, d.Middle()), figure.P(d.P), sentences.Of(d.Reason))
}

// soakLines are what became of every target, and the verdicts in words.
func soakLines(c *soak.Comparison) []string {
	var out []string
	for _, s := range c.Sides {
		out = append(out, soakSide(s))
	}
	for i, s := range c.Sides {
		out = append(out, soakVerdicts(c, i, s.Target)...)
	}
	if l := steadyLine(c); l != "" {
		out = append(out, l)
	}
	return out
}

// soakVerdicts are the verdicts on one target that the table does not tell all of.
func soakVerdicts(c *soak.Comparison, i int, target string) []string {
	var out, open, reasons []string
	figures := map[string][]string{} // by what else is said of them
	for _, r := range c.Rows {
		d := r.Cells[i].Drift
		switch {
		case d == nil || d.Verdict == soak.Steady && !d.Levelled():
		case d.Verdict == soak.Drifting:
			out = append(out, driftSentence(r, d, target))
		case d.NotRuledOut > 0:
			open = append(open, r.Name+" "+r.Figure.Change(d.NotRuledOut, d.Middle()))
		default:
			why := fmt.Sprintf("%s: %s", d.Verdict, sentences.Of(d.Reason))
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
func steadyLine(c *soak.Comparison) string {
	usual, found := figure.Soak[0].Drift.Part, false
	var others []string
	for _, r := range c.Rows {
		for _, cell := range r.Cells {
			found = found || cell.Drift != nil && cell.Drift.Verdict == soak.Steady
		}
		f := r.Figure
		switch {
		case f.Drift.Part == 0:
			others = append(others, f.Name+" "+f.Change(soak.ExcludedFactor*f.Drift.Least, 0))
		case f.Drift.Part != usual:
			others = append(others, f.Name+" "+part(f))
		case f.Drift.Least > 0:
			others = append(others, f.Name+" at least "+f.Text(soak.ExcludedFactor*f.Drift.Least))
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

func part(f *figure.Figure) string {
	return figure.Plain(100*soak.ExcludedFactor*f.Drift.Part) + " %"
}

// soakSide says how much a target was measured.
func soakSide(s soak.Side) string {
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

// Worse says what drifts and gets worse, one sentence each.
func Worse(c *soak.Comparison) []string {
	var out []string
	for _, r := range c.Rows {
		for _, cell := range r.Cells {
			if cell.Drift != nil && cell.Drift.Harmful {
				out = append(out, fmt.Sprintf("%s: %s is %s", cell.Target, r.Name, DriftText(r, cell.Drift)))
			}
		}
	}
	return out
}
