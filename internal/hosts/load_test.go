package hosts

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"taskbench/lua"
	"taskbench/parse"
	"taskbench/scenarios"
	"taskbench/wrk"
)

// counter is a server that counts itself what it is asked.
type counter struct {
	url string
	sync.Mutex
	routes map[string]uint64 // by method and first part of the path
	tokens map[string]uint64 // of virtual users, with requests
	keys   map[string]uint64
	begun  map[string]time.Time // when a virtual user was first seen
}

// serveOn starts one at an address of this machine.
func serveOn(t *testing.T, address string) *counter {
	t.Helper()
	l, err := net.Listen("tcp", address+":0")
	if err != nil {
		t.Fatal(err)
	}
	c := &counter{url: "http://" + l.Addr().String(), routes: map[string]uint64{}, tokens: map[string]uint64{}, keys: map[string]uint64{}, begun: map[string]time.Time{}}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.Lock()
		c.routes[r.Method+" /"+strings.Split(r.URL.Path, "/")[1]]++
		if token := r.Header.Get("Token"); token != "" {
			if c.tokens[token]++; c.tokens[token] == 1 {
				c.begun[token] = time.Now()
			}
			c.keys[r.Header.Get("Key")]++
		}
		c.Unlock()
		fmt.Fprint(w, `{"id":1}`)
	})}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { server.Close() })
	return c
}

const flowText = `
name: shop
load: {duration: 1s, warmup: 0s, think: 5ms}
vars: {key: "${env(HOSTS_TEST_SECRET)}"}
flow:
  - {name: add, request: "POST /items/${vu}", headers: {Token: "t${vu}", Key: "${key}"}, json: {n: "${seq}"}, expect: {status: 200}}
  - {name: look, request: "GET /look/${iteration}", expect: {status: 200}}
`

const requestText = `
name: one
load: {duration: 3s, warmup: 0s}
request: {request: GET /one, expect: {status: 200}}
`

// At a rate, hosts send what one schedule has due, each iteration once.
func TestRate(t *testing.T) {
	t.Parallel()
	f := here(t, "a", "b", "c")
	for _, rate := range []string{"{rate: 200/s}", "{stages: [{duration: 1s, rate: 100/s}, {duration: 1s, rate: 300/s}]}"} {
		server := serveOn(t, "127.0.0.1")
		text := strings.Replace(flowText, "load: {duration: 1s, warmup: 0s, think: 5ms}", "load: {warmup: 0s, "+rate[1:]+"\n", 1)
		if !strings.Contains(rate, "stages") {
			text = strings.Replace(text, "warmup: 0s", "duration: 2s, warmup: 0s", 1)
		}
		out, err := f.Generate(context.Background(), order(t, text, server.url, 30))
		if err != nil {
			t.Fatal(err)
		}
		block, err := parse.ReadBlock(out.Block)
		if err != nil {
			t.Fatal(err)
		}
		if r := block.Rate; r == nil || r.Due < 398 || r.Due > 402 {
			t.Errorf("%s: %+v", rate, r)
		}
	}
}

// At a low rate a host may have nothing to send: the others have what was due. A run
// of which nobody had anything to send has no result, and says why.
func TestNothingDue(t *testing.T) {
	t.Parallel()
	f := here(t, "a", "b", "c")
	server := serveOn(t, "127.0.0.1")
	slow := func(load string) (wrk.Output, error) {
		text := strings.Replace(requestText, "duration: 3s, warmup: 0s", load, 1)
		return f.Generate(context.Background(), order(t, text, server.url, 7))
	}
	out, err := slow("duration: 2s, warmup: 0s, rate: 1/s")
	if err != nil {
		t.Fatal(err)
	}
	block, err := parse.ReadBlock(out.Block)
	if err != nil {
		t.Fatal(err)
	}
	if r := block.Rate; r.Due != 2 || block.Window.LengthUS != 2e6 || block.Steps[0].Answers != 2 || server.routes["GET /one"] != 2 {
		t.Errorf("%d due in %g µs, %d answers of %d that the server sent", r.Due, block.Window.LengthUS, block.Steps[0].Answers, server.routes["GET /one"])
	}
	if out, err = slow("duration: 1s, warmup: 1s, rate: 1/h"); err == nil || !strings.Contains(err.Error(), "no iteration was due") || len(out.Block) > 0 {
		t.Errorf("%v", err)
	}
}

// order is a run of a scenario against a server.
func order(t *testing.T, text, url string, users int, change ...func(*lua.Options)) wrk.Options {
	t.Helper()
	scenario, err := scenarios.OfText("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	options := lua.Options{URL: url, Connections: users, Seed: 7}
	for _, c := range change {
		c(&options)
	}
	script, err := lua.Generate(scenario, options)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "script.lua")
	if err := os.WriteFile(path, script, 0o600); err != nil {
		t.Fatal(err)
	}
	c := lua.CommandFor(scenario, options)
	return wrk.Options{
		URL: url, Script: path, Threads: c.Threads, Connections: c.Connections, Duration: time.Duration(c.Seconds) * time.Second,
		Timeout: time.Duration(c.TimeoutSeconds) * time.Second, Linger: time.Duration(c.LingerSeconds) * time.Second, RunName: "r1", Seed: 7,
	}
}

