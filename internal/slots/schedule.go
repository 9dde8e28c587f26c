package slots

import (
	"math/rand/v2"
	"slices"
	"time"
)

// Schedule says whose turn is when. In each round every place has one slot, in
// the order that Order gives; behind each slot there is a gap in which nobody
// sends.
type Schedule struct {
	StartUS float64 // of the system's monotonic clock
	Slot    time.Duration
	Gap     time.Duration
	Order   [][]int // by round: the places in the order of their turns
	// Lengths are those of the slots of each round, Slot in the mean, and the same
	// for all places: what comes again every so often, a server's pauses or a timer of
	// the machine, must not keep step with the rounds, and meet one place only or none.
	Lengths []time.Duration

	stretch int // the round that is a stretch, from 1; 0: none
}

// uneven is by how much a slot may be longer or shorter than they are in the
// mean, as a fraction.
const uneven = 0.2

// NewSchedule gives every place slots that add up to duration, at most MaxRounds
// of them: with longer ones there would be more. The order is drawn anew for each
// round, so that nobody always comes behind the same one, and so is their length.
func NewSchedule(places int, duration, slot, gap time.Duration, seed int64) Schedule {
	s := Schedule{Slot: slot, Gap: gap}
	random := rand.New(rand.NewPCG(uint64(seed), 0))
	rounds := min(max(1, int((duration+slot-1)/slot)), MaxRounds)
	for range rounds {
		s.Order = append(s.Order, random.Perm(places))
	}
	s.Lengths = lengths(random, rounds, slot)
	return s
}

// lengths draws as many around a mean. Each differs from it by as much as
// another one does to the other side, so that all together are what was asked for.
func lengths(random *rand.Rand, n int, mean time.Duration) []time.Duration {
	list := make([]time.Duration, n)
	for i, k := range random.Perm(n) {
		part := 0.0
		if n > 1 {
			part = uneven * (2*float64(k)/float64(n-1) - 1)
		}
		list[i] = mean + time.Duration(part*float64(mean))
	}
	return list
}

// WithStretch adds a round whose slots are so long: what a server can keep up
// under load without pauses shows in them. It takes the places in the order of the
// first round.
func (s Schedule) WithStretch(length time.Duration) Schedule {
	s.Order = append(slices.Clone(s.Order), s.Order[0])
	s.Lengths = append(slices.Clone(s.Lengths), length)
	s.stretch = len(s.Order)
	return s
}

// Rounds is how often everybody's turn comes.
func (s Schedule) Rounds() int { return len(s.Order) }

// places is how many there are.
func (s Schedule) places() int {
	if len(s.Order) == 0 {
		return 0
	}
	return len(s.Order[0])
}

// begins is when rounds begin, in µs behind the start, and when the last one is over.
func (s Schedule) begins() []float64 {
	list := []float64{0}
	for k, length := range s.Lengths {
		list = append(list, list[k]+float64(s.places())*us(length+s.Gap))
	}
	return list
}

// Length is how long all rounds take.
func (s Schedule) Length() time.Duration {
	all := time.Duration(0)
	for _, length := range s.Lengths {
		all += time.Duration(s.places()) * (length + s.Gap)
	}
	return all
}

// EndUS is when the last gap is over.
func (s Schedule) EndUS() float64 { return s.StartUS + us(s.Length()) }

// Turn is a slot: whose it is, and when.
type Turn struct {
	Place, Round int
	FromUS, ToUS float64 // the slot
	QuietUS      float64 // when its gap is over
	Stretch      bool    // it is one
}

// Turns are all slots in the order of time.
func (s Schedule) Turns() []Turn {
	var turns []Turn
	begins := s.begins()
	for round, order := range s.Order {
		length := us(s.Lengths[round])
		for n, place := range order {
			from := s.StartUS + begins[round] + float64(n)*(length+us(s.Gap))
			turns = append(turns, Turn{Place: place, Round: round, FromUS: from, ToUS: from + length, QuietUS: from + length + us(s.Gap), Stretch: round+1 == s.stretch})
		}
	}
	return turns
}
