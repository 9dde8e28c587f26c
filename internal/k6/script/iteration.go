package script

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"taskbench/internal/arrivals"
	"taskbench/internal/table"
	"taskbench/scenarios"
)

// data writes the feeders that are used, and how a virtual user comes to its row. A row is
// taken for a whole iteration, so that its columns fit together.
func (g *generator) data(b *strings.Builder) {
	if len(g.columns) == 0 {
		return
	}
	names := slices.Sorted(maps.Keys(g.columns))
	b.WriteString("\n// Data: k6 keeps one copy for all virtual users.\nconst data = {\n")
	for _, name := range names {
		g.feeder(b, name)
	}
	b.WriteString("};\n\n// The row of each that is used for a whole iteration.\nconst row = {};\n\nfunction drawRows() {\n")
	for _, name := range names {
		fmt.Fprintf(b, "  %s = %s[%s];\n", field("row", name), field("data", name), rowOf(g.s.Data[name]))
	}
	b.WriteString("}\n")
}

// rowOf is the expression of the row a virtual user reads from.
func rowOf(f scenarios.Feeder) string {
	switch f.Pick {
	case scenarios.Random:
		return fmt.Sprintf("Math.floor(random() * %d)", len(f.Rows))
	case scenarios.Unique:
		return fmt.Sprintf("(user - 1) %% %d", len(f.Rows))
	}
	return fmt.Sprintf("(user - 1 + Math.max(iteration - 1, 0)) %% %d", len(f.Rows))
}

// feeder writes one table of data, row by row.
func (g *generator) feeder(b *strings.Builder, name string) {
	f := g.s.Data[name]
	fmt.Fprintf(b, "  %s: new SharedArray(%s, () => [\n", key(name), quote("data "+name))
	for _, row := range f.Rows {
		var cells []string
		for c, column := range f.Columns {
			if g.columns[name][column] || !table.Hidden(column) {
				cells = append(cells, key(column)+": "+quote(row[c]))
			}
		}
		fmt.Fprintf(b, "    { %s },\n", strings.Join(cells, ", "))
	}
	b.WriteString("  ]),\n")
}

// iteration writes the function that k6 calls for each iteration, and what it needs.
func (g *generator) iteration(b *strings.Builder) {
	g.mix(b)
	b.WriteString("\n// One iteration.\nexport default function () {\n  if (!begin()) return;\n")
	rows, forget := "", g.forget()
	if len(g.columns) > 0 {
		rows = "  drawRows();\n"
	}
	if forget != "" {
		rows += "  forget();\n"
	}
	switch {
	case g.s.Mode != scenarios.Mix:
		fmt.Fprintf(b, "%s  end(%s);\n}\n", rows, g.sends(0, len(g.s.Steps)))
	case len(g.s.Journeys) > 0:
		fmt.Fprintf(b, "%s  const one = draw(MIX);\n  endJourney(one, one.steps.every(send));\n}\n", rows)
	case g.controlled():
		fmt.Fprintf(b, "%s  end(draw(MIX).steps.every(send));\n}\n", rows)
	default:
		fmt.Fprintf(b, "  const one = draw(MIX);\n%s  end(one.steps.every(send));\n}\n", rows)
	}
	if forget != "" {
		fmt.Fprintf(b, "\n// What an iteration before captured.\nfunction forget() {\n%s}\n", forget)
	}
}

// sends is the expression that sends steps one after the other, up to one that fails.
func (g *generator) sends(from, to int) string {
	var out []string
	for i := from; i < to; i++ {
		out = append(out, "send("+g.names[&g.s.Steps[i]]+")")
	}
	return strings.Join(out, " && ")
}

