package lua

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"taskbench/internal/arrivals"
	"taskbench/parse"
	"taskbench/scenarios"
)

// apart is how much later than the one before each process of a test is started.
const apart = 300 * time.Millisecond

// aShare is one of several processes of the real wrk.
type aShare struct {
	cmd  *exec.Cmd
	out  string
	said bytes.Buffer
}

func startShare(t *testing.T, s *scenarios.Scenario, o Options, place, places int, env ...string) *aShare {
	t.Helper()
	wrk, dir := findWrk(t), t.TempDir()
	script := filepath.Join(dir, "script.lua")
	if err := os.WriteFile(script, []byte(generate(t, s, o)), 0o600); err != nil {
		t.Fatal(err)
	}
	c := CommandFor(s, o).Share(place, places)
	of := &aShare{out: filepath.Join(dir, "block.json")}
	of.cmd = exec.Command(wrk, "-t", strconv.Itoa(c.Threads), "-c", strconv.Itoa(c.Connections), "-d", strconv.Itoa(c.Seconds), "-T", "60", "-s", script, o.URL)
	of.cmd.Stderr = &of.said
	of.cmd.Env = append(append(os.Environ(), "TASKBENCH_OUT="+of.out, "TASKBENCH_RUN=r7", fmt.Sprintf("TASKBENCH_SHARE=%d/%d", place, places)), env...)
	if err := of.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = of.cmd.Process.Kill() })
	return of
}

// runShares runs all shares of a scenario, each started later than the one before,
// with one moment at which they begin. Where the machine was away so long that the
// processes themselves say that they came too late, they are run again.
func runShares(t *testing.T, s *scenarios.Scenario, o Options, places int, ahead time.Duration, env ...string) []*parse.Block {
	t.Helper()
	for try := 1; ; try++ {
		began := time.Now().Add(ahead * time.Duration(try))
		moment := fmt.Sprintf("TASKBENCH_GO=%d", began.UnixMicro())
		var all []*aShare
		for place := 1; place <= places; place++ {
			all = append(all, startShare(t, s, o, place, places, append(env, moment)...))
			time.Sleep(apart)
		}
		late := false
		for _, of := range all {
			err := of.cmd.Wait()
			if err != nil && !strings.Contains(of.said.String(), "behind TASKBENCH_GO") {
				t.Fatalf("%v: %s", err, &of.said)
			}
			late = late || err != nil
		}
		if late && try < 4 {
			continue
		}
		var blocks []*parse.Block
		for place, of := range all {
			data, err := os.ReadFile(of.out)
			if err != nil {
				t.Fatalf("%v: %s", err, &of.said)
			}
			b, err := parse.ReadBlock(data)
			if err != nil {
				t.Fatal(err)
			}
			_, users := ShareOf(max(o.Connections, 1), place+1, places)
			if b.Share == nil || b.Share.Place != place+1 || b.Share.Places != places || b.Share.GoUS != float64(began.UnixMicro()) || b.VirtualUsersAsked != users {
				t.Errorf("share %d/%d: %+v, %d virtual users", place+1, places, b.Share, b.VirtualUsersAsked)
			}
			blocks = append(blocks, b)
		}
		return blocks
	}
}

// routeLog notes when which route was answered, by the server's clock of the day.
type routeLog struct {
	*httptest.Server
	sync.Mutex
	routes map[string][]float64 // µs since 1970
	first  map[string]float64   // by virtual user
	urls   []string
}

func newRouteLog(t *testing.T) *routeLog {
	l := &routeLog{routes: map[string][]float64{}, first: map[string]float64{}}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at := float64(time.Now().UnixMicro())
		time.Sleep(2 * time.Millisecond)
		l.Lock()
		defer l.Unlock()
		parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/"), "/")
		l.routes[parts[0]] = append(l.routes[parts[0]], float64(time.Now().UnixMicro()))
		l.urls = append(l.urls, r.URL.Path)
		if _, known := l.first[parts[len(parts)-1]]; !known {
			l.first[parts[len(parts)-1]] = at
		}
	}))
	t.Cleanup(l.Close)
	return l
}

const routes = `
name: routes
load: {connections: 5, duration: 1s, warmup: 0s}
flow:
  - {name: a, request: "POST /a/${seq}/${vu}", expect: {status: 200}}
  - {name: b, request: "GET /b/${seq}/${vu}", expect: {status: 200}}
`

