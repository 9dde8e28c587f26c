package lua

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"taskbench/scenarios"
)

// chunk is how many values one table constructor holds.
const chunk = 1000

// data writes the feeders that are used, and how a virtual user comes to its
// row. A row is taken for a whole iteration, so that its columns fit together.
func (g *generator) data(b *strings.Builder) {
	if len(g.feeders) == 0 {
		b.WriteString("\nlocal function draw_rows() end -- no data\n")
		return
	}
	b.WriteString("\n-- Data, by column. A virtual user keeps its row for a whole iteration.\n")
	b.WriteString("local data, row = {}, {}\n")
	b.WriteString("local function append(to, chunk)\n  for _, value in ipairs(chunk()) do to[#to + 1] = value end\nend\n")
	names := slices.Sorted(maps.Keys(g.feeders))
	for _, name := range names {
		g.feeder(b, name)
	}
	b.WriteString("\nlocal function draw_rows()\n")
	for _, name := range names {
		feeder := g.s.Data[name]
		fmt.Fprintf(b, "  %s = %s\n", field("row", name), rowOf(feeder))
	}
	b.WriteString("end\n")
}

// rowOf is the expression of the row a virtual user reads from.
func rowOf(f scenarios.Feeder) string {
	switch f.Pick {
	case scenarios.Random:
		return fmt.Sprintf("math.floor(random() * %d) + 1", len(f.Rows))
	case scenarios.Unique:
		return fmt.Sprintf("(user - 1) %% %d + 1", len(f.Rows))
	}
	return fmt.Sprintf("(user - 1 + math.max(iteration - 1, 0)) %% %d + 1", len(f.Rows))
}

// feeder writes one table of data, column by column, in chunks that are
// functions of their own: the constants of a function are bounded.
func (g *generator) feeder(b *strings.Builder, name string) {
	f := g.s.Data[name]
	if f.Pick == scenarios.Random {
		g.uses("random")
	}
	fmt.Fprintf(b, "%s = {}\n", field("data", name))
	for c, column := range f.Columns {
		table := field(field("data", name), column)
		fmt.Fprintf(b, "%s = {}\n", table)
		for rows := range slices.Chunk(f.Rows, chunk) {
			fmt.Fprintf(b, "append(%s, function() return {\n", table)
			for _, row := range rows {
				b.WriteString("  " + quote(row[c]) + ",\n")
			}
			b.WriteString("} end)\n")
		}
	}
}
