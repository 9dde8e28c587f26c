package lua

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"taskbench/internal/luavm"
	"taskbench/scenarios"
)

// Exchange is one step of a dry run: what was sent, what came back, and which
// expectations were not met, named as in reports ("status", "json:PATH",
// "header:NAME", "body", "capture:NAME").
type Exchange struct {
	Step    string
	Again   string // why the step is asked once more: "redirect", "retry", "repeat", "for_each"; "" where it is not
	Request []byte // as sent, byte for byte
	Status  int
	Header  http.Header
	Body    []byte
	Unmet   []string

	over   bool // an iteration ended with it
	more   bool // its step is asked once more
	passes bool // as it was a redirect, or is tried again
}

// Do sends the bytes of one request and returns the whole answer.
type Do func(raw []byte) (status int, header http.Header, body []byte, err error)

// trailer makes a script tell, on its standard output, which step it asks for
// and what it finds unmet; of a step that is asked once more, why, and how many ms it
// waits before.
const trailer = `
-- Added for a dry run: say what happens.
local count_unmet = unmet
unmet = function(i)
  io.write("unmet ", i, "\n")
  count_unmet(i)
end
for k, build in ipairs(ask) do
  ask[k] = function()
    if hand then
      io.write(hand.passes == 1 and "redirect\n" or hand.passes and "retry\n" or hand.again and "repeat\n" or hand.list and hand.at > 1 and "for_each\n" or "")
      if hand.pause then io.write("pause ", hand.pause, "\n") end
    end
    io.write("ask ", k, "\n")
    return build()
  end
end
if once_more then
  local more = once_more
  once_more = function(good)
    local asked = more(good)
    if asked then io.write("more\n", hand.passes and "passes\n" or "") end
    return asked
  end
end
local begin_next = next_iteration
next_iteration = function()
  io.write("over\n")
  if turn.made then io.write("left ", turn.made(), "\n") end
  begin_next()
end
`

// inTurn replaces the draw of a mix, so that every step comes once.
const inTurn = `
if draw_journey then -- which only some scripts have
  draw_journey = function() return (iteration - 1) % #tour.name + 1 end
else
  next_iteration = function()
    iteration = iteration + 1
    current = FIRST + (iteration - 1) % STEPS
    draw_rows()
  end
end
`

// DryRun runs one iteration of one virtual user in the embedded VM: setup,
// then every step, through the same Lua that wrk would run. A flow stops at
// its first step with something unmet, a mix runs every step once. The error
// is what do returned, or a *source.Error of the script. Clock and environment
// are the real ones, so that ${run} is new each time.
//
// What comes after the measurement is sent as well, once the setup is through.
func DryRun(s *scenarios.Scenario, o Options, do Do) ([]Exchange, error) {
	if len(s.After)+len(s.Teardown) == 0 {
		d, err := dryRunAs(s, o, nil, do)
		return d.done, err
	}
	as := &newcomer{run: cmp.Or(os.Getenv("TASKBENCH_RUN"), strconv.FormatInt(time.Now().UnixMicro(), 36)), fresh: true}
	d, err := dryRunAs(s, o, as, do)
	if err != nil || !d.ready {
		return d.done, err
	}
	for i, steps := range [][]scenarios.Step{s.After, s.Teardown} {
		if err := d.part(s, steps, o, as.run, 2+i); err != nil {
			return d.done, err
		}
	}
	return d.done, nil
}

// part sends other steps, as the virtual user that came through the iteration.
func (d *dryRun) part(s *scenarios.Scenario, steps []scenarios.Step, o Options, run string, number int) error {
	if len(steps) == 0 {
		return nil
	}
	x, err := NewPart(s, steps, o, run, number)
	if err != nil {
		return err
	}
	x.Come(d.left)
	x.user, x.do = 1, d.do
	for over := false; !over; {
		e, err := x.exchange(x.thread)
		if err != nil {
			return err
		}
		d.done = append(d.done, e)
		over = len(e.Unmet) > 0 || x.says("made")
	}
	return nil
}

// DryRunOf is DryRun of a virtual user that was set up before, in a run of that
// name, as the line says that Setup made.
func DryRunOf(line, run string, s *scenarios.Scenario, o Options, do Do) ([]Exchange, error) {
	d, err := dryRunAs(s, o, &newcomer{line: line, run: run}, do)
	return d.done, err
}

// newcomer is a virtual user that was set up before.
type newcomer struct {
	line, run string
	fresh     bool // it was not: the name of the run alone is given
}

