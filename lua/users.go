package lua

import (
	"os"

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

// NewUsers makes as many as there are connections. None enters its first
// iteration before all have been through setup: whoever asks for more of one
// waits until then.
func NewUsers(s *scenarios.Scenario, o Options) (*Users, error) {
	added := ""
	if s.Mode == scenarios.Mix {
		added = inTurn
	}
	u := &Users{dryRun: dryRun{threads: o.Connections}}
	var err error
	u.process, err = u.start(s, o, added, os.LookupEnv, nil)
	if err != nil {
		return nil, err
	}
	return u, nil
}

// Next has a user, from 0, send its next request, and judges the answer. A flow
// begins anew behind its last step, and behind an answer with something unmet; a mix runs its
// steps in their order. The error is what do returned, or a *source.Error of the script.
func (u *Users) Next(user int, do Do) (Exchange, error) {
	u.do = do
	return u.exchange(u.process.Threads()[user])
}
