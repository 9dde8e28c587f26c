package parse

import (
	"fmt"
	"strconv"
)

// checkBlock holds a decoded block against its own arithmetic.
func checkBlock(b *Block) error {
	checks := []func(*Block) error{checkHead, checkUsers, checkWindow, checkSteps, checkIterations, checkSeconds, checkSlots, checkRate, checkWrk}
	for _, check := range checks {
		if err := check(b); err != nil {
			return err
		}
	}
	return nil
}

func checkHead(b *Block) error {
	if b.Scenario == "" {
		return fmt.Errorf("scenario is empty")
	}
	switch b.Mode {
	case "flow", "mix", "request":
		return nil
	}
	return fmt.Errorf("mode is %q, not flow, mix or request", b.Mode)
}

func checkUsers(b *Block) error {
	asked, started, ready := b.VirtualUsersAsked, b.VirtualUsersStarted, b.VirtualUsersReady
	if ready < 0 || ready > started || started > asked {
		return fmt.Errorf("virtual users: %d asked, %d started, %d ready", asked, started, ready)
	}
	if s := b.Share; s != nil && (s.Place < 1 || s.Places < s.Place) {
		return fmt.Errorf("share %d of %d", s.Place, s.Places)
	}
	return nil
}

func checkWindow(b *Block) error {
	w := b.Window
	if w.OpenUS < 0 || w.LengthUS < 0 {
		return fmt.Errorf("window opens at %g µs and is %g µs long", w.OpenUS, w.LengthUS)
	}
	if w.AskedUS < 0 || w.AskedUS > 0 && w.LengthUS > w.AskedUS+1 {
		return fmt.Errorf("window is %g µs long, and was to be %g µs", w.LengthUS, w.AskedUS)
	}
	return nil
}

func checkSteps(b *Block) error {
	if len(b.Steps) == 0 {
		return fmt.Errorf("steps is empty")
	}
	if err := checkStepList("setup", b.Setup, 0); err != nil {
		return err
	}
	if err := checkStepList("steps", b.Steps, b.Surplus); err != nil {
		return err
	}
	var sum uint64
	for i := range b.Steps {
		sum += b.Steps[i].Unmet[lost]
	}
	if sum > b.Lost {
		return fmt.Errorf("steps lost %d requests, lost is %d", sum, b.Lost)
	}
	return nil
}

// lost is the expectation that a request is answered at all: what misses it is
// no answer.
const lost = "lost"

// checkStepList allows a surplus of answers whose step is not known: they have a
// status, and are no answers.
func checkStepList(list string, steps []BlockStep, surplus uint64) error {
	names := map[string]bool{}
	for i := range steps {
		where := fmt.Sprintf("%s[%d]", list, i)
		if names[steps[i].Name] {
			return fmt.Errorf("%s.name %q was there before", where, steps[i].Name)
		}
		names[steps[i].Name] = true
		if err := checkStep(where, &steps[i], surplus); err != nil {
			return err
		}
	}
	return nil
}

func checkStep(where string, s *BlockStep, surplus uint64) error {
	switch {
	case s.Name == "":
		return fmt.Errorf("%s.name is empty", where)
	case s.Good > s.Answers || s.Late > s.Answers-s.Good:
		return fmt.Errorf("%s: %d good and %d late of %d answers", where, s.Good, s.Late, s.Answers)
	}
	if err := checkStatuses(where, s, surplus); err != nil {
		return err
	}
	for what, n := range s.Unmet {
		if n > s.Answers-s.Good+surplus && what != lost {
			return fmt.Errorf("%s.unmet[%q] is %d, but only %d answers were not good", where, what, n, s.Answers-s.Good)
		}
	}
	if s.Latency == nil {
		return nil
	}
	if s.Latency.Count != s.Answers {
		return fmt.Errorf("%s.latency.count is %d, answers is %d", where, s.Latency.Count, s.Answers)
	}
	return checkLatency(where+".latency", s.Latency)
}

// checkStatuses accepts a step without any statuses: in request mode without
// response() nobody sees them.
func checkStatuses(where string, s *BlockStep, surplus uint64) error {
	if len(s.Statuses) == 0 {
		return nil
	}
	var sum uint64
	for status, n := range s.Statuses {
		if code, err := strconv.Atoi(status); err != nil || code < 0 || code > 999 {
			return fmt.Errorf("%s.statuses has the key %q, which is no HTTP status", where, status)
		}
		sum += n
	}
	if all := s.Answers + s.LeftOut + s.Redirected + s.Retried; all < s.Answers || sum < all || sum-all > surplus {
		return fmt.Errorf("%s.statuses add up to %d, answers is %d, left_out %d, redirected %d, retried %d", where, sum, s.Answers, s.LeftOut, s.Redirected, s.Retried)
	}
	return nil
}

