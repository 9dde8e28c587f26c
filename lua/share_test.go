package lua

import (
	"bytes"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"taskbench/internal/arrivals"
	"taskbench/internal/luavm"
	"taskbench/scenarios"
)

// Shares are one behind the other, without a gap, and differ by one user at most.
func TestShareOf(t *testing.T) {
	t.Parallel()
	for users := 1; users <= 40; users++ {
		for places := 1; places <= users; places++ {
			next := 1
			for place := 1; place <= places; place++ {
				first, count := ShareOf(users, place, places)
				if first != next || count < users/places || count > (users+places-1)/places {
					t.Fatalf("share %d/%d of %d: from %d on %d, want %d and about %d", place, places, users, first, count, next, users/places)
				}
				next += count
			}
			if next != users+1 {
				t.Fatalf("%d shares of %d users end before %d", places, users, next)
			}
		}
	}
}

func TestCommandShare(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ threads, connections, place, places, wantThreads, wantConnections int }{
		{7, 7, 1, 2, 3, 3}, // a thread each
		{7, 7, 2, 2, 4, 4},
		{2, 10, 1, 2, 1, 5}, // few threads: each has equally many
		{2, 12, 1, 2, 2, 6},
		{2, 2, 2, 2, 1, 1},
		{3, 9, 2, 3, 3, 3},
	} {
		got := Command{Threads: c.threads, Connections: c.connections, Seconds: 9}.Share(c.place, c.places)
		if want := (Command{Threads: c.wantThreads, Connections: c.wantConnections, Seconds: 9}); got != want {
			t.Errorf("-t %d -c %d, share %d/%d: %+v, want %+v", c.threads, c.connections, c.place, c.places, got, want)
		}
	}
}

// shareEnv is the environment of one of several processes.
func shareEnv(place, places int, more ...string) func(string) (string, bool) {
	of := map[string]string{"TASKBENCH_RUN": "r", "TASKBENCH_SHARE": fmt.Sprintf("%d/%d", place, places)}
	for _, text := range more {
		name, value, _ := strings.Cut(text, "=")
		of[name] = value
	}
	return func(name string) (string, bool) { v, ok := of[name]; return v, ok }
}

// shareOf begins a share of a script in the embedded VM, which says what it writes to
// standard error.
func beginShare(t *testing.T, s *scenarios.Scenario, o Options, threads int, env func(string) (string, bool), files func(string) ([]byte, error)) (*luavm.Process, string, error) {
	t.Helper()
	var said bytes.Buffer
	p, err := luavm.New("s.lua", []byte(generateEmbedded(t, s, o)), luavm.Config{
		URL: "http://localhost", Threads: threads, Connections: threads, Host: true, Clock: luavm.NewVirtualClock(), Env: env, Stderr: &said, ReadFile: files,
	})
	if err == nil {
		err = p.Start()
	}
	return p, said.String(), err
}