// mix writes what an iteration is drawn of.
func (g *generator) mix(b *strings.Builder) {
	if g.s.Mode != scenarios.Mix {
		return
	}
	g.uses("mix")
	b.WriteString("\n// An iteration is one of these, drawn by weight; get steps() does not look at them before they are there.\nconst MIX = [\n")
	for _, p := range g.s.Ways() {
		var steps []string
		for i := p.First; i < p.First+p.Count; i++ {
			steps = append(steps, g.names[&g.s.Steps[i]])
		}
		fmt.Fprintf(b, "  { name: %s, weight: %.17g, get steps() { return [%s]; } },\n", quote(p.Name), p.Weight, strings.Join(steps, ", "))
	}
	b.WriteString("];\n")
}

// stepLists lists the steps for what is told, behind their definitions.
func (g *generator) stepLists(b *strings.Builder) {
	list := func(steps []scenarios.Step) string {
		var names []string
		for i := range steps {
			names = append(names, g.names[&steps[i]])
		}
		return "[" + strings.Join(names, ", ") + "]"
	}
	fmt.Fprintf(b, "\nconst SETUP = %s;\nconst STEPS = %s;\n", list(g.s.Setup), list(g.s.Steps))
	if len(g.s.Setup) > 0 {
		b.WriteString("\n// What a setup leaves behind.\nfunction made() {\n  return { " + strings.Join(g.made(), ", ") + " };\n}\n")
	}
	if g.needs["raw"] {
		var hosts []string
		for _, step := range g.allSteps() {
			for _, h := range step.Headers {
				if host, ok := h.Value.Constant(); ok && strings.EqualFold(h.Name, "Host") {
					hosts = append(hosts, quote(strings.ToLower(host)))
				}
			}
		}
		fmt.Fprintf(b, "const OWN_HOSTS = [%s]; // by which the server knows itself, besides its address\n", strings.Join(hosts, ", "))
	}
	b.WriteString("\n// What is told beside steps.\nfunction more() {\n  return { " + g.more() + " };\n}\n")
}

// more is what a block has beside steps.
func (g *generator) more() string {
	var out []string
	if g.s.Mode == scenarios.Flow {
		out = append(out, "iterations: iterationsOf(record)")
	}
	if len(g.s.Journeys) > 0 {
		g.uses("journeys")
		out = append(out, "journeys: MIX.map(journeyOf)")
	}
	if g.o.Rate.Open() {
		out = append(out, "rate: rateOf()")
	}
	return strings.Join(out, ", ")
}

// schedule writes when iterations begin: which stretches there are, the warm-up first.
func (g *generator) schedule(b *strings.Builder) {
	if !g.o.Rate.Open() {
		return
	}
	stretches := g.o.Rate.Over(g.o.Duration)
	if g.o.Warmup > 0 {
		stretches = append([]arrivals.Stage{warmup(stretches[0], g.o.Warmup)}, stretches...)
	}
	b.WriteString("\n// The schedule, the warm-up first: lengths in µs, rates in arrivals per µs.\nconst STRETCHES = layOut([\n")
	for _, s := range stretches {
		fmt.Fprintf(b, "  { length: %d, from: %v, to: %v },\n", s.Duration.Microseconds(), s.From/1e6, s.To/1e6)
	}
	fmt.Fprintf(b, "]);\nconst STAGES = STRETCHES.slice(STRETCHES.length - %d); // with figures of their own\n", len(g.o.Rate.Stages))
	if g.o.Rate.Way() == arrivals.Poisson {
		b.WriteString("const DUE = new SharedArray('due', () => drawArrivals(WARMUP + DURATION));\nconst ARRIVALS = DUE.length;\n")
		return
	}
	b.WriteString("const ARRIVALS = arrivals(WARMUP + DURATION);\n")
}

// warmup is at the rate that what follows begins with; the highest where that begins with
// none.
func warmup(first arrivals.Stage, length time.Duration) arrivals.Stage {
	rate := first.From
	if rate == 0 {
		rate = first.To
	}
	return arrivals.Stage{Duration: length, From: rate, To: rate}
}

// overtime is how long behind the window what was due in it may still be sent.
func (g *generator) overtime() time.Duration {
	if g.o.Rate.Open() {
		return time.Second
	}
	return 0
}
