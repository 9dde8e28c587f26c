// Package arrivals says when load arrives that is sent on a schedule, whatever
// comes back: at a constant rate, in steps and ramps, regularly or as people do
// who know nothing of each other. It knows numbers and how they are written, and
// nothing of who sends.
package arrivals

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"taskbench/internal/source"
)

// Arrival says how arrivals follow each other.
type Arrival string

const (
	Constant Arrival = "constant" // at equal distances
	Poisson  Arrival = "poisson"  // independently of each other: exponential distances
)

// All are the ways in which arrivals can follow each other.
var All = []Arrival{Constant, Poisson}

// Bounds of a rate, in arrivals per second.
const (
	Least = 1.0 / 3600
	Most  = 1_000_000.0
)

// Stage is a stretch of a schedule: from one rate, in arrivals per second, in a
// straight line to another. Either may be 0, not both.
type Stage struct {
	Duration time.Duration
	From, To float64
}

// Steady reports whether the rate stays the same.
func (s Stage) Steady() bool { return s.From == s.To }

// Due is how many arrivals a stage has, in the mean.
func (s Stage) Due() float64 { return (s.From + s.To) / 2 * s.Duration.Seconds() }

// Plan is a schedule. The zero Plan is none: load in closed loops.
type Plan struct {
	Rate    float64 // arrivals per second where there are no stages; 0: see Stages
	Stages  []Stage // one after the other; none: Rate, for as long as it takes
	Arrival Arrival // Constant when empty
}

// Open reports whether load is sent on a schedule.
func (p Plan) Open() bool { return p.Rate > 0 || len(p.Stages) > 0 }

// Way is how arrivals follow each other.
func (p Plan) Way() Arrival {
	if p.Arrival == "" {
		return Constant
	}
	return p.Arrival
}

// Length is how long all stages take; 0 where there are none.
func (p Plan) Length() (d time.Duration) {
	for _, s := range p.Stages {
		d += s.Duration
	}
	return d
}

// Over lays the plan out over a window: its stages, or the one rate for as long
// as that.
func (p Plan) Over(window time.Duration) []Stage {
	if len(p.Stages) > 0 {
		return p.Stages
	}
	return []Stage{{Duration: window, From: p.Rate, To: p.Rate}}
}

// First is the rate that it begins with.
func (p Plan) First() float64 {
	if len(p.Stages) == 0 {
		return p.Rate
	}
	return p.Stages[0].From
}

// Peak is the highest rate of the plan.
func (p Plan) Peak() float64 {
	peak := p.Rate
	for _, s := range p.Stages {
		peak = max(peak, s.From, s.To)
	}
	return peak
}

// Text says the plan in a few words: "2000/s, constant".
func (p Plan) Text() string {
	if !p.Open() {
		return ""
	}
	return p.RateText() + ", " + string(p.Way())
}

// RateText are the rates alone: "2000/s", "500/s for 10s, 500/s -> 2000/s for 20s".
func (p Plan) RateText() string {
	if len(p.Stages) == 0 {
		return Text(p.Rate)
	}
	parts := make([]string, len(p.Stages))
	for i, s := range p.Stages {
		parts[i] = s.Text() + stageFor + s.Duration.String()
	}
	return strings.Join(parts, ", ")
}

// Text is the stage's rate as it is written: "500/s -> 2000/s".
func (s Stage) Text() string {
	if s.Steady() {
		return Text(s.From)
	}
	return Text(s.From) + " -> " + Text(s.To)
}

// Text writes a rate as Parse reads it: by the second, or by the minute or hour
// where fewer than one comes a second.
func Text(rate float64) string {
	if rate > 0 && rate < 1 {
		for _, u := range units[1:] {
			if n := rate * u.seconds; math.Abs(n-math.Round(n)) < 1e-9 {
				return fmt.Sprintf("%.0f/%s", n, u.name)
			}
		}
	}
	return strconv.FormatFloat(rate, 'f', -1, 64) + "/s"
}

// Users is how many virtual users can keep the rate up where one is busy for so
// long with each arrival: four times what is busy in the mean, for arrivals come in
// crowds and answers take longer at times, within bounds.
func (p Plan) Users(busy time.Duration) int {
	n := math.Ceil(4 * p.Peak() * busy.Seconds())
	return int(min(max(n, leastUsers), MostUsers))
}

// How many virtual users a rate has where nobody says.
const (
	leastUsers = 16
	MostUsers  = 2000
)

// fastest is the least time that a virtual user is busy with one request: a round
// trip on one machine, and its own work.
const fastest = 25 * time.Microsecond

// Reach says why so many virtual users cannot keep the plan up, whatever the
// server, where an iteration has so many requests and pauses so long; nil: they may.
func (p Plan) Reach(users, requests int, pauses time.Duration) error {
	least := time.Duration(requests)*fastest + pauses
	needed := math.Ceil(p.Peak() * least.Seconds())
	if needed <= float64(users) {
		return nil
	}
	why := fmt.Sprintf("a virtual user waits for its answers, and none comes within %v", fastest)
	if pauses > 0 {
		why = fmt.Sprintf("an iteration pauses for %v", pauses)
	}
	return source.WithHint(fmt.Errorf("%s cannot begin %s: %s", count(users), Text(p.Peak()), why), hint(int(needed)))
}

func count(users int) string {
	if users == 1 {
		return "1 virtual user"
	}
	return fmt.Sprintf("%d virtual users", users)
}

func hint(needed int) string {
	if needed > MostUsers {
		return "lower the rate, or what an iteration does"
	}
	return fmt.Sprintf("connections: %d at least, or leave connections out: it then follows from the rate", needed)
}
