package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"

	"taskbench/compare"
	"taskbench/compare/stats"
	"taskbench/internal/figure"
)

// tally counts what was found of each metric.
type tally struct {
	metrics []*figure.Figure
	of      map[*figure.Figure]*found
	runs    int
	stating int    // runs that state any difference
	last    string // the latest run, on one line
}

// found is what was said of one metric, over all runs.
type found struct {
	verdicts map[stats.Verdict]int
	fails    int       // of the gate
	logs     []float64 // of the ratios
	sds      []float64 // of one pair's log ratio
}

func newTally() *tally { return &tally{of: map[*figure.Figure]*found{}} }

// add counts the metrics of one run's whole scenario.
func (t *tally) add(c *compare.Comparison) {
	t.runs++
	var words []string
	states := false
	for _, row := range c.Scenarios[0].Rows {
		ratio := row.Cells[1].Ratio
		if ratio != nil && ratio.Verdict != nil && ratio.Verdict.Claim.Stated && ratio.Verdict.Verdict != stats.Parity {
			states = true
		}
		if row.Step != "" || ratio == nil || ratio.Verdict == nil {
			continue
		}
		f := t.of[row.Metric]
		if f == nil {
			f = &found{verdicts: map[stats.Verdict]int{}}
			t.of[row.Metric] = f
			t.metrics = append(t.metrics, row.Metric)
		}
		j := ratio.Verdict.Judgement
		verdict := cmp.Or(ratio.Verdict.Alone, j.Verdict) // of the metric alone: a run states less
		f.verdicts[verdict]++
		f.logs, f.sds = append(f.logs, math.Log(ratio.Ratio)), append(f.sds, j.SD)
		if stats.Gate(j, stats.DefaultGate()).Outcome == stats.Failed {
			f.fails++
		}
		if row.Metric.Primary {
			words = append(words, fmt.Sprintf("%s %.3f %s", row.Metric.Key, ratio.Ratio, verdict))
		}
	}
	if states {
		t.stating++
	}
	t.last = strings.Join(words, ", ")
}

func (t *tally) print(w io.Writer, title string) {
	fmt.Fprintf(w, "\n%s\n", title)
	table := tablewriter.NewWriter(w)
	table.Header("metric", "faster", "parity", "inconclusive", "slower", "gate fails", "ratio", "lowest", "highest", "sd of a pair")
	for _, m := range t.metrics {
		f := t.of[m]
		_ = table.Append(m.Key, f.verdicts[stats.Faster], f.verdicts[stats.Parity], f.verdicts[stats.Inconclusive], f.verdicts[stats.Slower], f.fails,
			ratioText(mean(f.logs)), ratioText(slices.Min(f.logs)), ratioText(slices.Max(f.logs)), fmt.Sprintf("%.1f %%", 100*mean(f.sds)))
	}
	_ = table.Render() // to a buffer or a terminal: there is nothing to be done
}

func ratioText(log float64) string { return fmt.Sprintf("%.3f", math.Exp(log)) }

func mean(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	return sum / float64(len(xs))
}

// bars holds the tallies against what was promised: no false alarm of the
// gate, whatever the metric, and the slower server found by its CPU time.
func bars(w io.Writer, same, slow *tally) bool {
	alarms, foundIn := 0, 0
	for _, f := range same.of {
		alarms += f.fails
	}
	if f := slow.of[figure.CPUPerAnswer]; f != nil {
		foundIn = f.verdicts[stats.Slower]
	}
	fmt.Fprintf(w, "\nfalse alarms of the gate: %d (bar: 0)\nruns that state a difference where there is none: %d of %d (bar: 1 of 20)\nslower server found by CPU time per answer: %d of %d (bar: all)\n",
		alarms, same.stating, same.runs, foundIn, slow.runs)
	return alarms == 0 && 20*same.stating <= same.runs && foundIn == slow.runs
}
