package slots

import (
	"math"
	"slices"
	"time"
)

// A server has the others' turns to recover in: what a rate limit, a queue or a
// pool holds for longer than a slot does not show in slots. So each server is also
// loaded for a stretch of two seconds without pauses, and what it does in the second
// half of it is held against what it does in slots right after.
const (
	DefaultStretch = 2 * time.Second
	LeastStretch   = time.Second // where there is little time
	LookEvery      = 100 * time.Millisecond
)

// Pace is how a server answers, in slots or in a stretch.
type Pace struct {
	PerS    float64 // answers a second, right or wrong, of the faster times
	MeanPS  float64 // of all the time
	Answers int
	Wrong   float64 // share of the answers that were not as expected
	Lost    float64 // requests whose connection broke, for each answer
	WaitUS  float64 // the mean time that answers take; 0: not known
}

// Paces are those of one server, measured right after each other.
type Paces struct{ Stretch, Slots Pace }

// fewInOne is how many answers there are to be in one slot, or between two looks,
// for a typical one to be taken; fewer are added up.
const fewInOne = 20

// StretchPace is what was seen while a server was loaded without pauses, looked at
// several times.
func StretchPace(looks []Tally) Pace {
	if len(looks) < 2 {
		return Pace{}
	}
	var counts, seconds []float64
	for i, t := range looks[1:] {
		counts, seconds = append(counts, float64(t.Answered-looks[i].Answered)), append(seconds, (t.AtUS-looks[i].AtUS)/1e6)
	}
	p := looks[len(looks)-1].since(looks[0])
	p.PerS, p.MeanPS = rates(counts, seconds)
	return p
}

// SlotsPace is what was counted in slots, round by round, and seen before the
// first and behind the last one.
func SlotsPace(counted []uint64, spansUS []float64, before, after Tally) Pace {
	var counts, seconds []float64
	for i, n := range counted {
		if spansUS[i] > 0 {
			counts, seconds = append(counts, float64(n)), append(seconds, spansUS[i]/1e6)
		}
	}
	p := after.since(before)
	p.PerS, p.MeanPS = rates(counts, seconds)
	return p
}

func (t Tally) since(before Tally) Pace {
	p := Pace{Answers: t.Answered - before.Answered}
	if n := float64(p.Answers); n > 0 {
		p.Wrong, p.Lost = float64(t.Wrong-before.Wrong)/n, float64(t.Lost-before.Lost)/n
		p.WaitUS = (t.WaitedUS - before.WaitedUS) / n
	}
	return p
}

// rates are that which is reached in one of ten, and that of all together. A machine
// that was away for much of the time does not move the first, and a server that can do
// no more never reaches it. Where each has few answers it is that of all, too.
func rates(counts, seconds []float64) (fast, mean float64) {
	if len(counts) == 0 {
		return 0, 0
	}
	list, all, length := make([]float64, len(counts)), 0.0, 0.0
	for i, n := range counts {
		list[i] = n / seconds[i]
		all, length = all+n, length+seconds[i]
	}
	if mean = all / length; all < fewInOne*float64(len(counts)) {
		return mean, mean
	}
	slices.Sort(list)
	return list[len(list)*9/10], mean
}

// Aspect is in what a server's two paces differ.
type Aspect string

const (
	Rate   Aspect = "rate"
	mean   Aspect = "mean" // rate: of all the time
	Wait   Aspect = "wait"
	Errors Aspect = "errors"
)

// Beyond these two paces differ: factors, and shares of the answers. A machine with
// other work makes such differences, too, but not in one stretch after the other.
const (
	rateParts   = 1.2
	meanParts   = 1.2  // of all the time: what comes in bursts, as a pool that is filled now and then
	bursts      = 1.15 // in every stretch, and so much in the mean of them
	waitParts   = 1.5
	plainly     = 1.6 // a factor for which fewer stretches do
	errorsPart  = 0.02
	leastJudged = 20  // answers; fewer tell nothing
	sigmas      = 1.0 // how far counts may be off by chance
)

// How many stretches tell that paces differ, where each of them says so.
const (
	stretchesErrors = 2
	FewStretches    = 3 // of a plain difference
	MostStretches   = 6
)

// Judge says in what one server's paces differ, stretch by stretch: "" for
// nothing. It is open as long as one more stretch is needed to tell. think: its
// users pause, and answers that take longer hardly show in their rate.
func Judge(all []Paces, think bool) (differ Aspect, open bool) {
	if errorsDiffer(all) {
		if len(all) >= stretchesErrors {
			return Errors, false
		}
		open = true
	}
	for _, of := range []Aspect{Rate, mean, Wait} {
		if of == Wait && !think || len(all) == 0 {
			continue
		}
		switch n, factor := len(all), differs(all, of); {
		case factor == 0:
		case n >= MostStretches || n >= FewStretches && factor >= plainly:
			return map[Aspect]Aspect{Rate: Rate, mean: Rate, Wait: Wait}[of], false
		default:
			open = true
		}
	}
	return "", open
}

// errorsDiffer reports whether they do in every stretch, and to the same side.
func errorsDiffer(all []Paces) bool {
	more, fewer := 0, 0
	for _, p := range all {
		if by := p.errors(); by > 0 {
			more++
		} else if by < 0 {
			fewer++
		}
	}
	return len(all) > 0 && max(more, fewer) == len(all)
}

// differs is the least factor by which the same one of two paces is the faster in all
// stretches. 0: none is, or by no more than may be.
func differs(all []Paces, of Aspect) float64 {
	limit := map[Aspect]float64{Rate: rateParts, mean: meanParts, Wait: waitParts}[of]
	slower, faster := math.Inf(1), math.Inf(1) // without pauses
	a, b, logs := 0, 0, 0.0
	for _, p := range all {
		ratio := p.Slots.speed(of) / p.Stretch.speed(of)
		slower, faster, logs = min(slower, ratio), min(faster, 1/ratio), logs+math.Log(ratio)
		a, b = a+p.Stretch.Answers, b+p.Slots.Answers
	}
	if max(a, b) < leastJudged*len(all) {
		return 0
	}
	limit *= math.Exp(sigmas * math.Sqrt(1/float64(max(1, a))+1/float64(max(1, b))))
	factor := max(slower, faster)
	if of == mean && factor >= bursts { // which a stretch meets more of, or fewer
		factor = math.Exp(math.Abs(logs) / float64(len(all)))
	}
	if math.IsNaN(factor) || factor <= limit {
		return 0
	}
	return factor
}

// speed is the rate, or the inverse of the wait; NaN where that is not known.
func (p Pace) speed(of Aspect) float64 {
	switch {
	case of == Rate:
		return p.PerS
	case of == mean:
		return p.MeanPS
	case p.WaitUS > 0:
		return 1 / p.WaitUS
	}
	return math.NaN()
}

// errors is by how much the shares of wrong answers differ; and lost requests, which
// are more in slots where connections that wait are closed.
func (p Paces) errors() float64 {
	a, b := p.Stretch, p.Slots
	if a.Answers < leastJudged || b.Answers < leastJudged {
		return 0
	}
	by := a.Wrong - b.Wrong
	chance := 2 * sigmas * math.Sqrt(a.Wrong*(1-a.Wrong)/float64(a.Answers)+b.Wrong*(1-b.Wrong)/float64(b.Answers))
	if math.Abs(by) > errorsPart+chance {
		return by
	}
	if lost := a.Lost - b.Lost; lost > errorsPart && lost*float64(a.Answers) > leastJudged {
		return lost
	}
	return 0
}
