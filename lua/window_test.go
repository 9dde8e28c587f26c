package lua

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"taskbench/internal/luavm"
	"taskbench/parse"
	"taskbench/scenarios"
)

// TestWindowCloses: who has waited for longer than the timeout when the window
// closes was not answered in it, whether the answer comes afterwards or never.
func TestWindowCloses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name              string
		asked             time.Duration // before the window closes; its timeout is 50 ms
		then              string
		unanswered, count uint64
	}{
		{"late, and answered afterwards", 100 * time.Millisecond, "answer", 1, 9},
		{"late, and lost afterwards", 100 * time.Millisecond, "lose", 1, 9},
		{"late, and never answered", 100 * time.Millisecond, "", 1, 9},
		{"in time, and answered afterwards", 20 * time.Millisecond, "answer", 0, 9},
		{"in time, and never answered", 20 * time.Millisecond, "", 0, 9},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := scenario(scenarios.Flow, get("a", "/", status(200)))
			s.Load.Warmup, s.Load.Timeout = 0, 50*time.Millisecond
			u := newSingleUser(t, s)
			opened := u.start()
			for range 9 {
				u.clock.Sleep(10 * time.Millisecond)
				u.answer(200)
				u.ask()
			}
			// The request that is open now is answered in time; the next one is asked at its moment.
			u.clock.Sleep(opened.Add(time.Second - c.asked).Sub(u.clock.Now()))
			u.lose()
			u.clock.Sleep(c.asked + 10*time.Millisecond)
			switch c.then {
			case "answer":
				u.answer(200)
				u.ask()
			case "lose":
				u.lose()
			}
			b := u.end()
			if b.Unanswered != c.unanswered || b.Steps[0].Answers != c.count || b.Lost != 1 {
				t.Errorf("%d unanswered, %d answers, %d lost; want %d, %d, 1", b.Unanswered, b.Steps[0].Answers, b.Lost, c.unanswered, c.count)
			}
		})
	}
}

// Behind the window an iteration goes on to its end, and nothing of it counts; not
// for longer than an answer may take, and not where it has one step only.
func TestIterationIsFinished(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		steps  int
		takes  time.Duration // each answer behind the window
		asked  int           // then, with the one that is open when it closes
		paused time.Duration
	}{
		{"to its end", 4, time.Millisecond, 3, 0},
		{"not for ever", 4, 3 * time.Second, 2, 0},
		{"one step", 1, time.Millisecond, 1, 0},
		{"long pauses", 4, time.Millisecond, 1, time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			steps := []scenarios.Step{get("a", "/a", status(200)), get("b", "/b", status(200)), get("c", "/c", status(200)), get("d", "/d", status(200))}
			s := scenario(scenarios.Flow, steps[:c.steps]...)
			s.Load.Warmup, s.Load.Think.Mean = 0, c.paused
			u := newSingleUser(t, s)
			u.start()
			u.clock.Sleep(100 * time.Millisecond)
			u.answer(200)
			u.ask()
			u.clock.Sleep(time.Second)
			asked := 0
			for ; !u.process.Interrupted() && asked < 9; asked++ {
				u.clock.Sleep(c.takes)
				u.answer(200)
				u.ask()
			}
			b := u.end()
			var answers uint64
			for _, step := range b.Steps {
				answers += step.Answers
			}
			if asked != c.asked || answers != 1 || b.Unanswered != 0 {
				t.Errorf("%d answers behind the window, want %d; %d counted, %d unanswered", asked, c.asked, answers, b.Unanswered)
			}
		})
	}
}

// TestRunIsEndedUntilItEnds: wrk may not hear the first signal.
func TestRunIsEndedUntilItEnds(t *testing.T) {
	t.Parallel()
	got := evaluate(t, preamble+`
local WARMUP, DURATION, RUN, ours = 0, 1, "", {}
local time, signals, shared = 1e9, 0, { over = 0 }
local function now() return time end
local function interrupt() signals = signals + 1 end
`+part1(t, "window")+`
finish() finish()
local first = signals
time = time + 600000
finish() finish()
return first, signals`)
	if got[0] != "1" || got[1] != "2" {
		t.Errorf("%s signals at once, %s after more than half a second; want 1 and 2", got[0], got[1])
	}
}

// singleUser is a run of one virtual user in the embedded VM, at its own pace.
type singleUser struct {
	t       *testing.T
	clock   *luavm.VirtualClock
	process *luavm.Process
	answers uint64
}

func newSingleUser(t *testing.T, s *scenarios.Scenario) *singleUser {
	t.Helper()
	u := &singleUser{t: t, clock: luavm.NewVirtualClock()}
	var err error
	u.process, err = luavm.New("user.lua", []byte(generateEmbedded(t, s, Options{Connections: 1})), luavm.Config{
		URL: "http://localhost", Threads: 1, Connections: 1, Clock: u.clock, Host: true,
		Env: func(name string) (string, bool) { return "block", name == "TASKBENCH_OUT" },
	})
	u.check(err)
	u.check(u.process.Start())
	return u
}

func (u *singleUser) check(err error) {
	u.t.Helper()
	if err != nil {
		u.t.Fatal(err)
	}
}

// start sends the first request, and gives about when the window opened.
func (u *singleUser) start() time.Time {
	u.ask()
	return u.clock.Now()
}

func (u *singleUser) ask() {
	_, err := u.process.Threads()[0].Request()
	u.check(err)
}

// lose is what wrk does after a broken connection: it asks again.
func (u *singleUser) lose() { u.ask() }

func (u *singleUser) answer(status int) {
	u.answers++
	u.check(u.process.Threads()[0].Response(status, http.Header{}, nil))
}

// end ends the run and reads what it brought.
func (u *singleUser) end() *parse.Block {
	u.t.Helper()
	u.check(u.process.Done(luavm.Summary{Duration: time.Second, Requests: u.answers, Latency: slices.Repeat([]uint64{1000}, int(u.answers))}))
	text, _ := u.process.File("block")
	b, err := parse.ReadBlock(text)
	u.check(err)
	return b
}
