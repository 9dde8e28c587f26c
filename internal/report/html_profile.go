package report

import (
	"regexp"

	"taskbench/compare"
	"taskbench/results"
)

// profileSection shows where CPU time, or the heap, goes.
func profileSection(id, name string, p *compare.Profile) section {
	d := compare.DescribeProfile(p)
	s := section{
		ID: id, Name: name, Headline: d.Headline, Conditions: afterKind(d.Title), Targets: d.Targets, Brief: d.Limits,
		Verdicts: verdicts(d.Limits), Notes: d.Notes,
	}
	var values, hot [][]figureCell
	for _, f := range p.Figures {
		values = append(values, perTarget(p, 2, map[int][]*float64{0: f.Values}))
	}
	for _, h := range p.Hot[:len(d.Hot.Rows)] {
		hot = append(hot, perTarget(p, 3, map[int][]*float64{0: h.Self, 1: h.Total}))
	}
	s.Figures, s.Cores = apart(newFigureTable("Figures", d.Figures, values))
	if len(hot) > 0 {
		title := map[compare.ProfileKind]string{compare.CPUProfile: "Hottest functions", compare.HeapProfile: "Where most is allocated"}[p.Kind]
		s.Hot = newFigureTable(title, d.Hot, hot)
	}
	return s
}

// aCore is what rows about one core are called.
var aCore = regexp.MustCompile(`^core \d+, `)

// apart takes out what is told core by core: machines have many.
func apart(t *figureTable) (rest, cores *figureTable) {
	rest, cores = &figureTable{Name: t.Name, Header: t.Header}, &figureTable{Name: "Core by core", Header: t.Header}
	for _, r := range t.Rows {
		to := rest
		if aCore.MatchString(r.Label) {
			to = cores
		}
		to.Rows = append(to.Rows, r)
	}
	if len(cores.Rows) == 0 {
		return rest, nil
	}
	return rest, cores
}

// perTarget lays values out as the grid's columns are: each target has so many,
// and the baseline one less, which is what compares it with itself.
func perTarget(p *compare.Profile, columns int, values map[int][]*float64) []figureCell {
	var cells []figureCell
	for i, t := range p.Targets {
		for k := range columns {
			if i == 0 && k == columns-1 {
				continue
			}
			cell := figureCell{}
			if v := values[k]; v != nil {
				cell.Target, cell.Value = t.Label, v[i]
			}
			cells = append(cells, cell)
		}
	}
	return cells
}

// newFigureTable puts printed cells and values together.
func newFigureTable(name string, g compare.Grid, values [][]figureCell) *figureTable {
	t := &figureTable{Name: name, Header: g.Header}
	for n, row := range g.Rows {
		r := figureRow{Label: row[0].Text}
		for k, cell := range row[1:] {
			c := values[n][k]
			c.Text = cell.Text
			r.Cells = append(r.Cells, c)
		}
		t.Rows = append(t.Rows, r)
	}
	return t
}

// coreCharts is what each server used, second by second.
func coreCharts(p *compare.Profile, docs []results.Document, colours palette) []chart {
	ch := chart{ID: "cpu-cores", Title: "Cores that the server kept busy", Table: "cpu-cores-table", Kind: "seconds", Unit: "cores"}
	longest := 0
	for i, d := range docs {
		use := lastUse(d)
		if use == nil || len(use.CoresEachSecond) == 0 {
			continue
		}
		line := series{Label: p.Targets[i].Label, Target: colours.of(p.Targets[i].Label)}
		for k := range use.CoresEachSecond {
			line.Y = append(line.Y, &use.CoresEachSecond[k])
		}
		longest = max(longest, len(line.Y))
		ch.Series = append(ch.Series, line)
	}
	if longest < 2 {
		return nil
	}
	for n := range longest {
		ch.X = append(ch.X, float64(n+1))
	}
	for i := range ch.Series {
		ch.Series[i].Y = padded(ch.Series[i].Y, longest)
	}
	return []chart{ch}
}

func lastUse(d results.Document) (use *results.CPUUse) {
	for _, m := range d.Scenarios {
		for _, t := range m.Trials {
			if t.CPU != nil && t.CPU.Use != nil {
				use = t.CPU.Use
			}
		}
	}
	return use
}