// Two processes are one load: what they count together is what the server did in
// their window, but for one answer of each virtual user at either end; no number
// comes twice; buckets are those of both.
func TestSharesOnWrk(t *testing.T) {
	t.Parallel()
	server := newRouteLog(t)
	blocks := runShares(t, loadText(t, routes), Options{URL: server.URL, Connections: 5, Seed: 4, Warmup: 300 * time.Millisecond}, 2, 2*time.Second)
	merged, err := parse.MergeBlocks(blocks)
	if err != nil {
		t.Fatal(err)
	}
	server.Lock()
	defer server.Unlock()
	for _, step := range merged.Steps {
		served := 0
		for _, at := range server.routes[step.Name] {
			if w := merged.Window; at >= w.OpenedUnixUS && at < w.OpenedUnixUS+w.LengthUS {
				served++
			}
		}
		if ours := int(step.Answers); served == 0 || ours < served-10 || ours > served+10 {
			t.Errorf("step %s: %d answers counted, the server gave %d in the window", step.Name, ours, served)
		}
	}
	slices.Sort(server.urls)
	if n := len(server.urls); len(slices.Compact(server.urls)) != n {
		t.Errorf("of %d numbers some came twice", n)
	}
	if len(server.first) != 5 || merged.VirtualUsersAsked != 5 || merged.VirtualUsersStarted != 5 {
		t.Errorf("virtual users %v, %+v", slices.Sorted(maps.Keys(server.first)), merged)
	}
	for k, step := range merged.Steps {
		joined := map[uint64]uint64{}
		for _, b := range blocks {
			for _, bucket := range b.Steps[k].Latency.Buckets {
				joined[bucket[0]] += bucket[1]
			}
		}
		got := map[uint64]uint64{}
		for _, bucket := range step.Latency.Buckets {
			got[bucket[0]] = bucket[1]
		}
		if !maps.Equal(got, joined) {
			t.Errorf("step %s: buckets %v, those of both %v", step.Name, got, joined)
		}
	}
}

// However far apart they were started, processes begin together. A machine may be
// away just then, so the best of a few runs counts.
func TestSharesBeginTogether(t *testing.T) {
	t.Parallel()
	most := 20e3 // µs
	for try := 1; ; try++ {
		server := newRouteLog(t)
		blocks := runShares(t, loadText(t, routes), Options{URL: server.URL, Connections: 2, Duration: 200 * time.Millisecond}, 2, 2*time.Second)
		skew := server.first["2"] - server.first["1"]
		t.Logf("by the server's clock the second process began %.1f ms behind the first, and the first %.1f ms behind what it was told", skew/1e3, (server.first["1"]-blocks[0].Share.GoUS)/1e3)
		if d := blocks[1].Window.OpenedUnixUS - blocks[0].Window.OpenedUnixUS; d < -1000 || d > 1000 {
			t.Errorf("windows opened %f µs apart", d)
		}
		if skew > -most && skew < most {
			return
		}
		if try == 5 {
			t.Fatalf("the processes never began within %.0f ms", most/1e3)
		}
	}
}

// Virtual users that a script sets up itself are so before all begin, few at once over
// all processes.
func TestSharesWithSetupOnWrk(t *testing.T) {
	t.Parallel()
	server := serveNewcomers(t)
	s := loadText(t, strings.Replace(newcomers, "connections: 3", "connections: 6", 1))
	s.SetupRules.AtOnce = 2
	blocks := runShares(t, s, Options{URL: server.URL, Connections: 6}, 2, 3*time.Second)
	merged, err := parse.MergeBlocks(blocks)
	if err != nil {
		t.Fatal(err)
	}
	server.Lock()
	defer server.Unlock()
	if server.registered%6 != 0 || server.most > 2 || merged.VirtualUsersReady != 6 || merged.Setup[0].Good != 6 {
		t.Errorf("%d registered, %d at once, %+v", server.registered, server.most, merged)
	}
	if len(server.numbers) != len(server.names) {
		t.Errorf("%d numbers for %d requests", len(server.numbers), len(server.names))
	}
	names := slices.Clone(server.names)
	slices.Sort(names)
	if len(slices.Compact(names)) != len(server.names) {
		t.Errorf("of %d names some came twice", len(server.names))
	}
	for _, b := range blocks {
		if d := b.Window.OpenedUnixUS - b.Share.GoUS; d < -1 || d > 1 {
			t.Errorf("the window opened %f µs behind what was asked", d)
		}
	}
}

// Whose setup is not through when all begin has no result, and says so at once.
func TestLateSetupOnWrk(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			time.Sleep(2 * time.Second)
		}
	}))
	defer server.Close()
	s := loadText(t, "name: late\nsetup:\n- {name: slow, request: GET /slow}\nflow:\n- {name: a, request: GET /}\n")
	moment := fmt.Sprintf("TASKBENCH_GO=%d", time.Now().Add(1500*time.Millisecond).UnixMicro())
	of := startShare(t, s, Options{URL: server.URL, Connections: 2, Duration: 30 * time.Second, Warmup: 2 * time.Second}, 1, 2, moment)
	err := of.cmd.Wait()
	if _, missing := os.Stat(of.out); err == nil || !errors.Is(missing, os.ErrNotExist) || !strings.Contains(of.said.String(), "s behind TASKBENCH_GO: choose a later one") {
		t.Errorf("%v, %v, %q", err, missing, &of.said)
	}
}

