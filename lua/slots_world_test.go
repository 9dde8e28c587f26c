package lua

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	glua "github.com/yuin/gopher-lua"

	"taskbench/internal/slots"
)

// wronged is a server whose truth is known: when it answers what is sent at a
// moment, both in µs. No answer ever comes at +Inf. It is asked in the order of time.
type wronged func(random *rand.Rand) func(at float64) (comes float64)

const (
	worldUsers = 4
	worldUS    = 30e6 // that its server has slots, in µs
	serviceUS  = 5000.0
	recoverUS  = 2000.0 // in which answers come behind a stall
)

// steady answers in 4 ms in the mean.
func steady(random *rand.Rand, at float64) float64 {
	return at + serviceUS*(0.5+random.Float64())
}

// stallsByClock answers nothing for a while, again and again.
func stallsByClock(length, every float64) wronged {
	return func(random *rand.Rand) func(float64) float64 {
		phase := random.Float64() * every
		return func(at float64) float64 {
			comes := steady(random, at)
			if into := math.Mod(comes+phase, every); into < length {
				comes += length - into + recoverUS*random.Float64()
			}
			return comes
		}
	}
}

// stallsByWork does so behind so many answers.
func stallsByWork(length float64, answers int) wronged {
	return func(random *rand.Rand) func(float64) float64 {
		n, until := 0, 0.0
		return func(at float64) float64 {
			if n++; n%answers == 0 {
				until = at + length
			}
			return math.Max(steady(random, at), until+steady(random, 0))
		}
	}
}

// hangs has one request in so many wait for a time: +Inf, for ever.
func hangs(length float64, one int) wronged {
	return func(random *rand.Rand) func(float64) float64 {
		return func(at float64) float64 {
			if random.IntN(one) == 0 {
				return at + length
			}
			return steady(random, at)
		}
	}
}

// fallsSilent answers so often, and then never again.
func fallsSilent(answers int) wronged {
	return func(random *rand.Rand) func(float64) float64 {
		n := 0
		return func(at float64) float64 {
			if n++; n > answers {
				return math.Inf(1)
			}
			return steady(random, at)
		}
	}
}

// alone is how many answers a second a server gives that is alone under load all
// the time: what users get of it.
func alone(server wronged, lengthUS float64) float64 {
	answer := server(rand.New(rand.NewPCG(1, 2)))
	free, answers := make([]float64, worldUsers), 0
	for {
		next := slices.Index(free, slices.Min(free))
		if free[next] >= lengthUS {
			return float64(answers) / lengthUS * 1e6
		}
		if free[next] = answer(free[next]); free[next] < lengthUS {
			answers++
		}
	}
}

// inWorld is how many it gives by what scripts count in slots.
func inWorld(t *testing.T, server wronged, flows bool, slot, gap time.Duration, seed int64) float64 {
	t.Helper()
	answers, lengthUS := world(t, server, flows, 0, seed, slots.NewSchedule(2, worldUS*time.Microsecond, slot, gap, seed))
	return answers / lengthUS * 1e6
}

// world is what scripts count in slots: answers, and the time that they are counted in.
// Users pause behind each answer for so long. The last schedule is measured; one before it
// is the warm-up, and a while passes between them.
func world(t *testing.T, server wronged, flows bool, pause time.Duration, seed int64, schedules ...slots.Schedule) (answers, lengthUS float64) {
	t.Helper()
	state := glua.NewState()
	defer state.Close()
	files := state.NewTable()
	for _, name := range []string{"board", "request_slots", "users_slots", "users_slots_think", "users_pauses", "users_slots_json"} {
		text, err := runtimeFiles.ReadFile("runtime/" + name + ".lua")
		if err != nil {
			t.Fatal(err)
		}
		files.RawSetString(name, glua.LString(text))
	}
	if err := state.DoFile("testdata/world.lua"); err != nil {
		t.Fatal(err)
	}
	answer := server(rand.New(rand.NewPCG(uint64(seed), 2)))
	w := state.NewTable()
	w.RawSetString("connections", glua.LNumber(worldUsers))
	w.RawSetString("flows", glua.LBool(flows))
	begins := 1000.0
	for i, schedule := range schedules {
		name := map[bool]string{true: "phase", false: "warmup"}[i == len(schedules)-1]
		w.RawSetString(name, phaseOf(state, schedule, begins))
		begins += schedule.EndUS() + 700e3
	}
	if pause > 0 {
		w.RawSetString("thinks", glua.LNumber(pause.Milliseconds()))
	}
	w.RawSetString("answer", state.NewFunction(func(s *glua.LState) int {
		comes := answer(float64(s.CheckNumber(1)))
		if math.IsInf(comes, 1) {
			return 0
		}
		s.Push(glua.LNumber(comes))
		return 1
	}))
	if err := state.CallByParam(glua.P{Fn: state.GetGlobal("world"), NRet: 2, Protect: true}, files, w); err != nil {
		t.Fatal(err)
	}
	return float64(state.CheckNumber(-2)), float64(state.CheckNumber(-1))
}

