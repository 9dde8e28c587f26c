package main

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/olekukonko/tablewriter"
	"gonum.org/v1/gonum/stat/distuv"

	"taskbench/compare/stats"
	"taskbench/internal/figure"
)

// printScores prints what all runs of a setting came to.
func printScores(w io.Writer, a asked, all []score) {
	if len(all) == 0 {
		fmt.Fprintln(w, "no run yet")
		return
	}
	low, high := all[0].Load, all[0].Load
	for _, s := range all {
		low, high = math.Min(low, s.Load), math.Max(high, s.Load)
	}
	fmt.Fprintf(w, "%s; %s to %s; load average before a run %.1f to %.1f, and a neighbour that burns a core for 0.2 to 3 s now and then\n",
		a.setting(), all[0].At.Format("2006-01-02 15:04"), all[len(all)-1].At.Format("2006-01-02 15:04"), low, high)
	same := ofSize(all, "0%")
	table := newTable(w, "the same server twice", "of runs", "95 % interval")
	addRate(table, "the gate fails", same, func(s score) bool { return s.Gate == string(stats.Failed) })
	addRate(table, "the gate warns", same, func(s score) bool { return s.Gate == string(stats.Warned) })
	addRate(table, "anything false is stated", same, func(s score) bool { return len(s.Statements) > 0 })
	addRate(table, "the headline says the same", same, func(s score) bool { return s.Word == "same" })
	addRate(table, "the headline says undecided", same, func(s score) bool { return s.Word == "undecided" })
	for _, m := range figure.Primaries() {
		if with := having(same, func(s score) bool { f, ok := s.of(m); return ok && f.Low > 0 }); len(with) > 0 {
			addRate(table, "95 % interval of "+m.Name+" holds 1", with, func(s score) bool { f, _ := s.of(m); return f.Low <= 1 && f.High >= 1 })
		}
	}
	_ = table.Render() // to a buffer or a terminal: there is nothing to be done
	table = newTable(w, "so much more CPU time for the same work", "of runs", "95 % interval")
	for _, size := range []string{"5%", "10%", "15%"} {
		slow := ofSize(all, size)
		states := func(m *figure.Figure) func(score) bool {
			return func(s score) bool { f, _ := s.of(m); return f.Stated == string(stats.Slower) }
		}
		addRate(table, size+": more CPU time per answer is stated", slow, states(figure.CPUPerAnswer))
		addRate(table, size+": less throughput is stated", slow, states(figure.Throughput))
		addRate(table, size+": the gate fails", slow, func(s score) bool { return s.Gate == string(stats.Failed) })
		addRate(table, size+": the gate fails or warns", slow, func(s score) bool { return s.Gate == string(stats.Failed) || s.Gate == string(stats.Warned) })
		addRate(table, size+": anything is stated to be better", slow, func(s score) bool {
			return strings.Contains(strings.Join(s.Statements, ";"), string(stats.Faster))
		})
	}
	_ = table.Render()
}

func newTable(w io.Writer, head ...any) *tablewriter.Table {
	table := tablewriter.NewWriter(w)
	table.Header(head...)
	return table
}

// addRate adds in how many of the runs something is so, with its interval.
func addRate(table *tablewriter.Table, what string, runs []score, is func(score) bool) {
	if len(runs) == 0 {
		return
	}
	n := len(having(runs, is))
	low, high := binomial(n, len(runs))
	_ = table.Append(what, fmt.Sprintf("%d of %d", n, len(runs)), fmt.Sprintf("%.1f to %.1f %%", 100*low, 100*high))
}

// binomial is the 95 % interval of a rate (Clopper and Pearson, Biometrika 1934).
func binomial(n, of int) (low, high float64) {
	const tail = 0.025
	k, m := float64(n), float64(of)
	low, high = 0, 1
	if n > 0 {
		low = distuv.Beta{Alpha: k, Beta: m - k + 1}.Quantile(tail)
	}
	if n < of {
		high = distuv.Beta{Alpha: k + 1, Beta: m - k}.Quantile(1 - tail)
	}
	return low, high
}
