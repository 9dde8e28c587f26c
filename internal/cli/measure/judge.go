package measure

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"taskbench/compare"
	"taskbench/internal/cli/console"
	"taskbench/internal/source"
	"taskbench/results"
)

// withoutFigures are the targets that were to be measured beside others and were
// not, and in how many scenarios that is so.
func withoutFigures(c *compare.Comparison) (who []string, n int) {
	for _, s := range c.Scenarios {
		some := false
		for _, side := range s.Sides {
			if side.State != compare.Unmeasured {
				continue
			}
			if some = true; !slices.Contains(who, side.Target) {
				who = append(who, side.Target)
			}
		}
		if some {
			n++
		}
	}
	return who, n
}

// judgeAnswers fails a run in which answers were wrong: what it measured is no
// speed. Expectations of speed are held against it only when asked for.
func judgeAnswers(c *compare.Comparison, checkExpected bool) error {
	if n := c.Summary.Scenarios[compare.Failed]; n > 0 {
		return console.Exit(console.ExitGate, fmt.Errorf("failed: in %d of %d measurements answers were not as expected (see above)", n, len(c.Scenarios)))
	}
	if n := c.Summary.Scenarios[compare.Unmeasured]; n > 0 {
		return console.Exit(console.ExitFailed, fmt.Errorf("%d of %d measurements brought no figures (see above)", n, len(c.Scenarios)))
	}
	if who, n := withoutFigures(c); n > 0 {
		return console.Exit(console.ExitFailed, fmt.Errorf("%s brought no figures in %d of %d measurements (see above)", strings.Join(who, " and "), n, len(c.Scenarios)))
	}
	if !checkExpected {
		return nil
	}
	var errs []error
	for _, e := range c.Summary.Expectations {
		if e.Missed > 0 {
			errs = append(errs, fmt.Errorf("%s missed %d of %d expectations (see above)", e.Target, e.Missed, e.Met+e.Missed+e.Unchecked))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return console.Exit(console.ExitGate, err)
	}
	return nil
}

// judgeHosts fails a run in which hosts, or processes, that send a load together did not
// bring a trial home, although the server went on: it was not what was asked for, however
// much the other trials show.
func judgeHosts(docs []*results.Document) error {
	lost, all := 0, 0
	for _, d := range docs {
		for _, m := range d.Scenarios {
			for _, t := range m.Trials {
				if all++; d.Plan.Hosts > 0 && t.Error != "" && t.Ended == nil {
					lost++
				}
			}
		}
	}
	if lost == 0 {
		return nil
	}
	return console.Exit(console.ExitFailed, source.Errorf(source.Position{}, "mend the host that is named above, and measure again",
		"%d of %d trials were lost by those who sent the load (see above): the figures are of the others", lost, all))
}
