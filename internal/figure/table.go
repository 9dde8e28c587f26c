package figure

import (
	"cmp"
	"slices"

	"taskbench/compare/stats"
	"taskbench/results"
)

const (
	higher = stats.HigherIsBetter
	lower  = stats.LowerIsBetter
)

var less = &Words{Better: "less", Worse: "more"}

// The figures of a load test.
var (
	Throughput = &Figure{Key: "throughput_per_s", Name: "throughput", Unit: Rate, Better: higher, Primary: true, EachStep: true,
		Course: "Throughput, pair by pair", Drift: Drift{Part: 0.05, Up: "rising", Down: "falling"},
		Export: Export{Family: "taskbench_throughput", Help: "Good answers a second, median over the pairs.", Benchstat: "answers/s", Action: "answers/s"},
		Trial:  func(t *results.Trial) *float64 { return &t.ThroughputPS },
		Step:   func(s *results.StepResult) *float64 { return &s.ThroughputPS },
		Slot:   func(s *results.Slots, k int) (amount, per float64) { return float64(s.Good[k]), s.SpanS[k] }}
	P50        = percentile("p50", Figure{Primary: true, EachStep: true, Course: "p50, pair by pair", Drift: Drift{Part: 0.05, Up: "rising", Down: "falling"}})
	P95        = percentile("p95", Figure{Primary: true, EachStep: true, Course: "p95, pair by pair"})
	P99        = percentile("p99", Figure{EachStep: true, Drift: Drift{Part: 0.10, Up: "rising", Down: "falling"}})
	ServiceP95 = service("p95", Figure{})
	Reached    = &Figure{Key: "rate_reached_per_s", Name: "rate reached", Unit: Rate, Better: higher, Held: Nothing, Optional: true,
		Trial: func(t *results.Trial) *float64 {
			if t.Rate == nil {
				return nil
			}
			return &t.Rate.ReachedPS
		}}
	Max     = percentile("max", Figure{Held: Ratios})
	FlowP95 = flow("p95", Figure{Optional: true,
		Export: Export{Family: "taskbench_flow_p95_seconds", Help: "95th percentile of whole iterations.", Bencher: "flow-p95"}})
	Errors = &Figure{Key: "error_fraction", Name: "errors", Unit: Fraction, Better: lower, Held: Differences, EachStep: true,
		Drift:  Drift{Least: 0.005, Up: "rising", Down: "falling"},
		Export: Export{Family: "taskbench_error_ratio", Help: "Share of requests without a good answer."},
		Trial:  func(t *results.Trial) *float64 { return &t.ErrorFraction }, Step: wrongFraction}

	CPUPerAnswer = &Figure{Key: "cpu_per_answer_us", Name: "cpu/answer", Unit: Time, Better: lower, Primary: true, Optional: true, Words: less,
		Course: "CPU time of the server per answer, pair by pair", Drift: Drift{Part: 0.05, Up: "rising", Down: "falling"},
		Export: Export{Family: "taskbench_cpu_per_answer_seconds", Help: "Server CPU time a good answer.", Benchstat: "cpu-ns/answer", Bencher: "cpu-per-answer"},
		Trial:  perAnswer(func(r *results.Resources) *float64 { return r.CPUPerAnswerUS }),
		Step:   func(s *results.StepResult) *float64 { return s.CPUPerAnswerUS },
		Slot: func(s *results.Slots, k int) (amount, per float64) {
			if len(s.CPUS) == 0 {
				return 0, 0
			}
			return s.CPUS[k] * 1e6, float64(s.Sent[k])
		}}
	AllCPUPerAnswer = &Figure{Key: "cpu_per_answer_with_also_us", Name: "cpu/answer, all", Unit: Time, Better: lower, Optional: true, Words: less,
		Export: Export{Family: "taskbench_cpu_per_answer_with_also_seconds", Help: "CPU time a good answer, of the server and of what works for it.", Benchstat: "cpu-ns/answer-with-also", Bencher: "cpu-per-answer-with-also"},
		Trial:  perAnswer(func(r *results.Resources) *float64 { return r.AllCPUPerAnswerUS })}
	AnswersPerCPU = &Figure{Key: "answers_per_cpu_s", Name: "answers/cpu s", Unit: Rate, Better: higher, Optional: true, Hidden: true,
		Export: Export{Family: "taskbench_answers_per_cpu_second", Help: "Good answers a second of server CPU time.",
			Benchstat: "answers/cpu-s", Action: "answers/cpu-s", Bencher: "answers-per-cpu-second"},
		Trial: perAnswer(func(r *results.Resources) *float64 { return r.AnswersPerCPUS })}
	InstructionsPer = &Figure{Key: "instructions_per_answer", Name: "instr/answer", Unit: Instructions, Better: lower, Primary: true, Optional: true, Words: less,
		Export: Export{Help: "Instructions a good answer.", Benchstat: "instructions/answer", Action: "instructions"},
		Trial:  perAnswer(func(r *results.Resources) *float64 { return r.InstructionsPerAnswer })}
	Resident = &Figure{Key: "server_resident_bytes", Name: "memory", Unit: Binary, Better: lower, Optional: true, Words: less,
		Course: "Memory of the server, peak, pair by pair",
		Export: Export{Help: "Peak resident memory of the server's processes.", Benchstat: "resident-B"},
		Trial: resources(func(r *results.Resources) *float64 {
			if r.ServerResidentBytes == nil {
				return nil
			}
			v := float64(*r.ServerResidentBytes)
			return &v
		})}
)

