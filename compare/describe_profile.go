package compare

import "math"

// ProfileDescription is a profile as its writers print it; see Description.
type ProfileDescription struct {
	Headline string
	Title    string
	Targets  []string
	Figures  Grid     // a row for each of Profile.Figures
	Limits   []string // documented expectations, one sentence each
	Hot      Grid     // a row for each of the first of Profile.Hot
	Notes    []string
}

// Grid is a table of printed cells; a row's first is its name.
type Grid struct {
	Header []string
	Rows   [][]Phrase
}

// DescribeProfile puts a profile into words.
func DescribeProfile(p *Profile) ProfileDescription {
	var notes footnotes
	head := &Comparison{Baseline: p.Targets[0].Label, Targets: p.Targets}
	d := ProfileDescription{
		Headline: clean(headline(head)), Title: clean(p.title()), Limits: cleaned(p.limitLines()), Notes: cleaned(p.Notes),
		Figures: describeGrid(p.figureGrid()), Hot: describeGrid(p.hotGrid(math.MaxInt32)),
	}
	for _, t := range p.Targets {
		d.Targets = append(d.Targets, clean(targetLine(head, t, &notes)))
	}
	d.Notes = append(d.Notes, notes.lines()...)
	return d
}

func describeGrid(g grid) Grid {
	d := Grid{Header: cleaned(g.header)}
	for _, row := range g.rows {
		var cells []Phrase
		for _, b := range row {
			cells = append(cells, phrase(b))
		}
		d.Rows = append(d.Rows, cells)
	}
	return d
}
