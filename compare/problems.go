package compare

import (
	"fmt"
	"slices"
	"strings"

	"taskbench/internal/figure"
)

// Level is the scenario's name, with its load where there are several.
func (c *Comparison) Level(s Scenario) string {
	for _, other := range c.Scenarios {
		if other.Name == s.Name && other.Load.Connections != s.Load.Connections {
			return fmt.Sprintf("%s@%d", s.Name, s.Load.Connections)
		}
	}
	return s.Name
}

// Problem is why a target has no speed in a scenario.
type Problem struct{ What, Example string }

// Problems are all that is against a target's figures.
func (side Side) Problems() []Problem {
	if side.Refused != "" {
		return []Problem{{What: side.Target + ", " + side.Refused}}
	}
	if len(side.Failures) == 0 {
		if side.Reason == "" || side.Spared {
			return nil
		}
		text := side.Reason
		if !strings.HasPrefix(text, side.Target) && !strings.Contains(text, " of "+side.Target) {
			text = side.Target + ": " + text
		}
		return []Problem{{What: text, Example: hintLine(side.Hint)}}
	}
	var list []Problem
	step := ""
	for _, f := range side.Failures {
		p := Problem{What: side.Target + ", " + f.words()}
		if f.Step != "" && f.Step != step {
			step = f.Step
			p.What += ", statuses " + statusList(f.Statuses)
		}
		if f.Example != nil {
			p.Example = fmt.Sprintf("e.g. status %d: %s", f.Example.Status, f.Example.Body)
		}
		list = append(list, p)
	}
	return list
}

// hintLine is the line below a problem that says what to do about it.
func hintLine(hint string) string {
	if hint == "" {
		return ""
	}
	return "hint: " + hint
}

// statusList is "500 ×12, 201 ×3,988", in the order of the codes.
func statusList(statuses map[string]uint64) string {
	var codes []string
	for code := range statuses {
		codes = append(codes, code)
	}
	if len(codes) == 0 {
		return "unknown"
	}
	slices.Sort(codes)
	for i, code := range codes {
		codes[i] = fmt.Sprintf("%s ×%s", code, figure.Grouped(statuses[code]))
	}
	return strings.Join(codes, ", ")
}
