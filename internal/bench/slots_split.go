package bench

import (
	"time"

	"taskbench/results"
)

// leastIterations is how many iterations a virtual user should finish within a
// pair, in the mean: of fewer, too many are cut off at its ends.
const leastIterations = 5

// cost is what a pair took: the slots of each target, those of all targets with
// their gaps, and all else.
type cost struct{ length, slots, rest time.Duration }

// firstLength is how long each target has slots in the pairs of a cell, as far as
// it is known: as its first pairs chose, or the least until they do.
func (c *campaign) firstLength(cell *cellRun) time.Duration {
	if !c.plan.InSlots || c.plan.PairLeast <= 0 || cell.inTurn != "" {
		return cell.Duration
	}
	if s := c.docs[0].Scenarios[cell.index].Split; s != nil {
		return c.plan.window(c.plan.Cells[cell.index], fromSeconds(s.PairS))
	}
	return c.plan.window(c.plan.Cells[cell.index], 0)
}

// turnLength is how long the trials of a cell are that is measured in turn after all:
// as long as it asks for or, where the deadline leaves few pairs, what six of them may
// be. The documents then say so.
func (c *campaign) turnLength(cell *cellRun) time.Duration {
	of := &c.plan.Cells[cell.index]
	if of.turn > 0 && of.turn < of.Duration {
		of.Duration = of.turn
		for _, d := range c.docs {
			d.Scenarios[cell.index].Load.DurationS = of.turn.Seconds()
		}
	}
	return of.Duration
}

// lengthen makes the pairs to come of a cell so long.
func (c *campaign) lengthen(cell *cellRun, length time.Duration) {
	c.track.longer((cell.foreseen-len(cell.done))*len(c.docs), length-cell.Duration)
	cell.Duration = length
}

// divide looks at a pair that is over, and chooses how the time of the further
// ones is divided between starting anew and slots. A pair in which virtual users
// get round too seldom is longer, up to the scenario's own duration.
func (c *campaign) divide(cell *cellRun, pair int, took time.Duration) {
	if c.plan.PairLeast <= 0 {
		return
	}
	slots, iteration := c.lastPair(cell, pair)
	cell.costs = append(cell.costs, cost{cell.Duration, slots, max(0, took-slots-cell.checked)})
	asked := c.plan.Cells[cell.index].most()
	if needed := min(asked, leastIterations*iteration); needed > cell.Duration {
		c.lengthen(cell, needed)
		return
	}
	if c.Split == nil || c.docs[0].Scenarios[cell.index].Split != nil || c.plan.PairMost <= c.plan.PairLeast || asked <= c.plan.PairLeast {
		return
	}
	of, least := cell.spent(), min(asked, max(c.plan.window(c.plan.Cells[cell.index], 0), leastIterations*iteration))
	split, ok := c.Split(c.docs, cell.index, of, least.Seconds(), max(least, min(asked, c.plan.PairMost)).Seconds())
	if !ok {
		return
	}
	for _, d := range c.docs {
		d.Scenarios[cell.index].Split = &split
	}
	c.lengthen(cell, min(asked, fromSeconds(split.PairS)))
}

// lastPair is how long the slots of all targets and their gaps were in a pair,
// and the longest mean of a target's iterations.
func (c *campaign) lastPair(cell *cellRun, pair int) (slots, iteration time.Duration) {
	for _, d := range c.docs {
		for _, t := range d.Scenarios[cell.index].Trials {
			if t.Pair != pair || t.Slots == nil {
				continue
			}
			slots += fromSeconds(float64(t.Slots.Rounds()) * (t.Slots.SlotS + t.Slots.GapS))
			if t.Iterations != nil && t.Iterations.Latency != nil {
				iteration = max(iteration, time.Duration(t.Iterations.Latency.MeanUS*float64(time.Microsecond)))
			}
		}
	}
	return slots, iteration
}

// spent is what pairs cost in the mean, and for how long each target has slots.
func (c *cellRun) spent() results.Split {
	var all cost
	for _, one := range c.costs {
		all = cost{all.length + one.length, all.slots + one.slots, all.rest + one.rest}
	}
	return results.Split{
		FixedS: all.rest.Seconds() / float64(len(c.costs)), EachS: all.slots.Seconds() / all.length.Seconds(), PairS: c.Duration.Seconds(),
	}
}
