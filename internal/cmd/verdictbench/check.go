package main

import (
	"fmt"
	"io"
	"math/rand/v2"
)

// check is a question about a rule with a yes or no for each simulated case.
type check struct {
	what    string
	limit   float64 // in %
	atLeast bool
	happens func(*rand.Rand) bool
	part    int // of the runs asked for, one in so many: for what is slow

	cases, yes int
}

// checks are all of them, in the order they are printed.
func checks() []*check {
	var all []*check
	for _, list := range [][]*check{histories(), storedRuns(), leaks(), processes(), knees()} {
		all = append(all, list...)
	}
	return all
}

// simulate asks once.
func (c *check) simulate(r *rand.Rand, path int) {
	if path%max(c.part, 1) != 0 {
		return
	}
	c.cases++
	tick(&c.yes, c.happens(r))
}

// printChecks prints every rate beside its bar and says whether all were met,
// give or take two standard errors of the simulation.
func printChecks(w io.Writer, all []*check) bool {
	ok := true
	fmt.Fprintln(w, "\nother statements")
	for _, c := range all {
		rate := percentOf(c.yes, c.cases)
		slack := 2 * uncertainty(rate, max(c.cases, 1))
		met := rate <= c.limit+slack
		if c.atLeast {
			met = rate >= c.limit-slack
		}
		mark := "ok"
		if !met {
			mark, ok = "MISSED", false
		}
		fmt.Fprintf(w, "  %-86s %6.2f ± %.2f %% (bar %s %.3g %%)  %s\n", c.what, rate, slack/2, sign(c.atLeast), c.limit, mark)
	}
	return ok
}