func checkIterations(b *Block) error {
	if b.Iterations != nil && b.Mode != "flow" {
		return fmt.Errorf("iterations in mode %s", b.Mode)
	}
	if len(b.Journeys) > 0 && b.Mode != "mix" {
		return fmt.Errorf("journeys in mode %s", b.Mode)
	}
	names := map[string]bool{}
	for i := range b.Journeys {
		where, j := fmt.Sprintf("journeys[%d]", i), &b.Journeys[i]
		if j.Name == "" || names[j.Name] {
			return fmt.Errorf("%s.name %q is empty, or was there before", where, j.Name)
		}
		names[j.Name] = true
		if err := checkWhole(where, &j.BlockIterations); err != nil {
			return err
		}
	}
	return checkWhole("iterations", b.Iterations)
}

func checkWhole(where string, it *BlockIterations) error {
	if it == nil || it.Latency == nil {
		return nil
	}
	if it.Latency.Count != it.Completed {
		return fmt.Errorf("%s.latency.count is %d, completed is %d", where, it.Latency.Count, it.Completed)
	}
	return checkLatency(where+".latency", it.Latency)
}

func checkSeconds(b *Block) error {
	var seconds, steps uint64
	for _, s := range b.PerSecond {
		seconds += s.Good
	}
	for _, s := range b.Steps {
		steps += s.Good
	}
	if seconds > steps {
		return fmt.Errorf("per_second counts %d good answers, steps %d", seconds, steps)
	}
	return nil
}

func checkSlots(b *Block) error {
	s := b.Slots
	if s == nil {
		return nil
	}
	n := len(s.Sent)
	if s.SlotUS < 0 || s.GapUS < 0 || len(s.Counted) != n || len(s.SpanUS) != n || len(s.Bad) != n && len(s.Bad) != 0 {
		return fmt.Errorf("slots: %d sent, %d counted, %d bad, %d spans", n, len(s.Counted), len(s.Bad), len(s.SpanUS))
	}
	for i, span := range s.SpanUS {
		if !(span >= 0) {
			return fmt.Errorf("slots: round %d counts %d answers in %g µs", i, s.Counted[i], span)
		}
		if len(s.Bad) > 0 && s.Bad[i] > s.Counted[i] {
			return fmt.Errorf("slots: round %d counts %d answers in %g µs, %d of them bad", i, s.Counted[i], span, s.Bad[i])
		}
	}
	return nil
}

func checkRate(b *Block) error {
	r := b.Rate
	if r == nil {
		return nil
	}
	if r.Unsent > r.Due || !(r.LagSumUS >= 0) || !(r.LagSquares >= 0) || !(r.LagMostUS >= 0) || !(r.KeptUpUS >= 0) {
		return fmt.Errorf("rate: %d due, %d unsent, lag of %g µs in sum, %g µs² of squares, %g µs at most", r.Due, r.Unsent, r.LagSumUS, r.LagSquares, r.LagMostUS)
	}
	if len(r.Service) != len(b.Steps) {
		return fmt.Errorf("rate.service has %d steps, not %d", len(r.Service), len(b.Steps))
	}
	for i := range r.Service {
		if n := b.Steps[i].Answers; r.Service[i].Count != n {
			return fmt.Errorf("rate.service[%d].count is %d, answers is %d", i, r.Service[i].Count, n)
		}
		if err := checkLatency(fmt.Sprintf("rate.service[%d]", i), &r.Service[i]); err != nil {
			return err
		}
	}
	return checkStages(b)
}

func checkStages(b *Block) error {
	var due, answers, all uint64
	for i, s := range b.Rate.Stages {
		if s.Unsent > s.Due || !(s.KeptUpUS >= 0) || !(s.LengthUS > 0) || !(s.FromPS >= 0) || !(s.ToPS >= 0) {
			return fmt.Errorf("rate.stages[%d]: %d due, %d unsent, kept up for %g µs", i, s.Due, s.Unsent, s.KeptUpUS)
		}
		for _, l := range []*BlockLatency{s.Latency, s.Service} {
			if l == nil || l.Count != s.Good+s.Failed || checkLatency("", l) != nil {
				return fmt.Errorf("rate.stages[%d] has %d answers, and another number of latencies", i, s.Good+s.Failed)
			}
		}
		due, answers = due+s.Due, answers+s.Good+s.Failed
	}
	for _, s := range b.Steps {
		all += s.Answers
	}
	if len(b.Rate.Stages) > 0 && (due != b.Rate.Due || answers != all) {
		return fmt.Errorf("rate.stages have %d due and %d answers, rate has %d and steps %d", due, answers, b.Rate.Due, all)
	}
	return nil
}

// exactInteger is the largest integer up to which a Lua number is exact.
const exactInteger = 1 << 53

func checkWrk(b *Block) error {
	w := b.Wrk
	if w.Threads < 1 || w.Connections < w.Threads {
		return fmt.Errorf("wrk: %d threads, %d connections", w.Threads, w.Connections)
	}
	var sum uint64
	for i, bar := range w.Latency {
		if bar[0] > exactInteger || bar[1] == 0 || bar[1] > exactInteger || sum > exactInteger {
			return fmt.Errorf("wrk.latency[%d] is %d samples at %d µs", i, bar[1], bar[0])
		}
		sum += bar[1]
		if i > 0 && bar[0] <= w.Latency[i-1][0] {
			return fmt.Errorf("wrk.latency[%d] is %d µs, not above the one before, %d µs", i, bar[0], w.Latency[i-1][0])
		}
	}
	return nil
}
