package report

import (
	"fmt"
	"math"

	"github.com/HdrHistogram/hdrhistogram-go"

	"taskbench/compare"
	"taskbench/internal/figure"
	"taskbench/results"
)

// latency is the distribution of all answers of the counted pairs.
type latency struct {
	ID      string
	Charts  []chart
	Table   valueTable
	Damaged []string // why a target's distribution is not drawn
}

// distribution is one target's, merged over its trials.
type distribution struct {
	target  int
	label   string
	summary *results.Latency
	hist    *hdrhistogram.Histogram
}

func newLatency(id string, s compare.Scenario, shown []int, docs []results.Document) *latency {
	l := &latency{ID: id + "-latency"}
	var all []distribution
	for _, i := range shown {
		d, err := merged(counted(docs[i], s))
		switch {
		case err != nil:
			l.Damaged = append(l.Damaged, fmt.Sprintf("no distribution of %s: %v", s.Sides[i].Target, err))
		case d.hist != nil:
			d.target, d.label = i, s.Sides[i].Target
			all = append(all, d)
		}
	}
	if len(all) == 0 && len(l.Damaged) == 0 {
		return nil
	}
	if len(all) > 0 {
		l.Charts = []chart{percentileChart(id, all), densityChart(id, all)}
		l.Table = percentileTable(all)
	}
	return l
}

func merged(trials []results.Trial) (distribution, error) {
	parts := make([]*results.Latency, len(trials))
	for i := range trials {
		parts[i] = trials[i].Latency
	}
	sum, err := results.MergeLatency(parts...)
	if err != nil || sum == nil {
		return distribution{}, err
	}
	h, err := sum.Histogram()
	return distribution{summary: sum, hist: h}, err
}

// at is a percentile of the distribution, 0 to 100; not ok beyond the last
// one that at least one answer stands for: 99.99 % of a thousand answers is
// nothing but their maximum.
func (d distribution) at(percentile float64) (us float64, ok bool) {
	if (1-percentile/100)*float64(d.summary.Count) < 1-1e-9 {
		return 0, false
	}
	us = float64(d.hist.ValueAtPercentile(percentile))
	return math.Max(d.summary.MinUS, math.Min(d.summary.MaxUS, us)), true
}

// The percentile scale is that of HdrHistogram's plots, −log10 of the share
// that is slower: 0 is 0 %, 1 is 90 %, 4 is 99.99 %.
const (
	percentileEnd   = 4.0
	percentileSteps = 20 // a power of ten
)

func percentileChart(id string, all []distribution) chart {
	ch := chart{ID: id + "-percentiles", Title: "Latency by percentile, to 99.99 %", Table: id + "-latency", Kind: "percentiles", Unit: "time"}
	for i := 0; i <= percentileEnd*percentileSteps; i++ {
		ch.X = append(ch.X, float64(i)/percentileSteps)
	}
	for _, d := range all {
		s := series{Label: d.label, Target: d.target}
		for _, x := range ch.X {
			us, ok := d.at(100 * (1 - math.Pow(10, -x)))
			s.Y = append(s.Y, known(us, ok && us > 0))
		}
		ch.Series = append(ch.Series, s)
	}
	return ch
}

func known(v float64, ok bool) *float64 {
	if !ok {
		return nil
	}
	return &v
}

// densitySteps are classes a power of ten: each is 12 % wide.
const densitySteps = 20

// densityChart is the share of answers in classes of equal width on a
// logarithmic axis, the same for all targets.
func densityChart(id string, all []distribution) chart {
	ch := chart{ID: id + "-density", Title: "Latency, density", Table: id + "-latency", Kind: "density", Unit: "share"}
	first, last := math.MaxInt, math.MinInt
	for _, d := range all {
		first, last = min(first, class(d.summary.MinUS)), max(last, class(d.summary.MaxUS))
	}
	for c := first; c <= last; c++ {
		ch.X = append(ch.X, math.Pow(10, (float64(c)+0.5)/densitySteps))
	}
	for _, d := range all {
		shares := make([]float64, last-first+1)
		for _, bar := range d.hist.Distribution() {
			if bar.Count > 0 {
				c := min(max(class(float64(bar.From+bar.To)/2), first), last)
				shares[c-first] += float64(bar.Count) / float64(d.summary.Count)
			}
		}
		s := series{Label: d.label, Target: d.target}
		for k := range shares {
			s.Y = append(s.Y, &shares[k])
		}
		ch.Series = append(ch.Series, s)
	}
	return ch
}

func class(us float64) int { return int(math.Floor(densitySteps * math.Log10(math.Max(us, 1)))) }

// percentileTable has both charts' figures.
func percentileTable(all []distribution) valueTable {
	var t valueTable
	for _, d := range all {
		t.Header = append(t.Header, d.label)
	}
	for _, p := range []float64{50, 75, 90, 95, 99, 99.9, 99.99} {
		values := make([]*float64, len(all))
		for i, d := range all {
			values[i] = known(d.at(p))
		}
		t.Rows = append(t.Rows, valueRow{fmt.Sprint(p, " %"), figure.P99.Texts(values)})
	}
	slowest := make([]*float64, len(all))
	counts := make([]string, len(all))
	for i, d := range all {
		slowest[i] = &d.summary.MaxUS
		counts[i] = fmt.Sprint(d.summary.Count)
	}
	t.Rows = append(t.Rows, valueRow{"slowest", figure.Max.Texts(slowest)}, valueRow{"answers", counts})
	return t
}
