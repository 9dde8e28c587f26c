package lua

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"taskbench/internal/captured"
	"taskbench/scenarios"
)

// everyStep lists the steps of other scripts, too: what they need of a setup is kept.
func (g *generator) everyStep() []*scenarios.Step {
	out := g.allSteps()
	for i := range g.s.After {
		out = append(out, &g.s.After[i])
	}
	for i := range g.s.Teardown {
		out = append(out, &g.s.Teardown[i])
	}
	return out
}

// findStored learns how captures are used before the first one is written.
func (g *generator) findStored() {
	g.findLists()
	g.findOptional()
	for _, step := range g.everyStep() {
		g.newBlock(false)
		g.request(step)
	}
}

// captures makes the tables that hold captured values, empty at first.
func (g *generator) captures(b *strings.Builder) {
	if len(g.stored) == 0 {
		return
	}
	b.WriteString("\n-- What was captured, written the way its places need it.\n")
	byTable := captured.Tables(g.stored)
	for _, table := range slices.Sorted(maps.Keys(byTable)) {
		fmt.Fprintf(b, "local %s = {\n", table)
		for _, name := range byTable[table] {
			fmt.Fprintf(b, "  [%s] = \"\",\n", quote(name))
		}
		b.WriteString("}\n")
	}
}

// handover names the tables that hold what setup left behind, and writes what
// hands it over.
func (g *generator) handover(b *strings.Builder) {
	tables := map[string]bool{}
	for table := range captured.Tables(g.stored) {
		tables[table] = true
	}
	if g.needs["values"] {
		tables["drawn"] = true
	}
	if len(g.maybe) > 0 {
		tables["there"] = true
	}
	if g.s.Cookies {
		tables["jar"] = true
	}
	b.WriteString("\nlocal made = {")
	for _, table := range slices.Sorted(maps.Keys(tables)) {
		fmt.Fprintf(b, " %s = %s,", table, table)
	}
	b.WriteString(" }\n")
	g.runtime(b, "handover")
}
