package search_test

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"taskbench/internal/search"
)

const second = time.Second

// goal is small enough to follow by hand: full trials of 2 s, of which two decide.
var goal = search.Goal{Width: 0.05, Exceed: 0.5, Initial: second, Final: 2 * second, Sum: 6 * second, Least: 10, Most: 100_000}

func trial(rate float64, length time.Duration, exceeded bool) search.Trial {
	return search.Trial{Rate: rate, Length: length, Exceeded: exceeded, Carried: rate}
}

func TestBounds(t *testing.T) {
	good, bad := false, true
	for _, c := range []struct {
		name         string
		trials       []search.Trial
		lower, upper float64
	}{
		{"one full trial leaves a rate open", []search.Trial{trial(100, 2*second, good)}, 0, 0},
		{"two that agree decide", []search.Trial{trial(100, 2*second, good), trial(100, 2*second, good)}, 100, 0},
		{"two that exceed decide", []search.Trial{trial(100, 2*second, bad), trial(100, 2*second, bad)}, 0, 100},
		{"the third decides between two", []search.Trial{trial(100, 2*second, bad), trial(100, 2*second, good), trial(100, 2*second, good)}, 100, 0},
		{"short ones are too short", []search.Trial{trial(100, second, good), trial(100, second, good), trial(100, second, good)}, 0, 0},
		{"short ones that exceed count", []search.Trial{
			trial(100, second, bad), trial(100, second, bad), trial(100, second, bad), trial(100, second, bad),
		}, 0, 100},
		{"short ones that do not balance them", []search.Trial{
			trial(100, second, bad), trial(100, second, good), trial(100, second, bad), trial(100, second, good),
		}, 0, 0},
		{"a rate above one that exceeds is no bound", []search.Trial{
			trial(100, 2*second, bad), trial(100, 2*second, bad), trial(200, 2*second, good), trial(200, 2*second, good),
			trial(50, 2*second, good), trial(50, 2*second, good),
		}, 50, 100},
	} {
		b := goal.Bounds(c.trials)
		if b.Lower != c.lower || b.Upper != c.upper {
			t.Errorf("%s: %v to %v, want %v to %v", c.name, b.Lower, b.Upper, c.lower, c.upper)
		}
	}
}

// TestConditionalThroughput holds what was answered against what was asked: a server
// that is full answers less at both bounds, and the estimate is of what it answered.
func TestConditionalThroughput(t *testing.T) {
	at := func(asked, answered float64, exceeded bool) search.Trial {
		return search.Trial{Rate: asked, Length: 2 * second, Exceeded: exceeded, Carried: answered}
	}
	b := goal.Bounds([]search.Trial{
		at(2010, 2001, false), at(2010, 1999, false), at(2010, 1700, true),
		at(2100, 2002, true), at(2100, 2000, true),
	})
	if b.Lower != 2010 || b.Upper != 2100 || b.Throughput != 1999 || b.Above != 2000 {
		t.Errorf("%+v, want 1999 answered at 2010, the trial in the middle, and 2000 at 2100", b)
	}
	b = goal.Bounds([]search.Trial{at(2000, 2000, false), at(2000, 2000, false), at(2100, 900, true), at(2100, 950, true)})
	if b.Above != 2000 {
		t.Errorf("a server that collapses beyond its limit has no less capacity for it: above is %v, want 2000", b.Above)
	}
}

// sharp is a server that exceeds beyond a rate, and what a search of it comes to.
func sharp(truth float64, from search.From, void func(rate float64) bool) (search.Bounds, []search.Trial) {
	var trials []search.Trial
	for len(trials) < 1000 {
		rate, length, more := goal.Next(trials, from)
		if !more {
			return goal.Bounds(trials), trials
		}
		trials = append(trials, search.Trial{Rate: rate, Length: length, Exceeded: rate > truth, Carried: math.Min(rate, truth), Void: void != nil && void(rate)})
	}
	panic("the search does not end")
}

// TestEveryTruthIsFound tries truths and starts of every size: bounds enclose the
// truth, are as close as asked, and few trials are needed.
func TestEveryTruthIsFound(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		truth := 10 * math.Pow(10, 4*r.Float64())
		from := search.From{Rate: math.Pow(10, 6*r.Float64()), Known: r.IntN(2) == 0}
		b, trials := sharp(truth, from, nil)
		if !(b.Lower <= truth && truth < b.Upper && b.Upper/b.Lower <= (1+goal.Width)*(1+1e-6)) {
			t.Fatalf("truth %v from %+v: bounds %+v", truth, from, b)
		}
		if len(trials) > 45 {
			t.Fatalf("truth %v from %+v: %d trials", truth, from, len(trials))
		}
		if e := b.Estimate(); e < b.Lower || e > b.Upper {
			t.Fatalf("estimate %v lies outside %+v", e, b)
		}
	}
}

func TestSearchesThatHaveNoBound(t *testing.T) {
	if b, trials := sharp(5, search.From{Rate: 1000}, nil); b.Lower != 0 || b.Upper != goal.Least || len(trials) > 30 {
		t.Errorf("never met: %+v after %d trials, want an upper bound at the lowest rate", b, len(trials))
	}
	if b, trials := sharp(1e9, search.From{Rate: 1000}, nil); b.Upper != 0 || b.Lower != goal.Most || len(trials) > 30 {
		t.Errorf("always met: %+v after %d trials, want a lower bound at the highest rate", b, len(trials))
	}
	late := func(rate float64) bool { return rate > 20_000 }
	b, trials := sharp(1e9, search.From{Rate: 1000}, late)
	if b.Upper != 0 || b.Limit <= 20_000 || b.Lower < 20_000/(1+goal.Width)/(1+goal.Width) || b.Lower > 20_000 {
		t.Errorf("a generator that ends at 20,000/s: %+v after %d trials", b, len(trials))
	}
	b, trials = sharp(1e9, search.From{Rate: 1000}, func(float64) bool { return true })
	if b.Found() || b.Lower != 0 || len(trials) > 30 {
		t.Errorf("a generator that never keeps a rate shows nothing: %+v after %d trials", b, len(trials))
	}
}

