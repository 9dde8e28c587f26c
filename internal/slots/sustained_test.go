package slots

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// machine is one whose speed changes: neighbours burn a core for 0.2 to 3 s each,
// rest for as long in the mean times rest, and there is some noise of shorter times.
type machine struct {
	random *rand.Rand
	rest   float64
	until  [2]float64 // s, by neighbour
	burns  [2]bool
	nowS   float64
}

const stepS = 0.01

// speed goes on for a time, and gives how fast the machine was in the mean.
func (m *machine) speed(seconds float64) float64 {
	sum, n := 0.0, 0.0
	for end := m.nowS + seconds - stepS/2; m.nowS < end; m.nowS += stepS {
		shares := 1.0
		for i := range m.burns {
			if m.nowS >= m.until[i] {
				m.burns[i] = !m.burns[i]
				length := 0.2 + 2.8*m.random.Float64()
				if !m.burns[i] {
					length *= m.rest
				}
				m.until[i] = m.nowS + length
			}
			if m.burns[i] {
				shares += 0.5
			}
		}
		sum, n = sum+math.Exp(0.2*m.random.NormFloat64())/shares, n+1
	}
	return sum / n
}

// keeper is a server of 5000 answers a second on an idle machine: without pauses it
// keeps up a part of them, and no more than most, by the clock.
type keeper struct{ part, most float64 }

const keeperPS = 5000

// asked is what two servers give in a stretch, and in slots right after.
func (m *machine) asked(servers [2]keeper, rounds int) [2]Paces {
	var paces [2]Paces
	var looks [2][]Tally
	for p, s := range servers {
		m.speed(DefaultStretch.Seconds() / 2)
		t := Tally{}
		looks[p] = append(looks[p], t)
		for range int(DefaultStretch / 2 / LookEvery) {
			t.Answered += int(LookEvery.Seconds() * min(s.most, keeperPS*s.part*m.speed(LookEvery.Seconds())))
			t.AtUS += us(LookEvery)
			looks[p] = append(looks[p], t)
		}
	}
	counts, spans, behind := [2][]uint64{}, []float64{}, [2]Tally{}
	for range rounds {
		spans = append(spans, us(DefaultSlot))
		for p := range counts {
			n := keeperPS * DefaultSlot.Seconds() * m.speed(DefaultSlot.Seconds())
			counts[p], behind[p].Answered = append(counts[p], uint64(n)), behind[p].Answered+int(n)
			m.speed(DefaultGap.Seconds())
		}
	}
	for p := range paces {
		paces[p] = Paces{StretchPace(looks[p]), SlotsPace(counts[p], spans, Tally{}, behind[p])}
	}
	m.speed(0.5) // generators begin anew
	return paces
}

// found tells in what one of two servers was taken to differ, and after how many stretches.
func (m *machine) found(servers [2]keeper) (differ Aspect, stretches int) {
	all := make([][]Paces, len(servers))
	for open := true; open; stretches++ {
		open = false
		rounds := 8 // and in the pair itself
		if stretches == 0 {
			rounds = 20
		}
		for p, paces := range m.asked(servers, rounds) {
			all[p] = append(all[p], paces)
		}
		for _, paces := range Apart(all) {
			as, more := Judge(paces, false)
			if as != "" {
				return as, stretches + 1
			}
			open = open || more
		}
	}
	return "", stretches
}

