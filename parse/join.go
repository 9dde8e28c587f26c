package parse

import (
	"errors"
	"math"
	"slices"
	"strings"

	"taskbench/internal/source"
)

// Join makes one run of what several processes printed that sent one load together,
// each with a share of the virtual users. names are those of their files, for
// messages; each text must hold one run with the block of its script. Errors are
// *source.Error and name the file that does not fit.
func Join(names []string, texts [][]Printout) (Printout, error) {
	joined := Printout{Joined: names}
	var blocks []*Block
	for i, runs := range texts {
		b, err := shareIn(names[i], runs)
		if err != nil {
			return Printout{}, err
		}
		blocks = append(blocks, b)
		for _, warning := range runs[0].Warnings {
			joined.warn("%s: %s", names[i], warning)
		}
		if b.Window.LengthUS == 0 {
			joined.warn("%s: the window never opened, so nothing was measured by all", names[i])
		}
	}
	merged, err := MergeBlocks(blocks)
	if err != nil {
		return Printout{}, unjoined(err, names)
	}
	joined.Block = merged
	joined.sums(merged)
	return joined, nil
}

// shareIn is the block of a text that holds one, of a share.
func shareIn(name string, runs []Printout) (*Block, error) {
	at := source.Position{File: name}
	switch {
	case len(runs) == 0:
		return nil, source.Errorf(at, "hand over what wrk printed, with the block of its script", "there is no run in it")
	case len(runs) > 1:
		return nil, source.Errorf(at, "keep the one that was measured: each share has a file of its own", "%d runs are in it, and one is joined with those of other files", len(runs))
	case runs[0].Block == nil && damageOf(runs[0]) != "":
		return nil, source.Errorf(at, regenerate, "it has no result block that can be read: %s", damageOf(runs[0]))
	case runs[0].Block == nil:
		return nil, source.Errorf(at, "run a script made by taskbench lua, and keep what TASKBENCH_OUT names or all that wrk prints", "it has no result block, and wrk's own lines cannot be added up")
	case runs[0].Block.Share == nil:
		return nil, source.Errorf(at, "set TASKBENCH_SHARE, 1/2 and 2/2 for two processes; parse a whole run without --join", "the run had all virtual users, not a share of them")
	}
	return runs[0].Block, nil
}

// damageOf is what is wrong with the block of a run; "": nothing, there is none. Other
// warnings are of wrk's own lines.
func damageOf(run Printout) string {
	for _, warning := range run.Warnings {
		if what, found := strings.CutPrefix(warning, damaged); found {
			return what
		}
	}
	return ""
}

// unjoined names the file that does not fit.
func unjoined(err error, names []string) error {
	var misfit *MergeError
	if !errors.As(err, &misfit) {
		return err
	}
	const hint = "all shares of one run, of the same script and TASKBENCH_RUN, begun at the same TASKBENCH_GO, make one result"
	if misfit.At >= 0 {
		return source.Errorf(source.Position{File: names[misfit.At]}, hint, "the run %s", misfit.Problem)
	}
	return source.Errorf(source.Position{}, hint, "%v: joined were %s", misfit, strings.Join(names, ", "))
}

// sums are the figures of wrk that add up, and what it measured, where the script
// measures no latencies.
func (r *Printout) sums(b *Block) {
	threads, connections := uint64(b.Wrk.Threads), uint64(b.Wrk.Connections)
	requests, read, duration := b.Wrk.Requests, float64(b.Wrk.Bytes), float64(b.Wrk.DurationUS)
	r.Threads, r.Connections, r.Requests, r.ReadBytes, r.DurationUS = &threads, &connections, &requests, &read, &duration
	if b.Mode == "request" && duration > 0 { // else most of wrk's time may be waiting for the others
		rate := math.Round(float64(requests)/(duration/1e6)*100) / 100
		r.RequestsPS = &rate
	}
	if !slices.ContainsFunc(b.Steps, func(s BlockStep) bool { return s.Latency != nil }) {
		r.measured(b)
	}
}

func (r *Printout) measured(b *Block) {
	h, err := Uncorrect(b)
	if err != nil {
		r.warn("%v", err)
		return
	}
	if h.TotalCount() == 0 {
		return
	}
	count, mean, most := uint64(h.TotalCount()), h.Mean(), float64(h.Max())
	d := &Distribution{Count: &count, MeanUS: &mean, MaxUS: &most}
	for _, percent := range []float64{50, 75, 90, 99} {
		d.Percentiles = append(d.Percentiles, Percentile{Percent: percent, LatencyUS: float64(h.ValueAtPercentile(percent))})
	}
	r.LatencyUncorrected = d
}
