package shown

import (
	"slices"
	"strconv"
	"strings"

	"taskbench/compare/capacity"
	"taskbench/compare/sentences"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/internal/plain"
)

var columns = []string{"scenario", "target", "name", "at", "unit", "median", "ratio", "verdict", "ci_low", "ci_high", "repeats", "trials", "exceeded", "reason"}

// records are a line for each server's rate and ratio, one for each repeat, and one
// for each figure of the curve, where `at` is the rate; unrounded.
func records(c *capacity.Comparison) page.Records {
	t := page.Records{Header: columns}
	add := func(fields map[string]string) {
		fields["scenario"] = c.Scenario
		line := make([]string, len(columns))
		for name, text := range fields {
			line[slices.Index(columns, name)] = plain.Clean(text)
		}
		t.Rows = append(t.Rows, line)
	}
	for _, text := range sentences.All(c.Notes) {
		add(map[string]string{"name": "warning", "reason": text})
	}
	for _, s := range c.Sides {
		add(sideRecord(s))
	}
	for _, s := range c.Sides {
		for i, r := range s.Each {
			add(map[string]string{"target": s.Target, "name": "repeat", "at": strconv.Itoa(i + 1), "unit": figure.Rate.Name,
				"median": known(r.EstimatePS), "ci_low": known(r.LowerPS), "ci_high": known(r.UpperPS)})
		}
	}
	for _, p := range c.Curve {
		for _, cell := range p.Cells {
			for _, f := range cellRecords(c.Metric, cell) {
				f["target"], f["at"] = cell.Target, figure.Plain(p.RatePS)
				f["trials"], f["exceeded"] = strconv.Itoa(cell.Trials), strconv.Itoa(cell.Exceeded)
				add(f)
			}
		}
	}
	for _, e := range c.Expected {
		for _, r := range e.Results {
			add(map[string]string{"target": r.Target, "name": "expected capacity", "unit": figure.Rate.Name, "at": strings.TrimSpace(e.Text), "verdict": met(r.Met)})
		}
	}
	return t
}

func sideRecord(s capacity.Side) map[string]string {
	f := map[string]string{"target": s.Target, "name": "capacity", "unit": figure.Rate.Name, "median": known(s.Rate), "repeats": strconv.Itoa(s.Repeats),
		"trials": strconv.Itoa(s.Trials), "reason": string(s.Outcome), "ci_low": known(s.CI.Low), "ci_high": known(s.CI.High)}
	if s.Against != nil {
		f["ratio"], f["verdict"] = known(s.Against.Ratio), string(s.Against.Verdict)
		if s.Against.CI.Known() {
			f["reason"] += "; ratio " + figure.Plain(s.Against.CI.Low) + " to " + figure.Plain(s.Against.CI.High)
		}
	}
	return f
}

func cellRecords(metric string, cell capacity.PointCell) []map[string]string {
	var out []map[string]string
	for _, one := range []struct {
		name, unit string
		value      *float64
	}{
		{metric, figure.Time.Name, cell.LatencyUS}, {"cpu/answer", figure.Time.Name, cell.CPUPerAnswerUS},
		{"errors", figure.Fraction.Name, cell.ErrorFraction}, {"carried", figure.Rate.Name, cell.CarriedPS},
	} {
		if one.value != nil {
			out = append(out, map[string]string{"name": one.name, "unit": one.unit, "median": figure.Plain(*one.value)})
		}
	}
	return out
}

// known is a number; "" where 0 stands for none.
func known(v float64) string {
	if v == 0 {
		return ""
	}
	return figure.Plain(v)
}

func met(m *bool) string {
	switch {
	case m == nil:
		return ""
	case *m:
		return "met"
	}
	return "missed"
}
