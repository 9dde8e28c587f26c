package words

import (
	"taskbench/compare/micro"
	"taskbench/internal/figure"
	"taskbench/internal/plain"
	"taskbench/results"
)

// speeds are the units of work a second that a row's throughputs have, with
// the figure of every cell; only wall-clock rows have any.
func speeds(row micro.Row) (label string, printed []string) {
	if row.Unit != "ns" {
		return "", nil
	}
	var work *results.MicroThroughput
	values := make([]*float64, len(row.Cells))
	for i, c := range row.Cells {
		if len(c.Throughput) == 0 || c.Median == nil || !(*c.Median > 0) {
			continue
		}
		t := c.Throughput[0]
		if work == nil {
			work = &t
		}
		if t.Unit == work.Unit {
			const nsPerS = 1e9
			perSecond := t.Amount / *c.Median * nsPerS
			values[i] = &perSecond
		}
	}
	if work == nil {
		return "", nil
	}
	unit := map[string]string{"bytes": "B/s", "bits": "bit/s", "elements": "elem/s"}[work.Unit]
	if unit == "" {
		unit = plain.Clean(work.Unit) + "/s"
	}
	return figure.Plain(work.Amount) + " " + plain.Clean(work.Unit), figure.Of(unit).Texts(values)
}
