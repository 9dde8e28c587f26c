package k6

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"taskbench/lua"
	"taskbench/parse"
	"taskbench/scenarios"
	"taskbench/wrk"
)

const flowText = `name: two
title: Two routes
setup:
  - {name: register, request: "GET /register/${run}u${vu}"}
flow:
  - {name: a, request: GET /a}
  - {name: b, request: "GET /b?n=${iteration}"}
`

// What two processes count of a scenario, in closed loops and at a rate, is what the
// server counted; each virtual user is there once.
func TestScenarioOnTwoProcesses(t *testing.T) {
	const users = 5
	for _, c := range []struct {
		name, load string
		due        int // iterations at most; 0: as many as there is time for
	}{
		{"closed", "load: {connections: 5, warmup: 0s, duration: 1s}", 0},
		{"constant", "load: {connections: 5, warmup: 0s, duration: 1s, rate: 60/s}", 60},
		{"stages", "load: {connections: 5, warmup: 0s, stages: [{duration: 500ms, rate: 40/s}, {duration: 500ms, rate: 40/s -> 80/s}]}", 50},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, o := serve(t), scripted(t, flowText+c.load)
			o.URL = s.URL
			out, err := engine(t, 2, "").Generate(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			b, err := parse.ReadBlock(out.Block)
			if err != nil {
				t.Fatal(err)
			}
			asked := s.counts()
			for vu := 1; vu <= users; vu++ {
				if n := asked[fmt.Sprintf("/register/r7u%d", vu)]; n != 1 {
					t.Errorf("virtual user %d was set up %d times", vu, n)
				}
			}
			for _, step := range b.Steps {
				// Behind the close an iteration is finished, and one more may have been in flight.
				if n := asked["/"+step.Name]; step.Answers == 0 || step.Good != step.Answers || n < int(step.Answers) || n > int(step.Answers)+2*users {
					t.Errorf("%s: %d answers, %d good, and the server counted %d", step.Name, step.Answers, step.Good, n)
				}
			}
			if b.VirtualUsersReady != users {
				t.Errorf("%d users were ready", b.VirtualUsersReady)
			}
			if c.due > 0 && (b.Rate == nil || int(b.Rate.Due) > c.due || asked["/a"]+int(b.Rate.Unsent) != int(b.Rate.Due)) {
				t.Errorf("of %d due: %d, %d of them not sent; and the server counted %d", c.due, b.Rate.Due, b.Rate.Unsent, asked["/a"])
			}
		})
	}
}

// scripted are the options of a load with the generated script of a scenario.
func scripted(t *testing.T, text string) wrk.Options {
	t.Helper()
	s, err := scenarios.LoadFS(fstest.MapFS{"two.yaml": {Data: []byte(text)}}, "two.yaml")
	if err != nil {
		t.Fatal(err)
	}
	script, command, err := Script(s, lua.Options{Connections: s.Load.Connections[0], Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "two.js")
	if err := os.WriteFile(path, script, 0o600); err != nil {
		t.Fatal(err)
	}
	return wrk.Options{Script: path, Connections: command.Connections, Duration: time.Duration(command.Seconds) * time.Second, RunName: "r7", Seed: 5}
}
