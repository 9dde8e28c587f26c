package compare

import (
	"math"
	"slices"

	"taskbench/compare/finding"
	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/results"
)

// mostOverlap is the share of answers that may come when it is another's turn
// before it is worth a flag.
const mostOverlap = 0.05

// overlapping tells of a server whose answers run into the others' turns.
func overlapping(trials []results.Trial) *finding.Finding {
	part, ok := middle(trials, func(t results.Trial) (float64, bool) {
		if t.Slots == nil || t.Slots.AllSent() == 0 {
			return 0, false
		}
		return float64(t.Slots.Overlap) / float64(t.Slots.AllSent()), true
	})
	if !ok || part <= mostOverlap {
		return nil
	}
	return &finding.Finding{Code: finding.Overlapping, Values: finding.Values{"fraction": part}}
}

// slotSeconds is how long slots were, and pairSeconds all those of a target in a
// pair together, in the middle of all trials; 0 where there were none.
func slotSeconds(sides []*side) float64 {
	return ofSlots(sides, func(s *results.Slots) float64 { return s.SlotS })
}

func pairSeconds(sides []*side) float64 { return ofSlots(sides, (*results.Slots).Seconds) }

func ofSlots(sides []*side, of func(*results.Slots) float64) float64 {
	var all []results.Trial
	for _, s := range sides {
		all = append(all, s.inOrder()...)
	}
	length, ok := middle(all, func(t results.Trial) (float64, bool) {
		if t.Slots == nil {
			return 0, false
		}
		return of(t.Slots), true
	})
	if !ok {
		return 0
	}
	return length
}

// inTurn says why targets that were to take turns did not.
func inTurn(sides []*side) []finding.Finding {
	for _, s := range sides {
		if s.measurement != nil && s.measurement.InTurn != "" {
			return []finding.Finding{{Code: finding.InTurn, Said: []string{s.measurement.InTurn}}}
		}
	}
	return nil
}

// notSustained tells which servers do in slots what they do not do under load
// without pauses.
func notSustained(sides []*side) (list []finding.Finding) {
	for _, s := range sides {
		if s.measurement == nil || s.measurement.Sustained == nil {
			continue
		}
		of := s.measurement.Sustained
		f := finding.Finding{Target: s.Target}
		switch of.Differ {
		case results.RateDiffers:
			f.Code, f.Values = finding.RateDiffers, finding.Values{"per_s": of.Without.PerS, "in_slots_per_s": of.InSlots.PerS}
		case results.WaitDiffers:
			if of.Without.WaitUS == nil || of.InSlots.WaitUS == nil {
				continue
			}
			f.Code, f.Values = finding.WaitDiffers, finding.Values{"wait_us": *of.Without.WaitUS, "in_slots_wait_us": *of.InSlots.WaitUS}
		case results.ErrorsDiffer:
			f.Code, f.Values = finding.ErrorsDiffer, finding.Values{"fraction": of.Without.Failed(), "in_slots_fraction": of.InSlots.Failed()}
		default:
			continue
		}
		list = append(list, f)
	}
	return list
}

// withinPairs are the candidate's ratios to the baseline within each pair, as
// far as both took turns: those of the typical round. What disturbs the machine
// for a second spoils some rounds, and moves their median little; in sums over all
// slots it would stay.
//
// What one server does to itself now and then, as by a pause of its collector,
// would be left out with it. Where the typical round and the whole time part by
// more than both are uncertain, it is no noise: the ratios are then those of the
// figures, and parted says so. nil where no pair has a ratio of its own.
func withinPairs(pairs []int, step string, m *figure.Figure, base, cand map[int]results.Trial) (ratios []*float64, parted *finding.Finding) {
	if m.Slot == nil || step != "" {
		return nil, nil
	}
	ratios = make([]*float64, len(pairs))
	var all []slotPair
	for i, p := range pairs {
		if s, ok := newSlotPair(m, base[p].Slots, cand[p].Slots); ok {
			ratios[i] = new(math.Exp(s.typical))
			all = append(all, s)
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	if typical, whole, part := parting(all); part {
		return nil, &finding.Finding{Code: finding.SlotsPart, Metric: m.Key, Values: finding.Values{
			"ratio": math.Exp(whole), "typical_ratio": math.Exp(typical),
		}}
	}
	return ratios, nil
}

// slotPair are the log ratios of one pair: of the typical round and of the
// whole time, with their standard errors over the rounds.
type slotPair struct{ typical, typicalSE, whole, wholeSE float64 }

// leastRounds is how many rounds with figures of both make a ratio of a pair.
const leastRounds = 5

func newSlotPair(m *figure.Figure, base, cand *results.Slots) (p slotPair, ok bool) {
	if base == nil || cand == nil || base.Rounds() != cand.Rounds() {
		return p, false
	}
	var logs []float64
	var a, b sums
	for k := range base.Rounds() {
		x, perX := m.Slot(base, k)
		y, perY := m.Slot(cand, k)
		a.add(x, perX)
		b.add(y, perY)
		if x > 0 && perX > 0 && y > 0 && perY > 0 {
			logs = append(logs, math.Log(y/perY)-math.Log(x/perX))
		}
	}
	if len(logs) < leastRounds {
		return p, false
	}
	p.typical, p.typicalSE = typical(logs)
	p.whole = math.Log(b.ratio() / a.ratio())
	squares := 0.0
	for k := range base.Rounds() {
		d := b.influence(k) - a.influence(k)
		squares += d * d
	}
	p.wholeSE = math.Sqrt(squares)
	return p, true
}

// typical is the mean of the middle half, and its standard error: that of a normal
// sample with the same median deviation. Spoiled rounds, up to a quarter on either
// side, are not in it; of the others it makes more than the median does.
func typical(logs []float64) (middle, se float64) {
	const deviation, efficiency = 1.4826, 1.093 // of a normal distribution
	sorted := slices.Sorted(slices.Values(logs))
	quarter := len(logs) / 4
	half := sorted[quarter : len(logs)-quarter]
	for _, l := range half {
		middle += l / float64(len(half))
	}
	var away []float64
	for _, l := range logs {
		away = append(away, math.Abs(l-middle))
	}
	return middle, efficiency * deviation * stats.Median(away) / math.Sqrt(float64(len(logs)))
}

// sums are one side's figure over the whole time.
type sums struct {
	amounts, pers []float64
	amount, per   float64
}

func (s *sums) add(amount, per float64) {
	s.amounts, s.pers = append(s.amounts, amount), append(s.pers, per)
	s.amount, s.per = s.amount+amount, s.per+per
}

func (s *sums) ratio() float64 { return s.amount / s.per }

// influence is how much a round moves the logarithm of the ratio.
func (s *sums) influence(k int) float64 { return s.amounts[k]/s.amount - s.pers[k]/s.per }

// parting is the mean of the pairs' log ratios both ways, and whether they differ
// by more than both intervals together, and by something.
func parting(all []slotPair) (typical, whole float64, part bool) {
	n, squares := float64(len(all)), 0.0
	for _, p := range all {
		typical, whole = typical+p.typical/n, whole+p.whole/n
		squares += (p.typicalSE*p.typicalSE + p.wholeSE*p.wholeSE) / (n * n)
	}
	const interval, something = 1.96, 0.005
	return typical, whole, math.Abs(whole-typical) > math.Max(something, interval*math.Sqrt(squares))
}
