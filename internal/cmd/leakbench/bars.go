package main

import (
	"fmt"
	"io"
	"math"

	"github.com/olekukonko/tablewriter"

	"taskbench/compare/sentences"
	"taskbench/compare/stats"
)

func printTable(w io.Writer, outcomes []outcome) {
	table := tablewriter.NewWriter(w)
	table.Header("leak in truth", "verdict", "MB/s", "95 % interval", "p", "peak MB", "why")
	for _, o := range outcomes {
		truth := "none"
		if o.rate > 0 {
			truth = fmt.Sprintf("%g MB/s", o.rate)
		}
		_ = table.Append(truth, string(o.leak.Verdict), perSecond(o.leak.SlopeBS),
			perSecond(o.leak.LowBS)+" to "+perSecond(o.leak.HighBS), fmt.Sprintf("%.3f", o.leak.P), o.peak, sentences.Of(o.leak.Reason))
	}
	_ = table.Render() // to a buffer or a terminal: there is nothing to be done
}

func perSecond(bytes float64) string { return fmt.Sprintf("%.3f", bytes/1e6) }

// tolerance is how far off a leak's rate may be found.
const tolerance = 0.10

// bars holds the outcomes against what was promised.
func bars(w io.Writer, a asked, outcomes []outcome) bool {
	var stable, growing, exact int
	worst := 0.0
	for _, o := range outcomes {
		switch {
		case o.rate == 0 && o.leak.Verdict == stats.Stable:
			stable++
		case o.rate > 0:
			off := math.Abs(o.leak.SlopeBS/(o.rate*1e6) - 1)
			worst = max(worst, off)
			if o.leak.Verdict == stats.Growing {
				growing++
			}
			if off <= tolerance {
				exact++
			}
		}
	}
	fmt.Fprintf(w, "\na sound server called stable: %d of %d (bar: all)\n", stable, a.stable)
	fmt.Fprintf(w, "a leaking one called growing: %d of %d (bar: all)\n", growing, a.leaking)
	fmt.Fprintf(w, "its rate within %.0f %%: %d of %d (bar: all), at most %.1f %% off\n", 100*tolerance, exact, a.leaking, 100*worst)
	return stable == a.stable && growing == a.leaking && exact == a.leaking
}
