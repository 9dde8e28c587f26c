package compare

import (
	"taskbench/internal/figure"

	"errors"
	"fmt"
	"io"
	"strings"
)

// errNoMemory: no document has samples.
var errNoMemory = errors.New("no memory was sampled: see the errors above")

// MemoryText writes a comparison of memory for people at a terminal.
func MemoryText(w io.Writer, c *MemoryComparison, o TextOptions) error {
	t := newTextWriter(w, o)
	t.opening(c.title(), c.Targets)
	var notes footnotes
	lay := func(candidates []int, d detail, n *footnotes) grid { return c.layout(candidates, d, n) }
	for _, g := range t.fit(c.others(), lay, &notes) {
		t.table(g)
	}
	t.footnotes(&notes)
	for _, l := range legend(c.tableRows()) {
		t.wrapped("  ", clean(l))
	}
	t.line("")
	var curves []curve
	for _, s := range c.Sides {
		curves = append(curves, curve{s.Target, s.Curve})
	}
	t.curves(curves, func(low, high float64) string { return figure.Bytes.Print(low) + " to " + figure.Bytes.Print(high) })
	for _, l := range c.lines() {
		t.wrapped("  ", clean(l))
	}
	t.notes(c.Notes)
	return t.err
}

// MemoryMarkdown writes a comparison of memory as Markdown.
func MemoryMarkdown(w io.Writer, c *MemoryComparison) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n", escaped(c.title()))
	var notes footnotes
	markdownTable(&b, c.layout(c.others(), details[0], &notes))
	writeFootnotes(&b, &notes)
	b.WriteString("\n")
	bullets(&b, c.lines())
	bullets(&b, c.Notes)
	bullets(&b, references(c.Targets))
	_, err := io.WriteString(w, b.String())
	return err
}

// MemoryJSON writes the whole comparison for programs.
func MemoryJSON(w io.Writer, c *MemoryComparison) error { return writeJSON(w, c) }

// MemoryCSV writes one line for each figure of each target, and one for each
// leak verdict, unrounded.
func MemoryCSV(w io.Writer, c *MemoryComparison) error {
	out := newCSV(w)
	lines := [][]string{{"scenario", "target", "name", "unit", "median", "ratio", "verdict"}}
	for _, r := range c.Rows {
		for _, cell := range r.Cells {
			line := []string{c.Scenario, cell.Target, r.Name, r.Unit, orEmpty(cell.Median), "", ""}
			if x := cell.Ratio; x != nil {
				line[5] = figure.Plain(x.Ratio)
				if x.Verdict != nil {
					line[6] = r.Figure.Word(x.Verdict.Verdict)
				}
			}
			lines = append(lines, line)
		}
	}
	for _, s := range c.Sides {
		if s.Leak != nil {
			lines = append(lines, []string{c.Scenario, s.Target, "leak", "bytes/s", figure.Plain(s.Leak.SlopeBS), "", string(s.Leak.Verdict)})
		}
	}
	return out.WriteAll(lines)
}

func (c *MemoryComparison) title() string {
	return fmt.Sprintf("memory: %s, %s, %gs", c.Scenario, figure.Count(c.Load.Connections, "connection"), c.Load.DurationS)
}

func (c *MemoryComparison) others() []int {
	var list []int
	for i := 1; i < len(c.Targets); i++ {
		list = append(list, i)
	}
	return list
}

// tableRows are the rows in the form that tables of load tests are made of.
func (c *MemoryComparison) tableRows() []Row {
	rows := make([]Row, len(c.Rows))
	for i, r := range c.Rows {
		rows[i] = Row{Metric: r.Figure, Better: r.Figure.Better, Cells: r.Cells}
	}
	return rows
}

func (c *MemoryComparison) layout(candidates []int, d detail, notes *footnotes) grid {
	rows := c.tableRows()
	g := grid{header: header(&Comparison{Targets: c.Targets}, rows, candidates, &d)}
	for n, row := range rows {
		g.rows = append(g.rows, c.line(n, row, candidates, d, notes))
	}
	return g
}

// line is the row of one figure. Counts have no ratio.
func (c *MemoryComparison) line(n int, row Row, candidates []int, d detail, notes *footnotes) []box {
	r := c.Rows[n]
	printed := func(i int) box {
		return figureBox(Side{}, r.Cells[i], r.Figure.Texts([]*float64{r.Cells[i].Median})[0], notes)
	}
	line := []box{{text: r.Name}, printed(0)}
	for _, i := range candidates {
		line = append(line, printed(i))
		if r.Figure.Held == figure.Judged {
			line = append(line, compared(row, r.Cells[i], d, notes)...)
		} else {
			line = append(line, make([]box, d.columns)...)
		}
	}
	return line
}

// lines are the verdicts in words.
func (c *MemoryComparison) lines() []string {
	var out []string
	for _, s := range c.Sides {
		if s.Leak != nil {
			out = append(out, fmt.Sprintf("leak: %s is %s: %s", s.Target, s.Leak.Text(), s.Leak.Reason))
		}
	}
	for _, s := range c.Sides {
		if s.Met != nil {
			mark := map[bool]string{true: "✓", false: "✗ missed"}[*s.Met]
			out = append(out, fmt.Sprintf("expected peak under load < %s: %s %s", figure.Bytes.Print(s.LimitBytes), s.Target, mark))
		}
	}
	return out
}