// shareSends is what the virtual users of a share send, so many requests each.
func shareSends(t *testing.T, s *scenarios.Scenario, o Options, place, places, each int, more ...string) (all []string) {
	t.Helper()
	_, count := ShareOf(o.Connections, place, places)
	p, said, err := beginShare(t, s, o, count, shareEnv(place, places, more...), func(string) ([]byte, error) { return []byte(handedOverLines(o.Connections)), nil })
	if err != nil {
		t.Fatal(err, said)
	}
	for _, thread := range p.Threads() {
		for range each {
			raw, err := thread.Request()
			if err == nil {
				all = append(all, string(raw))
				err = thread.Response(200, http.Header{}, []byte("{}"))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return all
}

// handedOverLines are those of virtual users who have had one iteration, and have a
// token each.
func handedOverLines(users int) string {
	lines := ""
	for user := range users {
		lines += fmt.Sprintf("1 drawn.numbers=1 got_header.token=t%d\n", user+1)
	}
	return lines
}

// everyone is a scenario with everything that follows from who asks.
const everyone = `
load: {connections: 7}
data:
  rows: {file: names.csv, pick: unique}
  next: {file: names.csv, pick: sequential}
  any:  {file: names.csv, pick: random}
%s
- {name: a, request: "POST /${vu}/${iteration}/${seq}", json: {unique: "${rows.n}", next: "${next.n}", any: "${any.n}", id: "${uuid}", draw: "${random(1,1000)}"}}
`

// However many processes there are: all virtual users together send the same, byte
// for byte, in every kind of script.
func TestSharesSendTheSame(t *testing.T) {
	t.Parallel()
	const users, each = 7, 5
	for name, c := range map[string]struct {
		text string
		o    Options
		env  []string
	}{
		"flow":        {text: fmt.Sprintf(everyone, "flow:")},
		"mix":         {text: fmt.Sprintf(everyone, "mix:") + "- {name: b, request: \"GET /${seq}?${random(1,1000)}\"}\n"},
		"journeys":    {text: fmt.Sprintf(everyone, "mix:") + "- {name: two, flow: [{name: x, request: \"GET /${seq}?${random(1,1000)}\"}, {name: y, request: GET /y, think: 1ms}]}\n"},
		"repeat":      {text: fmt.Sprintf(everyone, "flow:") + "- {name: b, request: \"GET /${seq}?${vu}\", repeat: {times: 2}}\n"},
		"rate":        {text: fmt.Sprintf(everyone, "flow:"), o: Options{Rate: &arrivals.Plan{Rate: 1000}}},
		"handed over": {text: "setup:\n- {name: s, request: GET /s, capture: {token: {header: X}}}\n" + fmt.Sprintf(everyone, "flow:") + "- {name: b, request: \"GET /\", headers: {X: \"${token}\"}}\n", env: []string{"TASKBENCH_USERS=users"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := scenarios.LoadFS(fstest.MapFS{"s.yaml": {Data: []byte("name: all\n" + c.text)}, "names.csv": {Data: []byte("n\na\nb\nc\nd\ne\nf\ng\nh\n")}}, "s.yaml")
			if err != nil {
				t.Fatal(err)
			}
			c.o.Connections, c.o.Duration, c.o.Seed = users, time.Hour, 5
			alone := shareSends(t, s, c.o, 1, 1, each, c.env...)
			slices.Sort(alone)
			if len(slices.Compact(slices.Clone(alone))) != users*each && name != "handed over" && name != "journeys" {
				t.Fatalf("some of %d requests are alike", users*each)
			}
			for places := 2; places <= users; places++ {
				var together []string
				for place := 1; place <= places; place++ {
					together = append(together, shareSends(t, s, c.o, place, places, each, c.env...)...)
				}
				slices.Sort(together)
				if !slices.Equal(alone, together) {
					t.Fatalf("%d processes send\n%.2000q\none sends\n%.2000q", places, together, alone)
				}
			}
		})
	}
}

// The script has the users that ShareOf says.
func TestShareOfScript(t *testing.T) {
	t.Parallel()
	s := loadText(t, "name: who\nflow:\n- {name: a, request: \"GET /${vu}\"}\n")
	for _, users := range []int{1, 2, 5, 9} {
		for places := 1; places <= users; places++ {
			for place := 1; place <= places; place++ {
				first, count := ShareOf(users, place, places)
				sent := shareSends(t, s, Options{Connections: users}, place, places, 1)
				for i, text := range sent {
					if !strings.HasPrefix(text, "GET /"+strconv.Itoa(first+i)+" ") || len(sent) != count {
						t.Errorf("share %d/%d of %d: user %d of %d sends %q, want number %d of %d", place, places, users, i, len(sent), text, first+i, count)
					}
				}
			}
		}
	}
}

// What is drawn on few threads differs from share to share, too: identifiers of one
// seed must not come twice.
func TestSharesOfRequestsDraw(t *testing.T) {
	t.Parallel()
	s := loadText(t, "name: draw\nrequest: \"GET /${uuid}/${seq}\"\n")
	var all []string
	for place := 1; place <= 3; place++ {
		p, said, err := beginShare(t, s, Options{Connections: 12, Seed: 3}, 2, shareEnv(place, 3), nil)
		if err != nil {
			t.Fatal(err, said)
		}
		for _, thread := range p.Threads() {
			for range 4 {
				raw, err := thread.Request()
				if err != nil {
					t.Fatal(err)
				}
				id, number, _ := strings.Cut(strings.TrimPrefix(string(raw), "GET /"), "/")
				number, _, _ = strings.Cut(number, " ")
				all = append(all, id, number)
			}
		}
	}
	n := len(all)
	slices.Sort(all)
	if n != 2*3*2*4 || len(slices.Compact(all)) != n {
		t.Errorf("of %d identifiers and numbers some are alike: %q", n, all)
	}
}

// Shares take the arrivals of one schedule in turn, whatever its rates.
func TestSharesTakeArrivalsInTurn(t *testing.T) {
	t.Parallel()
	ramp := arrivals.Plan{Stages: []arrivals.Stage{{Duration: 10 * time.Second, From: 10, To: 400}, {Duration: 10 * time.Second, From: 400, To: 400}}}
	for name, plan := range map[string]arrivals.Plan{"constant": {Rate: 1000}, "stages": ramp} {
		all := due(t, plan, time.Second, 1, 3000)
		for place := 1; place <= 3; place++ {
			for i, at := range due(t, plan, time.Second, 1, 1000, shareEnv(place, 3)) {
				if want := all[3*i+place-1]; at != want {
					t.Fatalf("%s: arrival %d of share %d is due at %f µs, not %f", name, i, place, at, want)
				}
			}
		}
	}
}

// Arrivals at random are so in each share, at its part of the rate, and no share has
// those of another one.
func TestSharesOfPoisson(t *testing.T) {
	t.Parallel()
	plan := arrivals.Plan{Rate: 1000, Arrival: arrivals.Poisson}
	var together []float64
	for place := 1; place <= 2; place++ {
		list := due(t, plan, 0, 4, 4000, shareEnv(place, 2))
		if mean := list[3999] / 4000; math.Abs(mean-2000) > 4*2000/math.Sqrt(4000) {
			t.Errorf("share %d: an arrival each %f µs, not each 2000", place, mean)
		}
		together = append(together, list...)
	}
	slices.Sort(together)
	if len(slices.Compact(slices.Clone(together))) != len(together) {
		t.Error("two shares have the same arrivals")
	}
	// Together they are as random as one: of independent ones a gap has this spread.
	var sum, squares float64
	for i := 1; i < 7000; i++ {
		gap := together[i] - together[i-1]
		sum, squares = sum+gap, squares+gap*gap
	}
	mean := sum / 6999
	if spread := math.Sqrt(squares/6999-mean*mean) / mean; math.Abs(spread-1) > 0.06 {
		t.Errorf("the gaps of both have a spread of %f of their mean, not 1", spread)
	}
}

// A share that is no share ends the run, with a sentence, rather than to be taken for all.
func TestShareRefused(t *testing.T) {
	t.Parallel()
	s := loadText(t, "name: who\nflow:\n- {name: a, request: \"GET /${vu}\"}\n")
	for _, c := range []struct{ share, more, want string }{
		{"2", "", `who.lua: TASKBENCH_SHARE is "2", not a share like 2/3, the second of three`},
		{"0/2", "", "not a share like 2/3"},
		{"3/2", "", "not a share like 2/3"},
		{"1/2x", "", "not a share like 2/3"},
		{" 1/2", "", "not a share like 2/3"},
		{"-1/2", "", "not a share like 2/3"},
		{"1/2/3", "", "not a share like 2/3"},
		{"1/02", "", "not a share like 2/3"},
		{strings.Repeat("9", 400) + "/" + strings.Repeat("9", 400), "", "some shares would have none"},
		{"1/5", "", "who.lua: TASKBENCH_SHARE is 1/5, of 4 virtual users: some shares would have none"},
		{"1/2", "TASKBENCH_RUN=", "who.lua: TASKBENCH_SHARE is 1/2, and TASKBENCH_RUN is not set"},
		{"1/2", "TASKBENCH_GO=now", `who.lua: TASKBENCH_GO is "now", not a moment of today in microseconds since 1970, like `},
		{"1/2", "TASKBENCH_GO=1784000000", "not a moment of today"},
		{"1/2", "TASKBENCH_GO=-5", "not a moment of today"},
		{"1/2", "TASKBENCH_GO=" + strings.Repeat("9", 400), "not a moment of today"},
	} {
		env := shareEnv(1, 2, "TASKBENCH_SHARE="+c.share, c.more)
		if _, said, err := beginShare(t, s, Options{Connections: 4}, 2, env, nil); err == nil || !strings.Contains(said, c.want) {
			t.Errorf("%.20s, %.30s: %q, %v, want %q", c.share, c.more, said, err, c.want)
		}
	}
	if _, said, err := beginShare(t, s, Options{Connections: 4}, 3, shareEnv(1, 2), nil); err == nil || !strings.Contains(said, "this share has 2 virtual users: wrk needs -t 2 -c 2") {
		t.Errorf("more threads than users: %q, %v", said, err)
	}
}

// Whatever a run by hand was told, a script that wrk does not run is whole.
func TestDryRunHasNoShare(t *testing.T) {
	t.Setenv("TASKBENCH_SHARE", "2/2")
	t.Setenv("TASKBENCH_GO", "1")
	s := loadText(t, "name: who\nflow:\n- {name: a, request: \"GET /${vu}\"}\n")
	exchanges, err := DryRun(s, Options{}, func([]byte) (int, http.Header, []byte, error) { return 200, nil, nil, nil })
	if err != nil || len(exchanges) != 1 || !strings.HasPrefix(string(exchanges[0].Request), "GET /1 ") {
		t.Errorf("%+v, %v", exchanges, err)
	}
}
