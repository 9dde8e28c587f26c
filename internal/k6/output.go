package k6

import (
	"context"
	"math"
	"time"

	"taskbench/internal/machine"
	"taskbench/internal/source"
	"taskbench/parse"
	"taskbench/results"
	"taskbench/wrk"
)

// output is what all processes left together. Its time is that of the load: before,
// they wait for its beginning.
func (r *run) output() wrk.Output {
	all := wrk.Output{Argv: r.outputs[0].Argv, Started: r.begins}
	for _, out := range r.outputs {
		all.Warnings = append(all.Warnings, out.Warnings...)
		all.UserCPU, all.SystemCPU = all.UserCPU+out.UserCPU, all.SystemCPU+out.SystemCPU
		all.MaxResidentSize += out.MaxResidentSize
		all.Wall = max(all.Wall, out.Started.Add(out.Wall).Sub(r.begins))
		all.Interrupted, all.Overdue, all.Killed = all.Interrupted || out.Interrupted, all.Overdue || out.Overdue, all.Killed || out.Killed
	}
	return all
}

// shares is what each of several processes did. They are hosts' processes on this
// machine, and have their names.
func (r *run) shares() (list []wrk.Share) {
	if r.Processes == 1 {
		return nil
	}
	first := math.Inf(1)
	for _, l := range r.logs {
		first = min(first, l.opened())
	}
	for i, l := range r.logs {
		s := wrk.Share{Host: results.LocalHost(i + 1), Place: i + 1, Users: len(l.Told), Behind: microseconds(l.opened() - first), CPU: r.outputs[i].CPU()}
		for _, t := range l.Told {
			for _, step := range t.Block.Steps {
				s.Answers += step.Answers
			}
		}
		list = append(list, s)
	}
	return list
}

// opened is when the window of a log's first virtual user did, in µs since 1970.
func (l *Log) opened() float64 {
	first := math.Inf(1)
	for _, t := range l.Told {
		first = min(first, t.Block.Window.OpenedUnixUS)
	}
	return first
}

func microseconds(us float64) time.Duration { return time.Duration(us * float64(time.Microsecond)) }

// onThisClock says when a window opened on the clock of what is measured beside it.
func onThisClock(w *parse.Window) {
	if w.OpenedUnixUS > 0 {
		w.OpenedUS = machine.NowUS() - (float64(time.Now().UnixNano())/1e3 - w.OpenedUnixUS)
	}
}

// interrupted is the error of a load that ctx ended.
func interrupted(ctx context.Context) error {
	cause := context.Cause(ctx)
	return &source.Error{Message: "interrupted before k6 had a result: " + cause.Error(), Hint: "run it again; nothing was measured", Err: cause}
}