// TestNoiseIsNoLimit: on a machine with neighbours, servers that do in slots what they
// do without pauses are taken for others in fewer than one of 100 scenarios. Those that
// have a limit are found, both too where it is the same; and on a quiet machine one that
// keeps up six of ten answers, which neighbours hide.
func TestNoiseIsNoLimit(t *testing.T) {
	t.Parallel()
	const runs = 500
	always, least := keeper{1, math.Inf(1)}, map[string]int{"one keeps six of ten": runs * 4 / 10, "one has a limit": runs * 99 / 100, "both have one limit": runs * 99 / 100}
	for what, servers := range map[string][2]keeper{
		"alike": {always, always}, "one keeps six of ten": {{0.6, math.Inf(1)}, always},
		"one has a limit": {{1, 1500}, always}, "both have one limit": {{1, 1500}, {1, 1500}},
	} {
		for name, rest := range map[string]float64{"quiet": 1000, "some neighbours": 4, "busy": 1, "crowded": 0.3} {
			differ, all := 0, 0
			for seed := range uint64(runs) {
				m := &machine{random: rand.New(rand.NewPCG(seed, 1)), rest: rest}
				m.speed(20)
				as, n := m.found(servers)
				if all += n; as != "" {
					differ++
				}
			}
			t.Logf("%s, %s: %.1f of 100 differ, %.2f stretches", name, what, 100*float64(differ)/runs, float64(all)/runs)
			most := runs
			if what == "alike" {
				most = runs / 100
			}
			if differ > most || differ < least[what] || rest > 100 && what != "alike" && differ < runs {
				t.Errorf("%s: %d of %d scenarios differ where %s", name, differ, runs, what)
			}
		}
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	pace := func(perS, wrong, wait float64) Pace {
		return Pace{PerS: perS, MeanPS: perS, Answers: 1000, Wrong: wrong, WaitUS: wait}
	}
	alike := Paces{pace(1000, 0, 5000), pace(1000, 0, 5000)}
	limited := Paces{pace(600, 0, 8000), pace(1000, 0, 5000)}
	refused := Paces{pace(1000, 0.2, 5000), pace(1000, 0, 5000)}
	emptied := Paces{pace(1000, 0, 5000), pace(600, 0, 8000)}
	slightly := Paces{pace(780, 0, 5000), pace(1000, 0, 5000)}
	waits := Paces{pace(950, 0, 20000), pace(1000, 0, 5000)}
	losing := Pace{PerS: 1000, MeanPS: 1000, Answers: 1000, Lost: 0.2}
	drops, closesIdle := Paces{losing, pace(1000, 0, 0)}, Paces{pace(1000, 0, 0), losing}
	few := Paces{Pace{PerS: 5, Answers: 5}, Pace{PerS: 10, Answers: 8}}
	bursts := Paces{Pace{PerS: 2000, MeanPS: 600, Answers: 600}, Pace{PerS: 2000, MeanPS: 1100, Answers: 2200}}
	silent := Paces{Pace{}, pace(1000, 0, 5000)}
	for name, c := range map[string]struct {
		all   []Paces
		think bool
		want  Aspect
		open  bool
	}{
		"nothing known":          {},
		"alike":                  {all: []Paces{alike}},
		"once":                   {all: []Paces{limited}, open: true},
		"once, and then not":     {all: []Paces{limited, alike}},
		"again and again":        {all: []Paces{limited, limited, limited}, want: Rate},
		"slightly":               {all: []Paces{slightly, slightly, slightly}, open: true},
		"slightly, always":       {all: []Paces{slightly, slightly, slightly, slightly, slightly, slightly}, want: Rate},
		"to one side each":       {all: []Paces{limited, emptied}},
		"faster without pauses":  {all: []Paces{emptied, emptied, emptied}, want: Rate},
		"in bursts":              {all: []Paces{bursts, bursts, bursts}, want: Rate},
		"refused":                {all: []Paces{refused, refused}, want: Errors},
		"refused once":           {all: []Paces{refused}, open: true},
		"waits, who thinks":      {all: []Paces{waits, waits, waits}, think: true, want: Wait},
		"waits":                  {all: []Paces{waits, waits, waits}},
		"connections break":      {all: []Paces{drops, drops}, want: Errors},
		"closes what waits":      {all: []Paces{closesIdle}},
		"too few to tell":        {all: []Paces{few, few, few, few, few}},
		"silent without a pause": {all: []Paces{silent, silent, silent}, want: Rate},
	} {
		if as, open := Judge(c.all, c.think); as != c.want || open != c.open {
			t.Errorf("%s: %q, open %v; want %q, %v", name, as, open, c.want, c.open)
		}
	}
}

// TestPaces: a moment in which the machine was away moves no typical rate, and few
// answers are added up.
func TestPaces(t *testing.T) {
	t.Parallel()
	look := func(ms float64, answered int) Tally { return Tally{AtUS: 1000 * ms, Answered: answered} }
	if p := StretchPace([]Tally{look(0, 0), look(100, 100), look(200, 100), look(300, 200)}); math.Abs(p.PerS-1000) > 1e-9 || p.Answers != 200 {
		t.Errorf("%+v", p)
	}
	if p := StretchPace([]Tally{look(0, 0), look(100, 3), look(200, 3), look(300, 6)}); math.Abs(p.PerS-20) > 1e-9 {
		t.Errorf("%+v", p)
	}
	if p := StretchPace(nil); p != (Pace{}) {
		t.Errorf("%+v", p)
	}
	slot := float64(100 * time.Millisecond / time.Microsecond)
	if p := SlotsPace([]uint64{50, 0, 50, 0}, []float64{slot, 0, slot, slot}, look(0, 10), look(0, 120)); math.Abs(p.PerS-500) > 1e-9 || p.Answers != 110 {
		t.Errorf("%+v", p)
	}
}