// Capacity is what a search finds of a server as a whole; no trial has it.
var Capacity = &Figure{Key: "capacity_per_s", Name: "capacity", Unit: Rate, Better: higher}

// Load are the rows of a load test's table, in their order.
var Load = []*Figure{Throughput, Reached, P50, P95, P99, Max, FlowP95, ServiceP95, CPUPerAnswer, AllCPUPerAnswer, AnswersPerCPU, InstructionsPer, Resident, Errors}

// The rows of what is measured beside load tests, in their order.
var (
	Memory = []*Figure{
		memory("baseline_bytes", "before load", func(m *results.MemoryUse) *float64 { return m.BaselineBytes }),
		memory("mean_bytes", "under load, mean", func(m *results.MemoryUse) *float64 { return m.MeanBytes }),
		memory("peak_bytes", "under load, peak", func(m *results.MemoryUse) *float64 { return m.PeakBytes }),
		memory("settled_bytes", "after load", func(m *results.MemoryUse) *float64 { return m.SettledBytes }),
		memory("mean_proportional_bytes", "proportional (PSS), mean", func(m *results.MemoryUse) *float64 { return m.ProportionalBytes }),
		memory("peak_ever_bytes", "peak since start", func(m *results.MemoryUse) *float64 { return m.PeakEverBytes }),
		memory("peak_swap_bytes", "swapped out, peak", func(m *results.MemoryUse) *float64 { return m.SwapBytes }),
		memory("per_connection_bytes", "each connection", func(m *results.MemoryUse) *float64 { return m.PerConnectionBytes }),
		things("peak_threads", "threads, peak", func(m *results.MemoryUse) *float64 { return m.Threads }),
		things("peak_open_files", "open files, peak", func(m *results.MemoryUse) *float64 { return m.OpenFiles }),
		watched, failed,
	}
	CPU = []*Figure{watched, failed,
		use("cores_mean", "cores busy, mean", Cores, func(u *results.CPUUse) *float64 { return &u.CoresMean }),
		use("cores_peak", "cores busy, peak second", Cores, func(u *results.CPUUse) *float64 { return &u.CoresPeak }),
		CoresUsed,
		BusiestCore,
		use("waiting_switches_per_s", "context switches, waiting", Often, func(u *results.CPUUse) *float64 { return &u.VoluntarySwitchesPS }),
		use("forced_switches_per_s", "context switches, time up", Often, func(u *results.CPUUse) *float64 { return &u.InvoluntarySwitchesPS }),
		recorded("samples", "samples", Things, func(c *results.CPUProfile) *float64 {
			if c.Missing != "" {
				return nil
			}
			return number(c.Samples)
		}),
		recorded("samples_left_out", "samples left out", Things, func(c *results.CPUProfile) *float64 {
			if c.Missing != "" {
				return nil
			}
			return number(c.SamplesLeftOut)
		}),
	}
	Heap = []*Figure{
		heap("answers", "answers", Things, func(h *results.HeapProfile) *float64 { return number(h.Answers) }),
		heap("allocations", "allocations", Things, func(h *results.HeapProfile) *float64 { return number(h.Allocations) }),
		heap("allocations_temporary", "  of them temporary", Things, func(h *results.HeapProfile) *float64 { return number(h.Temporary) }),
		heap("allocations_per_answer", "allocations per answer", Things, func(h *results.HeapProfile) *float64 { return &h.AllocationsPerAnswer }),
		heap("allocations_left_out", "allocations left out", Things, func(h *results.HeapProfile) *float64 { return number(h.AllocationsLeftOut) }),
		heap("peak_heap_bytes", "peak heap", Bytes, func(h *results.HeapProfile) *float64 { return number(h.PeakBytes) }),
		heap("leaked_bytes", "not freed at the end", Bytes, func(h *results.HeapProfile) *float64 { return number(h.LeakedBytes) }),
	}
	Soak = []*Figure{Throughput, P50, P99, CPUPerAnswer,
		{Key: "mean_bytes", Name: "memory", Unit: Bytes, Better: lower, Drift: Drift{Part: 0.05, Least: 1e6, Up: "growing", Down: "shrinking"}, Words: less,
			Trial: sampled(func(m *results.MemoryUse) *float64 { return m.MeanBytes })},
		{Key: "peak_open_files", Name: "open files", Unit: Things, Better: lower, Drift: Drift{Part: 0.05, Least: 2, Up: "leaking", Down: "falling"},
			Trial: sampled(func(m *results.MemoryUse) *float64 { return m.OpenFiles })},
		{Key: "peak_threads", Name: "threads", Unit: Things, Better: lower, Drift: Drift{Part: 0.05, Least: 2, Up: "growing", Down: "falling"},
			Trial: sampled(func(m *results.MemoryUse) *float64 { return m.Threads })},
		Errors,
	}
)

