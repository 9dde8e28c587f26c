package parse

import (
	"fmt"
	"math"
	"slices"
)

// MergeError says why blocks are not one run.
type MergeError struct {
	At      int    // the block that does not fit, as an index; -1: one that is missing
	Place   int    // the share that is missing, from 1; 0: none
	Problem string // a sentence without its subject, which the caller knows: a host, a file
}

func (e *MergeError) Error() string {
	switch {
	case e.At < 0 && e.Place > 0:
		return fmt.Sprintf("share %d %s", e.Place, e.Problem)
	case e.At < 0:
		return e.Problem
	}
	return fmt.Sprintf("block %d %s", e.At+1, e.Problem)
}

func misfit(at int, format string, args ...any) error {
	return &MergeError{At: at, Problem: fmt.Sprintf(format, args...)}
}

// leastCommon is which part of the longest window all must share. A single
// request's window is wrk's own run, which ends up to endsLateUS late: wrk looks at
// its clock so often.
const (
	leastCommon = 0.95
	endsLateUS  = 100e3
)

// MergeBlocks puts together what several processes counted that sent one load
// together: shares of a run, all of them, or virtual users that had no share. The
// blocks must have passed ReadBlock, with windows by one clock of the day: who knows
// how far clocks are apart sets OpenedUnixUS right before.
//
// Counts and buckets add up, so that percentiles are those of all samples in one
// histogram. Windows must be one moment to 95 %; the merged one is as long as they
// are in the mean. The order of blocks changes nothing but which example of an
// unexpected answer is kept. An error is a *MergeError: nothing is merged then.
func MergeBlocks(blocks []*Block) (*Block, error) {
	if len(blocks) == 0 {
		return nil, &MergeError{At: -1, Problem: "there is nothing to merge"}
	}
	if err := sharesWhole(blocks); err != nil {
		return nil, err
	}
	first := blocks[0]
	if len(blocks) == 1 {
		alone := *first
		alone.Share = nil
		return &alone, nil
	}
	for i, b := range blocks[1:] {
		if err := alike(first, b, i+1); err != nil {
			return nil, err
		}
	}
	sorted := slices.Clone(blocks)
	slices.SortStableFunc(sorted, func(a, b *Block) int { return placeOf(a) - placeOf(b) })
	m := empty(first)
	window, err := commonWindow(blocks)
	if err != nil {
		return nil, err
	}
	m.Window = window
	for _, b := range sorted {
		if err := m.add(b, slices.Index(blocks, b)); err != nil {
			return nil, err
		}
	}
	if len(m.Wrk.Latency) > 0 {
		m.Wrk.Measured = true
	}
	if err := checkBlock(m); err != nil {
		return nil, &MergeError{At: -1, Problem: "together they contradict themselves: " + err.Error()}
	}
	return m, nil
}

func placeOf(b *Block) int {
	if b.Share == nil {
		return 0
	}
	return b.Share.Place
}

// sharesWhole demands all shares of a run, each once, or none at all.
func sharesWhole(blocks []*Block) error {
	if !slices.ContainsFunc(blocks, func(b *Block) bool { return b.Share != nil }) {
		return nil
	}
	seen := map[int]bool{}
	places := 0
	for i, b := range blocks {
		s := b.Share
		switch {
		case s == nil:
			return misfit(i, "had all virtual users, and others a share of them")
		case places == 0:
			places = s.Places
		}
		switch {
		case s.Places != places:
			return misfit(i, "had one of %d shares, and others one of %d", s.Places, places)
		case seen[s.Place]:
			return misfit(i, "had share %d of %d, as another one had", s.Place, places)
		}
		seen[s.Place] = true
	}
	for place := 1; place <= places; place++ {
		if !seen[place] {
			return &MergeError{At: -1, Place: place, Problem: fmt.Sprintf("of %d is missing", places)}
		}
	}
	return nil
}

