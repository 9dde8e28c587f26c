package compare

import "taskbench/internal/figure"

// MicroDescription is a comparison of microbenchmarks as its writers print it;
// see Description. A line's Step is the benchmark's id, its Metric
// "per_iteration", or "work" for the work a second below it. A group's last
// line, its Metric "mean", is its geometric mean.
type MicroDescription struct {
	Headline  string
	Title     string
	Targets   []string
	Groups    []MicroGroupText
	Footnotes []string
	Legend    []string
	Notes     []string
}

// MicroGroupText is one group of benchmarks; the last, without a name, is the
// geometric mean of all, where there is one.
type MicroGroupText struct {
	Name  string
	Lines []Line
}

var (
	microWork = &figure.Figure{Key: "work", Name: "work a second"}
	microMean = &figure.Figure{Key: "mean", Name: "geometric mean"}
)

// wideID is as much of a benchmark's id as a page shows.
const wideID = 200

// DescribeMicro puts a comparison of microbenchmarks into words.
func DescribeMicro(c *MicroComparison) MicroDescription {
	var notes footnotes
	d := MicroDescription{Headline: clean(headline(c.head())), Title: clean(microTitle(c)), Notes: cleaned(c.Notes), Legend: cleaned(microFooters(c))}
	for _, t := range c.Targets {
		d.Targets = append(d.Targets, clean(targetLine(c.head(), t, &notes)))
	}
	for n, r := range c.Rows {
		if n == 0 || c.Rows[n-1].Group != r.Group {
			d.Groups = append(d.Groups, MicroGroupText{Name: clean(r.Group)})
		}
		g := &d.Groups[len(d.Groups)-1]
		g.Lines = append(g.Lines, describeBenchmark(c, r, &notes)...)
		if n+1 == len(c.Rows) || c.Rows[n+1].Group != r.Group {
			g.Lines = append(g.Lines, describeMean(c, r.Group)...)
		}
	}
	if all := describeMean(c, ""); len(all) > 0 {
		d.Groups = append(d.Groups, MicroGroupText{Lines: all})
	}
	d.Footnotes = notes.lines()
	return d
}

// describeBenchmark is a benchmark's line, and that of its work a second.
func describeBenchmark(c *MicroComparison, r MicroRow, notes *footnotes) []Line {
	row := r.row()
	row.Step = r.ID
	lines := []Line{lineOf(row, microLine(r, row, oneLine(r.ID, wideID), c.candidates(), details[0], notes))}
	if label, printed := speeds(r); label != "" {
		lines = append(lines, lineOf(bareRow(c.Targets, r.ID, microWork), plainLine(label, printed, c.candidates(), details[0])))
	}
	return lines
}

func describeMean(c *MicroComparison, group string) []Line {
	var g grid
	g.means(c, group, "geometric mean", c.candidates(), details[0])
	if len(g.rows) == 0 {
		return nil
	}
	row := bareRow(c.Targets, clean(group), microMean)
	for i := range row.Cells {
		for _, m := range c.Groups {
			if m.Group == group && m.Target == row.Cells[i].Target {
				row.Cells[i].Ratio = &Ratio{Ratio: m.Overall.Ratio}
			}
		}
	}
	return []Line{lineOf(row, g.rows[0])}
}

// bareRow has no figures that could be held against each other.
func bareRow(targets []Target, step string, m *figure.Figure) Row {
	r := Row{Step: step, Metric: m}
	for _, t := range targets {
		r.Cells = append(r.Cells, Cell{Target: t.Label})
	}
	return r
}
