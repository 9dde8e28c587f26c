package stats

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// samples are pairs of many kinds: noise from none to wild, ties, outliers,
// 2 to 20 of them.
func samples(t *testing.T) [][]Pair {
	t.Helper()
	r := rand.New(rand.NewPCG(7, 11))
	var all [][]Pair
	for i := range 400 {
		cv := []float64{0, 0.01, 0.05, 0.2}[i%4]
		effect := []float64{0, 0.03, -0.05, -0.3, 0.1}[i%5]
		ps := make([]Pair, 2+i%19)
		for k := range ps {
			ps[k] = Pair{Base: 300 * math.Exp(cv*r.NormFloat64()), Cand: 300 * math.Exp(effect+cv*r.NormFloat64())}
			if i%7 == 0 { // coarse clocks make ties
				ps[k] = Pair{math.Ceil(ps[k].Base/30) * 30, math.Ceil(ps[k].Cand/30) * 30}
			}
		}
		if i%3 == 0 {
			ps[0].Cand *= 3
		}
		all = append(all, ps)
	}
	return all
}

func rules() []Rule {
	var rs []Rule
	for _, d := range []Direction{HigherIsBetter, LowerIsBetter} {
		rs = append(rs, Rule{Better: d, Plan: Fixed(10, 0.05)}, Rule{Better: d, Plan: Sequential(0.05)}, Rule{Better: d, Plan: Fixed(6, 0.15)})
	}
	return rs
}

// each runs a law over all samples and rules.
func each(t *testing.T, law func(t *testing.T, ps []Pair, rule Rule)) {
	t.Helper()
	for _, ps := range samples(t) {
		for _, rule := range rules() {
			law(t, ps, rule)
			if t.Failed() {
				t.Fatalf("pairs %v, rule %+v", ps, rule)
			}
		}
	}
}

var turned = map[Verdict]Verdict{Faster: Slower, Slower: Faster, Parity: Parity, Inconclusive: Inconclusive, Indicative: Indicative}

func TestSwappingSidesTurnsTheVerdictRound(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, ps []Pair, rule Rule) {
		swapped := make([]Pair, len(ps))
		for i, p := range ps {
			swapped[i] = Pair{p.Cand, p.Base}
		}
		a, b := Judge(ps, rule), Judge(swapped, rule)
		if b.Verdict != turned[a.Verdict] || a.PairsNeeded != b.PairsNeeded || a.Method != b.Method {
			t.Errorf("%s (%d) became %s (%d)", a.Verdict, a.PairsNeeded, b.Verdict, b.PairsNeeded)
		}
		near(t, "ratio", b.Ratio, 1/a.Ratio, 1e-12)
		near(t, "half width", b.HalfWidth, a.HalfWidth, 1e-12)
		near(t, "p", b.P, a.P, 1e-12)
		if a.CI.Known() {
			near(t, "low", b.CI.Low, 1/a.CI.High, 1e-12)
			near(t, "high", b.CI.High, 1/a.CI.Low, 1e-12)
		}
	})
}

// The same work counted as requests per second or as seconds per request must
// be judged the same.
func TestInvertingTheMetricKeepsTheVerdict(t *testing.T) {
	t.Parallel()
	opposite := map[Direction]Direction{HigherIsBetter: LowerIsBetter, LowerIsBetter: HigherIsBetter}
	each(t, func(t *testing.T, ps []Pair, rule Rule) {
		inverse := make([]Pair, len(ps))
		for i, p := range ps {
			inverse[i] = Pair{1 / p.Base, 1 / p.Cand}
		}
		a, b := Judge(ps, rule), Judge(inverse, Rule{Better: opposite[rule.Better], Plan: rule.Plan})
		if a.Verdict != b.Verdict {
			t.Errorf("%s became %s", a.Verdict, b.Verdict)
		}
		for _, mode := range []GateMode{Standard, Strict, Conservative} {
			g := GateRule{0.05, 0.10, mode}
			if x, y := Gate(a, g), Gate(b, g); x.Outcome != y.Outcome {
				t.Errorf("%s: %s became %s", mode, x.Outcome, y.Outcome)
			}
		}
		near(t, "ratio", b.Ratio, 1/a.Ratio, 1e-9)
	})
}

