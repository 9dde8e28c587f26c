package charts

import (
	"fmt"
	"math"

	"github.com/HdrHistogram/hdrhistogram-go"

	"taskbench/compare"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/results"
)

// distribution is one target's, merged over its trials.
type distribution struct {
	label   string
	summary *results.Latency
	hist    *hdrhistogram.Histogram
}

// latencies are the distributions of all answers of the counted pairs. A
// histogram that cannot be read costs its chart, and the page says so.
func latencies(s compare.Scenario, shown []int, docs []results.Document) (drawn, tables []page.Block) {
	var all []distribution
	var damaged []string
	for _, i := range shown {
		d, err := merged(counted(docs[i], s))
		switch {
		case err != nil:
			damaged = append(damaged, fmt.Sprintf("no distribution of %s: %v", s.Sides[i].Target, err))
		case d.hist != nil:
			d.label = s.Sides[i].Target
			all = append(all, d)
		}
	}
	if len(all) == 0 && len(damaged) == 0 {
		return nil, nil
	}
	if len(damaged) > 0 {
		drawn = append(drawn, page.Lines{Mark: "✗", Mood: page.Bad, Items: page.Sentences(damaged)})
	}
	if len(all) == 0 {
		return drawn, nil
	}
	note := "The table above has medians over the pairs, in which each pair weighs the same; here each answer does."
	return append(drawn, percentileChart(all), densityChart(all)), []page.Block{page.Aside{Key: latencyTable, Title: "Further percentiles, of all answers of the counted pairs together",
		Long: true, Blocks: []page.Block{remark(note), percentileTable(all)}}}
}

// latencyTable has both charts' figures.
const latencyTable = "latency"

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

func percentileChart(all []distribution) page.Chart {
	ch := newChart("percentiles", "Latency by percentile, to 99.99 %", figure.P99.Unit, "percentile", page.Percentiles)
	ch.Table, ch.Y.Scale = latencyTable, page.Log
	for i := 0; i <= percentileEnd*percentileSteps; i++ {
		ch.X.Values = append(ch.X.Values, float64(i)/percentileSteps)
	}
	for _, d := range all {
		s := page.Series{Label: d.label, Of: d.label}
		for _, x := range ch.X.Values {
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
func densityChart(all []distribution) page.Chart {
	ch := newChart("density", "Latency, density", figure.Fraction, "latency", page.Log)
	ch.Table, ch.Fill, ch.Y.Zero, ch.X.Print = latencyTable, true, true, figure.P99.Texts
	first, last := math.MaxInt, math.MinInt
	for _, d := range all {
		first, last = min(first, class(d.summary.MinUS)), max(last, class(d.summary.MaxUS))
	}
	for c := first; c <= last; c++ {
		ch.X.Values = append(ch.X.Values, math.Pow(10, (float64(c)+0.5)/densitySteps))
	}
	for _, d := range all {
		shares := make([]float64, last-first+1)
		for _, bar := range d.hist.Distribution() {
			if bar.Count > 0 {
				c := min(max(class(float64(bar.From+bar.To)/2), first), last)
				shares[c-first] += float64(bar.Count) / float64(d.summary.Count)
			}
		}
		s := page.Series{Label: d.label, Of: d.label}
		for k := range shares {
			s.Y = append(s.Y, &shares[k])
		}
		ch.Series = append(ch.Series, s)
	}
	return ch
}

func class(us float64) int { return int(math.Floor(densitySteps * math.Log10(math.Max(us, 1)))) }

// percentileTable has what the table of medians has not: nobody is to find two
// values of one percentile on a page.
func percentileTable(all []distribution) page.Table {
	var header []string
	var rows [][]string
	for _, d := range all {
		header = append(header, d.label)
	}
	for _, p := range []float64{75, 90, 99.9, 99.99} {
		values := make([]*float64, len(all))
		for i, d := range all {
			values[i] = known(d.at(p))
		}
		rows = append(rows, append([]string{fmt.Sprint(p, " %")}, figure.P99.Texts(values)...))
	}
	slowest, counts := make([]*float64, len(all)), []string{"answers"}
	for i, d := range all {
		slowest[i], counts = &d.summary.MaxUS, append(counts, fmt.Sprint(d.summary.Count))
	}
	return bare(header, append(rows, append([]string{"slowest of all"}, figure.Max.Texts(slowest)...), counts))
}