// phaseOf is a schedule as board.lua sees it. The server is at place 0.
func phaseOf(state *glua.LState, s slots.Schedule, begins float64) *glua.LTable {
	phase, rounds, turns := state.NewTable(), state.NewTable(), state.NewTable()
	for _, turn := range s.Turns() {
		if turn.Place == 0 {
			place := slices.Index(s.Order[turn.Round], 0)
			turns.RawSetInt(16*turn.Round, glua.LNumber(place))
			each := turn.QuietUS - turn.FromUS
			rounds.RawSetInt(turn.Round, glua.LNumber(turn.FromUS-float64(place)*each))
		}
	}
	rounds.RawSetInt(s.Rounds(), glua.LNumber(s.EndUS()))
	for name, value := range map[string]float64{"go": begins, "slot": us(s.Slot), "gap": us(s.Gap), "rounds": float64(s.Rounds()), "places": 2} {
		phase.RawSetString(name, glua.LNumber(value))
	}
	phase.RawSetString("begins", rounds)
	phase.RawSetString("turn", turns)
	return phase
}

func us(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

// TestKnownWorlds holds what scripts count in slots against what users get of the
// same server when it is alone: of servers that stall by the clock or by their work,
// in step with the rounds too, and of such that leave requests without an answer
// for long or for ever. Time is simulated, and nothing here depends on the machine.
func TestKnownWorlds(t *testing.T) {
	t.Parallel()
	const slot, gap = 100 * time.Millisecond, 4 * time.Millisecond
	round := us(2 * (slot + gap))
	worlds := map[string]wronged{
		"steady": func(random *rand.Rand) func(float64) float64 {
			return func(at float64) float64 { return steady(random, at) }
		},
		"200 ms of each second":      stallsByClock(200e3, 1e6),
		"50 ms of each second":       stallsByClock(50e3, 1e6),
		"500 ms of each 2 s":         stallsByClock(500e3, 2e6),
		"in step with rounds":        stallsByClock(40e3, round),
		"in step with five rounds":   stallsByClock(200e3, 5*round),
		"120 ms behind 2000 answers": stallsByWork(120e3, 2000),
		"one request hangs 400 ms":   hangs(400e3, 300),
		"one request hangs for ever": hangs(math.Inf(1), 8000),
		"silent from then on":        fallsSilent(12000),
	}
	const allowed, steadily = 0.06, 0.02 // pauses fall into few slots or more
	for name, server := range worlds {
		for _, flows := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/users %v", name, flows), func(t *testing.T) {
				t.Parallel()
				off := inWorld(t, server, flows, slot, gap, 1)/alone(server, worldUS) - 1
				t.Logf("off by %+.1f %%", 100*off)
				if math.Abs(off) > allowed || name == "steady" && math.Abs(off) > steadily {
					t.Errorf("the rate in slots is off by %+.1f %%", 100*off)
				}
			})
		}
	}
}

// TestPausesInKnownWorlds: of users who pause a window has as many answers as it holds of
// them, however long it is against their pauses. Had all begun at once, each would have one
// more or less.
func TestPausesInKnownWorlds(t *testing.T) {
	t.Parallel()
	answers := func(*rand.Rand) func(float64) float64 {
		return func(at float64) float64 { return at + serviceUS }
	}
	const slot, gap = 100 * time.Millisecond, 4 * time.Millisecond
	for _, pause := range []time.Duration{7, 60, 150, 300, 450, 700, 995, 1700, 2600} {
		pause *= time.Millisecond
		for _, length := range []time.Duration{2 * time.Second, 2700 * time.Millisecond} {
			measured := slots.NewSchedule(2, length, slot, gap, 1)
			for warm, schedules := range map[string][]slots.Schedule{
				"at once":          {measured},
				"behind a warm-up": {slots.NewSchedule(2, time.Second, slot, gap, 2), measured},
			} {
				got, lengthUS := world(t, answers, true, pause, 1, schedules...)
				want := worldUsers * lengthUS / (us(pause) + serviceUS)
				if off := math.Abs(got - want); off > 1+want/200 { // wrk's clock is one of milliseconds
					t.Errorf("pauses of %v, %v %s: %.0f answers, %.1f are right", pause, length, warm, got, want)
				}
			}
		}
	}
}
