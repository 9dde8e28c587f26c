package truth

import (
	"math"
	"testing"
	"time"

	"taskbench/internal/taskflow"
	"taskbench/lua"
	"taskbench/parse"
)

const flow = `
name: flow
title: Two steps, of different length
load: {connections: 10, duration: 1s, warmup: 200ms}
flow:
  - {name: health, request: GET /health, expect: {status: 200}}
  - {name: refused, request: GET /api/v1/projects, expect: {status: 400}}
`

const request = `
name: request
title: One request
load: {connections: 10, duration: 1s, warmup: 0s}
request: {name: health, request: GET /health}
`

// TestThroughput: what we count as answers within the window is what the server
// counted in the same window, but for at most one answer a virtual user at either
// end that the server has given and the generator has not taken yet. Where
// the window holds fifty answers a virtual user and more, that is below the two
// per cent that are promised.
func TestThroughput(t *testing.T) {
	needsWrk(t)
	s := load(t, flow)
	t.Logf("%6s %10s %10s %9s %9s   %s", "users", "server/s", "ours/s", "ours", "allowed", "wrk's own clock /s, for its whole run")
	for _, users := range []int{10, 50, 100, 200, 500} {
		server, url := serve(t, taskflow.Config{})
		block, wrk := measure(t, s, lua.Options{URL: url, Connections: users, Duration: time.Second, Warmup: 200 * time.Millisecond})
		seen := server.Observe(window(t, block))
		ours, truth := answers(block), float64(seen.Total.Answers)
		seconds := block.Window.LengthUS / 1e6
		off, allowed := ours-truth, float64(users)
		t.Logf("%6d %10.0f %10.0f %+8.2f%% %8.2f%%   %.0f", users, truth/seconds, ours/seconds, 100*off/truth, 100*allowed/truth, *wrk.RequestsPS)
		if math.Abs(off) > allowed || truth == 0 || seen.Dropped > 0 {
			t.Errorf("%d virtual users: %.0f answers counted, the server gave %.0f", users, ours, truth)
		}
	}
}

// TestRequestThroughput is the same where connections share a thread. The
// window is wrk's own run, so that all answers of a fresh server are in it.
func TestRequestThroughput(t *testing.T) {
	needsWrk(t)
	s := load(t, request)
	t.Logf("%6s %10s %10s %9s", "conns", "server", "ours", "ours")
	for _, connections := range []int{10, 50, 100, 200, 500} {
		server, url := serve(t, taskflow.Config{})
		block, _ := measure(t, s, lua.Options{URL: url, Connections: connections})
		seen := server.Observe(0, math.MaxInt64/2)
		ours, truth := answers(block), float64(seen.Total.Answers)
		t.Logf("%6d %10.0f %10.0f %+8.2f%%", connections, truth, ours, 100*(ours-truth)/truth)
		if math.Abs(ours-truth) > float64(connections) || truth == 0 {
			t.Errorf("%d connections: %.0f answers counted, the server gave %.0f", connections, ours, truth)
		}
	}
}

// answers is the number of good answers of a block; none may be anything else.
func answers(b *parse.Block) float64 {
	good := uint64(0)
	for _, step := range b.Steps {
		good += step.Good
	}
	return float64(good)
}
