// Package wrk2 measures with giltene's wrk2 instead of wrk, where somebody wants its
// figures: requests that are the same every time, at a rate that it keeps itself, and
// latencies from the histogram that it prints.
package wrk2

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"taskbench/internal/arrivals"
	"taskbench/internal/bench"
	"taskbench/internal/server"
	"taskbench/internal/source"
	"taskbench/lua"
	"taskbench/parse"
	"taskbench/results"
	"taskbench/scenarios"
	"taskbench/wrk"
)

const noNeed = "a rate needs no wrk2: leave --engine out, and wrk keeps it (docs/rate.md)"

// Find looks wrk2 up, under its own name where path is "".
func Find(path string) (wrk.Installation, error) {
	if path == "" {
		path = "wrk2"
	}
	found, err := wrk.Find(path)
	if err != nil {
		problem, _ := source.Split(err)
		return found, source.WithHint(fmt.Errorf("no wrk2: %s", problem), noNeed+"; or build wrk2 from its source, and name it with --wrk")
	}
	if !found.Wrk2 {
		return found, source.WithHint(fmt.Errorf("%s is wrk, not wrk2: it takes no rate", found.Path), noNeed)
	}
	return found, nil
}

// Calibrates is how long wrk2 runs before it records latencies.
const calibrates = 10 * time.Second

// Engine measures trials of a run in wrk2's way.
type Engine struct {
	Wrk      wrk.Installation
	Generate func(context.Context, wrk.Options) (wrk.Output, error)
	Dir      string // where scripts are kept while they run
	CPUs     []int  // wrk2 may run on; none: all
}

// Check reports what wrk2 cannot do of a plan.
func Check(p bench.Plan) error {
	for _, c := range p.Cells {
		s := c.Scenario
		switch {
		case !c.Rate.Open() || len(c.Rate.Stages) > 0:
			return source.WithHint(fmt.Errorf("wrk2 sends at one rate, and %s has none", s.Name), "say which: --rate 500/s")
		case c.Rate.Way() != arrivals.Constant:
			return source.WithHint(fmt.Errorf("wrk2 sends at even distances, and %s asks for %s arrivals", s.Name, c.Rate.Way()), noNeed)
		case s.Mode == scenarios.Flow || len(s.Setup) > 0:
			return source.WithHint(fmt.Errorf("wrk2 sends single requests, and %s has a flow or a setup", s.Name), noNeed)
		}
		for _, t := range p.Targets {
			if _, err := requests(s.For(t.Name), t, c.Connections); err != nil {
				return err
			}
		}
	}
	return nil
}

// Trial measures one target once.
func (e Engine) Trial(ctx context.Context, t server.Spec, c bench.Cell, seed int64) (trial results.Trial, err error) {
	variant := c.Scenario.For(t.Name)
	sent, err := requests(variant, t, c.Connections)
	if err != nil {
		return trial, err
	}
	path := filepath.Join(e.Dir, fmt.Sprintf("%s-%s.lua", variant.Name, t.Name))
	if err := errors.Join(os.MkdirAll(e.Dir, 0o700), os.WriteFile(path, script(variant, sent, seed), 0o644)); err != nil {
		return trial, err
	}
	up, err := server.Open(ctx, t)
	if err != nil {
		return trial, err
	}
	defer func() { err = errors.Join(err, up.Stop(context.WithoutCancel(ctx))) }()
	before, beforeErr := up.Usage()
	threads := max(1, min(2, c.Connections))
	out, err := e.Generate(ctx, wrk.Options{
		Path: e.Wrk.Path, URL: t.URL, Script: path, Threads: threads, Connections: c.Connections, Rate: c.Rate.Rate,
		Duration: calibrates + c.Duration, Timeout: variant.Load.Timeout, Latency: true, CPUs: e.CPUs,
	})
	if err != nil {
		return trial, err
	}
	after, afterErr := up.Usage()
	if trial, err = read(out, variant, c.Rate.Rate); err == nil && beforeErr == nil && afterErr == nil && trial.Good > 0 {
		used := after.CPUSeconds - before.CPUSeconds
		each := used * 1e6 / float64(trial.Good)
		trial.Resources = &results.Resources{ServerCPUS: &used, CPUPerAnswerUS: &each}
	}
	return trial, err
}

