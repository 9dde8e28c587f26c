package hosts

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"taskbench/internal/source"
	"taskbench/parse"
	"taskbench/wrk"
)

// gather puts together what hosts left behind, but for their figures.
func gather(shares []share) wrk.Output {
	all := wrk.Output{Argv: shares[0].out.Argv}
	for i := range shares {
		s, out := &shares[i], shares[i].out
		all.Stdout = append(all.Stdout, s.headed(out.Stdout, true)...)
		all.Stderr = append(all.Stderr, s.headed(out.Stderr, false)...)
		for _, w := range out.Warnings {
			all.Warnings = append(all.Warnings, fmt.Sprintf("host %s: %s", s.Name, w))
		}
		if all.Started.IsZero() || !out.Started.IsZero() && out.Started.Before(all.Started) {
			all.Started = out.Started
		}
		all.Wall = max(all.Wall, out.Wall)
		all.UserCPU += out.UserCPU
		all.SystemCPU += out.SystemCPU
		all.MaxResidentSize = max(all.MaxResidentSize, out.MaxResidentSize)
		all.Interrupted = all.Interrupted || out.Interrupted
		all.Overdue = all.Overdue || out.Overdue
		all.Killed = all.Killed || out.Killed
		if all.ExitCode == 0 && all.Signal == "" {
			all.ExitCode, all.Signal = out.ExitCode, out.Signal
		}
	}
	return all
}

// headed is a text of a host under its name and, where asked, what ran there.
func (s *share) headed(text []byte, command bool) []byte {
	if len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	head := "host " + s.Name
	if command {
		head += ": " + strings.Join(s.out.Argv, " ")
	}
	return append(append([]byte(head+"\n"), text...), '\n')
}

// join adds up what hosts counted, in out.
func join(o wrk.Options, us clocks, shares []share, out *wrk.Output) error {
	blocks := make([]*parse.Block, len(shares))
	for i := range shares {
		block, err := shares[i].block(len(shares))
		if err != nil {
			return shares[i].named(err)
		}
		blocks[i] = block
	}
	merged, err := parse.MergeBlocks(blocks)
	if err != nil {
		return unmerged(err, shares)
	}
	if merged.Rate != nil && merged.Rate.Due == 0 && !out.Interrupted {
		return wrk.NothingDue(o)
	}
	if merged.Window.OpenedUnixUS != 0 {
		merged.Window.OpenedUS = us.monotonicUS + merged.Window.OpenedUnixUS - unixUS(us.day)
	}
	if doubt := unsure(shares, microseconds(merged.Window.LengthUS)); doubt != "" {
		out.Warnings = append(out.Warnings, doubt)
	}
	if out.Block, err = json.Marshal(merged); err != nil {
		return err
	}
	out.Shares = told(shares, blocks)
	if o.OutFile == "" {
		return nil
	}
	if err := os.WriteFile(o.OutFile, out.Block, 0o600); err != nil {
		return source.WithHint(err, "the result goes there: choose a path that can be written")
	}
	return nil
}

func unixUS(t time.Time) float64 { return float64(t.UnixNano()) / 1e3 }

func microseconds(us float64) time.Duration { return time.Duration(us * float64(time.Microsecond)) }

// block reads a host's figures, and moves their clock of the day to ours.
func (s *share) block(places int) (*parse.Block, error) {
	b, err := parse.ReadBlock(s.out.Block)
	if err != nil {
		return nil, err
	}
	if b.Share == nil || b.Share.Place != s.place || b.Share.Places != places || b.Share.GoUS == 0 {
		return nil, source.Errorf(source.Position{}, "generate the script anew: taskbench lua", "the script took no share of the virtual users: it is of an earlier taskbench")
	}
	if b.Window.OpenedUnixUS != 0 {
		b.Window.OpenedUnixUS -= float64(s.clock.Offset) / 1e3
	}
	return b, nil
}

// unmerged names the host that does not fit the others.
func unmerged(err error, shares []share) error {
	misfit, ok := errors.AsType[*parse.MergeError](err)
	if !ok {
		return err
	}
	const hint = "all hosts must run one script, at one time: look at that host's load, clock and wrk, and run it again"
	switch {
	case misfit.At >= 0:
		return shares[misfit.At].named(source.Errorf(source.Position{}, hint, "%s", misfit.Problem))
	case misfit.Place > 0:
		return shares[misfit.Place-1].named(source.Errorf(source.Position{}, hint, "its share %s", misfit.Problem))
	}
	return source.WithHint(err, hint)
}

// mostApart is which part of a window hosts may have begun apart without a word.
const mostApart = 0.05

// unsure says how far hosts may have begun from each other, as their clocks are known to
// so little; "" where that is nothing beside the window. It takes two to be apart.
func unsure(shares []share, window time.Duration) string {
	least := slices.SortedFunc(slices.Values(shares), func(a, b share) int { return cmp.Compare(b.clock.Within, a.clock.Within) })
	if window == 0 || len(least) < 2 {
		return ""
	}
	first, most := least[0], least[0].clock.Within+least[1].clock.Within
	if float64(most) <= mostApart*float64(window) {
		return ""
	}
	return fmt.Sprintf("host %s: its clock is known to ±%v only, so that hosts may have begun %v apart, of a window of %v: measure longer (--duration)",
		first.Name, first.clock.Within.Round(time.Millisecond), most.Round(time.Millisecond), window.Round(time.Millisecond))
}

// told is what each host did.
func told(shares []share, blocks []*parse.Block) []wrk.Share {
	first := slices.MinFunc(blocks, func(a, b *parse.Block) int { return cmp.Compare(a.Window.OpenedUnixUS, b.Window.OpenedUnixUS) })
	list := make([]wrk.Share, len(shares))
	for i := range shares {
		s, b := &shares[i], blocks[i]
		list[i] = wrk.Share{Host: s.Name, Place: s.place, Users: b.VirtualUsersAsked, CPU: s.out.CPU(), Offset: s.clock.Offset, Within: s.clock.Within}
		for _, step := range b.Steps {
			list[i].Answers += step.Answers
		}
		if opened := b.Window.OpenedUnixUS; opened != 0 {
			list[i].Behind = microseconds(opened - first.Window.OpenedUnixUS)
		}
	}
	return list
}
