package stats

import (
	"math"
	"sync"

	"gonum.org/v1/gonum/stat/distuv"
)

// quantiles remembers Student quantiles: they cost more than everything else
// in a verdict, and a run asks for the same few again and again. It is bounded
// because only whole degrees of freedom up to MaxPairs enter it, at the few levels of plans.
var quantiles sync.Map // tKey -> float64

type tKey struct {
	p  float64
	df int
}

const cachedDF = MaxPairs

// tQuantile is the p-quantile of Student's t ("Student", Biometrika 1908)
// with df > 0 degrees of freedom, 0 < p < 1.
func tQuantile(p, df float64) float64 {
	whole := int(math.Min(df, cachedDF+1))
	if whole > cachedDF || float64(whole) != df {
		return distuv.StudentsT{Sigma: 1, Nu: df}.Quantile(p)
	}
	key := tKey{p, whole}
	if q, ok := quantiles.Load(key); ok {
		return q.(float64)
	}
	q := distuv.StudentsT{Sigma: 1, Nu: df}.Quantile(p)
	quantiles.Store(key, q)
	return q
}

// tCDF is the distribution function of Student's t.
func tCDF(t, df float64) float64 { return distuv.StudentsT{Sigma: 1, Nu: df}.CDF(t) }

// normalQuantile is the p-quantile of the standard normal distribution.
func normalQuantile(p float64) float64 { return distuv.UnitNormal.Quantile(p) }

// normalCDF is the standard normal distribution function.
func normalCDF(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }

// twoSidedT is P(|T| ≥ |t|) with df degrees of freedom.
func twoSidedT(t, df float64) float64 { return 2 * tCDF(-math.Abs(t), df) }

// twoSidedNormal is P(|Z| ≥ |z|).
func twoSidedNormal(z float64) float64 { return math.Erfc(math.Abs(z) / math.Sqrt2) }

// SDInterval is the 95 % interval of a standard deviation that was found in so many
// values of a normal distribution; unknown from fewer than two.
func SDInterval(sd float64, values int) Interval {
	if values < 2 {
		return Interval{}
	}
	df := float64(values - 1)
	chi := distuv.ChiSquared{K: df}
	return Interval{sd * math.Sqrt(df/chi.Quantile(0.975)), sd * math.Sqrt(df/chi.Quantile(0.025))}
}
