package stats

import "math"

// ModifiedZ gives each value's distance from the median in robust standard
// deviations, 0.6745·(x−median)/MAD; above 3.5 a value is commonly called an
// outlier (Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993).
// When more than half the values are equal MAD is 0 and the mean absolute
// deviation serves (factor 1/1.2533); when all are equal, all are 0.
func ModifiedZ(xs []float64) []float64 {
	s := sorted(xs)
	mid := median(s)
	deviations := make([]float64, len(xs))
	total := 0.0
	for i, x := range s {
		deviations[i] = math.Abs(x - mid)
		total += deviations[i]
	}
	scale := median(sorted(deviations)) / 0.6745
	if scale == 0 && len(xs) > 0 {
		scale = 1.2533 * total / float64(len(xs))
	}
	z := make([]float64, len(xs))
	for i, x := range xs {
		if scale > 0 {
			z[i] = (x - mid) / scale
		}
	}
	return z
}

// TukeyFences are the inner fences, 1.5 interquartile ranges outside the
// quartiles (Tukey, Exploratory Data Analysis, 1977; quartiles by linear
// interpolation, Hyndman and Fan's type 7). Both are 0 for no values.
func TukeyFences(xs []float64) (low, high float64) {
	if len(xs) == 0 {
		return 0, 0
	}
	s := sorted(xs)
	q1, q3 := quantileOf(s, 0.25), quantileOf(s, 0.75)
	return q1 - 1.5*(q3-q1), q3 + 1.5*(q3-q1)
}

// quantileOf is the p-quantile of a sorted sample by linear interpolation.
func quantileOf(s []float64, p float64) float64 {
	at := p * float64(len(s)-1)
	i := int(at)
	if i+1 >= len(s) {
		return s[len(s)-1]
	}
	return s[i] + (at-float64(i))*(s[i+1]-s[i])
}

// CV is the coefficient of variation, standard deviation over mean, as a
// fraction; 0 for fewer than two values or a mean of 0.
func CV(xs []float64) float64 {
	if len(xs) < 2 {
		return 0
	}
	s := sorted(xs)
	// Scaled by the largest value, so that sums of huge values stay finite.
	largest := math.Max(math.Abs(s[0]), math.Abs(s[len(s)-1]))
	for i := range s {
		s[i] /= largest
	}
	m := mean(s)
	if m == 0 || math.IsNaN(m) {
		return 0
	}
	return sd(s) / math.Abs(m)
}