// Of one request on few threads, processes have their part of the connections.
func TestSharesOfRequestOnWrk(t *testing.T) {
	t.Parallel()
	server := newRouteLog(t)
	s := loadText(t, "name: one\nrequest: \"GET /r/${seq}\"\n")
	blocks := runShares(t, s, Options{URL: server.URL, Connections: 6, Duration: time.Second}, 2, 1500*time.Millisecond)
	merged, err := parse.MergeBlocks(blocks)
	if err != nil {
		t.Fatal(err)
	}
	server.Lock()
	defer server.Unlock()
	if served := len(server.routes["r"]); merged.Wrk.Connections != 6 || int(merged.Steps[0].Answers) > served || int(merged.Steps[0].Answers) < served-12 {
		t.Errorf("%d answers, the server gave %d: %+v", merged.Steps[0].Answers, served, merged.Wrk)
	}
	slices.Sort(server.urls)
	if n := len(server.urls); len(slices.Compact(server.urls)) != n {
		t.Errorf("of %d numbers some came twice", n)
	}
	for _, b := range blocks {
		if b.Window.OpenedUnixUS < b.Share.GoUS {
			t.Errorf("wrk began %f µs before it was told", b.Share.GoUS-b.Window.OpenedUnixUS)
		}
	}
}

// A rate is that of all processes together, whatever the machine does.
func TestSharesOfRateOnWrk(t *testing.T) {
	t.Parallel()
	server := newRouteLog(t)
	for name, plan := range map[string]arrivals.Plan{
		"constant": {Rate: 1000},
		"stages":   {Stages: []arrivals.Stage{{Duration: time.Second, From: 500, To: 1500}, {Duration: time.Second, From: 1000, To: 1000}}},
	} {
		t.Run(name, func(t *testing.T) {
			blocks := runShares(t, loadText(t, "name: r\nrequest: GET /r\n"), Options{URL: server.URL, Connections: 20, Duration: 2 * time.Second, Warmup: 500 * time.Millisecond, Rate: &plan}, 2, 2*time.Second)
			merged, err := parse.MergeBlocks(blocks)
			if err != nil {
				t.Fatal(err)
			}
			if merged.Rate.Due != 2000 || blocks[0].Rate.Due != 1000 || blocks[1].Rate.Due != 1000 {
				t.Errorf("%d were due in 2 s at 1000/s, %d and %d of them in the shares", merged.Rate.Due, blocks[0].Rate.Due, blocks[1].Rate.Due)
			}
			accounted(t, merged, 1)
		})
	}
}

// Whoever watches sees a share as any run, though its first virtual user is not the first of all.
func TestShareIsWatchedOnWrk(t *testing.T) {
	t.Parallel()
	server := newRouteLog(t)
	for name, text := range map[string]string{"flow": routes, "request": "name: r\nrequest: GET /r\nexpect: {status: 200}\n"} {
		live := filepath.Join(t.TempDir(), "live")
		of := startShare(t, loadText(t, text), Options{URL: server.URL, Connections: 4, Duration: 3 * time.Second, Warmup: -1}, 2, 2, "TASKBENCH_LIVE="+live)
		if err := of.cmd.Wait(); err != nil {
			t.Fatalf("%s: %v: %s", name, err, &of.said)
		}
		said, err := os.ReadFile(live)
		var second, good, failed int
		if _, scan := fmt.Sscan(string(said), &second, &good, &failed); err != nil || scan != nil || good == 0 || failed != 0 {
			t.Errorf("%s: told %q, %v", name, said, err)
		}
	}
}

// What cannot be a share ends wrk itself, without a block.
func TestShareRefusedOnWrk(t *testing.T) {
	t.Parallel()
	server := newRouteLog(t)
	of := func(o Options, env ...string) (string, error) {
		o.URL, o.Connections, o.Duration = server.URL, 2, 300*time.Millisecond
		share := startShare(t, loadText(t, routes), o, 1, 2, env...)
		err := share.cmd.Wait()
		if _, missing := os.Stat(share.out); !errors.Is(missing, os.ErrNotExist) {
			t.Errorf("%q left a block", env)
		}
		return share.said.String(), err
	}
	for _, c := range []struct {
		o    Options
		env  string
		want string
	}{
		{Options{}, "TASKBENCH_SHARE=2of3", "routes.lua: TASKBENCH_SHARE is \"2of3\", not a share like 2/3, the second of three\n"},
		{Options{}, "TASKBENCH_SHARE=1/3", "routes.lua: TASKBENCH_SHARE is 1/3, of 2 virtual users: some shares would have none\n"},
		{Options{}, "TASKBENCH_GO=soon", "routes.lua: TASKBENCH_GO is \"soon\", not a moment of today"},
		{Options{}, fmt.Sprintf("TASKBENCH_GO=%d", time.Now().Add(-time.Minute).UnixMicro()), "s behind TASKBENCH_GO: choose a later one\n"},
		{Options{Slots: 2}, "TASKBENCH_SHARE=1/2", "routes.lua: servers that take turns are measured by one process each"},
	} {
		said, err := of(c.o, c.env)
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(said, c.want) {
			t.Errorf("%s: %v, %q, want %q", c.env, err, said, c.want)
		}
	}
	server.Lock()
	defer server.Unlock()
	if len(server.urls) > 0 {
		t.Errorf("the server got %q", server.urls)
	}
}
