package profile

import (
	"errors"
	"math"
	"slices"

	"taskbench/internal/source"
	"taskbench/parse"
	"taskbench/results"
)

var (
	errNoPID = source.WithHint(errors.New("the server's process is not known: it runs on another machine, or belongs to a user whose processes cannot be seen"),
		"run taskbench where the server runs, and as its user")
	errNoSamples = source.WithHint(errors.New("perf took no sample: the server used no CPU time in the measurement window"),
		"does the load reach it? measure longer, or with a higher --freq")
)

// use sums seconds up; nil when there are none.
func use(seconds []Second, allowed int) *results.CPUUse {
	if len(seconds) == 0 {
		return nil
	}
	u := &results.CPUUse{CoresAllowed: allowed, LimitFraction: LimitFraction}
	var length, cpu, voluntary, involuntary float64
	for _, s := range seconds {
		u.CoresEachSecond = append(u.CoresEachSecond, s.Cores())
		u.CoresPeak = max(u.CoresPeak, s.Cores())
		length += s.Length.Seconds()
		cpu += s.CPUSeconds
		voluntary += float64(s.Voluntary)
		involuntary += float64(s.Involuntary)
	}
	if length > 0 {
		u.CoresMean, u.VoluntarySwitchesPS, u.InvoluntarySwitchesPS = cpu/length, voluntary/length, involuntary/length
	}
	return u
}

// coreCounter counts samples by core and second: each stands for 1/frequency s.
type coreCounter struct {
	byCore      map[int]map[int]uint64
	first, last float64 // s, perf's clock
}

func (c *coreCounter) add(s *parse.PerfSample) {
	if s.CPU < 0 || s.TimeS <= 0 {
		return
	}
	c.first, c.last = min(c.first, s.TimeS), max(c.last, s.TimeS)
	seconds := c.byCore[s.CPU]
	if seconds == nil {
		seconds = map[int]uint64{}
		c.byCore[s.CPU] = seconds
	}
	seconds[int(s.TimeS)]++
}

// use is the share of each core's time. Means are over the whole window,
// lengthS long, however few samples there are at its ends; peaks are over the
// whole seconds between its first and last sample, of which a short window has
// none: then the mean is the peak.
func (c *coreCounter) use(frequency int, lengthS float64) []results.CoreUse {
	var out []results.CoreUse
	length := max(c.last-c.first, lengthS, 1/float64(frequency))
	for core, seconds := range c.byCore {
		var total, peak uint64
		for second, n := range seconds {
			total += n
			if float64(second) >= c.first && float64(second+1) <= c.last {
				peak = max(peak, n)
			}
		}
		mean := math.Min(float64(total)/float64(frequency)/length, 1)
		out = append(out, results.CoreUse{
			Core: core, MeanFraction: mean, PeakFraction: min(max(float64(peak)/float64(frequency), mean), 1),
		})
	}
	slices.SortFunc(out, func(a, b results.CoreUse) int { return a.Core - b.Core })
	return out
}