func TestUnitDoesNotMatter(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, ps []Pair, rule Rule) {
		scaled := make([]Pair, len(ps))
		for i, p := range ps { // a unit may even change from pair to pair
			f := math.Pow(2, float64(i%9-4))
			scaled[i] = Pair{p.Base * f, p.Cand * f}
		}
		a, b := Judge(ps, rule), Judge(scaled, rule)
		if a.Verdict != b.Verdict {
			t.Errorf("%s became %s", a.Verdict, b.Verdict)
		}
		near(t, "ratio", b.Ratio, a.Ratio, 1e-9)
	})
}

func TestOrderOfPairsDoesNotMatter(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	each(t, func(t *testing.T, ps []Pair, rule Rule) {
		shuffled := append([]Pair{}, ps...)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if diff := cmp.Diff(Judge(ps, rule), Judge(shuffled, rule)); diff != "" {
			t.Errorf("judgement changed:\n%s", diff)
		}
	})
}

func TestAnImplementationIsAtParityWithItself(t *testing.T) {
	t.Parallel()
	for _, ps := range samples(t) {
		same := make([]Pair, len(ps))
		for i, p := range ps {
			same[i] = Pair{p.Base, p.Base}
		}
		want := Parity
		if len(same) < FixedMin {
			want = Indicative
		}
		if j := Judge(same, fixed(10)); j.Verdict != want || j.Ratio != 1 {
			t.Fatalf("%d pairs: %s at ratio %v", len(same), j.Verdict, j.Ratio)
		}
	}
}

// A margin can only be widened into parity, a sequential look is never more
// lenient than a fixed plan.
func TestStricterLevelsNeverDecideMore(t *testing.T) {
	t.Parallel()
	decided := func(v Verdict) bool { return v == Faster || v == Slower || v == Parity }
	each(t, func(t *testing.T, ps []Pair, rule Rule) {
		strict := Judge(ps, Rule{Better: rule.Better, Plan: Sequential(0.05)})
		loose := Judge(ps, Rule{Better: rule.Better, Plan: Fixed(20, 0.05)})
		if decided(strict.Verdict) && !decided(loose.Verdict) {
			t.Errorf("%s at a look, %s after a fixed number", strict.Verdict, loose.Verdict)
		}
		wide := Judge(ps, Rule{Better: rule.Better, Plan: rule.Plan.WithMargin(0.5)})
		if j := Judge(ps, rule); j.Verdict == Parity && wide.Verdict != Parity {
			t.Errorf("parity became %s with a wider margin", wide.Verdict)
		}
	})
}

// A stored judgement must be shown and gated as it was when it was made.
func TestJudgementSurvivesJSON(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, ps []Pair, rule Rule) {
		j := Judge(ps, rule)
		text, err := json.Marshal(j)
		if err != nil {
			t.Fatal(err)
		}
		var back Judgement
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		back.EquivalenceP = j.EquivalenceP // Claims needs it before anything is stored
		if diff := cmp.Diff(j, back); diff != "" {
			t.Errorf("judgement changed:\n%s", diff)
		}
		if a, b := Gate(j, DefaultGate()), Gate(back, DefaultGate()); a.Outcome != b.Outcome || !a.Reason.Same(b.Reason) {
			t.Errorf("%v became %v", a, b)
		}
	})
}

func TestArgumentsAreNotChanged(t *testing.T) {
	t.Parallel()
	for _, ps := range samples(t) {
		before := append([]Pair{}, ps...)
		Judge(ps, fixed(10))
		RatioOfRatios(ps, ps, fixed(10))
		NoiseFloor(ps)
		if diff := cmp.Diff(before, ps); diff != "" {
			t.Fatalf("pairs changed:\n%s", diff)
		}
	}
}

