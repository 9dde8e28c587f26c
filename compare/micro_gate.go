package compare

import (
	"taskbench/compare/stats"
)

// MicroDecision is what a gate says of one benchmark of one candidate.
type MicroDecision struct {
	ID     string `json:"id"`
	Group  string `json:"group"`
	Target string `json:"target"`
	stats.Decision
}

// MicroGate holds every benchmark of every candidate against the baseline's,
// by the gate of the load tests. A benchmark that one of the two does not
// have, or that is measured in another unit, is inconclusive with its reason.
func MicroGate(c *MicroComparison, g stats.GateRule) []MicroDecision {
	var list []MicroDecision
	for _, row := range c.Rows {
		for _, cell := range row.Cells[1:] {
			d := stats.Decision{Outcome: stats.Undetermined, Reason: cell.NoRatio}
			if cell.Ratio != nil && cell.Ratio.Verdict != nil {
				d = stats.Gate(cell.Ratio.Verdict.Judgement, g)
			}
			list = append(list, MicroDecision{row.ID, row.Group, cell.Target, d})
		}
	}
	return list
}
