package stats

import "math"

// Shows is the smallest difference, as a fraction, that a run of so many cells
// would state with 80 % power of a row like this one, one of so many primary
// rows of its cell and the only one that differs, by as many pairs as there are;
// 0 when that is not known.
func (r Row) Shows(cells, rows int) float64 {
	at, enough := r.Plan.At(r.Judgement.Pairs)
	s, df, known := r.pairSD()
	if !enough || !known {
		return 0
	}
	return shown(s, df, r.Judgement.Pairs, firstLevel(at, cells, rows))
}

// firstLevel is what Claims holds the least p-value of a cell against.
func firstLevel(at Look, cells, rows int) float64 {
	return at.DifferenceAlpha * differenceShare / float64(max(cells, 1)*max(rows, 1))
}

// PairsToShow is how many pairs in all would show a difference of a size (0.05:
// 5 %) like that. It is believable where the noise is known well enough for a
// number: an interval of 80 % around it is narrower than a factor of two.
// 0: not known, or more than MaxPairs.
func (r Row) PairsToShow(size float64, cells, rows int) (pairs int, believable bool) {
	s, df, known := r.pairSD()
	if !known || len(r.Plan.Looks) == 0 {
		return 0, false
	}
	alpha := firstLevel(r.Plan.final(), cells, rows)
	low, high := 2, MaxPairs
	reaches := func(n int) bool { return shown(s, df*float64(n)/float64(r.Judgement.Pairs), n, alpha) <= size }
	if !reaches(high) {
		return 0, false
	}
	for low < high { // more pairs show less
		if mid := (low + high) / 2; reaches(mid) {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low, varianceSpread(df) < 2
}

// pairSD is the standard deviation of the log ratio of one pair, read off the
// interval, and its degrees of freedom.
func (r Row) pairSD() (s, df float64, known bool) {
	at, enough := r.Plan.At(r.Judgement.Pairs)
	j := r.Judgement
	if !enough || !j.CI.Known() || !(r.df > 0) {
		return 0, 0, false
	}
	half := math.Log(j.CI.High/j.CI.Low) / 2
	s = half / tQuantile(1-at.DifferenceAlpha/2, r.df) * math.Sqrt(float64(j.Pairs))
	return s, r.df, s > 0
}

// shown is the smallest difference that n pairs show at a level with 80 % power:
// where noncentral t exceeds its critical value so often, by Jennett and Welch's
// approximation (J. R. Stat. Soc. Suppl. 1939). Where df are few it is the
// standard deviation, and not the mean, that decides.
func shown(s, df float64, n int, alpha float64) float64 {
	critical := tQuantile(1-alpha/2, df)
	up, _ := math.Lgamma((df + 1) / 2)
	down, _ := math.Lgamma(df / 2)
	part := math.Sqrt(2/df) * math.Exp(up-down) // of σ that a standard deviation is on average
	away := critical*part + normalQuantile(power)*math.Sqrt(1+critical*critical*(1-part*part))
	return exp(away*s/math.Sqrt(float64(n))) - 1
}

// varianceSpread is the upper over the lower end of an 80 % interval of a
// variance with so many degrees of freedom (Wilson and Hilferty's approximation
// of chi squared, PNAS 1931).
func varianceSpread(df float64) float64 {
	if !(df > 1) {
		return math.Inf(1)
	}
	end := func(z float64) float64 {
		c := 2 / (9 * df)
		return math.Pow(math.Max(1-c+z*math.Sqrt(c), 0), 3)
	}
	const tail = 1.2816 // of a normal distribution, 10 %
	return end(tail) / end(-tail)
}
