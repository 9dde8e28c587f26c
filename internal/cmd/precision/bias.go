package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"

	"github.com/olekukonko/tablewriter"

	"taskbench/internal/cmd/lab"
)

// world is a pair of servers of which one is wrong in a way that slots might hide.
type world struct {
	name            string
	kind            kind
	base, candidate lab.Side
	inTurn, inSlots ratios
}

func worlds() ([]*world, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	many := request
	many.users = 500
	off := lab.Side{Start: fmt.Sprintf("%q puts-off", self)}
	list := []*world{
		{name: "--delay 5ms", kind: mix, candidate: lab.Side{Flags: "--delay 5ms"}},
		{name: "--stall 200ms/1s", kind: mix, candidate: lab.Side{Flags: "--stall 200ms/1s"}},
		{name: "--stall 200ms/1s", kind: request, candidate: lab.Side{Flags: "--stall 200ms/1s"}},
		{name: "puts off work", kind: request, candidate: off},
		{name: "500 connections", kind: many, candidate: lab.Side{Flags: "--slow 20%"}},
	}
	for _, w := range list {
		w.inTurn, w.inSlots = ratios{}, ratios{}
	}
	return list, nil
}

// bias measures pairs of every world both ways, and holds the ratios against each
// other: they must agree within their 95 % intervals together.
func bias(ctx context.Context, b *bench) error {
	list, err := worlds()
	if err != nil {
		return err
	}
	const together = 5 // pairs of a run: whether one side stalls is judged over all of a run's
	for i := 0; i < b.repeats; i += together {
		for _, w := range list {
			if !strings.Contains(w.name, b.only) {
				continue
			}
			fmt.Fprintf(b.stderr, "bias: pairs %d to %d of %d: %s (load %s)\n", i+1, min(i+together, b.repeats), b.repeats, w.name, load())
			for inSlots, into := range map[bool]ratios{false: w.inTurn, true: w.inSlots} {
				r := lab.Run{Pairs: min(together, b.repeats-i), Seed: b.seed + int64(i), InSlots: inSlots, Base: w.base, Candidate: w.candidate}
				if err := b.measure(ctx, w.kind, r, into); err != nil {
					return errors.Join(err, b.printBias(list))
				}
			}
		}
	}
	return b.printBias(list)
}

func (b *bench) printBias(list []*world) error {
	fmt.Fprintf(b.stdout, "\nbias: ratios of candidate to baseline, %d pairs of %v each way\n", b.repeats, b.duration)
	table := tablewriter.NewWriter(b.stdout)
	table.Header("candidate", "load", "figure", "in turn", "slots", "apart", "allowed", "")
	for _, w := range list {
		for _, m := range judged {
			turn, slots := w.inTurn[m], w.inSlots[m]
			if len(turn) < 2 || len(slots) < 2 {
				continue
			}
			apart := math.Abs(mean(turn) - mean(slots))
			allowed := interval(turn) + interval(slots)
			_ = table.Append(w.name, fmt.Sprintf("%s @ %d", w.kind.name, w.kind.users), m.Name, ratioText(turn), ratioText(slots),
				fmt.Sprintf("%.3f", apart), fmt.Sprintf("%.3f", allowed), b.bar(apart <= allowed))
		}
	}
	return table.Render()
}

// interval is half of the 95 % interval of a mean, by the normal distribution.
func interval(logs []float64) float64 { return 1.96 * sd(logs) / math.Sqrt(float64(len(logs))) }

func ratioText(logs []float64) string {
	m, h := mean(logs), interval(logs)
	return fmt.Sprintf("%.3f [%.3f–%.3f]", math.Exp(m), math.Exp(m-h), math.Exp(m+h))
}
