package compare

import (
	"math"
	"slices"

	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/results"
)

// LeastSplit is how many pairs tell enough of how pairs scatter.
const LeastSplit = 3

// NewSplit chooses for how long each target has slots in the further pairs of a
// cell: by the metric whose pairs scatter most, as far as that can be told apart
// from what their slots leave. of has what a pair costs, and its length so far,
// which stays where fewer than LeastSplit pairs tell. The length is
// between least and most seconds. Documents are those of one run.
func NewSplit(docs []results.Document, cell int, of results.Split, least, most float64) (results.Split, bool) {
	base := max(0, slices.IndexFunc(docs, func(d results.Document) bool { return d.Implementation == d.Baseline }))
	chosen, worst := of, -1.0
	for i := range docs {
		for _, m := range figure.Primaries() {
			if i == base || m.Slot == nil {
				continue
			}
			scatter, pairs, ok := scatterOf(m, docs[base].Scenarios[cell].Trials, docs[i].Scenarios[cell].Trials)
			if !ok || scatter.Of(least) <= worst {
				continue
			}
			worst = scatter.Of(least)
			chosen.AfterPairs, chosen.Metric = pairs, m.Key
			chosen.BetweenSD, chosen.WithinSD = scatter.Between, scatter.Within
			chosen.PairS = math.Max(least, math.Min(most, scatter.Best(of.FixedS, of.EachS)))
		}
	}
	return chosen, worst >= 0 && !math.IsNaN(chosen.PairS)
}

// scatterOf is what the ratio of a metric scatters by, between pairs and within
// them; not ok where too few pairs have ratios of slots.
func scatterOf(m *figure.Figure, base, cand []results.Trial) (s stats.Scatter, pairs int, ok bool) {
	var logs, within []float64
	seconds := 0.0
	for _, b := range base {
		i := slices.IndexFunc(cand, func(t results.Trial) bool { return t.Pair == b.Pair })
		if i < 0 || !b.Counts() || !cand[i].Counts() {
			continue
		}
		if p, ok := newSlotPair(m, b.Slots, cand[i].Slots); ok {
			length := b.Slots.Seconds()
			logs, within = append(logs, p.typical), append(within, p.typicalSE*p.typicalSE*length)
			seconds += length
		}
	}
	if len(logs) < LeastSplit {
		return s, 0, false
	}
	return stats.NewScatter(logs, within, seconds/float64(len(logs))), len(logs), true
}
