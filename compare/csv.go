package compare

import (
	"taskbench/internal/figure"

	"io"
	"strconv"
)

var csvHeader = []string{
	"scenario", "connections", "state", "step", "metric", "better", "target", "target_state", "baseline", "pairs",
	"median", "ratio", "ratio_low", "ratio_high", "difference", "verdict", "ci_low", "ci_high", "reason",
}

// CSV writes one line for each figure of each target, in the metric's unit and
// unrounded (RFC 4180). What does not exist is empty, and reason says why.
func CSV(w io.Writer, c *Comparison) error {
	out := newCSV(w)
	if err := out.Write(csvHeader); err != nil {
		return err
	}
	for _, s := range c.Scenarios {
		for _, r := range s.Rows {
			for i, cell := range r.Cells {
				if err := out.Write(csvLine(c, s, r, cell, s.Sides[i])); err != nil {
					return err
				}
			}
		}
	}
	out.Flush()
	return out.Error()
}

func csvLine(c *Comparison, s Scenario, r Row, cell Cell, side Side) []string {
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
		clean(s.Name), strconv.Itoa(s.Load.Connections), string(s.State), clean(r.Step), r.Metric.Key, string(r.Better),
		cell.Target, string(side.State), c.Baseline, strconv.Itoa(len(cell.EachPair)), orEmpty(cell.Median),
	}
	line = append(line, ratio...)
	line = append(line, orEmpty(cell.Difference))
	line = append(line, verdict...)
	return append(line, clean(reason))
}

func orEmpty(v *float64) string {
	if v == nil {
		return ""
	}
	return figure.Plain(*v)
}

func verdictFields(v *Verdict) []string {
	if !v.CI.Known() {
		return []string{string(v.Verdict), "", ""}
	}
	return []string{string(v.Verdict), figure.Plain(v.CI.Low), figure.Plain(v.CI.High)}
}