// alike demands that two blocks are of one run of one script.
func alike(a, b *Block, at int) error {
	switch {
	case a.Scenario != b.Scenario || a.ScenarioHash != b.ScenarioHash:
		return misfit(at, "ran another script: scenario %s, hash %.12s, not %s, hash %.12s", b.Scenario, b.ScenarioHash, a.Scenario, a.ScenarioHash)
	case a.Mode != b.Mode || a.Target != b.Target:
		return misfit(at, "ran another script: mode %s for target %q, not %s for %q", b.Mode, b.Target, a.Mode, a.Target)
	case a.Run != b.Run:
		return misfit(at, "is of another run: %s, not %s", b.Run, a.Run)
	case a.Seed != b.Seed:
		return misfit(at, "drew from another seed: %d, not %d", b.Seed, a.Seed)
	case a.Share != nil && a.Share.Load != b.Share.Load:
		return misfit(at, "ran another script: its load is %s, not %s", b.Share.Load, a.Share.Load)
	case a.Slots != nil || b.Slots != nil:
		return misfit(at, "took turns with other servers, which the processes of one load cannot")
	case !sameNames(a.Steps, b.Steps) || !sameNames(a.Setup, b.Setup):
		return misfit(at, "ran another script: its steps are others")
	case (a.Iterations == nil) != (b.Iterations == nil) || len(a.Journeys) != len(b.Journeys):
		return misfit(at, "ran another script: its iterations are others")
	}
	for i := range a.Journeys {
		if a.Journeys[i].Name != b.Journeys[i].Name {
			return misfit(at, "ran another script: its journeys are others")
		}
	}
	return sameSchedule(a.Rate, b.Rate, at)
}

func sameNames(a, b []BlockStep) bool {
	return slices.EqualFunc(a, b, func(x, y BlockStep) bool { return x.Name == y.Name })
}

func sameSchedule(a, b *BlockRate, at int) error {
	if (a == nil) != (b == nil) {
		return misfit(at, "had another schedule")
	}
	if a == nil {
		return nil
	}
	same := slices.EqualFunc(a.Stages, b.Stages, func(x, y BlockStage) bool {
		return x.LengthUS == y.LengthUS && x.FromPS == y.FromPS && x.ToPS == y.ToPS
	})
	if !same || len(a.Service) != len(b.Service) {
		return misfit(at, "had another schedule")
	}
	return nil
}

// commonWindow is the window of all: from when the last one opened, as long as they
// were in the mean. It never opened where one of them did not.
func commonWindow(blocks []*Block) (Window, error) {
	for i, b := range blocks {
		if b.Window.LengthUS == 0 {
			return Window{}, nil
		}
		if b.Window.OpenedUnixUS == 0 {
			return Window{}, misfit(i, "does not say when its window opened")
		}
	}
	opened, ended := moments(blocks, 0), moments(blocks, 1)
	window := blocks[slices.Index(opened, slices.Max(opened))].Window
	longest, sum := 0.0, 0.0
	for _, b := range blocks {
		longest, sum = math.Max(longest, b.Window.LengthUS), sum+b.Window.LengthUS
	}
	least := leastCommon * longest
	if blocks[0].Mode == "request" {
		least -= endsLateUS
	}
	if common := slices.Min(ended) - slices.Max(opened); common < least {
		at := farthest(opened, ended)
		return Window{}, misfit(at, "measured at another time: its window, %.0f ms long, opened %.0f ms behind the first one, and %.0f ms were measured by all",
			blocks[at].Window.LengthUS/1e3, (opened[at]-slices.Min(opened))/1e3, math.Max(0, common)/1e3)
	}
	window.LengthUS = sum / float64(len(blocks))
	return window, nil
}

// moments are when windows opened (0) or closed (1), by the clock of the day.
func moments(blocks []*Block, lengths float64) []float64 {
	at := make([]float64, len(blocks))
	for i, b := range blocks {
		at[i] = b.Window.OpenedUnixUS + lengths*b.Window.LengthUS
	}
	return at
}

// farthest is the one whose window is farthest from the middle ones.
func farthest(opened, ended []float64) (at int) {
	most := -1.0
	for i := range opened {
		if d := math.Max(math.Abs(opened[i]-middle(opened)), math.Abs(ended[i]-middle(ended))); d > most {
			at, most = i, d
		}
	}
	return at
}

// middle is the lower one of two.
func middle(values []float64) float64 {
	return slices.Sorted(slices.Values(values))[(len(values)-1)/2]
}
