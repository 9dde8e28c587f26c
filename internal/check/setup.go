package check

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"taskbench/internal/plain"
	"taskbench/internal/server"
	"taskbench/lua"
	"taskbench/scenarios"
)

// Setup is the setup of a scenario's virtual users at a target, which runs
// before any load: few at once, so that servers survive it.
type Setup struct {
	Scenario *scenarios.Scenario // as the target's overrides make it
	Target   server.Spec
	Options  lua.Options // of the script that is handed what comes out
	Run      string      // ${run}

	// Progress is told how many of how many are ready, and how long the others will
	// take. May be nil.
	Progress func(ready, users int, left time.Duration)
}

// Users are virtual users that have been set up.
type Users struct {
	Run        string // ${run} of their setup, and of what they send later
	Iterations uint64 // that each has had at most: its ${iteration} goes on behind them
	Lines      []string
}

// Do sets up all virtual users. The error says at which one it ended, and what
// the server answered.
func (s Setup) Do(ctx context.Context) (Users, error) {
	n, steps := s.Options.Connections, s.Scenario.Setup
	if !s.Scenario.SetupRules.Once {
		lines, err := s.all(ctx, part{"setup", 0, steps, false}, make([]string, n))
		return Users{Run: s.Run, Lines: lines}, err
	}
	var lines []string
	if once := s.Scenario.OnceSteps; once > 0 {
		var err error
		if lines, err = s.all(ctx, part{"setup", 0, steps[:once], false}, make([]string, 1)); err != nil {
			return Users{}, err
		}
		lines, steps = slices.Repeat(lines, n), steps[once:]
	}
	if len(steps) > 0 {
		var err error
		if lines, err = s.all(ctx, part{"before", 1, steps, false}, lines); err != nil {
			return Users{}, err
		}
	}
	return Users{Run: s.Run, Lines: lines}, nil
}

// part is a part of a scenario that is run outside wrk.
type part struct {
	name   string
	number int
	steps  []scenarios.Step
	goesOn bool // also where one user's answers are not as expected
}

// Leave has all virtual users send what they send when all is measured; those of a
// scenario without a setup are as many as there are connections.
func (s Setup) Leave(ctx context.Context, u Users) error {
	if len(s.Scenario.After) == 0 {
		return nil
	}
	_, err := s.all(ctx, part{"after", 2, s.Scenario.After, true}, s.linesOf(u))
	return err
}

// TearDown sends what is sent once behind that, as the first virtual user.
func (s Setup) TearDown(ctx context.Context, u Users) error {
	if len(s.Scenario.Teardown) == 0 {
		return nil
	}
	_, err := s.all(ctx, part{"teardown", 3, s.Scenario.Teardown, true}, s.linesOf(u)[:1])
	return err
}

func (s Setup) linesOf(u Users) []string {
	if len(u.Lines) > 0 {
		return u.Lines
	}
	return make([]string, s.Options.Connections)
}

// outcome is what became of one virtual user.
type outcome struct {
	number int
	line   string
	err    error
	by     *hand

	answered bool // what went wrong is an answer
}

// all has users run a part, from the line that each comes with to the one that it
// leaves behind, as many at once as the pace allows. After a failure those that have
// begun are waited for, and no other begins.
func (s Setup) all(ctx context.Context, of part, from []string) ([]string, error) {
	n := len(from)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	began := time.Now()
	pace := newPace(s.Scenario.SetupRules.AtOnce, began)
	lines, done := make([]string, n), make(chan outcome)
	var idle []*hand
	var failed, noted error
	next, running, ready := 1, 0, 0
	for ready < n {
		for next <= n && running < pace.atOnce && failed == nil {
			h, err := s.hand(ctx, of, &idle)
			if err != nil {
				failed = err
				break
			}
			go func(number int) { done <- h.setUp(number, from[number-1]) }(next)
			next, running = next+1, running+1
		}
		if running == 0 {
			break
		}
		o := <-done
		running--
		idle = append(idle, o.by)
		if o.answered && of.goesOn {
			noted, o.err = cmp.Or(noted, of.failure(ctx, o, ready, n)), nil
		}
		switch {
		case o.err == nil:
			lines[o.number-1] = o.line
			ready++
			pace.done(time.Now())
			s.tell(ready, n, time.Since(began))
		case failed == nil:
			failed = of.failure(ctx, o, ready, n)
			cancel()
		}
	}
	for _, h := range idle {
		h.line.close()
	}
	return lines, cmp.Or(failed, noted)
}

