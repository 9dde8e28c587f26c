package stats

import (
	"fmt"
	"math"
	"slices"

	"taskbench/compare/finding"
)

// GrowthVerdict is whether a series under constant load keeps growing.
type GrowthVerdict string

const (
	Stable   GrowthVerdict = "stable"
	Growing  GrowthVerdict = "growing"
	TooShort GrowthVerdict = "too short to say"
)

// GrowthRule says how much growth matters. All are in the series' unit.
type GrowthRule struct {
	Found    float64 // less growth, over the part looked at, is not called growing
	RuledOut float64 // stable: as much growth is ruled out
	Part     float64 // the same as a fraction of the middle value, where that is more
	Teeth    float64 // higher teeth hide what may be below them,
	Hidden   float64 // unless this growth a second exceeds them in the time looked at
}

// DefaultGrowth finds leaks of 1 MB a minute in a minute; values are bytes.
func DefaultGrowth() GrowthRule {
	return GrowthRule{Found: 0.5e6, RuledOut: 1e6, Part: 0.05, Teeth: 3e6, Hidden: 1e6 / 60}
}

// Growth is a verdict with what it rests on.
type Growth struct {
	Verdict GrowthVerdict
	Reason  finding.Finding // why the verdict is what it is, with figures
	Trend   Trend           // of block means; slopes are per block
	Blocks  int             // looked at: those of the warm-up are not
	BlockS  float64         // length of one
	Grown   float64         // Trend.Slope over all blocks
	Most    float64         // the upper end of its interval
	Teeth   float64         // the largest fall from a value to a later one, less what noise makes
	Limit   float64         // what had to be ruled out for Stable
}

const (
	growthWarmUp     = 0.25 // of the time: growth into the load
	fewestBlocks     = 10
	mostBlocks       = 30
	shortestBlock    = 1.0 // s
	serialCorrelated = 0.3 // lag-1 autocorrelation of what the line leaves, from which on blocks are doubled
	growthAlpha      = 0.01
	lateShare        = 0.7 // a leak's last third grows at this part of the rate before, at least;
	lateLeast        = 0.5 // or at this part, where noise may have taken the rest
	toothShare       = 0.5 // of the growth: higher teeth could have made it
	fewSteps         = 4
	noiseFall        = 7 // standard deviations that noise alone falls in some thousand samples
)

// FindGrowth judges samples (at, in seconds, rising; ys) of one window under
// load. The first quarter is warm-up; the rest is cut into blocks, which are
// averaged and doubled in length while neighbours are alike.
//
//	growing    the trend is proven (Mann–Kendall p < .01) and grows by rule.Found
//	           or more; the last third grows at 0.7 or more of the rate before (0.5
//	           where noise may hide the rest), which a filling cache does not; a line fits better than up to four steps,
//	           which arenas do not; and no fall is half as high as the growth
//	too short  else, where a saw-tooth may hide growth
//	stable     else, where growth of Limit is ruled out (95 %), or it grew and levelled off
//	too short  else
func FindGrowth(at, ys []float64, rule GrowthRule) Growth {
	g := Growth{Verdict: TooShort, Reason: finding.Finding{Code: finding.SamplesMissing}, Trend: Trend{P: 1}}
	if len(at) < 2 || len(at) != len(ys) {
		return g
	}
	begin, end := at[0], at[len(at)-1]
	from := begin + growthWarmUp*(end-begin)
	length := end - from
	n := min(mostBlocks, int(length/shortestBlock))
	if n < fewestBlocks {
		g.Reason = finding.Finding{Code: finding.LeakWindowShort, Values: finding.Values{"s": math.Max(length, 0), "least_s": fewestBlocks * shortestBlock}}
		return g
	}
	means, ok := blockMeans(at, ys, from, length/float64(n), n)
	if !ok {
		return g
	}
	g.BlockS = length / float64(n)
	g.Trend = FindTrend(means)
	g.Teeth = teethOf(at, ys, g.Trend.Slope/g.BlockS)
	g.judge(means, rule)
	return g
}

// teethOf is the largest fall, without what a falling trend and noise explain.
func teethOf(at, ys []float64, slope float64) float64 {
	level := make([]float64, len(ys))
	for i, y := range ys {
		level[i] = y - math.Min(0, slope)*at[i]
	}
	return math.Max(0, largestFall(level)-noiseFall*sampleNoise(ys))
}

// judge applies the rule to block means.
func (g *Growth) judge(means []float64, rule GrowthRule) {
	fine := means
	for len(means) >= 2*fewestBlocks && Autocorrelation(lineResiduals(means, g.Trend.Slope)) > serialCorrelated {
		means, g.BlockS = halved(means), 2*g.BlockS
		g.Trend = FindTrend(means)
	}
	g.Blocks = len(means)
	steps := float64(len(means) - 1)
	g.Grown, g.Most = g.Trend.Slope*steps, g.Trend.High*steps
	g.Limit = math.Max(rule.RuledOut, rule.Part*math.Abs(median(sorted(means))))
	harmless := math.Max(rule.Teeth, rule.Hidden*steps*g.BlockS)
	proven := g.Trend.P < growthAlpha && g.Trend.Low > 0 && g.Grown >= rule.Found
	late, before := thirds(fine)
	lasts := late.Slope >= lateShare*before || late.Slope >= lateLeast*before && late.High >= before
	blocks := float64(len(fine) - 1)
	code := finding.NoGrowth
	switch {
	case proven && g.Teeth > toothShare*g.Grown:
		code = finding.LeakTeeth
	case proven && lasts && !stepsFitBetter(fine):
		g.Verdict, code = Growing, finding.LeakToTheEnd
	case proven && lasts:
		code = finding.LeakInSteps
	case proven && late.High*blocks >= rule.Found: // it may still grow
		code = finding.LeakSlowing
	case g.Teeth > harmless:
		code = finding.LeakTeeth
	case proven:
		g.Verdict, code = Stable, finding.LeakLevelledOff
	case g.Most >= g.Limit:
		code = finding.LeakNotExcluded
	default:
		g.Verdict = Stable
	}
	g.explain(code, steps*g.BlockS)
}

