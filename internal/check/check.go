// Package check tries scenarios and scripts before there is any load: it runs
// them without a server, sends one iteration of a scenario to a target, through
// the same Lua that wrk will run, and says whether the answers are what the
// scenario expects and whether two targets answer alike. Nothing is measured here.
package check

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"taskbench/internal/plain"
	"taskbench/internal/server"
	"taskbench/lua"
	"taskbench/scenarios"
)

// Visit is one iteration against one target.
type Visit struct {
	Target  string
	Answers []Answer      // in the order of the steps, setup first; up to the first failure
	Took    time.Duration // of the measured steps
	Err     error         // the target could not be asked; nil when it answered, however wrongly
	// Certificate is a sentence on the server's, where the scenario has it verified.
	Certificate string
	// Proposed are changes with which the target would pass, or come further; only
	// where proposals were asked for. Passes tells whether it then does.
	Proposed []Change
	Passes   bool
}

// Answer is one step's exchange.
type Answer = lua.Exchange

// Failed returns the first answer that is not what the scenario expects.
func (v Visit) Failed() (Answer, bool) {
	for _, a := range v.Answers {
		if len(a.Unmet) > 0 {
			return a, true
		}
	}
	return Answer{}, false
}

// Unexpected says what is wrong with an answer that is not what the scenario expects.
func Unexpected(a Answer) string {
	return fmt.Sprintf("step %s got status %d, not as expected (%s): %s", a.Step, a.Status, strings.Join(a.Unmet, ", "), excerpt(a.Body))
}

// maxExcerpt is how many columns of a body are quoted.
const maxExcerpt = 160

// excerpt makes a body fit into a message.
func excerpt(body []byte) string {
	if len(body) == 0 {
		return "no body"
	}
	return plain.OneLine(string(body), maxExcerpt)
}

// Live sends one iteration of the scenario, as the target's overrides make it.
// Where its answers call for others (when:), those are the target's from then on,
// and another iteration is sent with them.
func Live(ctx context.Context, s *scenarios.Scenario, t server.Spec, seed int64) Visit {
	certificate, err := trust(ctx, s, t)
	if err != nil {
		return Visit{Target: t.Name, Err: err}
	}
	v := iteration(ctx, s, t, seed)
	v.Certificate = certificate
	statuses := map[string]int{}
	for _, a := range v.Answers {
		statuses[a.Step] = a.Status
	}
	if v.Err == nil && s.Answered(t.Name, statuses) {
		v = iteration(ctx, s, t, seed)
		v.Certificate = certificate
	}
	return v
}

func iteration(ctx context.Context, s *scenarios.Scenario, t server.Spec, seed int64) Visit {
	v := Visit{Target: t.Name}
	line := &line{ctx: ctx, address: t.URL, timeout: s.Load.Timeout}
	if line.timeout <= 0 {
		line.timeout = 10 * time.Second
	}
	defer line.close()
	variant := s.For(t.Name)
	var took []time.Duration
	v.Answers, v.Err = lua.DryRun(variant, lua.Options{Target: t.Name, URL: t.URL, Connections: 1, Seed: seed}, func(raw []byte) (int, http.Header, []byte, error) {
		asked := time.Now()
		defer func() { took = append(took, time.Since(asked)) }()
		return line.exchange(raw)
	})
	if closed, ok := errors.AsType[*unopened](v.Err); ok && len(v.Answers) == 0 {
		v.Err = server.NotAnswering(t, closed.err)
		return v
	}
	for i, a := range v.Answers {
		if slices.ContainsFunc(variant.Steps, func(s scenarios.Step) bool { return s.Name == a.Step }) {
			v.Took += took[i]
		}
	}
	return v
}
