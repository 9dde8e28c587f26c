package lint

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"taskbench/scenarios"
)

// neverFails finds statuses that are all statuses, and expressions that match any
// text.
func (f *finder) neverFails() {
	for _, step := range f.s.AllSteps() {
		if allStatuses(step.Expect.Statuses) {
			f.add(step.Pos, "name those that a good answer has, or leave status out for any below 400", "step %s expects any status", step.Name)
		}
		for what, m := range matches(step.Expect) {
			if m.Kind == scenarios.MatchRegex && matchesAll(m.Text) {
				f.add(m.Pos, "write exists, or what it must hold", "%s of step %s matches any text: %s", what, step.Name, m.Text)
			}
		}
		if r := step.Control.Repeat; r != nil && r.Answer != nil && r.Kind == scenarios.Until && onlyStatus(*r.Answer) && covers(r.Answer.Statuses, step.Expect) {
			f.add(step.Pos, "ask for something that the last answer alone has", "step %s is repeated until an answer is good, which the first one is", step.Name)
		}
	}
}

func matches(e scenarios.Expect) func(func(string, scenarios.Match) bool) {
	return func(yield func(string, scenarios.Match) bool) {
		for _, m := range e.JSON {
			if !yield("json "+m.Label, m.Match) {
				return
			}
		}
		for _, m := range e.Headers {
			if !yield("header "+m.Name, m.Match) {
				return
			}
		}
		for _, m := range e.Body {
			if !yield("body", m) {
				return
			}
		}
	}
}

// matchesAll reports whether an expression matches whatever it is held against.
func matchesAll(expr string) bool {
	re, err := regexp.Compile(expr)
	return err == nil && re.MatchString("") && re.MatchString("\x00a{1]\n") && re.MatchString("\n\n")
}

func onlyStatus(e scenarios.Expect) bool { return len(e.JSON)+len(e.Headers)+len(e.Body) == 0 }

func accepts(ranges []scenarios.StatusRange, status int) bool {
	if len(ranges) == 0 {
		return status < 400
	}
	return slices.ContainsFunc(ranges, func(r scenarios.StatusRange) bool { return r.Low <= status && status <= r.High })
}

func allStatuses(ranges []scenarios.StatusRange) bool {
	for status := 200; status < 600; status++ {
		if !accepts(ranges, status) {
			return false
		}
	}
	return true
}

// covers reports whether all that a step takes is among statuses.
func covers(ranges []scenarios.StatusRange, e scenarios.Expect) bool {
	for status := 200; status < 600; status++ {
		if accepts(e.Statuses, status) && !accepts(ranges, status) {
			return false
		}
	}
	return true
}

// noExpectation finds steps of which nothing is asked.
func (f *finder) noExpectation() {
	for _, step := range slices.Concat(f.s.Setup, f.s.Steps) {
		e := step.Expect
		if len(e.Statuses) == 0 && e.StatusOf == nil && onlyStatus(e) && len(step.Captures) == 0 && (step.Control.Repeat == nil || step.Control.Repeat.Answer == nil) {
			f.add(step.Pos, "write expect: {status: 200}", "step %s is good with any status below 400: a redirect to a login page, too", step.Name)
		}
	}
}

func (f *finder) grows() {
	if steps := leavesBehind(f.s); len(steps) > 0 {
		f.add(steps[0].Pos, "delete it in the same iteration, or say what grows (grows: [users])",
			"what %s creates stays behind in every iteration, and may make later ones slower", names(steps))
	}
}

var (
	passwordPath = regexp.MustCompile(`(?i)/(register|sign-?up|log-?in|sign-?in|auth|token|sessions?|password)s?(/|\?|$)`)
	passwordKey  = regexp.MustCompile(`(?i)"?(password|passwd|pwd|secret)"?[:=]`)
)

// passwords finds measured steps in which a server hashes a password.
func (f *finder) passwords() {
	for _, step := range f.s.Steps {
		if passwordPath.MatchString(step.Path.String()) && passwordKey.MatchString(step.Body.Content.String()) {
			f.add(step.Pos, "send it in setup, or say under lint: why it is what you measure", "step %s has the server hash a password, which takes longer than all else", step.Name)
		}
	}
}

// leastWarmup is how long connections, caches and compilers need at least.
const leastWarmup = time.Second

func (f *finder) shortWarmup() {
	warmup := f.s.Load.Warmup
	if pauses := f.pauses(); pauses > warmup {
		f.add(f.s.LoadPos, "make it longer than an iteration", "the warm-up of %v is over before virtual users have been through an iteration, whose pauses take %v", warmup, pauses)
		return
	}
	if warmup < leastWarmup {
		f.add(f.s.LoadPos, "write warmup: 2s", "a warm-up of %v: connections, caches and compilers of the server begin within what is measured", warmup)
	}
}

// pauses is how long a virtual user pauses in the longest way that an iteration may go.
func (f *finder) pauses() (longest time.Duration) {
	for _, way := range f.s.Ways() {
		longest = max(longest, f.s.PausesOf(way))
	}
	return longest
}

func (f *finder) busyPolling() {
	for _, step := range f.s.AllSteps() {
		if r := step.Control.Repeat; r != nil && r.Kind != scenarios.Count && r.Answer != nil && r.Wait == 0 && f.s.ThinkAfter(&step).Mean == 0 {
			f.add(step.Pos, "add wait: 100ms to repeat", "step %s is repeated %s something happens as fast as it is answered: the polling is then the load", step.Name, r.Kind)
		}
	}
}

func names(steps []scenarios.Step) string {
	list := make([]string, len(steps))
	for i, s := range steps {
		list[i] = s.Name
	}
	return strings.Join(list, ", ")
}