func dryRunAs(s *scenarios.Scenario, o Options, as *newcomer, do Do) (*dryRun, error) {
	o.Connections = 1
	added := ""
	if s.Mode == scenarios.Mix {
		added = inTurn
	}
	d := &dryRun{do: do}
	process, err := d.start(s, o, added, as.env, func(string) ([]byte, error) { return []byte(as.line + "\n"), nil })
	if err != nil {
		return d, err
	}
	iterations := 1
	if s.Mode == scenarios.Mix {
		iterations = len(s.Ways())
	}
	for iterations > 0 {
		e, err := d.exchange(process.Threads()[0])
		if err != nil {
			return d, err
		}
		d.done = append(d.done, e)
		if _, line, found := strings.Cut(d.said.String(), "left "); found {
			d.left, _, _ = strings.Cut(line, "\n")
		}
		d.ready = d.ready || d.says("over")
		if e.over {
			iterations--
		}
		if len(e.Unmet) > 0 && (s.Mode != scenarios.Mix || process.Interrupted()) {
			break
		}
	}
	return d, nil
}

// env is what a script is told of who it runs for.
func (as *newcomer) env(name string) (string, bool) {
	switch {
	case as != nil && name == "TASKBENCH_RUN":
		return as.run, true
	case name == "TASKBENCH_USERS":
		return "users", as != nil && !as.fresh
	}
	return ownEnv(name)
}

// start begins a script with something added behind it in the embedded VM.
func (d *dryRun) start(s *scenarios.Scenario, o Options, added string, env func(string) (string, bool), files func(string) ([]byte, error)) (*luavm.Process, error) {
	d.g = newGenerator(s, o)
	d.g.embedded = true
	src, err := d.g.users()
	if err != nil {
		return nil, err
	}
	src = append(append(src, added...), trailer...)
	process, err := luavm.New(s.Name+".lua", src, luavm.Config{
		URL: cmp.Or(o.URL, "http://localhost"), Threads: max(d.threads, 1), Connections: max(d.threads, 1),
		Clock: luavm.SystemClock{}, Env: env, ReadFile: files, Stdout: &d.said, Host: true,
	})
	if err != nil {
		return nil, err
	}
	return process, process.Start()
}

// dryRun is one run: what the script said so far, and what was exchanged.
type dryRun struct {
	g       *generator
	threads int // virtual users; 0: one
	do      Do
	said    bytes.Buffer
	done    []Exchange
	left    string // the line that the user left behind; "": none
	ready   bool   // it is through its setup
}

// exchange sends one request and hands its answer over.
func (d *dryRun) exchange(t *luavm.Thread) (Exchange, error) {
	d.said.Reset()
	raw, err := t.Request()
	if err != nil {
		return Exchange{}, err
	}
	k := d.asked()
	step := d.g.allSteps()[k]
	e := Exchange{Step: step.Name, Again: d.again(), Request: bytes.Clone(raw)}
	if pause := d.numbers("pause "); len(pause) > 0 {
		time.Sleep(time.Duration(pause[0]) * time.Millisecond)
	}
	if e.Status, e.Header, e.Body, err = d.do(e.Request); err != nil {
		return e, fmt.Errorf("step %s: %w", step.Name, err)
	}
	d.said.Reset()
	if err := t.Response(e.Status, e.Header, e.Body); err != nil {
		return e, err
	}
	e.over, e.more = k >= len(d.g.s.Setup) && d.says("over"), d.says("more")
	e.passes = d.says("passes")
	_, names, err := d.g.judge(step)
	for _, number := range d.numbers("unmet ") {
		e.Unmet = append(e.Unmet, names[number-1])
	}
	return e, err
}

// asked is the step that the script asked for last, from 0.
func (d *dryRun) asked() int {
	asked := d.numbers("ask ")
	return asked[len(asked)-1] - 1
}

// again is why a step is asked once more.
func (d *dryRun) again() string {
	for _, why := range []string{"redirect", "retry", "repeat", "for_each"} {
		if d.says(why) {
			return why
		}
	}
	return ""
}

// says reports whether the script said a word, on a line of its own.
func (d *dryRun) says(word string) bool {
	return slices.Contains(strings.Fields(d.said.String()), word)
}

// numbers reads the numbers of the lines that begin with a word.
func (d *dryRun) numbers(word string) []int {
	var out []int
	for line := range strings.Lines(d.said.String()) {
		if text, found := strings.CutPrefix(strings.TrimSpace(line), word); found {
			if n, err := strconv.Atoi(text); err == nil {
				out = append(out, n)
			}
		}
	}
	return out
}
