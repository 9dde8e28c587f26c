package words

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"taskbench/compare"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/internal/plain"
)

// shownHot is how many functions the tables show; JSON and CSV have all.
const shownHot = 20

var (
	profileNames = map[compare.ProfileKind]string{compare.CPUProfile: "CPU", compare.HeapProfile: "heap"}
	hotNames     = map[compare.ProfileKind]string{compare.CPUProfile: "function", compare.HeapProfile: "allocated by"}
)

// Profile is the page of where CPU time, or the heap, goes.
func Profile(c *compare.Profile) page.Page {
	p := opening(c.Targets, "", notes(c.Notes, true))
	p.Records, p.Data = profileRecords(c), c
	p.Add(page.Heading{Text: loadTitle(profileNames[c.Kind], c.Scenario, c.Load)}, page.Simple(profileForm(c)))
	courses := page.Curves{Title: "cores busy, second by second"}
	for i, values := range c.Seconds {
		courses.Items = append(courses.Items, curve(c.Targets[i].Label, values, figure.Cores))
	}
	p.Add(courses, profileLimits(c))
	if len(c.Hot) > 0 {
		p.Add(page.Space{}, page.Simple(hotForm(c)))
	}
	return p
}

// profileRecords are one line for each target and figure, and for each target
// and function.
func profileRecords(c *compare.Profile) page.Records {
	records := page.Records{Header: []string{"scenario", "target", "name", "self", "total", "unit"}}
	unit := map[compare.ProfileKind]string{compare.CPUProfile: "fraction", compare.HeapProfile: "allocations, peak bytes"}[c.Kind]
	for i, t := range c.Targets {
		for _, f := range c.Figures {
			records.Rows = append(records.Rows, []string{c.Scenario, t.Label, strings.TrimSpace(f.Name), orEmpty(f.Values[i]), "", f.Unit})
		}
		if i < len(c.Seconds) {
			for second, cores := range c.Seconds[i] {
				records.Rows = append(records.Rows, []string{c.Scenario, t.Label, fmt.Sprintf("cores busy, second %d", second+1), figure.Plain(cores), "", "cores"})
			}
		}
		for _, r := range c.Hot {
			records.Rows = append(records.Rows, []string{c.Scenario, t.Label, r.Name, orEmpty(r.Self[i]), orEmpty(r.Total[i]), unit})
		}
	}
	return records
}

func profileForm(c *compare.Profile) page.Form {
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
		for i, text := range one.Figure.Texts(one.Values) {
			r.Cells = append(r.Cells, page.Cell{Text: text, Value: one.Values[i], Of: c.Targets[i].Label})
			if i > 0 {
				r.Cells = append(r.Cells, page.Cell{Text: profileRatio(one.Values[i], one.Values[0])})
			}
		}
		f.Rows = append(f.Rows, r)
	}
	return f
}

func profileRatio(v, base *float64) string {
	if v == nil || base == nil || *base <= 0 {
		return figure.None
	}
	return figure.Ratio(*v / *base)
}

// profileLimits hold figures with a documented expectation against it.
func profileLimits(c *compare.Profile) page.Lines {
	var lines page.Lines
	for _, f := range c.Figures {
		if f.Limit == 0 {
			continue
		}
		line := page.Line{Parts: []page.Cell{{Text: "expected " + f.Name + " < " + figure.Percent(f.Limit) + ":"}}}
		for i, text := range f.Figure.Texts(f.Values) {
			var met *bool
			if v := f.Values[i]; v != nil {
				below := *v < f.Limit
				met = &below
			}
			line.Parts = append(line.Parts, page.Cell{Text: " " + c.Targets[i].Label + " " + text}, mark(met, "unknown"))
		}
		lines.Items = append(lines.Items, line)
	}
	return lines
}

// leastName is how many columns a function's name gets at least.
const leastName = 24

func hotForm(c *compare.Profile) page.Form {
	self, total, difference := "self", "total", "difference"
	if c.Kind == compare.HeapProfile {
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
				r.Cells = append(r.Cells, page.Cell{Text: hotDifference(c.Kind, h.Difference[i])})
			}
		}
		f.Rows = append(f.Rows, r)
	}
	return f
}

func hotCell(kind compare.ProfileKind, v *float64, unit figure.Unit, of string) page.Cell {
	if kind == compare.CPUProfile {
		unit = figure.Fraction
	}
	return page.Cell{Text: unit.Texts([]*float64{v})[0], Value: v, Of: of}
}

// hotDifference is in percentage points, or allocations per answer.
func hotDifference(kind compare.ProfileKind, d *float64) string {
	switch {
	case d == nil:
		return figure.None
	case kind == compare.CPUProfile && math.Abs(*d) < 0.00005, kind == compare.HeapProfile && math.Abs(*d) < 0.005:
		return "="
	case kind == compare.CPUProfile:
		return figure.Points(*d)
	}
	return sign(*d) + strconv.FormatFloat(*d, 'f', 2, 64)
}

// sign is the one that numbers do not have.
func sign(v float64) string {
	if v > 0 {
		return "+"
	}
	return ""
}
