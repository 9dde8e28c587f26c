package lua

import (
	"fmt"
	"strings"
	"time"

	"taskbench/internal/arrivals"
)

// rate writes the schedule: which arrivals there are, and the warm-up before them
// at the rate they begin with.
func (g *generator) rate(b *strings.Builder) {
	if g.needs["think"] { // it is asked for the pauses within an iteration
		g.runtime(b, "think")
		if g.o.Slots > 0 {
			g.runtime(b, "users_slots_think")
		}
		delete(g.needs, "think")
	}
	if g.needs["control_wait"] {
		g.runtime(b, "control_wait")
		delete(g.needs, "control_wait")
	}
	g.runtime(b, "pace", string(g.o.Rate.Way()), "rate")
	stretches := g.o.Rate.Over(g.o.Duration)
	if g.o.Slots > 0 {
		g.runtime(b, "rate_slots")
	} else {
		g.runtime(b, "rate_in_turn")
	}
	if g.o.Warmup > 0 && g.o.Slots == 0 {
		stretches = append([]arrivals.Stage{warmup(stretches[0], g.o.Warmup)}, stretches...)
	}
	b.WriteString("\nlay_out({\n")
	for _, s := range stretches {
		fmt.Fprintf(b, "  { %d, %v, %v },\n", s.Duration.Microseconds(), s.From/1e6, s.To/1e6)
	}
	b.WriteString("})\n")
	if len(g.o.Rate.Stages) > 0 {
		g.runtime(b, "rate_stages")
	}
}

// warmup is at the rate that what follows begins with; the highest where that
// begins with none.
func warmup(first arrivals.Stage, length time.Duration) arrivals.Stage {
	rate := first.From
	if rate == 0 {
		rate = first.To
	}
	return arrivals.Stage{Duration: length, From: rate, To: rate}
}
