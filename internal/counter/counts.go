package counter

import "math"

// Counts is what was counted, interval by interval, in the order of time.
type Counts struct {
	Intervals []Interval
	// Ended says why perf ended before it was told to; "" when it did not. What
	// it had counted until then is in Intervals.
	Ended string
}

// Interval is a stretch of the monotonic clock (machine.NowUS), in µs, and how
// often the event happened in it.
type Interval struct {
	FromUS, ToUS float64
	N            float64 // scaled up where Running is below 1; nothing is known of it where that is 0
	Running      float64 // share of the processes' running time in which the event was counted, 0 to 1
}

// Tally is a sum of intervals.
type Tally struct {
	N        float64
	CountedS float64 // length of the intervals that were counted
	MissedS  float64 // length of those in which the processes ran, and nothing was counted
	Running  float64 // as of an interval: the mean over all of them
}

// Between sums the intervals that lie wholly within a stretch of the monotonic
// clock, in µs. Those at its edges are left out: what is divided must be known.
func (c Counts) Between(fromUS, toUS float64) Tally {
	var t Tally
	running := 0.0
	for _, i := range c.Intervals {
		if i.FromUS < fromUS || i.ToUS > toUS {
			continue
		}
		length := (i.ToUS - i.FromUS) / 1e6
		running += length * i.Running
		if i.Running == 0 {
			t.MissedS += length
			continue
		}
		t.N += i.N
		t.CountedS += length
	}
	if all := t.CountedS + t.MissedS; all > 0 {
		t.Running = running / all
	}
	return t
}

// reading is what perf printed at the end of an interval.
type reading struct {
	atS        float64 // by perf's clock, since it began to count
	receivedUS float64 // when its first line came, by the monotonic clock
	weighted   float64 // sum over the events of count × share
	running    float64 // sum of the shares
}

// bind puts readings on the monotonic clock.
//
// perf tells the time since it began, and not when that was. But every reading
// came after it was taken, so perf began before receivedUS − atS of each of
// them, and the least of these is nearest to the truth: late by the quickest way
// of a line from perf to us, tens of microseconds. (The same argument finds the
// offset of two clocks in NTP: RFC 5905, section 10, the clock filter.) Lengths
// are by perf's own clock, and do not depend on it.
//
// A processor with two kinds of cores has one event for each: perf scales each
// count as if all time had been spent on its kind, and their mean, weighted by
// the shares, undoes that. With one event it is the count as printed.
func bind(readings []reading) []Interval {
	began := math.Inf(1)
	for _, r := range readings {
		began = min(began, r.receivedUS-r.atS*1e6)
	}
	intervals := make([]Interval, 0, len(readings))
	from := 0.0
	for _, r := range readings {
		i := Interval{FromUS: began + from*1e6, ToUS: began + r.atS*1e6, Running: min(r.running, 1)}
		if r.running > 0 {
			i.N = r.weighted / r.running
		}
		intervals = append(intervals, i)
		from = r.atS
	}
	return intervals
}
