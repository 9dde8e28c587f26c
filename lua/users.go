package lua

import (
	"strings"

	"taskbench/internal/luavm"
	"taskbench/scenarios"
)

// Users are virtual users of a scenario in the embedded VM, through the same Lua
// that wrk would run. Each sends its next request when it is told to, and no
// other does meanwhile. Clock and environment are the real ones.
type Users struct {
	dryRun
	process *luavm.Process
}

// NewUsers makes as many as there are connections; of a scenario with a setup they
// have been through it: lines are what Setup gave for each, in the order of their
// numbers, and run is the ${run} of it.
func NewUsers(s *scenarios.Scenario, o Options, run string, lines []string) (*Users, error) {
	added := ""
	if s.Mode == scenarios.Mix {
		added = inTurn
	}
	u := &Users{dryRun: dryRun{threads: o.Connections}}
	var err error
	u.process, err = u.start(s, o, added, handedOver(run, lines), func(string) ([]byte, error) { return []byte(strings.Join(lines, "\n") + "\n"), nil })
	if err != nil {
		return nil, err
	}
	return u, nil
}

// handedOver is the environment of a script that is handed users.
func handedOver(run string, lines []string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		switch name {
		case "TASKBENCH_USERS":
			return "users", len(lines) > 0
		case "TASKBENCH_RUN":
			return run, true
		}
		return ownEnv(name)
	}
}

// Next has a user, from 0, send its next step, with all requests that belong to it, and
// judges the answers. A flow begins anew behind its last step, and behind an answer with
// something unmet; a mix runs its steps in their order. What comes back is the last
// exchange, and how many answers of the step there were: those behind which a redirect was
// followed, or the step tried again, are none. The error is what do returned, or a
// *source.Error of the script.
func (u *Users) Next(user int, do Do) (last Exchange, answers int, err error) {
	u.do = do
	for {
		e, err := u.exchange(u.process.Threads()[user])
		if err != nil || len(e.Unmet) > 0 || !e.more {
			return e, answers + 1, err
		}
		if !e.passes {
			answers++
		}
	}
}
