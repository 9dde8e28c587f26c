package results

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"taskbench/parse"
)

// untrusted says why a run has no figures to trust; "" when it has.
func untrusted(b *parse.Block, t Trial, c Circumstances) string {
	for _, s := range b.Setup {
		if s.Good < s.Answers {
			return fmt.Sprintf("setup failed at virtual user %d of %d: step %s%s", s.Good+1, b.VirtualUsersAsked, s.Name, firstUnmet(s))
		}
		if n := s.Unmet["lost"]; n > 0 {
			return fmt.Sprintf("setup step %s was never answered for %d of %d virtual users: their connections broke again and again", s.Name, n, b.VirtualUsersAsked)
		}
	}
	switch {
	case t.WindowS <= 0 && t.Slots != nil && t.Slots.Rounds() > 0 && t.Answers+t.Slots.LeftOut == 0:
		return "the server answered nothing in its slots"
	case t.WindowS <= 0 && t.Slots != nil && b.Unanswered > 0:
		return fmt.Sprintf("no slot was measured to its end: %d requests were never answered within the timeout", b.Unanswered)
	case t.WindowS <= 0 && t.Slots != nil && t.Slots.AllSent() > 0:
		return fmt.Sprintf("slots of %g ms are too short: no virtual user got more than one answer in any of them", t.Slots.SlotS*1000)
	case t.WindowS <= 0:
		return fmt.Sprintf("the measurement window never opened: %d of %d virtual users were ready", b.VirtualUsersReady, b.VirtualUsersAsked)
	case t.Answers == 0 && b.Unanswered == 0 && longest(c.Pauses).Seconds() >= t.WindowS:
		return fmt.Sprintf("no virtual user got an answer in the measurement window of %.3g s: they pause for %v; take a longer duration", t.WindowS, longest(c.Pauses))
	case t.Answers == 0:
		return "the server answered nothing in the measurement window"
	}
	if s, none := edge(b, t, c); none {
		return s
	}
	return ""
}

func longest(pauses map[string]Pause) (most time.Duration) {
	for _, p := range pauses {
		most = max(most, p.Mean)
	}
	return most
}

func firstUnmet(s parse.BlockStep) string {
	if s.Example == nil {
		return ""
	}
	return fmt.Sprintf(" got %d %q, not as expected (%s)", s.Example.Status, s.Example.Body, s.Example.Unmet)
}

// warnings are what the figures say against themselves.
func warnings(b *parse.Block, t Trial, c Circumstances) []string {
	if t.Error != "" {
		return nil
	}
	var w []string
	add := func(format string, args ...any) { w = append(w, fmt.Sprintf(format, args...)) }
	if n := b.VirtualUsersAsked - b.VirtualUsersStarted; n > 0 {
		add("%d of %d virtual users never started: the load was lower than asked", n, b.VirtualUsersAsked)
	}
	if n := b.VirtualUsersStarted - b.VirtualUsersReady; n > 0 && len(b.Setup) > 0 {
		add("%d of %d virtual users did not finish their setup", n, b.VirtualUsersStarted)
	}
	if b.Lost > 0 {
		add("%d requests were lost: the connection broke before the answer", b.Lost)
	}
	if b.Unanswered > 0 {
		add("%d requests were never answered within the timeout, and are in no percentile", b.Unanswered)
	}
	if b.Surplus > 0 {
		add("%d answers came beyond the requests (interim ones such as 100 or 103, or second ones) and are not counted as answers", b.Surplus)
	}
	if t.Broken > 0 {
		add("%d connections broke after an answer was complete, without a word that they would: closed, or behind bytes that belong to no answer", t.Broken)
	}
	if late := lateSteps(b.Steps); late != "" {
		add("answers slower than the timeout count as failed: %s", late)
	}
	if e := b.Wrk.Errors; e.Connect > 0 || b.Lost+t.Broken == 0 && e.Read+e.Write > 0 {
		add("wrk counted socket errors over its whole run: connect %d, read %d, write %d", e.Connect, e.Read, e.Write)
	}
	if s := littleWarning(b, t, c); s != "" {
		w = append(w, s)
	}
	if s, none := edge(b, t, c); s != "" && !none { // what is none is the trial's error
		w = append(w, s)
	}
	return w
}

