package figure

import "taskbench/results"

func number(n uint64) *float64 {
	v := float64(n)
	return &v
}

// percentile is a latency of answers; f has what is special to it.
func percentile(name string, f Figure) *Figure {
	f.Key, f.Name, f.Unit, f.Better, f.Latency = name+"_us", name, Time, lower, true
	f.Export.Family, f.Export.Label, f.Export.Help = "taskbench_latency_seconds", name, "Latency percentile, median over the pairs."
	if f.Export.Bencher = "latency-" + name; name == "p50" {
		f.Export.Bencher = "latency"
	}
	f.Trial = func(t *results.Trial) *float64 { return latency(t.Latency, name) }
	f.Step = func(s *results.StepResult) *float64 { return latency(s.Latency, name) }
	return &f
}

// flow is a latency of whole iterations, first request to last answer.
func flow(name string, f Figure) *Figure {
	f.Key, f.Name, f.Unit, f.Better, f.Latency = "flow_"+name+"_us", "flow "+name, Time, lower, true
	f.Whole = func(i *results.Iterations) *float64 { return latency(i.Latency, name) }
	f.Trial = func(t *results.Trial) *float64 {
		if t.Iterations == nil {
			return nil
		}
		return f.Whole(t.Iterations)
	}
	return &f
}

// service is the part of a latency behind the sending of a request, where that is
// not all of it.
func service(name string, f Figure) *Figure {
	f.Key, f.Name, f.Unit, f.Better, f.Latency, f.Optional = "service_"+name+"_us", "service "+name, Time, lower, true, true
	f.Trial = func(t *results.Trial) *float64 {
		if t.Rate == nil {
			return nil
		}
		return latency(t.Rate.Service, name)
	}
	f.Step = func(s *results.StepResult) *float64 { return latency(s.Service, name) }
	return &f
}

func latency(l *results.Latency, name string) *float64 {
	if l == nil || l.Count == 0 {
		return nil
	}
	return map[string]*float64{
		"p50": &l.P50US, "p75": &l.P75US, "p90": &l.P90US, "p95": &l.P95US, "p99": &l.P99US, "p99.9": &l.P999US, "mean": &l.MeanUS, "max": &l.MaxUS,
	}[name]
}

// wrongFraction is the share of a step's requests that were lost or not answered
// as expected.
func wrongFraction(s *results.StepResult) *float64 {
	asked := s.Answers + s.LeftOut + s.Unmet["lost"]
	if asked == 0 {
		return nil
	}
	v := float64(asked-min(s.Good+s.LeftOut, asked)) / float64(asked)
	return &v
}

func resources(of func(*results.Resources) *float64) func(*results.Trial) *float64 {
	return func(t *results.Trial) *float64 {
		if t.Resources == nil {
			return nil
		}
		return of(t.Resources)
	}
}

// perAnswer reads what a trial took for each answer, where its window was long
// enough to divide by all of them.
func perAnswer(of func(*results.Resources) *float64) func(*results.Trial) *float64 {
	read := resources(of)
	return func(t *results.Trial) *float64 {
		if t.Uneven() {
			return nil
		}
		return read(t)
	}
}

// sampled reads a trial whose memory was sampled.
func sampled(of func(*results.MemoryUse) *float64) func(*results.Trial) *float64 {
	return func(t *results.Trial) *float64 {
		if t.Memory == nil {
			return nil
		}
		return of(t.Memory)
	}
}

func memory(key, name string, of func(*results.MemoryUse) *float64) *Figure {
	return &Figure{Key: key, Name: name, Unit: Bytes, Better: lower, Optional: true, Words: less, Trial: sampled(of)}
}

// things are counted, and more of them are not worse.
func things(key, name string, of func(*results.MemoryUse) *float64) *Figure {
	return &Figure{Key: key, Name: name, Unit: Things, Held: Nothing, Optional: true, Trial: sampled(of)}
}

func recorded(key, name string, unit Unit, of func(*results.CPUProfile) *float64) *Figure {
	return &Figure{Key: key, Name: name, Unit: unit, Held: Ratios, Optional: true, Trial: func(t *results.Trial) *float64 {
		if t.CPU == nil {
			return nil
		}
		return of(t.CPU)
	}}
}

func use(key, name string, unit Unit, of func(*results.CPUUse) *float64) *Figure {
	return recorded(key, name, unit, func(c *results.CPUProfile) *float64 {
		if c.Use == nil {
			return nil
		}
		return of(c.Use)
	})
}

func heap(key, name string, unit Unit, of func(*results.HeapProfile) *float64) *Figure {
	return &Figure{Key: key, Name: name, Unit: unit, Held: Ratios, Optional: true, Trial: func(t *results.Trial) *float64 {
		if t.Heap == nil || t.Heap.Missing != "" {
			return nil
		}
		return of(t.Heap)
	}}
}

// counted is what an answer cost under callgrind: of a step, or in the mean of all
// steps. Where it is below zero it is no figure, and Of leaves it out.
func counted(key, name string, unit Unit, held Held, of func(*results.Cost) int64) *Figure {
	each := func(steps []results.StepResult) *float64 {
		var sum, answers int64
		for i := range steps {
			if c := steps[i].Cost; c != nil {
				sum, answers = sum+of(c), answers+c.Answers
			}
		}
		if answers == 0 {
			return nil
		}
		return new(float64(sum) / float64(answers))
	}
	return &Figure{Key: key, Name: name, Unit: unit, Better: lower, Held: held, Optional: true, EachStep: true, Words: &Words{Better: "fewer", Worse: "more"},
		Trial: func(t *results.Trial) *float64 { return each(t.Steps) },
		Step:  func(s *results.StepResult) *float64 { return each([]results.StepResult{*s}) }}
}

// sized is how many bytes a request or an answer has.
func sized(of string, read func(*results.Cost) int64) *Figure {
	f := counted(of+"_bytes", of+" bytes", Bytes, Ratios, read)
	f.Export = Export{Bencher: of + "-bytes", Action: "B"}
	return f
}
