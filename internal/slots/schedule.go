package slots

import (
	"math/rand/v2"
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
}

// NewSchedule gives every place slots that add up to duration, at most MaxRounds
// of them: with longer ones there would be more. The order is drawn anew for each
// round, so that nobody always comes behind the same one.
func NewSchedule(places int, duration, slot, gap time.Duration, seed int64) Schedule {
	s := Schedule{Slot: slot, Gap: gap}
	random := rand.New(rand.NewPCG(uint64(seed), 0))
	rounds := min(max(1, int((duration+slot-1)/slot)), MaxRounds)
	for range rounds {
		s.Order = append(s.Order, random.Perm(places))
	}
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

// Length is how long all rounds take.
func (s Schedule) Length() time.Duration {
	return time.Duration(s.Rounds()*s.places()) * (s.Slot + s.Gap)
}

// EndUS is when the last gap is over.
func (s Schedule) EndUS() float64 { return s.StartUS + us(s.Length()) }

// Turn is a slot: whose it is, and when.
type Turn struct {
	Place, Round int
	FromUS, ToUS float64 // the slot
	QuietUS      float64 // when its gap is over
}

// Turns are all slots in the order of time.
func (s Schedule) Turns() []Turn {
	var turns []Turn
	at := s.StartUS
	for round, order := range s.Order {
		for _, place := range order {
			t := Turn{Place: place, Round: round, FromUS: at, ToUS: at + us(s.Slot), QuietUS: at + us(s.Slot+s.Gap)}
			turns = append(turns, t)
			at = t.QuietUS
		}
	}
	return turns
}
