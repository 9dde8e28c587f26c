package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/olekukonko/tablewriter"

	"taskbench/internal/cmd/lab"
	"taskbench/internal/figure"
)

// cell is what pairs are made of, again and again.
type cell struct {
	kind
	slow            string
	neighbours      int
	inTurn, inSlots ratios
}

func (c *cell) name() string {
	return fmt.Sprintf("%s @ %d, --slow %s, %d neighbours", c.kind.name, c.users, c.slow, c.neighbours)
}

// most is the scatter in slots that is allowed, for one in turn of 1.
func most(m *figure.Figure) float64 {
	if m == figure.CPUPerAnswer {
		return 1.0 / 4
	}
	return 1.0 / 3
}

// scatter measures single pairs of every cell, both ways one after the other, and
// prints by how much their ratios scatter.
func scatter(ctx context.Context, b *bench) error {
	var cells []*cell
	for _, n := range []int{0, 2} {
		for _, slow := range []string{"0%", "10%"} {
			for _, k := range []kind{request, flow, mix} {
				if c := (&cell{k, slow, n, ratios{}, ratios{}}); strings.Contains(c.name(), b.only) {
					cells = append(cells, c)
				}
			}
		}
	}
	return errors.Join(b.repeat(ctx, cells), b.printScatter(cells)) // what there is, after an interrupt too
}

func (b *bench) repeat(ctx context.Context, cells []*cell) error {
	for i := range b.repeats {
		for n, c := range cells {
			fmt.Fprintf(b.stderr, "scatter: repeat %d of %d, %d of %d: %s (load %s)\n", i+1, b.repeats, n+1, len(cells), c.name(), load())
			if err := c.pair(ctx, b, int64(i)); err != nil {
				return err
			}
		}
	}
	return nil
}

// pair measures one pair each way; which comes first alternates.
func (c *cell) pair(ctx context.Context, b *bench, i int64) error {
	end, err := withNeighbours(ctx, c.neighbours)
	if err != nil {
		return err
	}
	defer end()
	for _, inSlots := range []bool{i%2 == 0, i%2 != 0} {
		into := c.inTurn
		if inSlots {
			into = c.inSlots
		}
		r := lab.Run{Pairs: 1, Seed: b.seed + i, InSlots: inSlots, Candidate: lab.Side{Flags: "--slow " + c.slow}}
		if err := b.measure(ctx, c.kind, r, into); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) printScatter(cells []*cell) error {
	fmt.Fprintf(b.stdout, "\nscatter of the ratio of one pair of %v for each server, %d pairs each way (standard deviation of its logarithm)\n", b.duration, b.repeats)
	table := tablewriter.NewWriter(b.stdout)
	table.Header("cell", "figure", "pairs", "in turn", "slots", "slots / in turn", "bar", "", "mean in turn", "mean in slots")
	for _, c := range cells {
		for _, m := range judged {
			turn, slots := c.inTurn[m], c.inSlots[m]
			if len(turn) < 2 || len(slots) < 2 {
				continue
			}
			part := sd(slots) / sd(turn)
			_ = table.Append(c.name(), m.Name, min(len(turn), len(slots)), fmt.Sprintf("%.3f", sd(turn)), fmt.Sprintf("%.3f", sd(slots)), fmt.Sprintf("%.2f", part),
				fmt.Sprintf("≤ %.2f", most(m)), b.bar(part <= most(m)), fmt.Sprintf("%+.3f", mean(turn)), fmt.Sprintf("%+.3f", mean(slots)))
		}
	}
	return table.Render()
}
