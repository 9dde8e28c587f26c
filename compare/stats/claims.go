package stats

import "slices"

// RunAlpha is how often a run may state anything false: in at most 5 of 100.
const RunAlpha = 0.05

// How RunAlpha is divided between the kinds of statements. The parts add up,
// which is right however they depend on each other.
//
// "Faster" and "slower" are what a run is made for, and what noise costs most:
// they get most. Steps, p99 and memory say where a difference sits, and are
// many. Parity is harmed least by a small share: a quiet machine still shows it,
// in more pairs (at a CV of 3 % in 89 of 100 rows by 20 pairs), and a noisy one
// has no parity to show at any level. A note about drift or order is no answer
// to anybody's question: it is stated where it is plain, and where it is only
// likely the verdict is withheld without a statement (Health.Temper).
const (
	differenceShare = 0.70
	otherShare      = 0.20
	parityShare     = 0.075
	noteShare       = 0.0125
	KneeShare       = 0.0125 // of sweeps, see FindKnee
)

// Cell is one candidate in one scenario at one number of connections: what is
// believed, or not, together.
type Cell struct {
	Primary []Row
	Other   []Row // steps, p99, memory
}

// Row is one metric's judgement with what it was judged by.
type Row struct {
	Judgement Judgement
	Plan      Plan
	Health    *Health // of its pairs in the order measured; nil: not examined
	Floor     float64 // the smallest difference that means anything, as a fraction

	df float64 // degrees of freedom of its standard error; 0: not known
}

// Claim is what a run may say of one row. All else is shown as a figure with
// its interval and no verdict.
type Claim struct {
	Stated  bool    `json:"stated"`
	Verdict Verdict `json:"verdict"` // Inconclusive where nothing is stated
	// P and ParityP are adjusted for looks, rows, cells and the kinds of
	// statements: up to RunAlpha "different" or "at parity" is stated. 1 where
	// the row could not be judged.
	P       float64 `json:"p_adjusted"`
	ParityP float64 `json:"parity_p_adjusted"`
	// Floor is the smallest difference that means anything, where one is proven and
	// not shown to be larger: it is taken back.
	Floor float64 `json:"floor_fraction,omitempty"`
	// Drifts and Ordered: the notes of Health may be stated, too.
	Drifts  bool `json:"drifts,omitempty"`
	Ordered bool `json:"ordered,omitempty"`
}

// CellClaims are in the order of a Cell's rows.
type CellClaims struct {
	Primary []Claim
	Other   []Claim
}

// Claims says what a run of so many cells may state, so that anything it states
// is false in at most RunAlpha of all runs, whichever of its rows differ. cells
// is how many the run was planned to have: every candidate in every scenario at
// every number of connections, and one more for each candidate whose geometric
// means are stated (Overall.Row). It is raised to len(run), so that 0 means
// "these are all". Because what is stated of primary rows depends on that number
// and on the cell's own rows alone, a cell can be judged while the others are
// not measured yet. The order of cells does not matter, and one more can only
// take statements from the others.
//
// In a sequential plan p is first made comparable between looks: p·α/α_look.
// Then, cell by cell at a level divided by the number of cells:
//
//   - primary metrics: Holm for differences, and Hochberg (Biometrika 1988) for
//     parity, whose first step is the intersection–union test "all at parity".
//
// And over the run:
//
//   - other rows: only where a primary difference is stated in their cell, and
//     only in its direction, by one-sided p-values: AdaptiveHolm over all such rows;
//   - notes about drift and order, of primary metrics: Holm.
//
// A judgement with too few pairs, with a pair that broke, or taken back by
// Health.Temper, states nothing; one whose interval reaches within its row's floor
// no difference.
func Claims(run []Cell, cells int) []CellClaims {
	cells = max(cells, len(run))
	all := make([]CellClaims, len(run))
	for i, c := range run {
		all[i] = c.claims(float64(cells))
	}
	locate(run, all)
	note(run, all)
	for i, c := range run {
		all[i].withhold(c)
	}
	return all
}

