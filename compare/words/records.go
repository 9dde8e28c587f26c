package words

import (
	"strconv"

	"taskbench/compare"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/internal/plain"
)

var loadHeader = []string{
	"scenario", "connections", "state", "step", "metric", "better", "target", "target_state", "baseline", "pairs",
	"median", "ratio", "ratio_low", "ratio_high", "difference", "verdict", "ci_low", "ci_high", "reason",
}

// loadRecords are one line for each figure of each target, in the metric's unit
// and unrounded. What does not exist is empty, and reason says why.
func loadRecords(c *compare.Comparison) page.Records {
	records := page.Records{Header: loadHeader}
	for _, s := range c.Scenarios {
		for _, r := range s.Rows {
			for i, cell := range r.Cells {
				records.Rows = append(records.Rows, csvLine(c, s, r, cell, s.Sides[i]))
			}
		}
	}
	return records
}

func csvLine(c *compare.Comparison, s compare.Scenario, r compare.Row, cell compare.Cell, side compare.Side) []string {
	reason := cell.Missing
	if reason == "" {
		reason = cell.NoRatio
	}
	ratio := make([]string, 3)
	verdict := make([]string, 3)
	if x := cell.Ratio; x != nil {
		ratio = []string{figure.Plain(x.Ratio), figure.Plain(x.Low), figure.Plain(x.High)}
		if v := x.Verdict; v != nil {
			verdict = verdictFields(v)
		}
	}
	line := []string{
		plain.Clean(s.Name), strconv.Itoa(s.Load.Connections), string(s.State), plain.Clean(r.Step), r.Metric.Key, string(r.Better),
		cell.Target, string(side.State), c.Baseline, strconv.Itoa(len(cell.EachPair)), orEmpty(cell.Median),
	}
	line = append(line, ratio...)
	line = append(line, orEmpty(cell.Difference))
	line = append(line, verdict...)
	return append(line, plain.Clean(reason))
}

func orEmpty(v *float64) string {
	if v == nil {
		return ""
	}
	return figure.Plain(*v)
}

func verdictFields(v *compare.Verdict) []string {
	if !v.CI.Known() {
		return []string{string(v.Verdict), "", ""}
	}
	return []string{string(v.Verdict), figure.Plain(v.CI.Low), figure.Plain(v.CI.High)}
}