// explain gives the reason its figures; growth was looked at for so many seconds.
func (g *Growth) explain(code finding.Code, seconds float64) {
	g.Reason = finding.Finding{Code: code}
	switch code {
	case finding.LeakTeeth:
		g.Reason.Values = finding.Values{"teeth_bytes": g.Teeth}
	case finding.LeakNotExcluded:
		g.Reason.Values = finding.Values{"bytes_per_s": g.Most / seconds}
	case finding.NoGrowth:
		g.Reason.Values = finding.Values{"least_bytes": g.Limit, "s": seconds}
	}
}

// String is the sentence's core, for messages.
func (g Growth) String() string {
	return fmt.Sprintf("%s: %s (%.3g in %.0f s, at most %.3g, teeth of %.3g)", g.Verdict, g.Reason.Code, g.Grown, float64(max(g.Blocks-1, 0))*g.BlockS, g.Most, g.Teeth)
}

// blockMeans averages the samples of n blocks; not ok when one has none.
func blockMeans(at, ys []float64, from, length float64, n int) ([]float64, bool) {
	sums, counts := make([]float64, n), make([]int, n)
	for i, t := range at {
		if !(t >= from) {
			continue
		}
		k := int(math.Min((t-from)/length, float64(n-1)))
		sums[k] += ys[i]
		counts[k]++
	}
	for k := range sums {
		if counts[k] == 0 {
			return nil, false
		}
		sums[k] /= float64(counts[k])
	}
	return sums, true
}

// halved joins blocks in pairs; an odd one at the beginning is left out.
func halved(means []float64) []float64 {
	means = means[len(means)%2:]
	out := make([]float64, len(means)/2)
	for i := range out {
		out[i] = (means[2*i] + means[2*i+1]) / 2
	}
	return out
}

func lineResiduals(ys []float64, slope float64) []float64 {
	out := make([]float64, len(ys))
	for i, y := range ys {
		out[i] = y - slope*float64(i)
	}
	centre := median(sorted(out))
	for i := range out {
		out[i] -= centre
	}
	return out
}

// largestFall is the largest difference of a value to a later one.
func largestFall(ys []float64) float64 {
	top, fall := math.Inf(-1), 0.0
	for _, y := range ys {
		top = math.Max(top, y)
		fall = math.Max(fall, top-y)
	}
	return fall
}

// sampleNoise is the standard deviation of a sample, read off how neighbours
// differ: neither a slope nor rare jumps move the median of that.
func sampleNoise(ys []float64) float64 {
	steps := make([]float64, len(ys)-1)
	for i := range steps {
		steps[i] = ys[i+1] - ys[i]
	}
	centre := median(sorted(steps))
	for i, s := range steps {
		steps[i] = math.Abs(s - centre)
	}
	return 1.4826 * median(sorted(steps)) / math.Sqrt2
}

// thirds are the trend of the last third, and the rate of what is before it.
func thirds(means []float64) (late Trend, before float64) {
	cut := len(means) - len(means)/3
	return FindTrend(means[cut-1:]), FindTrend(means[:cut]).Slope
}

// stepsFitBetter compares a line to the best flat pieces, up to fewSteps steps
// of them, by what each leaves (least squares, per degree of freedom).
func stepsFitBetter(ys []float64) bool {
	n := len(ys)
	line := lineSquares(ys) / float64(n-2)
	for k, left := range pieceSquares(ys, fewSteps+1) {
		// A level for each step besides the first, and twice for the choice of its
		// place, which finds a little in any noise.
		if df := n - 1 - 3*k; k > 0 && df > 0 && left/float64(df) < line {
			return true
		}
	}
	return false
}

// lineSquares is what a least-squares line leaves.
func lineSquares(ys []float64) float64 {
	centre, n := mean(sorted(ys)), float64(len(ys))
	sxy, syy := 0.0, 0.0
	for i, y := range ys {
		sxy += (float64(i) - (n-1)/2) * (y - centre)
		syy += (y - centre) * (y - centre)
	}
	return math.Max(0, syy-sxy*sxy/(n*(n*n-1)/12))
}

// pieceSquares is what the best 1, 2, … most flat pieces leave (dynamic
// programming over the end of the last piece).
func pieceSquares(ys []float64, most int) []float64 {
	n := len(ys)
	sum, squares := make([]float64, n+1), make([]float64, n+1)
	centre := mean(sorted(ys))
	for i, y := range ys {
		sum[i+1], squares[i+1] = sum[i]+y-centre, squares[i]+(y-centre)*(y-centre)
	}
	piece := func(from, to int) float64 {
		s := sum[to] - sum[from]
		return math.Max(0, squares[to]-squares[from]-s*s/float64(to-from))
	}
	best := make([]float64, n+1)
	for to := 1; to <= n; to++ {
		best[to] = piece(0, to)
	}
	left := []float64{best[n]}
	for len(left) < most {
		next := slices.Repeat([]float64{math.Inf(1)}, n+1)
		for to := len(left) + 1; to <= n; to++ {
			for from := len(left); from < to; from++ {
				next[to] = math.Min(next[to], best[from]+piece(from, to))
			}
		}
		best = next
		left = append(left, best[n])
	}
	return left
}
