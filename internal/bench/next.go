package bench

import "time"

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
