package compare

import (
	"math"
	"strings"

	"taskbench/results"
)

// Scales of microbenchmarks, from the smallest.
var (
	nanoScales  = []scale{{1e-3, "ps"}, {1, "ns"}, {1e3, "µs"}, {1e6, "ms"}, {1e9, "s"}}
	plainScales = []scale{{1, ""}, {1e3, "k"}, {1e6, "M"}, {1e9, "G"}}
)

// microFigures prints one row's values in the one unit that suits the smallest,
// with as many decimals. Nil is a dash.
func microFigures(unit string, values []*float64) []string {
	scales := nanoScales
	if unit != "ns" {
		scales = withUnit(plainScales, clean(unit))
	}
	return inOneUnit(scales, values)
}

// withUnit puts a unit behind scales: "k" and "B/s" are "kB/s".
func withUnit(scales []scale, unit string) []scale {
	list := make([]scale, len(scales))
	for i, s := range scales {
		list[i] = scale{s.divisor, s.unit + unit}
	}
	return list
}

func inOneUnit(scales []scale, values []*float64) []string {
	low, _ := span(values)
	s := scales[0]
	for _, next := range scales[1:] {
		if low >= next.divisor && !math.IsInf(low, 1) {
			s = next
		}
	}
	printed := make([]string, len(values))
	for i, v := range values {
		switch {
		case v == nil:
			printed[i] = none
		case *v == 0:
			printed[i] = "0"
		default:
			printed[i] = strings.TrimSpace(fixed(*v/s.divisor, decimals(low/s.divisor)) + " " + s.unit)
		}
	}
	return printed
}

// speeds are the units of work a second that a row's throughputs have, with
// the figure of every cell; only wall-clock rows have any.
func speeds(row MicroRow) (label string, printed []string) {
	if row.Unit != "ns" {
		return "", nil
	}
	var work *results.MicroThroughput
	values := make([]*float64, len(row.Cells))
	for i, c := range row.Cells {
		if len(c.Throughput) == 0 || c.Value == nil || !(*c.Value > 0) {
			continue
		}
		t := c.Throughput[0]
		if work == nil {
			work = &t
		}
		if t.Unit == work.Unit {
			const nsPerS = 1e9
			perSecond := t.Amount / *c.Value * nsPerS
			values[i] = &perSecond
		}
	}
	if work == nil {
		return "", nil
	}
	unit := map[string]string{"bytes": "B/s", "bits": "bit/s", "elements": "elem/s"}[work.Unit]
	if unit == "" {
		unit = clean(work.Unit) + "/s"
	}
	return plain(work.Amount) + " " + clean(work.Unit), inOneUnit(withUnit(plainScales, unit), values)
}
