package bench

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"taskbench/internal/search"
	"taskbench/internal/server"
	"taskbench/results"
	"taskbench/scenarios"
)

// looking is a search on servers that exceed beyond 1000/s.
func looking(p Plan, repeats int) Search {
	g := search.Goal{Width: 0.05, Exceed: 0.5, Initial: time.Second, Final: 2 * time.Second, Sum: 6 * time.Second, Least: 1, Most: 100_000}
	return Search{
		Plan:      search.Plan{Goal: g, Targets: len(p.Targets), Repeats: repeats, Start: 500, Seed: 1},
		Objective: []scenarios.Bound{{Metric: "p95", Op: "<", Limit: 20_000, Text: "< 20ms"}},
		Judge: func(t *results.Trial, ask search.Ask, users int, objective []results.Expectation) results.Sought {
			s := results.Sought{RatePS: ask.Rate, LengthS: ask.Length.Seconds(), CarriedPS: min(ask.Rate, 1000), Users: users, Void: t.Error}
			if ask.Rate > 1000 {
				s.Exceeded = []string{objective[0].Metric + " " + objective[0].Text}
			}
			return s
		},
		Told: func(search.Ask, results.Trial, search.Bounds) {},
	}
}

// searchPlan has one cell, at a rate.
func searchPlan(t *testing.T) Plan {
	p := plan(t, 1)
	p.Cells = p.Cells[:1]
	p.Cells[0].Rate.Rate = 1
	return p
}

// did are what was done to which server, in turn.
func did(log []string) string {
	var list []string
	for _, line := range log {
		words := strings.Fields(line)
		list = append(list, words[0][:1]+words[1][len(words[1])-1:])
	}
	return strings.Join(list, " ")
}

// TestSearch has servers of its own in each repeat, which are up together and take
// turns; documents hold what was looked for, and every trial.
func TestSearch(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), searchPlan(t)
	docs := begin(p)
	if err := w.runner(t).Search(t.Context(), p, survey(p), docs, looking(p, 2)); err != nil {
		t.Fatal(err)
	}
	all := did(w.log)
	if n := strings.Count(all, "oa"); n != 2 || strings.Count(all, "ob") != 2 || strings.Count(all, "sa") != 2 || strings.Count(all, "sb") != 2 {
		t.Errorf("servers are to be started once each repeat: %s", all)
	}
	if strings.Contains(all, "la la la") || strings.Contains(all, "lb lb lb lb") {
		t.Errorf("trials are to take turns: %s", all)
	}
	if w.open != 0 {
		t.Errorf("%d servers are still up", w.open)
	}
	for _, d := range docs {
		m := d.Scenarios[0]
		if !d.Complete || m.Search == nil || m.Search.StartPS != 500 || m.Search.Objective[0].Text != "< 20ms" || m.Search.Alone {
			t.Errorf("%s: complete %t, search %+v", d.Implementation, d.Complete, m.Search)
		}
		var trials []search.Trial
		for _, tr := range m.Trials {
			if tr.Wrk != nil || tr.Sought.Users < 1 {
				t.Errorf("%s: a trial keeps what the generator printed, or no number of users", d.Implementation)
			}
			if tr.Pair == 2 {
				s := tr.Sought
				trials = append(trials, search.Trial{Rate: s.RatePS, Length: time.Duration(s.LengthS * float64(time.Second)), Exceeded: len(s.Exceeded) > 0, Carried: s.CarriedPS})
			}
		}
		if b := looking(p, 2).Goal.Bounds(trials); !(b.Lower <= 1000 && b.Upper > 1000 && b.Upper/b.Lower < 1.051) {
			t.Errorf("%s: its document gives %+v", d.Implementation, b)
		}
	}
}

