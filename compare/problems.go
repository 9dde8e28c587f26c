package compare

import (
	"fmt"

	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/results"
)

// Level is the scenario's name, with its load where there are several.
func (c *Comparison) Level(s Scenario) string {
	for _, other := range c.Scenarios {
		if other.Name == s.Name && other.Load.Level() != s.Load.Level() {
			if s.Load.Open() {
				return s.Name + "@" + s.Load.Rate
			}
			return fmt.Sprintf("%s@%d", s.Name, s.Load.Connections)
		}
	}
	return s.Name
}

// Problem is why a target has no speed in a scenario.
type Problem struct {
	finding.Finding
	Example *results.Example // of an answer; nil: none
	Hint    string           // what to do about it
}

// Problems are all that is against a target's figures.
func (side Side) Problems() []Problem {
	if side.Refused != "" {
		return []Problem{{Finding: finding.Finding{Code: finding.RefusedBefore, Target: side.Target, Said: []string{side.Refused}}}}
	}
	if len(side.Failures) == 0 {
		if side.Reason.IsZero() || side.Spared {
			return nil
		}
		return []Problem{{Finding: side.Reason, Hint: side.Hint}}
	}
	var list []Problem
	step := ""
	for _, f := range side.Failures {
		p := Problem{Finding: f.finding(side.Target), Example: f.Example}
		if f.Step != "" && f.Step != step {
			step = f.Step
			p.Finding = p.With(lineup.Statuses(f.Statuses))
		}
		list = append(list, p)
	}
	return list
}
