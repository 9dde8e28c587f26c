package words

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"taskbench/compare/profiles"
	"taskbench/compare/sentences"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/internal/plain"
)

// shownHot is how many functions the tables show; JSON and CSV have all.
const shownHot = 20

var (
	profileNames = map[profiles.Kind]string{profiles.CPU: "CPU", profiles.Heap: "heap"}
	hotNames     = map[profiles.Kind]string{profiles.CPU: "function", profiles.Heap: "allocated by"}
)

// onceReading says why the figures of profiles have no verdicts.
const onceReading = "figures and ratios are of one recording each, which has no interval and no verdict; the difference of two shares of samples has the interval of drawing them"

// severalReading says the same of more than one recording.
const severalReading = "figures are medians of the recordings, shares are of the samples of all of them together; ratios have no interval and no verdict, the difference of two shares has that of drawing so many samples"

func profileReading(c *profiles.Profile) string {
	if len(c.Recordings) > 0 && slices.Max(c.Recordings) > 1 {
		return severalReading
	}
	return onceReading
}

// unmet says what a dash among functions means.
const unmet = "not among the functions recorded there"

// Profile is the page of where CPU time, or the heap, goes.
func Profile(c *profiles.Profile) page.Page {
	p := opening(c.Targets, profileReading(c), notes(c.Notes, true))
	p.Records, p.Data = profileRecords(c), sentences.WithTexts(c)
	p.Add(loadTitle(profileNames[c.Kind], c.Scenario, c.Load), page.Simple(profileForm(c)))
	courses := page.Curves{Title: "cores busy, second by second"}
	for i, values := range c.Seconds {
		courses.Items = append(courses.Items, curve(c.Targets[i].Label, values, figure.Cores))
	}
	p.Add(courses, profileLimits(c))
	if len(c.Hot) > 0 {
		p.Add(page.Space{}, page.Simple(hotForm(c)))
		if dashes(c) {
			p.Add(page.Lines{Items: page.Sentences([]string{figure.None + ": " + unmet})})
		}
	}
	return p
}

// profileRecords are one line for each target and figure, for each second, and
// for each target and function.
func profileRecords(c *profiles.Profile) page.Records {
	t := newTable(figureColumns...)
	where := fields{"scenario": c.Scenario}
	t.warn(where, c.Notes...)
	for _, f := range c.Figures {
		for _, cell := range f.Cells {
			t.add(where, fields{"name": strings.TrimSpace(f.Name), "unit": f.Unit}, cellFields(nil, cell))
		}
	}
	for i, cores := range c.Seconds {
		course(t, fields{"scenario": c.Scenario, "target": c.Targets[i].Label, "name": "cores busy", "unit": figure.Cores.Name}, pointers(cores))
	}
	for _, r := range c.Hot {
		for i, target := range c.Targets {
			hotRecords(t, c, r, i, fields{"scenario": c.Scenario, "target": target.Label, "name": r.Name})
		}
	}
	return t.Records
}

// hotUnits are what Self, Total and Leaked of a function are.
var hotUnits = map[profiles.Kind][3]string{
	profiles.CPU: {"self_fraction", "total_fraction", ""}, profiles.Heap: {"allocations", "peak_bytes", "leaked_bytes"},
}

// hotRecords are a function's figures in one target; the difference to the
// baseline is of the first.
func hotRecords(t *table, c *profiles.Profile, r profiles.HotRow, i int, of fields) {
	for k, values := range [][]*float64{r.Self, r.Total, r.Leaked} {
		if values == nil {
			continue
		}
		f := fields{"unit": hotUnits[c.Kind][k], "median": orEmpty(values[i])}
		if values[i] == nil {
			f["reason"] = unmet
		}
		if k == 0 && i > 0 {
			f["difference"] = orEmpty(r.Difference[i])
			if r.CI != nil && r.CI[i] != nil {
				f["ci_low"], f["ci_high"] = figure.Plain(r.CI[i].Low), figure.Plain(r.CI[i].High)
			}
		}
		t.add(of, f)
	}
}

func profileForm(c *profiles.Profile) page.Form {
	f := page.Form{Columns: []page.Column{{Words: true}}}
	for i, t := range c.Targets {
		f.Columns = append(f.Columns, page.Column{Name: plain.Clean(t.Label)})
		if i > 0 {
			f.Columns = append(f.Columns, page.Column{Name: "ratio"})
		}
	}
	for _, one := range c.Figures {
		if one.Core != nil && c.ManyCores() {
			continue
		}
		r := page.Row{Key: one.Figure.Key, Cells: []page.Cell{{Text: one.Name}}}
		for i, text := range one.Figure.Texts(medians(one.Cells)) {
			cell := one.Cells[i]
			if r.Cells = append(r.Cells, valueCell(cell, text)); i > 0 {
				r.Cells = append(r.Cells, profileRatio(cell))
			}
		}
		f.Rows = append(f.Rows, r)
	}
	return f
}