// claims are of the primary rows; nothing is stated of the others yet.
func (c Cell) claims(cells float64) CellClaims {
	different := adjusted(c.Primary, Row.differenceP, Holm, cells/differenceShare)
	same := adjusted(c.Primary, Row.parityP, Hochberg, cells/parityShare)
	claims := CellClaims{make([]Claim, len(c.Primary)), make([]Claim, len(c.Other))}
	for i, r := range c.Primary {
		claim := Claim{Verdict: Inconclusive, P: different[i], ParityP: same[i]}
		if claim.P <= RunAlpha {
			claim.Stated, claim.Verdict = true, r.way()
		}
		if claim.ParityP <= RunAlpha {
			claim.Stated, claim.Verdict = true, Parity
		}
		claims.Primary[i] = claim
	}
	for i := range claims.Other {
		claims.Other[i] = Claim{Verdict: Inconclusive, P: 1, ParityP: 1}
	}
	return claims
}

// ways are the directions in which primary rows are stated to differ, parity or not.
func (c Cell) ways(claims []Claim) (ways []Verdict) {
	for i, r := range c.Primary {
		if claims[i].P <= RunAlpha && !slices.Contains(ways, r.way()) {
			ways = append(ways, r.way())
		}
	}
	return ways
}

// locate says in which other rows the stated differences sit.
func locate(run []Cell, all []CellClaims) {
	type place struct{ cell, row int }
	var at []place
	var ps []float64
	for i, c := range run {
		ways := c.ways(all[i].Primary)
		for k, r := range c.Other {
			if len(ways) > 0 {
				at, ps = append(at, place{i, k}), append(ps, r.sidedP(ways))
			}
		}
	}
	for n, p := range AdaptiveHolm(ps) {
		claim := &all[at[n].cell].Other[at[n].row]
		if claim.P = min(1, p/otherShare); claim.P <= RunAlpha {
			claim.Stated, claim.Verdict = true, run[at[n].cell].Other[at[n].row].way()
		}
	}
}

// sidedP is the row's p in these directions: in one, half of the two-sided.
func (r Row) sidedP(ways []Verdict) float64 {
	if !slices.Contains(ways, r.way()) {
		return 1
	}
	return r.differenceP() * float64(len(ways)) / 2
}

// adjusted are the rows' p-values after a procedure, times a factor.
func adjusted(rows []Row, p func(Row) float64, procedure func([]float64) []float64, factor float64) []float64 {
	ps := make([]float64, len(rows))
	for i, r := range rows {
		ps[i] = p(r)
	}
	ps = procedure(ps)
	for i := range ps {
		ps[i] = min(1, factor*ps[i])
	}
	return ps
}

// differenceP is the row's p, comparable between looks.
func (r Row) differenceP() float64 {
	at, enough := r.Plan.At(r.Judgement.Pairs)
	if !enough || r.Judgement.ungated() {
		return 1
	}
	return min(1, r.Judgement.P*RunAlpha/at.DifferenceAlpha)
}

func (r Row) parityP() float64 {
	at, enough := r.Plan.At(r.Judgement.Pairs)
	if !enough || r.Judgement.ungated() {
		return 1
	}
	return min(1, r.Judgement.EquivalenceP*RunAlpha/at.ParityAlpha)
}

// way is the direction that a row points in.
func (r Row) way() Verdict {
	if r.Judgement.Ratio > 1 == (r.Judgement.Better == HigherIsBetter) {
		return Faster
	}
	return Slower
}

// note marks what the primary rows' self-checks may state.
func note(run []Cell, all []CellClaims) {
	type noted struct {
		p    float64
		mark func()
	}
	var notes []noted
	for i, c := range run {
		for k, r := range c.Primary {
			if h, claim := r.Health, &all[i].Primary[k]; h != nil {
				notes = append(notes, noted{h.Trend.P, func() { claim.Drifts = true }}, noted{h.Order.P, func() { claim.Ordered = true }})
			}
		}
	}
	ps := make([]float64, len(notes))
	for i, n := range notes {
		ps[i] = n.p
	}
	for i, p := range Holm(ps) {
		if p <= RunAlpha*noteShare {
			notes[i].mark()
		}
	}
}
