package lua

import "fmt"

// journeyWeights tells the mix how often each journey comes, and which steps it has.
func (g *generator) journeyWeights() {
	g.steps.WriteByte('\n')
	before := len(g.s.Setup)
	for _, j := range g.s.Ways() {
		fmt.Fprintf(&g.steps, "weigh(%s, %.17g, %d, %d)\n", quote(j.Name), j.Weight, before+j.First+1, before+j.First+j.Count)
	}
}