// The figures of a ledger, in their order. What is worth a gate comes first.
var (
	CountedInstructions = counted("counted_instructions_per_answer", "instructions", Instructions, Judged, func(c *results.Cost) int64 { return c.Instructions })
	CountedAllocations  = counted("counted_allocations_per_answer", "allocations", Instructions, Judged, func(c *results.Cost) int64 { return c.Allocations })
	CountedSystemCalls  = counted("counted_system_calls_per_answer", "system calls", Instructions, Judged, func(c *results.Cost) int64 { return c.SystemCalls })

	// CountedStack and CountedApplication take the instructions apart where there
	// is a floor: they are read of trials of its, and of what others cost beyond it.
	CountedStack       = counted("counted_stack_instructions_per_answer", "stack", Instructions, Nothing, func(c *results.Cost) int64 { return c.Instructions })
	CountedApplication = counted("counted_application_instructions_per_answer", "application", Instructions, Judged, func(c *results.Cost) int64 { return c.Instructions })

	Ledger = []*Figure{CountedInstructions, CountedAllocations, CountedSystemCalls,
		sized("request", func(c *results.Cost) int64 { return c.RequestBytes }), sized("answer", func(c *results.Cost) int64 { return c.AnswerBytes }),
	}
)

// BusiestCore is the busiest second of the core that had one. The use of every
// core (Core) belongs below it.
var BusiestCore = recorded("busiest_core_fraction", "busiest core, peak second", Fraction, func(c *results.CPUProfile) *float64 {
	if len(c.Cores) == 0 {
		return nil
	}
	busiest := slices.MaxFunc(c.Cores, func(a, b results.CoreUse) int { return cmp.Compare(a.PeakFraction, b.PeakFraction) })
	return &busiest.PeakFraction
})

// CoresUsed has a documented expectation: a limit.
var CoresUsed = use("cores_used_fraction", "of its cores, peak second", Fraction, func(u *results.CPUUse) *float64 {
	if u.CoresAllowed == 0 {
		return nil
	}
	share := u.CoresPeak / float64(u.CoresAllowed)
	return &share
})

// Figures of the load beside what a command is about: shown, never judged.
// Failed answers have a row only where there are some: what such a server did is
// not what it does at work.
var (
	watched = &Figure{Key: Throughput.Key, Name: Throughput.Name, Unit: Often, Better: higher, Held: Nothing, Optional: true,
		Trial: func(t *results.Trial) *float64 { return &t.ThroughputPS }}
	failed = &Figure{Key: Errors.Key, Name: "answers missing or wrong", Unit: Fraction, Better: lower, Held: Nothing, Optional: true, Quiet: true,
		Trial: func(t *results.Trial) *float64 { return &t.ErrorFraction }}
)

// PerIteration is the one figure of microbenchmarks, in whatever unit: less is
// faster, whatever was counted.
func PerIteration(unit string) *Figure {
	return &Figure{Key: PerIterationKey, Name: "per iteration", Unit: Of(unit), Better: lower}
}

// PerIterationKey is the key of PerIteration in any unit.
const PerIterationKey = "per_iteration"

// Core is the use of one core: its "mean" or its "peak" second.
func Core(number int, what string) *Figure {
	return recorded("core_"+what+"_fraction", "", Fraction, func(c *results.CPUProfile) *float64 {
		for _, core := range c.Cores {
			if core.Core == number {
				return map[string]*float64{"mean": &core.MeanFraction, "peak": &core.PeakFraction}[what]
			}
		}
		return nil
	})
}

// expected are the figures that documented expectations may be about, by the
// names that scenarios use.
var expected = expectable()

// Expected finds the figure of an expectation ("p99.9", "flow_p95",
// "throughput", "errors"); one that nothing has where the name is none.
func Expected(name string) *Figure {
	if f := expected[name]; f != nil {
		return f
	}
	return &Figure{Key: name, Name: name, Unit: Time}
}

func expectable() map[string]*Figure {
	list := map[string]*Figure{"throughput": Throughput, "errors": Errors, results.ExpectedCapacity: Capacity}
	for _, name := range []string{"p50", "p75", "p90", "p95", "p99", "p99.9", "mean", "max"} {
		list[name], list["flow_"+name] = percentile(name, Figure{}), flow(name, Figure{})
	}
	return list
}

// All is every figure of the table.
func All() []*Figure {
	list := slices.Concat(Load, Memory, CPU, Heap, Soak, Ledger, []*Figure{CountedStack, CountedApplication})
	for _, f := range expected {
		list = append(list, f)
	}
	return list
}
