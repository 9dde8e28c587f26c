package parse

import (
	"bytes"
	"fmt"
	"path"
	"strings"

	"github.com/tidwall/gjson"

	"taskbench/internal/source"
)

// CriterionExport reads a file of runs that another tool wrote: an export of
// critcmp (`critcmp --export NAME`: estimates without samples), or the lines of
// `cargo criterion --message-format=json`. Errors are about single benchmarks;
// the others are kept. name is the file's, for errors.
func CriterionExport(name string, text []byte) ([]MicroRun, []error) {
	e := exportReader{name: name, at: map[string]string{}}
	first := gjson.ParseBytes(text)
	switch {
	case first.Get("benchmarks").IsObject() && gjson.ValidBytes(text):
		e.critcmp(first)
	case bytes.Contains(text, []byte(`"reason":`)):
		e.cargoCriterion(text)
	default:
		e.problem(0, "name a target/criterion folder, a file of critcmp --export, or one of cargo criterion --message-format=json",
			"neither an export of critcmp nor messages of cargo-criterion")
	}
	return e.runs, e.problems
}

// exportReader collects the runs of one file.
type exportReader struct {
	name     string
	runs     []MicroRun
	problems []error
	at       map[string]string // where an id was met first
}

func (e *exportReader) problem(line int, hint, format string, args ...any) {
	e.problems = append(e.problems, source.Errorf(source.Position{File: e.name, Line: line}, hint, format, args...))
}

func (e *exportReader) keep(line int, run MicroRun) {
	if why := run.problem(); why != "" {
		e.problem(line, "", "benchmark %q: %s", run.ID, why)
		return
	}
	if first, twice := e.at[run.ID]; twice {
		e.problem(line, "", "benchmark %q was already read from %s: this one is left out", run.ID, first)
		return
	}
	e.at[run.ID] = run.Where
	e.runs = append(e.runs, run)
}

func (e *exportReader) critcmp(v gjson.Result) {
	v.Get("benchmarks").ForEach(func(key, b gjson.Result) bool {
		run := MicroRun{
			Where: e.name + ": " + key.Str, Baseline: b.Get("baseline").String(), Unit: "ns",
			Estimates: estimates(b.Get("criterion_estimates_v1")),
		}
		run.describe(b.Get("criterion_benchmark_v1"))
		e.keep(0, run)
		return true
	})
}

// cargoCriterion reads one message a line. Lines that are no messages, such
// as what a bench prints itself, are passed over.
func (e *exportReader) cargoCriterion(text []byte) {
	groups := map[string]string{}
	number := 0
	for line := range bytes.Lines(text) {
		number++
		if line = bytes.TrimSpace(line); len(line) == 0 || line[0] != '{' {
			continue
		}
		if !gjson.ValidBytes(line) {
			e.problem(number, "run the benchmark again", "not valid JSON: the file was written by halves")
			continue
		}
		switch m := gjson.ParseBytes(line); m.Get("reason").Str {
		case "benchmark-complete":
			e.keep(number, message(fmt.Sprintf("%s:%d", e.name, number), m))
		case "group-complete":
			for _, id := range m.Get("benchmarks").Array() {
				groups[id.Str] = m.Get("group_name").Str
			}
		}
	}
	for i := range e.runs {
		e.runs[i].placeIn(groups)
	}
}

// message turns a benchmark-complete message into a run. Its unit is that of
// its estimates.
func message(where string, m gjson.Result) MicroRun {
	get := func(key string) *MicroEstimate {
		v := m.Get(key)
		return estimate(v.Get("estimate"), v.Get("lower_bound"), v.Get("upper_bound"), gjson.Result{}, gjson.Result{})
	}
	run := MicroRun{
		Where: where, ID: m.Get("id").String(), Unit: m.Get("unit").String(),
		Samples: MicroSamples{numbers(m.Get("iteration_count")), numbers(m.Get("measured_values"))},
		Estimates: MicroEstimates{
			Mean: get("mean"), Median: get("median"), MAD: get("median_abs_dev"), Slope: get("slope"),
		},
	}
	for _, t := range m.Get("throughput").Array() {
		run.Throughput = append(run.Throughput, MicroThroughput{t.Get("per_iteration").Num, t.Get("unit").Str})
	}
	return run
}

// placeIn finds a run's group, and what remains of its id: the function, and
// the parameter after the last slash.
func (r *MicroRun) placeIn(groups map[string]string) {
	group, known := groups[r.ID]
	if !known {
		group, _, _ = strings.Cut(r.ID, "/")
	}
	r.Group = group
	rest := strings.TrimPrefix(strings.TrimPrefix(r.ID, group), "/")
	if dir := path.Dir(rest); dir != "." {
		r.Function, r.Parameter = dir, path.Base(rest)
	} else {
		r.Function = rest
	}
}
