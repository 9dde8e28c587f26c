package words

import (
	"fmt"

	"taskbench/compare"
	"taskbench/compare/finding"
	"taskbench/compare/sentences"
	"taskbench/internal/figure"
	"taskbench/internal/page"
)

// Indicators are a block for each target: which general redSigns of a good server it
// shows, each with its figure.
func Indicators(c *compare.Comparison) []page.Block {
	if len(c.Indicators) == 0 {
		return nil
	}
	var blocks []page.Block
	for i, t := range c.Targets {
		lines := page.Lines{}
		for _, x := range c.Indicators {
			lines.Items = append(lines.Items, indicator(x, x.Results[i]))
		}
		if i > 0 {
			blocks = append(blocks, page.Space{})
		}
		blocks = append(blocks, page.Heading{Text: "indicators of " + t.Label, Of: t.Label}, lines)
	}
	return blocks
}

// indicator is "p95 < 20ms: 14 of 17 steps, at worst 33.2 ms (auth @ 4 register) ✗".
func indicator(x compare.Indicator, r compare.IndicatorResult) page.Line {
	name, text := redSigns[finding.Code(x.Metric)], ""
	switch {
	case name != "":
		text = fmt.Sprintf(": in %d of %s", r.Of-r.Met, figure.Count(r.Of, "scenario"))
		if r.Where != "" {
			text += fmt.Sprintf(" (%s)", r.Where)
		}
	default:
		name, text = x.Metric+" "+x.Text, ":"
		if r.Worst != nil {
			text = fmt.Sprintf(": in %d of %s, at worst %s (%s)", r.Met, figure.Count(r.Of, of(x.Metric)), worst(x.Metric, *r.Worst), r.Where)
		}
	}
	return page.Line{Parts: []page.Cell{{Text: name + text}, mark(r.Good, sentences.Of(r.Missing))}}
}

// redSigns are red flags as indicators.
var redSigns = map[finding.Code]string{
	finding.LongTail:   "p99 far above p95",
	finding.Falling:    "throughput falling within a window",
	finding.ServerBusy: "CPU near its limit",
}

// of is what an indicator is held against.
func of(metric string) string {
	if metric == "p95" {
		return "step"
	}
	return "scenario"
}

func worst(metric string, v float64) string {
	switch metric {
	case "cpu":
		return figure.Percent(v)
	case "memory":
		return figure.Resident.Text(v)
	case "throughput":
		return figure.Throughput.Text(v)
	}
	return figure.P95.Text(v)
}
