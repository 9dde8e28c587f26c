package bench

import (
	"slices"
	"time"
)

// Foreseen is what a run with a deadline has time for, as far as it is known.
type Foreseen struct {
	Limit        time.Duration // of the whole run, as it was asked for
	Again        bool          // it is a correction, from what the first pairs took
	Cells        int           // that are to be measured
	Fewest, Most int           // pairs, of any of them
	Least        int           // that a verdict takes; 0: not known
	Windows      [2]time.Duration
	Takes        time.Duration // all of it
}

// fits reports whether a pair of the cell will be over before the deadline.
func (c *campaign) fits(cell *cellRun) bool {
	return c.Deadline.IsZero() || !c.Now().Add(c.takes(cell)).After(c.Deadline)
}

// takes is what the next pair of a cell takes: as long as those of this process, but
// for setups that need not be done again.
func (c *campaign) takes(cell *cellRun) time.Duration {
	if cell.now == 0 {
		return max(1, c.plan.pairTakes(c.plan.Cells[cell.index], cell.Duration))
	}
	return max(1, (cell.tookNow-cell.once)/time.Duration(cell.now))
}

// before is what a cell takes before its first pair, and never again.
func (c *campaign) before(cell *cellRun) time.Duration {
	if len(cell.done) > 0 || cell.inTurn != "" {
		return 0
	}
	return c.plan.stretches()
}

// foresee is how many pairs a cell will have: so many or, where cells share the time
// until a deadline, those that there is time for.
func (c *campaign) foresee(cell *cellRun, pairs int) int {
	done := len(cell.done)
	switch {
	case cell.over:
		return done
	case c.Deadline.IsZero():
		return pairs
	}
	left, n := c.Deadline.Sub(c.Now()), 0
	for _, one := range c.cells {
		if !one.over {
			left += one.took
			n++
		}
	}
	more := int((left/time.Duration(n) - cell.took - c.before(cell)) / c.takes(cell))
	if cell.now == 0 {
		more = max(more, 1)
	}
	return min(pairs, done+max(more, 0))
}

// correct foresees again, behind every pair. When the first pair of every cell is over,
// and tells what pairs cost here, the plan of a run with few pairs follows: nothing was
// judged by then, and the clock is all that it depends on.
func (c *campaign) correct() {
	if c.Deadline.IsZero() {
		return
	}
	first := !c.corrected && !slices.ContainsFunc(c.cells, func(one *cellRun) bool { return c.wants(one) && one.now == 0 })
	if first {
		c.corrected = true
		c.refit()
	}
	was := c.foreseen()
	for _, cell := range c.cells {
		n := c.foresee(cell, c.plan.Pairs)
		c.track.skip(cell.Cell, (cell.foreseen-n)*len(c.docs))
		cell.foreseen = n
	}
	if now := c.foreseen(); first && (now.Fewest != was.Fewest || now.Most != was.Most) {
		c.announce()
	}
}

// refit has as many pairs judged once as there is time for, where those are too few to
// look in between.
func (c *campaign) refit() {
	if c.Once == nil || c.plan.most == 0 {
		return
	}
	pairs := 0
	for _, cell := range c.cells {
		if n := c.foresee(cell, c.plan.most); !cell.over && n >= fewPairs && (pairs == 0 || n < pairs) {
			pairs = n
		}
	}
	if looksBetween := c.plan.Pairs == c.plan.most; looksBetween && pairs >= enoughPairs || pairs == c.plan.Pairs {
		return
	}
	c.plan.Pairs = c.plan.most
	c.plan.judgeOnce(c.Once, max(pairs, fewPairs))
	c.track.at.Pairs = c.plan.Pairs
	for _, d := range c.docs {
		d.Plan.Pairs, d.Plan.Rule, d.Plan.PairMostS = c.plan.Pairs, c.plan.Rule, c.plan.PairMost.Seconds()
	}
}

// foreseen is what the run has time for now.
func (c *campaign) foreseen() Foreseen {
	f := Foreseen{Limit: c.plan.Limit, Again: c.corrected}
	if c.plan.Rule != nil {
		f.Least = c.plan.Rule.MinPairs
	}
	for _, cell := range c.cells {
		if cell.over {
			continue
		}
		window := cell.Duration
		if f.Cells++; f.Cells == 1 {
			f.Fewest, f.Most, f.Windows = cell.foreseen, cell.foreseen, [2]time.Duration{window, window}
		}
		f.Fewest, f.Most = min(f.Fewest, cell.foreseen), max(f.Most, cell.foreseen)
		f.Windows = [2]time.Duration{min(f.Windows[0], window), max(f.Windows[1], window)}
		f.Takes += time.Duration(cell.foreseen-len(cell.done))*c.takes(cell) + c.before(cell)
	}
	return f
}

// announce tells what there is time for.
func (c *campaign) announce() {
	if f := c.foreseen(); !c.Deadline.IsZero() && f.Cells > 0 {
		c.track.announce(f)
	}
}

// next is the cell whose next pair is measured now; nil: all pairs are.
//
// One pair of every cell, then the next of each, so that the pairs of a cell are
// spread over the whole run, and a run that is cut short has as many of each. With
// a deadline it is as much time instead, or a slow cell would take what the others
// need for their verdicts. late: pairs are missing, and none of them would be over
// in time. The first pair of a cell is never late, nor is the first since a run was
// resumed: one that shows nothing of a scenario was for nothing.
func (c *campaign) next() (cell *cellRun, late bool) {
	for _, one := range c.cells {
		if !c.wants(one) {
			continue
		}
		if one.now > 0 && !c.fits(one) {
			late = true
			continue
		}
		if cell == nil || c.sooner(one, cell) {
			cell = one
		}
	}
	return cell, late && cell == nil
}

// wants reports whether the cell's plan has pairs to come.
func (c *campaign) wants(cell *cellRun) bool { return !cell.over && len(cell.done) < c.plan.Pairs }

// sooner reports whether it is a cell's turn before that of another, which comes
// first in the plan.
func (c *campaign) sooner(cell, before *cellRun) bool {
	if c.Deadline.IsZero() || len(cell.done) == 0 || len(before.done) == 0 {
		return c.pairOf(cell) < c.pairOf(before)
	}
	return cell.took < before.took
}

// pairOf is the number of the cell's next pair.
func (c *campaign) pairOf(cell *cellRun) int {
	pair := 1
	for cell.done[pair] {
		pair++
	}
	return pair
}

// share is how long a trial may be where cells and targets share the time until the
// deadline; 0: as long as it likes.
func (r *Runner) share(p Plan) time.Duration {
	if r.Deadline.IsZero() {
		return 0
	}
	return max(1, r.Deadline.Sub(r.Now())/time.Duration(len(p.Cells)*len(p.Targets)))
}