// TestAnyGeneratorIsSurvived has generators that are late in any stretch of rates: a
// search ends, soon, and its bounds are those of a server.
func TestAnyGeneratorIsSurvived(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		truth, from, to := 10*math.Pow(10, 4*r.Float64()), math.Pow(10, 5*r.Float64()), math.Pow(10, 6*r.Float64())
		start := search.From{Rate: math.Pow(10, 5*r.Float64()), Known: r.IntN(2) == 0}
		b, trials := sharp(truth, start, func(rate float64) bool { return rate >= from && rate <= to })
		if len(trials) > 100 {
			t.Fatalf("truth %v from %+v, late from %v to %v: %d trials", truth, start, from, to, len(trials))
		}
		if b.Lower > truth || b.Upper > 0 && b.Upper <= truth {
			t.Fatalf("truth %v from %+v, late from %v to %v: %+v", truth, start, from, to, b)
		}
	}
}

func TestLateTrialsAreRepeated(t *testing.T) {
	trials := []search.Trial{{Rate: 1000, Length: second, Void: true}}
	if rate, _, more := goal.Next(trials, search.From{Rate: 1000}); rate != 1000 || !more {
		t.Errorf("next is %v (%v), want the same rate again", rate, more)
	}
}

// TestPlanTakesTurns holds that targets alternate within a repeat, and that a plan
// gives the same answer to the same trials.
func TestPlanTakesTurns(t *testing.T) {
	p := search.Plan{Goal: goal, Targets: 2, Repeats: 6, Start: 800, Seed: 3}
	truths := []float64{1000, 1100}
	done := carried(p, truths)
	for repeat := range p.Repeats {
		a, b := search.Of(done, 0, repeat), search.Of(done, 1, repeat)
		together := min(len(a), len(b))
		if together == 0 {
			t.Fatalf("repeat %d has %d and %d trials", repeat, len(a), len(b))
		}
		var of [2]int
		for _, m := range done {
			if m.Repeat != repeat {
				continue
			}
			if of[m.Target]++; min(of[0], of[1]) < together && of[0]-of[1] > 1 {
				t.Errorf("repeat %d: %v trials of the two, which are to take turns", repeat, of)
			}
		}
	}
	if again := carried(p, truths); !reflect.DeepEqual(done, again) {
		t.Error("the same seed measured something else")
	}
	starts := map[float64]bool{}
	for repeat := 1; repeat < p.Repeats; repeat++ {
		starts[search.Of(done, 0, repeat)[0].Rate] = true
	}
	if len(starts) != p.Repeats-1 {
		t.Errorf("%d repeats began at %d rates: a width that is not drawn shifts all results alike", p.Repeats-1, len(starts))
	}
}

// TestOrderIsByLot counts who begins a repeat, over many plans.
func TestOrderIsByLot(t *testing.T) {
	first, of := 0, 0
	for seed := range uint64(50) {
		done := carried(search.Plan{Goal: goal, Targets: 2, Repeats: 4, Start: 800, Seed: seed}, []float64{1000, 1100})
		for i, m := range done {
			if i == 0 || done[i-1].Repeat < m.Repeat {
				of++
				first += m.Target
			}
		}
	}
	if first < of/3 || first > of*2/3 {
		t.Errorf("the second target began %d of %d repeats", first, of)
	}
}

func TestPlanAloneHasOneServerUp(t *testing.T) {
	p := search.Plan{Goal: goal, Targets: 3, Repeats: 2, Start: 800, Seed: 3, Alone: true}
	changes, done := 0, carried(p, []float64{1000, 1100, 1200})
	for i := 1; i < len(done); i++ {
		if done[i].Target != done[i-1].Target {
			changes++
		}
	}
	if changes > p.Targets*p.Repeats {
		t.Errorf("%d changes of server in %d searches", changes, p.Targets*p.Repeats)
	}
}

func TestPlanLeavesOutWhatHasNoBounds(t *testing.T) {
	p := search.Plan{Goal: goal, Targets: 2, Repeats: 3, Start: 800, Seed: 3}
	done := carried(p, []float64{1, 1100})
	if n := len(search.Of(done, 0, 1)); n != 0 {
		t.Errorf("a server that never meets the objective was searched again: %d trials", n)
	}
	if n := len(search.Of(done, 1, 2)); n == 0 {
		t.Error("the other server's repeats are missing")
	}
}

// carried carries a plan out on sharp servers.
func carried(p search.Plan, truths []float64) []search.Measured {
	var done []search.Measured
	for ask, more := p.Next(done); more; ask, more = p.Next(done) {
		truth := truths[ask.Target]
		done = append(done, search.Measured{Target: ask.Target, Repeat: ask.Repeat, Trial: search.Trial{
			Rate: ask.Rate, Length: ask.Length, Exceeded: ask.Rate > truth, Carried: math.Min(ask.Rate, truth),
		}})
	}
	return done
}

func TestUsualGoalIsWhatTheRFCAdvises(t *testing.T) {
	g := search.Usual()
	if odd := int(g.Sum/g.Final) % 2; odd != 1 || g.Sum%g.Final != 0 || g.Exceed != 0.5 {
		t.Errorf("%+v: with an exceed ratio of a half, the sum is an odd multiple of the trial", g)
	}
}