// whole demands that the sum is what the server counted, but for what was on its
// way at the end.
func whole(t *testing.T, out wrk.Output, server *counter, users int) *parse.Block {
	t.Helper()
	block, err := parse.ReadBlock(out.Block)
	if err != nil {
		t.Fatal(err)
	}
	server.Lock()
	defer server.Unlock()
	var all uint64
	for _, n := range server.routes {
		all += n
	}
	near := func(what string, got, want uint64, most int) {
		if got > want || want-got > uint64(most) || got == 0 {
			t.Errorf("%s: %d by the sum of hosts, %d by the server", what, got, want)
		}
	}
	near("requests", block.Wrk.Requests, all, users)
	for _, s := range block.Steps {
		near(s.Name, s.Answers, server.routes[map[string]string{"add": "POST /items", "look": "GET /look", "one": "GET /one"}[s.Name]], 2*users)
	}
	if block.VirtualUsersAsked != users || block.VirtualUsersReady != users || block.Wrk.Connections != users || block.Share != nil {
		t.Errorf("%d of %d users were ready, on %d connections, want %d", block.VirtualUsersReady, block.VirtualUsersAsked, block.Wrk.Connections, users)
	}
	return block
}

// apart demands of each host that it had its share, at the common moment.
func apart(t *testing.T, out wrk.Output, hosts, users int) {
	t.Helper()
	sum := 0
	for i, s := range out.Shares {
		sum += s.Users
		if s.Place != i+1 || s.Answers == 0 || s.CPU <= 0 {
			t.Errorf("%+v", s)
		}
		t.Logf("host %s: %d users, %d answers, its window %v behind, %v of CPU", s.Host, s.Users, s.Answers, s.Behind, s.CPU)
		if !strings.Contains(string(out.Stdout), "host "+s.Host+": ") {
			t.Errorf("the text of %s is missing:\n%s", s.Host, out.Stdout)
		}
	}
	if len(out.Shares) != hosts || sum != users {
		t.Errorf("%d shares of %d users", len(out.Shares), sum)
	}
}

// Two processes of this machine send what one would: their sum is the server's.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	f := here(t, "a", "b")
	for _, c := range []struct{ name, text string }{{"flow", flowText}, {"request", requestText}} {
		t.Run(c.name, func(t *testing.T) {
			server := serveOn(t, "127.0.0.1")
			o := order(t, c.text, server.url, 7)
			o.LiveFile = filepath.Join(t.TempDir(), "live")
			o.OutFile = filepath.Join(t.TempDir(), "out.json")
			out, err := f.Generate(context.Background(), o)
			if err != nil {
				t.Fatal(err)
			}
			apart(t, out, 2, 7)
			block := whole(t, out, server, 7)
			if live, err := os.ReadFile(o.LiveFile); block.Mode == "request" && (err != nil || !strings.HasPrefix(string(live), "0 ")) {
				t.Errorf("told while it ran: %q, %v", live, err)
			}
			if kept, err := os.ReadFile(o.OutFile); err != nil || string(kept) != string(out.Block) {
				t.Errorf("the result's file: %v", err)
			}
			if block.Mode == "flow" && len(server.tokens) != 7 {
				t.Errorf("%d virtual users were seen: %v", len(server.tokens), server.tokens)
			}
		})
	}
}

// Two hosts over ssh do so, too: the server's own count is the judge.
func TestTwoHosts(t *testing.T) {
	t.Parallel()
	l := inLab(t)
	tmp := t.TempDir()
	f, err := Open(context.Background(), []Host{{SSH: l.host(t, 0, "SetEnv TMPDIR="+tmp), CPUs: []int{0}}, {SSH: l.host(t, 1, "SetEnv TMPDIR="+tmp)}})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, c := range []struct{ name, text string }{{"flow", flowText}, {"request", requestText}} {
		t.Run(c.name, func(t *testing.T) {
			server := serveOn(t, l.address())
			out, err := f.Generate(context.Background(), order(t, c.text, server.url, 7))
			if err != nil {
				t.Fatal(err)
			}
			apart(t, out, 2, 7)
			block := whole(t, out, server, 7)
			if block.Mode == "flow" && len(server.tokens) != 7 {
				t.Errorf("%d virtual users were seen: %v", len(server.tokens), server.tokens)
			}
			if block.Mode == "flow" { // users 1 to 3 are of the first host
				t.Logf("by the server the second host began %v behind the first", first(server, 4, 7).Sub(first(server, 1, 3)))
			}
		})
	}
	f.Close()
	waitFor(t, "the folders are removed", func() bool { left, _ := os.ReadDir(tmp); return len(left) == 0 })
}

// first is when the server first saw one of some virtual users.
func first(c *counter, from, to int) (at time.Time) {
	c.Lock()
	defer c.Unlock()
	for n := from; n <= to; n++ {
		if seen := c.begun[fmt.Sprint("t", n)]; at.IsZero() || seen.Before(at) {
			at = seen
		}
	}
	return at
}