// profileRatio is the ratio, or a dash with its reason where the figure has none.
func profileRatio(c verdict.Cell) page.Cell {
	if c.Ratio != nil {
		return page.Cell{Text: figure.Ratio(c.Ratio.Ratio)}
	}
	cell := page.Cell{Text: figure.None, Mood: page.Faint}
	if c.Median != nil {
		cell.Notes = []string{sentences.Of(c.NoRatio)}
	}
	return cell
}

func medians(cells []verdict.Cell) []*float64 {
	list := make([]*float64, len(cells))
	for i, c := range cells {
		list[i] = c.Median
	}
	return list
}

// profileLimits hold figures with a documented expectation against it.
func profileLimits(c *profiles.Profile) page.Lines {
	var lines page.Lines
	for _, f := range c.Figures {
		if f.Limit == 0 {
			continue
		}
		line := page.Line{Parts: []page.Cell{{Text: "expected " + f.Name + " < " + figure.Percent(f.Limit) + ":"}}}
		for i, text := range f.Figure.Texts(medians(f.Cells)) {
			var met *bool
			if v := f.Cells[i].Median; v != nil {
				below := *v < f.Limit
				met = &below
			}
			line.Parts = append(line.Parts, page.Cell{Text: " " + c.Targets[i].Label + " " + text}, mark(met, sentences.Of(f.Cells[i].Missing)))
		}
		lines.Items = append(lines.Items, line)
	}
	return lines
}

// leastName is how many columns a function's name gets at least.
const leastName = 24

func hotForm(c *profiles.Profile) page.Form {
	self, total, difference := "self", "total", "difference"
	if c.Kind == profiles.Heap {
		self, total, difference = "allocations", "at peak", "per answer"
	}
	f := page.Form{Columns: []page.Column{{Name: hotNames[c.Kind], Words: true, Least: leastName}}}
	for i, t := range c.Targets {
		f.Columns = append(f.Columns, page.Column{Name: plain.Clean(t.Label) + " " + self}, page.Column{Name: total})
		if i > 0 {
			f.Columns = append(f.Columns, page.Column{Name: difference})
		}
	}
	for _, h := range c.Hot[:min(len(c.Hot), shownHot)] {
		r := page.Row{Key: h.Name, Cells: []page.Cell{{Text: h.Name}}}
		for i, t := range c.Targets {
			r.Cells = append(r.Cells, hotCell(c.Kind, h.Self[i], figure.Things, t.Label), hotCell(c.Kind, h.Total[i], figure.Bytes, t.Label))
			if i > 0 {
				r.Cells = append(r.Cells, page.Cell{Text: hotDifference(c.Kind, h, i)})
			}
		}
		f.Rows = append(f.Rows, r)
	}
	return f
}

// dashes reports whether a function that the table shows was not met everywhere.
func dashes(c *profiles.Profile) bool {
	return slices.ContainsFunc(c.Hot[:min(len(c.Hot), shownHot)], func(r profiles.HotRow) bool { return slices.Contains(r.Self, nil) })
}

func hotCell(kind profiles.Kind, v *float64, unit figure.Unit, of string) page.Cell {
	if kind == profiles.CPU {
		unit = figure.Fraction
	}
	return page.Cell{Text: unit.Texts([]*float64{v})[0], Value: v, Of: of}
}

// hotDifference is in percentage points with what sampling leaves open, or
// allocations per answer.
func hotDifference(kind profiles.Kind, h profiles.HotRow, i int) string {
	d := h.Difference[i]
	switch {
	case d == nil:
		return figure.None
	case kind == profiles.CPU && math.Abs(*d) < 0.00005, kind == profiles.Heap && math.Abs(*d) < 0.005:
		return "="
	case kind == profiles.CPU && h.CI[i] != nil:
		return fmt.Sprintf("%s (%s to %s) pp", signed(100**d), signed(100*h.CI[i].Low), signed(100*h.CI[i].High))
	case kind == profiles.CPU:
		return figure.Points(*d)
	}
	return signed(*d)
}

// sign is the one that numbers do not have.
func sign(v float64) string {
	if v > 0 {
		return "+"
	}
	return ""
}

// signed has a sign wherever there is something behind it.
func signed(v float64) string {
	text := strconv.FormatFloat(math.Abs(v), 'f', 2, 64)
	switch {
	case text == "0.00":
		return "0"
	case v < 0:
		return "−" + text
	}
	return "+" + text
}
