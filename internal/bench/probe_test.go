package bench

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"taskbench/parse"
	"taskbench/results"
	"taskbench/scenarios"
)

// witness is a probe that writes down when it is called.
type witness struct {
	world *world
	name  string
}

func (p witness) Attach(_ context.Context, s Server, _ Cell) Attached {
	p.world.note("%s attached to %s", p.name, s.Spec().Name)
	return p
}

func (p witness) Begin(context.Context) { p.world.note("%s begins", p.name) }
func (p witness) End(context.Context)   { p.world.note("%s ends", p.name) }

func (p witness) Record(_ context.Context, t *results.Trial, r Run) {
	p.world.note("%s records %d answers", p.name, t.Answers)
	if w, ok := r.Window(); ok && (w.FromUS < r.FromUS || w.ToUS > r.ToUS) {
		p.world.note("the window %v is outside of the run %v", w, r)
	}
}

// TestProbes holds the order in which probes are called: before any load, around
// the run that counts, and once more for each window of a soak.
func TestProbes(t *testing.T) {
	t.Parallel()
	warmup := time.Second
	// The warm-up of the first is a run of its own; windows of a soak are long enough for the other.
	apart, within := scenario(t, "name: one\nload: {connections: 1, duration: 1s}\nrequest: GET /\n"), scenario(t, oneText)
	cases := []struct {
		name  string
		fails bool
		of    *scenarios.Scenario
		run   func(*Runner, Plan) error
		want  []string
	}{
		{"a trial", false, apart, carried, []string{
			"open a", "x attached to a", "y attached to a", "load", "x begins", "y begins", "load", "y ends", "x ends", "x records 1 answers", "y records 1 answers", "stop a",
		}},
		{"a trial that fails", true, apart, carried, []string{
			"open a", "x attached to a", "y attached to a", "load", "x begins", "y begins", "load", "y ends", "x ends", "x records 0 answers", "y records 0 answers", "stop a",
		}},
		{"a soak of two windows", false, within, soaked, []string{
			"open a", "x attached to a", "y attached to a", "x begins", "y begins", "load", "y ends", "x ends", "x records 1 answers", "y records 1 answers",
			"x begins", "y begins", "load", "y ends", "x ends", "x records 1 answers", "y records 1 answers", "stop a",
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w, p := newWorld(), plan(t, 1)
			w.fails = func(_ string, load int) error {
				if c.fails && load == 2 { // the first is the warm-up
					return errors.New("wrk stopped")
				}
				return nil
			}
			list := []*scenarios.Scenario{c.of}
			p.Targets, p.Scenarios, p.Cells = p.Targets[:1], list, NewCells(list, Overrides{Warmup: &warmup})
			r := w.runner(t)
			r.Probes = []Probe{witness{w, "x"}, witness{w, "y"}}
			if err := c.run(r, p); err != nil {
				t.Fatal(err)
			}
			for i, line := range w.log {
				if strings.HasPrefix(line, "load ") {
					w.log[i] = "load"
				}
			}
			if diff := cmp.Diff(c.want, w.log); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func carried(r *Runner, p Plan) error {
	_, err := r.Run(context.Background(), p, survey(p), begin(p))
	return err
}

func soaked(r *Runner, p Plan) error {
	p.Pairs = 2
	return r.Soak(context.Background(), p, survey(p), begin(p))
}

func TestWindowOfRun(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		window *parse.Window // nil: no block
		want   Span
		ok     bool
	}{
		{"its own", &parse.Window{OpenedUS: 20, LengthUS: 30}, Span{20, 50}, true},
		{"of a single request", &parse.Window{LengthUS: 30}, Span{10, 60}, true},
		{"never opened", &parse.Window{}, Span{}, false},
		{"no figures", nil, Span{}, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := Run{FromUS: 10, ToUS: 60}
			if c.window != nil {
				r.Block = &parse.Block{Window: *c.window}
			}
			if got, ok := r.Window(); got != c.want || ok != c.ok {
				t.Errorf("%v, %t; want %v, %t", got, ok, c.want, c.ok)
			}
		})
	}
}