// tell passes on how far it is.
func (s Setup) tell(ready, n int, took time.Duration) {
	if s.Progress != nil {
		s.Progress(ready, n, time.Duration(float64(took)/float64(ready)*float64(n-ready)))
	}
}

// failure says which virtual user could not be set up, and why.
func (p part) failure(ctx context.Context, o outcome, ready, n int) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	return fmt.Errorf("%s failed at virtual user %d of %d (%d were ready): %w", p.name, o.number, n, ready, o.err)
}

// hand sets up one virtual user after the other.
type hand struct {
	*lua.Setup
	ctx     context.Context // of one Do, which a hand does not outlive
	line    *line
	retries int
}

// hand is one that has nothing to do, or a new one.
func (s Setup) hand(ctx context.Context, of part, idle *[]*hand) (*hand, error) {
	if n := len(*idle); n > 0 {
		h := (*idle)[n-1]
		*idle = (*idle)[:n-1]
		return h, nil
	}
	setup, err := lua.NewPart(s.Scenario, of.steps, s.Options, s.Run, of.number)
	l := &line{ctx: ctx, address: s.Target.URL, timeout: s.Scenario.Load.Timeout + setupPatience}
	return &hand{Setup: setup, ctx: ctx, line: l, retries: s.Scenario.SetupRules.Retries}, err
}

// How long an answer of a setup may take beyond one under load: longer than servers
// wait for their database (30 s), so that what they then answer is heard. How often a step
// is sent again whose connection broke, and how long is waited before the first
// time: twice as long before the next.
const (
	setupPatience = 60 * time.Second
	resends       = 3
	firstPause    = 250 * time.Millisecond
)

// setUp sets one up. A step that got no answer is sent again, as scripts do; one
// that the server could not do yet as often as the scenario says.
func (h *hand) setUp(number int, from string) outcome {
	h.Come(from)
	pause := firstPause
	for again := 0; ; again++ {
		line, last, err := h.User(number, h.line.exchange)
		if err != nil {
			h.line.close()
		}
		if line != "" {
			return outcome{number: number, line: line, by: h}
		}
		if h.ctx.Err() != nil || again >= h.allowed(last, err) {
			return outcome{number: number, err: refusal(last, err, again), by: h, answered: err == nil}
		}
		wait(h.ctx, pause)
		pause *= 2
	}
}

// allowed is how often a step may be asked again.
func (h *hand) allowed(last lua.Exchange, err error) int {
	switch {
	case err != nil:
		return max(h.retries, resends)
	case last.Status == http.StatusTooManyRequests || last.Status >= 500:
		return h.retries
	}
	return 0
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// maxAnswer is how many columns of an answer are quoted.
const maxAnswer = 200

// refusal is the answer that ended a setup.
func refusal(last lua.Exchange, err error, again int) error {
	times := ""
	if again > 0 {
		times = fmt.Sprintf(", asked %d times", again+1)
	}
	if err != nil {
		return fmt.Errorf("%w%s", err, times)
	}
	body := plain.OneLine(string(last.Body), maxAnswer)
	return fmt.Errorf("step %s got %d %s, not as expected (%s)%s", last.Step, last.Status, body, strings.Join(last.Unmet, ", "), times)
}

// errRefused says that a server does not take what an earlier setup made.
var errRefused = errors.New("the server does not take what was set up before")

// Try sends one iteration of the first virtual user that was set up before, and
// is an error when a server does not take what its setup made.
func (s Setup) Try(ctx context.Context, u Users) error {
	l := &line{ctx: ctx, address: s.Target.URL, timeout: s.Scenario.Load.Timeout + setupPatience}
	defer l.close()
	exchanges, err := lua.DryRunOf(u.line(0), u.Run, s.Scenario, s.Options, l.exchange)
	if err != nil {
		return err
	}
	if _, failed := (Visit{Answers: exchanges}).Failed(); failed {
		return errRefused
	}
	return nil
}

// line is what the script of a virtual user is handed.
func (u Users) line(i int) string {
	_, made, _ := strings.Cut(u.Lines[i], " ")
	return fmt.Sprint(u.Iterations, " ", made)
}

// Write makes the file that a script is handed. What is in it opens accounts: it
// is for this user's eyes only.
func (u Users) Write(path string) error {
	var b strings.Builder
	for i := range u.Lines {
		b.WriteString(u.line(i) + "\n")
	}
	return os.WriteFile(path, []byte(b.String()), 0o600)
}