// read makes a trial of what wrk2 printed.
func read(out wrk.Output, s *scenarios.Scenario, rate float64) (results.Trial, error) {
	t := results.Trial{Wrk: &results.WrkRun{Argv: out.Argv, Text: string(out.Stdout), Stderr: string(out.Stderr)}}
	runs, err := parse.Wrk("wrk2", bytes.NewReader(out.Stdout))
	if err != nil || len(runs) != 1 {
		return t, errors.Join(err, fmt.Errorf("wrk2 printed %d runs", len(runs)))
	}
	p := runs[0]
	if p.Requests == nil || p.DurationUS == nil || *p.DurationUS <= 0 || p.Latency == nil {
		return t, errors.New("wrk2 printed no figures")
	}
	t.WindowS, t.Answers = *p.DurationUS/1e6, *p.Requests
	t.Good = t.Answers
	if p.StatusAbove399 != nil {
		t.Good -= min(t.Good, *p.StatusAbove399)
	}
	if e := p.SocketErrors; e != nil {
		t.Lost, t.Unanswered = e.Connect+e.Read+e.Write, e.Timeout
	}
	t.ThroughputPS = float64(t.Good) / t.WindowS
	if all := t.Answers + t.Lost + t.Unanswered; all > 0 {
		t.ErrorFraction = float64(all-t.Good) / float64(all)
	}
	if t.Latency, err = latency(p.Latency); err != nil {
		return t, err
	}
	reached := float64(t.Answers) / t.WindowS
	t.Rate = &results.Rate{AskedPS: rate, ReachedPS: min(rate, reached), Due: uint64(rate * t.WindowS), Begun: t.Answers}
	if len(s.Steps) == 1 {
		t.Steps = []results.StepResult{{Name: s.Steps[0].Name, Answers: t.Answers, Good: t.Good, ThroughputPS: t.ThroughputPS, Latency: t.Latency}}
	}
	return t, nil
}

// latency is the histogram whose percentiles wrk2 printed: between two lines all
// answers took what the upper one says.
func latency(d *parse.Distribution) (*results.Latency, error) {
	if len(d.Spectrum) == 0 {
		return nil, errors.New("wrk2 printed no percentile spectrum")
	}
	h, before := parse.NewHDR(), uint64(0)
	for _, point := range d.Spectrum {
		if point.Count > before {
			if err := h.RecordValues(int64(point.LatencyUS), int64(point.Count-before)); err != nil {
				return nil, fmt.Errorf("wrk2's spectrum: %w", err)
			}
			before = point.Count
		}
	}
	return results.NewLatency(h)
}

// requests are the bytes of each step. wrk2's script sends them as they are, so they
// must not change from one to the next.
func requests(s *scenarios.Scenario, t server.Spec, connections int) ([][]byte, error) {
	var first [][]byte
	for seed := range int64(2) {
		var sent [][]byte
		_, err := lua.DryRun(s, lua.Options{Target: t.Name, URL: t.URL, Connections: connections, Seed: 1 + seed}, func(raw []byte) (int, http.Header, []byte, error) {
			sent = append(sent, slices.Clone(raw))
			return http.StatusOK, http.Header{}, nil, nil
		})
		if err != nil {
			return nil, err
		}
		if seed == 0 {
			first = sent
		} else if !slices.EqualFunc(first, sent, slices.Equal[[]byte]) {
			return nil, source.WithHint(fmt.Errorf("wrk2 sends the same requests again and again, and those of %s change", s.Name), noNeed)
		}
	}
	if len(first) != len(s.Steps) {
		return nil, source.WithHint(fmt.Errorf("wrk2 sends single requests, and %s sends %d in place of %d", s.Name, len(first), len(s.Steps)), noNeed)
	}
	return first, nil
}

// script sends the requests, a mix by its weights, and leaves a word behind as proof
// that it ran: wrk2 sends what it likes where a script is broken.
func script(s *scenarios.Scenario, sent [][]byte, seed int64) []byte {
	var b strings.Builder
	b.WriteString("local requests, up_to, all = {}, {}, 0\n")
	for i, raw := range sent {
		weight := s.Steps[i].Weight
		if weight <= 0 {
			weight = 1
		}
		fmt.Fprintf(&b, "all = all + %g\nrequests[%d], up_to[%d] = %s, all\n", weight, i+1, i+1, quote(raw))
	}
	fmt.Fprintf(&b, "math.randomseed(%d)\n", seed)
	b.WriteString("function request()\n  local x = math.random() * all\n  for i = 1, #requests do\n    if x < up_to[i] then return requests[i] end\n  end\n  return requests[#requests]\nend\n")
	b.WriteString("function done()\n  local out = io.open(os.getenv(\"TASKBENCH_OUT\"), \"w\")\n  out:write(\"sent\")\n  out:close()\nend\n")
	return []byte(b.String())
}

// quote is a string of Lua, whatever bytes are in it.
func quote(raw []byte) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range raw {
		if c >= ' ' && c < 127 && c != '"' && c != '\\' {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "\\%03d", c)
	}
	b.WriteByte('"')
	return b.String()
}
