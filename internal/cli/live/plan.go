package live

import (
	"fmt"
	"time"

	"taskbench/internal/bench"
)

// tellPlan says what there is time for, above the line where one moves.
func (d *Display) tellPlan(f bench.Foreseen) {
	if d.Moves() && d.last.Trials > 0 {
		fmt.Fprint(d.out, lineStart+lineRest)
	}
	d.planned = true
	fmt.Fprintln(d.out, planText(f))
}

// planText is "10s is too short for 6 pairs of 6 measurements: one pair of each, 0.8 s
// for each server, about 25s".
func planText(f bench.Foreseen) string {
	pairs := plural(f.Fewest, "pair")
	if f.Fewest < f.Most {
		pairs = fmt.Sprintf("%d to %d pairs", f.Fewest, f.Most)
	}
	if f.Cells > 1 {
		pairs += " of each"
	}
	windows := seconds(f.Windows[0])
	if long := seconds(f.Windows[1]); long != windows {
		windows += " to " + long
	}
	limit := f.Limit.Round(time.Second)
	if limit < 0 {
		limit = 0
	}
	switch {
	case f.Again:
		return fmt.Sprintf("after the first pairs: %s, about %s left", pairs, f.Takes.Round(time.Second))
	case f.Fewest < f.Least && f.Cells > 1:
		return fmt.Sprintf("%v is too short for %d pairs of %d measurements: %s, %s s for each server, about %v", limit, f.Least, f.Cells, pairs, windows, f.Takes.Round(time.Second))
	case f.Fewest < f.Least:
		return fmt.Sprintf("%v is too short for %d pairs: %s, %s s for each server, about %v", limit, f.Least, pairs, windows, f.Takes.Round(time.Second))
	}
	return fmt.Sprintf("measuring: %s at most, %s s for each server, about %v of %v", pairs, windows, f.Takes.Round(time.Second), limit)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2g", d.Seconds()) }
