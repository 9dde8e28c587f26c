package compare

// MemoryDescription is a comparison of memory as its writers print it; see
// Description. A line's Step is the figure's name.
type MemoryDescription struct {
	Headline  string
	Title     string
	Targets   []string
	Lines     []Line
	Footnotes []string
	Legend    []string
	Verdicts  []string // on leaks and limits, one sentence each
	Notes     []string
}

// DescribeMemory puts a comparison of memory into words.
func DescribeMemory(c *MemoryComparison) MemoryDescription {
	var notes footnotes
	head := &Comparison{Baseline: c.Baseline, Targets: c.Targets}
	d := MemoryDescription{
		Headline: clean(headline(head)), Title: clean(c.title()), Verdicts: cleaned(c.lines()), Notes: cleaned(c.Notes), Legend: cleaned(legend(c.tableRows())),
	}
	for _, t := range c.Targets {
		d.Targets = append(d.Targets, clean(targetLine(head, t, &notes)))
	}
	for n, row := range c.tableRows() {
		row.Step = c.Rows[n].Name
		d.Lines = append(d.Lines, lineOf(row, c.line(n, row, c.others(), details[0], &notes)))
	}
	d.Footnotes = notes.lines()
	return d
}
