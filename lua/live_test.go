package lua

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"taskbench/internal/luavm"
	"taskbench/parse"
	"taskbench/scenarios"
)

// liveRun runs a scenario in the embedded VM for three seconds on two threads,
// which answer in turn, ten times a second; every fifth answer is bad, and every
// seventh request is lost. It gives what was told and the block.
func liveRun(t *testing.T, s *scenarios.Scenario, live string) (told string, block *parse.Block) {
	t.Helper()
	env := map[string]string{"TASKBENCH_OUT": "block", "TASKBENCH_LIVE": live}
	clock := luavm.NewVirtualClock()
	process, err := luavm.New("live.lua", []byte(generateEmbedded(t, s, Options{Connections: 2, Threads: 2})), luavm.Config{
		URL: "http://localhost", Threads: 2, Connections: 2, Clock: clock, Host: true,
		Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
	})
	if err != nil {
		t.Fatal(err)
	}
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	check(process.Start())
	requests := uint64(0)
	for n := 1; n <= 31 && !process.Interrupted(); n++ {
		for _, thread := range process.Threads() {
			_, err := thread.Request()
			check(err)
		}
		clock.Sleep(100 * time.Millisecond)
		for _, thread := range process.Threads() {
			if n%7 == 0 {
				continue // the next request says that this one was lost
			}
			requests++
			check(thread.Response(map[bool]int{true: 500, false: 200}[n%5 == 0], http.Header{}, nil))
		}
	}
	check(process.Done(luavm.Summary{Duration: 3 * time.Second, Requests: requests, Latency: slices.Repeat([]uint64{1000}, int(requests))}))
	text, _ := process.File("block")
	block, err = parse.ReadBlock(text)
	check(err)
	lines, _ := process.File(live)
	return string(lines), block
}

func TestLiveLinesOfVirtualUsers(t *testing.T) {
	t.Parallel()
	s := scenario(scenarios.Flow, get("a", "/", status(200)))
	s.Load.Duration, s.Load.Warmup = 3*time.Second, 0
	told, block := liveRun(t, s, "live")
	var want strings.Builder
	for second, counted := range block.PerSecond[:2] { // the last one ends with the run
		fmt.Fprintf(&want, "%d %d %d\n", second, counted.Good, counted.Failed)
	}
	if diff := cmp.Diff(want.String(), told); diff != "" {
		t.Errorf("told (-counted in the end +told):\n%s", diff)
	}
	if block.PerSecond[0].Good < 10 || block.PerSecond[0].Failed < 4 {
		t.Errorf("too little happened to tell: %+v", block.PerSecond)
	}
}

func TestLiveLinesOfARequest(t *testing.T) {
	t.Parallel()
	s := scenario(scenarios.Request, get("a", "/", status(200)))
	// The first thread looks, at its 11th, 21st and 31st answer, when the second has not yet had its own.
	const want = "0 15 4\n1 14 4\n2 12 4\n"
	if told, _ := liveRun(t, s, "live"); told != want {
		t.Errorf("told:\n%swant:\n%s", told, want)
	}
}

func TestNobodyWatches(t *testing.T) {
	t.Parallel()
	s := scenario(scenarios.Flow, get("a", "/", status(200)))
	s.Load.Duration = 3 * time.Second
	if told, _ := liveRun(t, s, ""); told != "" {
		t.Errorf("told:\n%s", told)
	}
}

// TestLiveOnWrk watches real runs. What is told while virtual users still count
// may miss one answer of each, and never has one too many.
func TestLiveOnWrk(t *testing.T) {
	var n atomic.Uint64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if n.Add(1)%10 == 0 {
			w.WriteHeader(http.StatusTeapot)
		}
	}))
	defer server.Close()
	const users = 4
	for _, mode := range []scenarios.Mode{scenarios.Flow, scenarios.Request} {
		t.Run(string(mode), func(t *testing.T) {
			s := scenario(mode, get("a", "/", status(200)))
			file := filepath.Join(t.TempDir(), "live")
			block := runWrk(t, s, Options{URL: server.URL, Connections: users, Duration: 3 * time.Second}, "TASKBENCH_LIVE="+file)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var live parse.Live
			_, _ = live.Write(text)
			if mode == scenarios.Request {
				if failed := block.Steps[0].Unmet["status"]; live.Seconds < 1 || live.GoodPS == 0 || live.Failed == 0 || live.Failed > failed {
					t.Errorf("told %+v, %d failed in the end", live, failed)
				}
				return
			}
			checkLive(t, string(text), block, users)
		})
	}
}

func checkLive(t *testing.T, text string, block *parse.Block, users uint64) {
	t.Helper()
	told := 0
	for line := range strings.Lines(text) {
		var second int
		var good, failed uint64
		if _, err := fmt.Sscanf(line, "%d %d %d\n", &second, &good, &failed); err != nil {
			t.Fatalf("line %q: %v", line, err)
		}
		counted := block.PerSecond[second]
		if all := counted.Good + counted.Failed; good > counted.Good || failed > counted.Failed || good+failed+users < all {
			t.Errorf("told %q, counted %+v", line, counted)
		}
		told = max(told, second+1)
	}
	last := len(block.PerSecond) - 1
	for last > 0 && block.PerSecond[last].Good+block.PerSecond[last].Failed == 0 {
		last--
	}
	if told != last {
		t.Errorf("told %d seconds, the last answers came in number %d of %+v", told, last, block.PerSecond)
	}
}
