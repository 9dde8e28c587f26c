package report

import (
	"taskbench/compare"
	"taskbench/results"
)

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
			if t.Counts() && t.CPU != nil && t.CPU.Use != nil {
				use = t.CPU.Use
			}
		}
	}
	return use
}
