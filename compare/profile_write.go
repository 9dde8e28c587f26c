package compare

import (
	"taskbench/internal/figure"

	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// shownHot is how many functions the tables show; JSON and CSV have all.
const shownHot = 20

// ProfileText writes a profile for people at a terminal.
func ProfileText(w io.Writer, p *Profile, o TextOptions) error {
	t := newTextWriter(w, o)
	t.opening(p.title(), p.Targets)
	t.table(p.figureGrid())
	if seconds := p.seconds(); len(seconds) > 0 {
		t.line(margin + "cores busy, second by second:")
		t.curves(seconds, rangeOfCores)
	}
	for _, l := range p.limitLines() {
		t.wrapped("  ", l)
	}
	if len(p.Hot) > 0 {
		t.line("")
		t.table(p.hotGrid(t.width))
	}
	t.notes(p.Notes)
	return t.err
}

// ProfileMarkdown writes a profile as Markdown tables.
func ProfileMarkdown(w io.Writer, p *Profile) error {
	var b strings.Builder
	b.WriteString("## " + escaped(p.title()) + "\n\n")
	markdownTable(&b, p.figureGrid())
	b.WriteString("\n")
	for _, c := range p.seconds() {
		b.WriteString("- " + escaped("cores busy, second by second: "+c.label+" "+secondsText(c.values)) + "\n")
	}
	bullets(&b, p.limitLines())
	b.WriteString("\n")
	if len(p.Hot) > 0 {
		markdownTable(&b, p.hotGrid(math.MaxInt32))
		b.WriteString("\n")
	}
	bullets(&b, references(p.Targets))
	bullets(&b, p.Notes)
	_, err := io.WriteString(w, b.String())
	return err
}

// ProfileJSON writes a profile for programs.
func ProfileJSON(w io.Writer, p *Profile) error { return writeJSON(w, p) }

// ProfileCSV writes one line for each target and figure, and for each target and function.
func ProfileCSV(w io.Writer, p *Profile) error {
	out := newCSV(w)
	lines := [][]string{{"scenario", "target", "name", "self", "total", "unit"}}
	for i, t := range p.Targets {
		for _, f := range p.Figures {
			lines = append(lines, []string{p.Scenario, t.Label, strings.TrimSpace(f.Name), orEmpty(f.Values[i]), "", f.Unit})
		}
		for second, cores := range p.secondsOf(i) {
			lines = append(lines, []string{p.Scenario, t.Label, fmt.Sprintf("cores busy, second %d", second+1), figure.Plain(cores), "", "cores"})
		}
		unit := map[ProfileKind]string{CPUProfile: "fraction", HeapProfile: "allocations, peak bytes"}[p.Kind]
		for _, r := range p.Hot {
			lines = append(lines, []string{p.Scenario, t.Label, r.Name, orEmpty(r.Self[i]), orEmpty(r.Total[i]), unit})
		}
	}
	return out.WriteAll(lines)
}

func (p *Profile) title() string {
	what := map[ProfileKind]string{CPUProfile: "CPU", HeapProfile: "heap"}[p.Kind]
	return fmt.Sprintf("%s: %s, %d connections, %gs", what, p.Scenario, p.Load.Connections, p.Load.DurationS)
}

func (p *Profile) figureGrid() grid {
	g := grid{header: []string{""}}
	for i, t := range p.Targets {
		g.header = append(g.header, t.Label)
		if i > 0 {
			g.header = append(g.header, "ratio")
		}
	}
	for _, f := range p.Figures {
		if f.Core != nil && p.manyCores() {
			continue
		}
		row := []box{{text: f.Name}}
		for i, v := range f.Values {
			row = append(row, box{text: f.Figure.Texts([]*float64{v})[0]})
			if i > 0 {
				row = append(row, box{text: profileRatio(v, f.Values[0])})
			}
		}
		g.rows = append(g.rows, row)
	}
	return g
}

func profileRatio(v, base *float64) string {
	if v == nil || base == nil || *base <= 0 {
		return figure.None
	}
	return ratioText(*v / *base)
}

// limitLines hold figures with a documented expectation against it.
func (p *Profile) limitLines() []string {
	var lines []string
	for _, f := range p.Figures {
		if f.Limit == 0 {
			continue
		}
		line := "expected " + f.Name + " < " + figure.Percent(f.Limit) + ":"
		for i, v := range f.Values {
			mark := "–"
			if v != nil {
				mark = map[bool]string{true: "✓", false: "✗"}[*v < f.Limit]
			}
			line += "  " + p.Targets[i].Label + " " + f.Figure.Texts([]*float64{v})[0] + " " + mark
		}
		lines = append(lines, line)
	}
	return lines
}

// leastName is how many columns a function's name gets at least.
const leastName = 24

func (p *Profile) hotGrid(width int) grid {
	self, total, difference := "self", "total", "difference"
	if p.Kind == HeapProfile {
		self, total, difference = "allocations", "at peak", "per answer"
	}
	g := grid{header: []string{map[ProfileKind]string{CPUProfile: "function", HeapProfile: "allocated by"}[p.Kind]}}
	for i, t := range p.Targets {
		g.header = append(g.header, t.Label+" "+self, total)
		if i > 0 {
			g.header = append(g.header, difference)
		}
	}
	for _, r := range p.Hot[:min(len(p.Hot), shownHot)] {
		row := []box{{text: ""}}
		for i := range p.Targets {
			row = append(row, box{text: p.hotFigure(r.Self[i], figure.Things)}, box{text: p.hotFigure(r.Total[i], figure.Bytes)})
			if i > 0 {
				row = append(row, box{text: p.hotDifference(r.Difference[i])})
			}
		}
		g.rows = append(g.rows, row)
	}
	room := max(width-g.width(), leastName)
	var names []string
	for _, r := range p.Hot[:len(g.rows)] {
		names = append(names, r.Name)
	}
	for i, name := range cutNames(names, room) {
		g.rows[i][0].text = name
	}
	return g
}

func (p *Profile) hotFigure(v *float64, unit figure.Unit) string {
	if p.Kind == CPUProfile {
		unit = figure.Fraction
	}
	return unit.Texts([]*float64{v})[0]
}

// hotDifference is in percentage points, or allocations per answer.
func (p *Profile) hotDifference(d *float64) string {
	switch {
	case d == nil:
		return figure.None
	case p.Kind == CPUProfile && math.Abs(*d) < 0.00005, p.Kind == HeapProfile && math.Abs(*d) < 0.005:
		return "="
	case p.Kind == CPUProfile:
		return plus(*d) + strconv.FormatFloat(100**d, 'f', 2, 64) + " pp"
	}
	return plus(*d) + strconv.FormatFloat(*d, 'f', 2, 64)
}

// plus is the sign that numbers do not have.
func plus(v float64) string {
	if v > 0 {
		return "+"
	}
	return ""
}
