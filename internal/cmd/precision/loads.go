package main

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"testing/fstest"

	"taskbench/compare"
	"taskbench/compare/lineup"
	"taskbench/internal/cmd/lab"
	"taskbench/internal/figure"
	"taskbench/scenarios"
)

// kind is a form of load.
type kind struct {
	name  string
	users int
	text  string // the scenario; "": the built-in flow "projects"
}

var (
	request = kind{"request", 50, "title: One request\nrequest: {request: GET /health, expect: {status: 200}}"}
	flow    = kind{"flow", 16, ""}
	mix     = kind{"mix", 16, `title: A mix
mix:
  - {name: health, weight: 3, request: GET /health, expect: {status: 200}}
  - {name: refused, weight: 1, request: GET /api/v1/projects, expect: {status: 400}}`}
)

func (k kind) scenario() (*scenarios.Scenario, error) {
	if k.text == "" {
		return scenarios.Builtin("projects")
	}
	text := "name: " + k.name + "\n" + k.text + "\n"
	return scenarios.LoadFS(fstest.MapFS{"load.yaml": {Data: []byte(text)}}, "load.yaml")
}

// judged are the figures whose ratios are looked at.
var judged = []*figure.Figure{figure.Throughput, figure.P50, figure.P95, figure.CPUPerAnswer}

// ratios are the logarithms of a run's ratios, pair by pair: as they are judged.
type ratios map[*figure.Figure][]float64

// measure makes one run, and adds its ratios.
func (b *bench) measure(ctx context.Context, k kind, r lab.Run, into ratios) error {
	var err error
	if r.Scenario, err = k.scenario(); err != nil {
		return err
	}
	r.Users, r.Duration, r.Warmup, r.Pin = k.users, b.duration, b.warmup, true
	docs, err := b.lab.Measure(ctx, r)
	if err != nil {
		return err
	}
	if err := b.store(k, r, docs); err != nil {
		return err
	}
	c, err := compare.New(docs, lineup.Options{})
	if err != nil {
		return err
	}
	for _, row := range c.Scenarios[0].Rows {
		for _, m := range judged {
			if row.Step != "" || row.Metric != m {
				continue
			}
			for _, p := range c.Scenarios[0].Series(row, 1) {
				if l := math.Log(p.Cand / p.Base); !math.IsNaN(l) && !math.IsInf(l, 0) {
					into[m] = append(into[m], l)
				}
			}
		}
	}
	return nil
}

// store adds a run to the file in which runs are kept, if there is one.
func (b *bench) store(k kind, r lab.Run, docs any) error {
	if b.keep == "" {
		return nil
	}
	f, err := os.OpenFile(b.keep, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	line := map[string]any{"kind": k.name, "users": k.users, "in_slots": r.InSlots, "base": r.Base, "candidate": r.Candidate, "load": load(), "documents": docs}
	return errors.Join(json.NewEncoder(f).Encode(line), f.Close())
}

func mean(xs []float64) (sum float64) {
	for _, x := range xs {
		sum += x / float64(len(xs))
	}
	return sum
}

// sd is the standard deviation of a sample of two and more.
func sd(xs []float64) float64 {
	m, sum := mean(xs), 0.0
	for _, x := range xs {
		sum += (x - m) * (x - m)
	}
	return math.Sqrt(sum / float64(len(xs)-1))
}