func lateSteps(steps []parse.BlockStep) string {
	var late []string
	for _, s := range steps {
		if s.Late > 0 {
			late = append(late, fmt.Sprintf("%s %d", s.Name, s.Late))
		}
	}
	slices.Sort(late)
	return strings.Join(late, ", ")
}

// What Little's law may be off before it is worth a sentence: a virtual user
// spends some microseconds between an answer and the next request, and a
// window cuts through the requests at its ends.
const (
	littleHigh    = 1.25
	littleLow     = 0.85
	littleAnswers = 20 // a connection; fewer and the window's ends decide
)

// pause is for how long virtual users pause behind an answer, in the mean over all
// answers, and by how much those that were drawn may be off: three standard errors. In µs.
func pause(t Trial, c Circumstances) (mean, off float64) {
	var sum, variance float64
	for _, s := range t.Steps {
		p, n := c.Pauses[s.Name], float64(s.Answers)
		sum += n * float64(p.Mean.Microseconds())
		variance += n * float64(p.SD.Microseconds()) * float64(p.SD.Microseconds())
	}
	answers := float64(max(t.Answers, 1))
	return sum / answers, 3 * math.Sqrt(variance) / answers
}

// littleWarning holds connections against throughput × (mean latency + pause), which
// are equal when every virtual user always waits or pauses; at a rate they wait for it.
func littleWarning(b *parse.Block, t Trial, c Circumstances) string {
	users := b.VirtualUsersStarted
	if b.Rate != nil || c.Varied || t.Latency == nil || users < 1 || t.Answers < uint64(littleAnswers*users) || t.Lost+t.Unanswered+t.Surplus > 0 {
		return ""
	}
	pause, off := pause(t, c)
	cycle := t.Latency.MeanUS + pause
	switch r := parse.LittleRatio(users, perSecond(t.Answers, t.WindowS), cycle); {
	case r > littleHigh+off/cycle:
		return fmt.Sprintf("virtual users waited for the server only %.0f %% of the time: the generator was at its limit, or connections hung", 100/r)
	case r > 0 && r < littleLow-off/cycle:
		return fmt.Sprintf("throughput and latency contradict each other: together they need %.1f connections, there were %d", float64(users)/r, users)
	}
	return ""
}

// What the ends of a window may be wrong by before it is worth a sentence, and
// from where on a throughput is none.
const (
	edgeLimit   = 0.05
	edgeNothing = 0.5
)

// edge says by how much the ends of the window may shift throughput: at most
// one answer of each virtual user that waits for one is cut off. Slow answers
// are cut off first, so the percentiles are then too low. Where most of what
// could be counted may be cut off, the figures are none. At a rate nothing is cut
// off: what was due in the window counts whenever it is answered.
func edge(b *parse.Block, t Trial, c Circumstances) (text string, none bool) {
	if b.Rate != nil || t.Latency == nil || t.Answers == 0 || t.Latency.MeanUS <= 0 {
		return "", false
	}
	mean, users, answers := t.Latency.MeanUS, float64(b.VirtualUsersStarted), float64(t.Answers)
	waiting := users
	if len(c.Pauses) > 0 { // in the mean, by what is known of the pauses, and by Little's law
		pause, _ := pause(t, c)
		waiting = min(users*mean/(mean+pause), answers*mean/1e6/t.WindowS)
	}
	share := waiting / answers
	if share <= edgeLimit {
		return "", false
	}
	return fmt.Sprintf("the window of %.3g s is short against the mean latency of %.3g s: its ends may shift throughput by up to %.0f %%, and cut off the slowest answers; take a duration of %.0f s or more",
		t.WindowS, mean/1e6, 100*share, t.WindowS*share/edgeLimit+0.5), share > edgeNothing
}