// TestSearchOfServersThatCannotBeUpTogether has one that does not start beside the
// other, and two at one address: they come one after the other.
func TestSearchOfServersThatCannotBeUpTogether(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*world, *Plan, *Runner){
		"does not start": func(w *world, p *Plan, r *Runner) {
			for i := range p.Targets {
				p.Targets[i].Start = "./server"
			}
			r.Open = func(ctx context.Context, s server.Spec) (Server, error) {
				if w.open > 0 {
					return nil, errors.New("the port is taken")
				}
				return w.openServer(ctx, s)
			}
		},
		"one address": func(_ *world, p *Plan, _ *Runner) { p.Targets[1].URL = p.Targets[0].URL },
	} {
		w, p := newWorld(), searchPlan(t)
		r := w.runner(t)
		change(w, &p, r)
		docs := begin(p)
		if err := r.Search(t.Context(), p, survey(p), docs, looking(p, 2)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all := did(w.log)
		for _, bad := range []string{"oa ob", "ob oa", "la ob", "lb oa"} {
			if strings.Contains(strings.TrimPrefix(all, "oa la "), bad) && !strings.HasPrefix(all, "oa la ob") {
				t.Errorf("%s: both are up: %s", name, all)
			}
		}
		if !docs[0].Scenarios[0].Search.Alone || !docs[1].Complete {
			t.Errorf("%s: alone %t, complete %t", name, docs[0].Scenarios[0].Search.Alone, docs[1].Complete)
		}
	}
}

func TestSearchThatIsInterrupted(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), searchPlan(t)
	ctx, cancel := context.WithCancel(t.Context())
	w.onLoad = func(n int) {
		if n == 7 {
			cancel()
		}
	}
	docs := begin(p)
	err := w.runner(t).Search(ctx, p, survey(p), docs, looking(p, 5))
	if err == nil || !strings.Contains(err.Error(), "interrupted in repeat 1 of 5: what was measured is kept") {
		t.Errorf("error %v", err)
	}
	if n := len(docs[0].Scenarios[0].Trials) + len(docs[1].Scenarios[0].Trials); n != 6 || docs[0].Complete || w.open != 0 {
		t.Errorf("%d trials are kept, complete %t, %d servers up; want the 6 that were whole", n, docs[0].Complete, w.open)
	}
}

// TestSearchThatBringsNothing is given up after three trials without figures.
func TestSearchThatBringsNothing(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), searchPlan(t)
	w.fails = func(target string, _ int) error {
		if target == "b" {
			return errors.New("setup failed")
		}
		return nil
	}
	err := w.runner(t).Search(t.Context(), p, survey(p), begin(p), looking(p, 5))
	if err == nil || !strings.Contains(err.Error(), "b: 3 trials in a row brought no figures: setup failed") || w.open != 0 {
		t.Errorf("error %v, %d servers up", err, w.open)
	}
}

// TestTrialsHaveWhatTheirRateTakes: more users at a higher rate, a longer window at a
// low one, and where a scenario says how many users there are, those.
func TestTrialsHaveWhatTheirRateTakes(t *testing.T) {
	t.Parallel()
	p := searchPlan(t)
	k := &searching{Search: looking(p, 1), campaign: &campaign{cells: []*cellRun{{Cell: p.Cells[0]}}, survey: survey(p)}}
	k.cells[0].AutoUsers = true
	at := func(rate float64) *cellRun { return k.at(search.Ask{Rate: rate, Length: 2 * time.Second}) }
	if low, high := at(10), at(3000); low.Connections >= high.Connections || low.Rate.Rate != 10 || high.Duration != 2*time.Second {
		t.Errorf("%d users at 10/s, %d at 3000/s for %v", low.Connections, high.Connections, high.Duration)
	}
	if d := at(10).Duration; d.Round(time.Millisecond) != 10*time.Second {
		t.Errorf("a trial at 10/s lasts %v: 100 answers for p95 take 10s", d)
	}
	if d := at(0.01).Duration; d != longestTrial {
		t.Errorf("a trial at 36/h lasts %v", d)
	}
	k.cells[0].AutoUsers, k.cells[0].Connections = false, 7
	if n := at(3000).Connections; n != 7 {
		t.Errorf("%d users, the scenario says 7", n)
	}
}