// FuzzNeverNaN feeds any values, NaN and infinities included: the output is
// finite, explained, and no verdict comes from less than the plan allows.
func FuzzNeverNaN(f *testing.F) {
	encode := func(values ...float64) []byte {
		var b []byte
		for _, v := range values {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
		return b
	}
	f.Add(encode(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), 0.05, false)
	f.Add(encode(0, 1, math.Inf(1), 2, math.NaN(), 3, -1, 4, 5, 5, 6, 7, 8, 9), 0.05, true)
	f.Add(encode(5e-324, 1.7e308, 1.7e308, 5e-324, 1, 1, 1, 2, 2, 1, 3, 1), 0.9, true)
	f.Add(encode(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1+1e-16), 1e-9, false)
	f.Fuzz(func(t *testing.T, data []byte, margin float64, lower bool) {
		ps := decode(data)
		better := HigherIsBetter
		if lower {
			better = LowerIsBetter
		}
		for _, plan := range []Plan{Fixed(10, margin), Sequential(margin)} {
			rule := Rule{Better: better, Plan: plan}
			j := Judge(ps, rule)
			sound(t, j, plan)
			sound(t, RatioOfRatios(ps, ps[:len(ps)/2], rule), plan)
			h := Examine(inOrder(ps), better)
			finite(t, h)
			sound(t, h.Temper(j), plan)
			finite(t, Summarise([]Judgement{j, h.Temper(j), {}}))
			finite(t, SummariseRounds([][]Pair{ps, ps[:len(ps)/2]}, better))
			finite(t, Claims([]Cell{{Primary: []Row{{Judgement: j, Plan: plan, Health: &h}}, Other: []Row{{Judgement: j, Plan: plan}}}}, 3))
			finite(t, RatioOfRatios(ps, ps, Rule{Better: better, Plan: plan, Between: BetweenRuns(better, [][]Pair{ps, ps[:len(ps)/2]})}))
		}
		finite(t, NoiseFloor(ps))
	})
}

// sound checks what every judgement owes.
func sound(t *testing.T, j Judgement, plan Plan) {
	t.Helper()
	finite(t, j)
	if j.Reason.IsZero() {
		t.Errorf("no reason for %+v", j)
	}
	if !(j.EquivalenceP >= 0 && j.EquivalenceP <= 1) {
		t.Errorf("p of parity is %v", j.EquivalenceP)
	}
	decided := j.Verdict != Inconclusive && j.Verdict != Indicative
	if decided && (j.Pairs < plan.MinPairs || j.invalid() || plan.Validate() != nil) {
		t.Errorf("verdict from too little: %+v", j)
	}
	if j.CI.Known() && !(j.CI.Low <= j.Ratio && j.Ratio <= j.CI.High) {
		t.Errorf("ratio %v outside its interval %v–%v", j.Ratio, j.CI.Low, j.CI.High)
	}
	for _, mode := range []GateMode{Standard, Strict, Conservative} {
		d := Gate(j, GateRule{0.05, 0.10, mode})
		if d.Reason.IsZero() || d.Outcome == "" {
			t.Errorf("no reason for %+v", d)
		}
		if d.Outcome == Pass && j.Pairs < plan.MinPairs {
			t.Errorf("passed on too little: %+v", j)
		}
	}
}

func decode(data []byte) []Pair {
	var ps []Pair
	for len(data) >= 16 && len(ps) < 40 {
		ps = append(ps, Pair{
			Base: math.Float64frombits(binary.LittleEndian.Uint64(data)),
			Cand: math.Float64frombits(binary.LittleEndian.Uint64(data[8:])),
		})
		data = data[16:]
	}
	return ps
}

func inOrder(ps []Pair) []OrderedPair {
	os := make([]OrderedPair, len(ps))
	for i, p := range ps {
		os[i] = OrderedPair{Pair: p, BaseFirst: i%3 == 0}
	}
	return os
}
