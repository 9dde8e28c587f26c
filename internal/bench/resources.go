package bench

import (
	"fmt"
	"slices"

	"taskbench/internal/machine"
	"taskbench/parse"
	"taskbench/results"
)

// record puts what was seen into the trial it was seen in. cpus are those that the
// server may run on; none: unknown.
func (o observation) record(t *results.Trial, run Run, cpus []int) {
	r, g := resourcesOf(t), sendingOf(run)
	r.ServerCoresAllowed, r.GeneratorCoresAllowed = len(cpus), g.cores
	r.SharedCores = slices.ContainsFunc(cpus, func(c int) bool { return slices.Contains(g.here, c) })
	if run.Output.Wall > 0 {
		r.GeneratorCores = &g.busy
	}
	window := o.window(run.counted())
	o.recordServer(r, window, run.good(t))
	o.recordStages(t, window)
	if r.ServerCores != nil {
		*r.ServerCores /= run.part()
	}
	o.recordMachine(r, window, g.hereCPU+run.beside)
	t.Warnings = append(t.Warnings, o.warnings()...)
	if r.CPUUnseen {
		t.Warnings = append(t.Warnings, o.unseen())
	}
}

// resourcesOf are those that probes write into a trial.
func resourcesOf(t *results.Trial) *results.Resources {
	if t.Resources == nil {
		t.Resources = &results.Resources{}
	}
	return t.Resources
}

// window is when figures counted, on the clock of the samples: as the script
// says or, for a single request, which has no window of its own, from before
// the generator's start to after its end.
func (o observation) window(w parse.Window) Span {
	if w.OpenedUS > 0 {
		return spanOf(w)
	}
	if len(o.server) == 0 {
		return Span{0, machine.NowUS()}
	}
	return Span{o.server[0].at, o.server[len(o.server)-1].at}
}

// leastCovered is the share of a window that samples must span.
const leastCovered = 0.5

// leastCPUPerAnswerUS is less than any server can take for an answer: reading a
// request and writing an answer are two calls into the kernel and its network,
// which no machine does faster.
const leastCPUPerAnswerUS = 1

// recordServer takes the server's CPU time from the first to the last sample
// within the window, and scales it to the window. Samples beyond are not
// interpolated with: load ends at the edge, and between a sample before it and
// one after it the server was not equally busy.
func (o observation) recordServer(r *results.Resources, w Span, good uint64) {
	inside := slices.DeleteFunc(slices.Clone(o.server), func(s sample) bool { return !w.Holds(s.at) })
	if len(inside) == 0 {
		return
	}
	var resident uint64
	for _, s := range inside {
		resident = max(resident, s.usage.ResidentBytes)
	}
	r.ServerResidentBytes = &resident
	first, last := inside[0], inside[len(inside)-1]
	covered := Span{first.at, last.at}
	if covered.Seconds() <= 0 || covered.Seconds() < leastCovered*w.Seconds() {
		return
	}
	busy := (last.usage.CPUSeconds - first.usage.CPUSeconds) / covered.Seconds()
	cpu := busy * w.Seconds()
	r.ServerCores, r.ServerCPUS = &busy, &cpu
	r.CPUUnseen = last.usage.Unseen > first.usage.Unseen || good > 0 && cpu*1e6/float64(good) < leastCPUPerAnswerUS
	if good > 0 && cpu > 0 && !r.CPUUnseen {
		if a, b := first.usage.AlsoCPUSeconds, last.usage.AlsoCPUSeconds; a != nil && b != nil {
			r.AllCPUPerAnswerUS = new((cpu + (*b-*a)/covered.Seconds()*w.Seconds()) * 1e6 / float64(good))
		}
		r.CPUPerAnswerUS = new(cpu * 1e6 / float64(good))
		r.AnswersPerCPUS = new(float64(good) / cpu)
	}
}

// recordStages takes what the server used in each stage of a rate.
func (o observation) recordStages(t *results.Trial, w Span) {
	if t.Rate == nil {
		return
	}
	for i := range t.Rate.Stages {
		s := &t.Rate.Stages[i]
		from := w.FromUS + s.FromS*1e6
		var r results.Resources
		o.recordServer(&r, Span{from, from + s.LengthS*1e6}, uint64(s.ThroughputPS*s.LengthS+0.5))
		s.CPUPerAnswerUS = r.CPUPerAnswerUS
	}
}

// recordMachine takes stolen time from the samples within the window, or around
// it when it is short. What others used is known for the generator's whole run
// only, because wrk's own CPU time is.
func (o observation) recordMachine(r *results.Resources, w Span, load float64) {
	if n := len(o.machine); n >= 2 {
		steal := around(o.machine, w)
		first, last := steal[0].times, steal[len(steal)-1].times
		if total := last.Total - first.Total; total > 0 {
			r.StealFraction = new(max(last.Steal-first.Steal, 0) / total)
		}
	}
	if len(o.machine) < 2 || len(o.server) < 2 || o.lost {
		return // a server that cannot be seen would pass for somebody else
	}
	all := Span{o.machine[0].at, o.machine[len(o.machine)-1].at}
	if all.Seconds() <= 0 {
		return
	}
	busy := o.machine[len(o.machine)-1].times.Busy - o.machine[0].times.Busy
	server := o.server[len(o.server)-1].usage.CPUSeconds - o.server[0].usage.CPUSeconds
	others := busy - server - load - o.own
	r.OthersCores = new(max(others, 0) / all.Seconds())
}

// around cuts samples down to those within the span and one on either side.
func around(samples []cpuSample, w Span) []cpuSample {
	from, to := 0, len(samples)-1
	for from < to-1 && samples[from+1].at <= w.FromUS {
		from++
	}
	for to > from+1 && samples[to-1].at >= w.ToUS {
		to--
	}
	return samples[from : to+1]
}

// unseen says why CPU time is too low to be told by the answer.
func (o observation) unseen() string {
	if last := o.server[len(o.server)-1].usage; last.Unseen > o.server[0].usage.Unseen {
		return "CPU time per answer is not known: processes of the server ended without being waited for (or left it), and took their time with them"
	}
	return fmt.Sprintf("CPU time per answer is not known: the process that was looked at took less than %d µs for an answer, which no server does; name the one that works with pid: in taskbench.yaml", leastCPUPerAnswerUS)
}

// warnings tell of a server that did not stay one process tree.
func (o observation) warnings() []string {
	var out []string
	if o.lost {
		out = append(out, "the server's process ended, or could not be seen any more, while it was measured: its CPU time and memory are of the time before")
	}
	if len(o.server) == 0 {
		return out
	}
	first, last := o.server[0].usage, o.server[len(o.server)-1].usage
	if n := last.Restarted - first.Restarted; n > 0 {
		out = append(out, fmt.Sprintf("the server was restarted while it was measured (%d times)", n))
	}
	if begun, ended := last.Begun-first.Begun, last.Ended-first.Ended; begun > 0 || ended > 0 {
		out = append(out, fmt.Sprintf("the server's processes changed while it was measured: %d began, %d ended; their CPU time is counted as far as it was seen", begun, ended))
	}
	return out
}
