package lua

import (
	"slices"
	"strconv"
	"strings"

	"taskbench/internal/luavm"
	"taskbench/scenarios"
)

// Setup runs the setup of virtual users outside wrk, one after the other, through
// the same Lua that wrk would run. It is not safe for concurrent use.
type Setup struct {
	dryRun
	thread *luavm.Thread
	user   int
	from   string // the line that the user comes with; "": none
}

// setupTrailer makes a script run the setup of the virtual user that it is told,
// and no more: it says what that left behind.
const setupTrailer = `
-- Added to run setups one by one.
local begin, whose = init, nil

local function setup_one()
  local number = tonumber(os.getenv("TASKBENCH_USER"))
  if number ~= whose then
    whose, user, vu = number, number, tostring(number)
    if forget_cookies then forget_cookies() end -- which only some scripts have
    local line = os.getenv("TASKBENCH_LINE") -- what another part of the scenario left behind
    if line then turn.take(line) end
    iteration = 0
    seed_random(user + (tonumber(os.getenv("TASKBENCH_PART")) or 0) * 1000000) -- not once more what that drew
    draw_rows()
    current = following and following(1, SETUP_STEPS) or 1 -- which only some scripts have
  end
  return ask[current]()
end

local function judge_one(status, headers, body)
  counting, failed = false, false
  judge[current](status, headers, body)
  if failed then return end
  if not next_setup_step() then io.write("made ", turn.made(), "\n") end
end

function init()
  begin()
  request, response = setup_one, judge_one
end
`

// NewPart prepares what virtual users of a script do beside its iterations: setup,
// before, after, teardown are steps that are run in one way. o is what the script is
// generated with, run the value of ${run}; number tells parts from each other, in what
// they draw: the setup's is 0.
func NewPart(s *scenarios.Scenario, steps []scenarios.Step, o Options, run string, number int) (*Setup, error) {
	part := *s
	part.Setup, part.After = steps, slices.Concat(s.Setup, s.After) // only for what they need to be kept
	x := &Setup{}
	env := func(name string) (string, bool) {
		switch name {
		case "TASKBENCH_USER":
			return strconv.Itoa(x.user), true
		case "TASKBENCH_PART":
			return strconv.Itoa(number), true
		case "TASKBENCH_LINE":
			return x.from, x.from != ""
		case "TASKBENCH_RUN":
			return run, true
		case "TASKBENCH_USERS", "TASKBENCH_SEED":
			return "", false
		}
		return ownEnv(name)
	}
	process, err := x.start(&part, o, setupTrailer, env, nil)
	if err != nil {
		return nil, err
	}
	x.thread = process.Threads()[0]
	return x, nil
}

// Come has the users from here on come with the line that an earlier part left behind.
func (x *Setup) Come(line string) { x.from = line }

// User sets one up, from 1. What comes back is the line that a script is handed,
// or the exchange that did not go as expected; or the error of do. Until it has a
// line, calling User again goes on with the step that failed.
func (x *Setup) User(number int, do Do) (line string, last Exchange, err error) {
	x.user, x.do = number, do
	for {
		e, err := x.exchange(x.thread)
		if err != nil || len(e.Unmet) > 0 {
			return "", e, err
		}
		if _, line, found := strings.Cut(x.said.String(), "made "); found {
			return strings.TrimSpace(line), e, nil
		}
	}
}
