package stats

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Step is where the level of a series changes.
type Step struct {
	At     int     `json:"at"`     // index of the first value after it
	Change float64 `json:"change"` // mean after less mean before, up to the steps beside it, in the series' unit
	Low    float64 `json:"low"`
	High   float64 `json:"high"` // 95 % interval of Change, given the place (pooled t)
	P      float64 `json:"p"`    // of the part it was found in having no step
}

// FewestForSteps is the length from which on a step can be shown: of seven
// values even the best order is one of 35.
const FewestForSteps = 8

const (
	stepSide     = 2    // values on either side of a step, at least: one alone is an outlier
	permutations = 1999 // of each part; p-values are multiples of 1/2000
)

// FindSteps finds the changes of level in a series of values, one a run, of
// equal worth and in the order of time: where the two-sample t is largest
// (Sen and Srivastava, Ann. Statist. 1975; cut in two again and again, Vostrikova 1981),
// with its p-value by permutation. Values may have any distribution. A series
// whose level does not change has a step found in at most alpha of cases:
// each part of a part has half the level, so that a true step does not raise
// the chance of a false one beside it. A slow drift is told as steps, too, and
// so is what makes neighbouring runs alike: at a serial correlation of 0.3
// about 15 of 100 histories of 20 runs have a step.
// Values must be finite. The permutations depend on the length alone: the same
// series has the same steps always, and turned round it has them turned round.
func FindSteps(ys []float64, alpha float64) []Step {
	var at []int
	ps := map[int]float64{}
	var search func(from, to int, alpha float64)
	search = func(from, to int, alpha float64) {
		k, p := likeliestStep(ys[from:to])
		if p > alpha {
			return
		}
		at = append(at, from+k)
		ps[from+k] = p
		search(from, from+k, alpha/2)
		search(from+k, to, alpha/2)
	}
	search(0, len(ys), alpha)
	slices.Sort(at)
	steps := make([]Step, len(at))
	for i, k := range at {
		from, to := 0, len(ys)
		if i > 0 {
			from = at[i-1]
		}
		if i+1 < len(at) {
			to = at[i+1]
		}
		steps[i] = newStep(ys[from:k], ys[k:to])
		steps[i].At, steps[i].P = k, ps[k]
	}
	return steps
}

// newStep measures the change from one stretch to the next.
func newStep(before, after []float64) Step {
	change, se, df := pooled(before, after)
	h := tQuantile(0.975, df) * se
	return Step{Change: change, Low: change - h, High: change + h}
}

// pooled is Student's comparison of two stretches that scatter alike.
func pooled(before, after []float64) (change, se, df float64) {
	b, a := sorted(before), sorted(after)
	nb, na := float64(len(b)), float64(len(a))
	vb, va := sd(b), sd(a)
	df = nb + na - 2
	return mean(a) - mean(b), math.Sqrt(((nb-1)*vb*vb + (na-1)*va*va) / df * (1/nb + 1/na)), df
}

// likeliestStep is the cut with the largest |t|, and how often a random order of
// the same values has one as large; 1 where there are too few.
func likeliestStep(ys []float64) (at int, p float64) {
	if len(ys) < FewestForSteps {
		return 0, 1
	}
	centred := sorted(ys)
	centre, spread := mean(centred), sd(centred)
	if spread == 0 {
		return 0, 1
	}
	centred = make([]float64, len(ys))
	for i, y := range ys {
		centred[i] = (y - centre) / spread
	}
	at, largest := largestCut(centred)
	r := rand.New(rand.NewPCG(uint64(len(ys)), permutations))
	asLarge := 1
	for range permutations {
		r.Shuffle(len(centred), func(i, j int) { centred[i], centred[j] = centred[j], centred[i] })
		if _, c := largestCut(centred); c >= largest*(1-1e-12) {
			asLarge++
		}
	}
	return at, float64(asLarge) / (permutations + 1)
}

// largestCut is where the sum of squares between two sides is largest; of
// values with mean 0 and the same total, |t| rises with it.
func largestCut(centred []float64) (at int, between float64) {
	n, sum := len(centred), 0.0
	for i, y := range centred[:n-stepSide] {
		sum += y
		k := i + 1
		if b := sum * sum / float64(k*(n-k)); k >= stepSide && b > between*(1+1e-12) {
			at, between = k, b
		}
	}
	return at, between
}
