package k6

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"taskbench/internal/k6/k6test"
	"taskbench/internal/source"
	"taskbench/parse"
	"taskbench/wrk"
)

// counting is a server that counts what it is asked.
type counting struct {
	*httptest.Server
	mu    sync.Mutex
	asked map[string]int
}

func serve(t *testing.T) *counting {
	c := &counting{asked: map[string]int{}}
	c.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.asked[r.URL.Path]++
	}))
	t.Cleanup(c.Close)
	return c
}

func (c *counting) counts() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.asked)
}

// engine is one with a program of the test's own in place of k6: sh, in which $K6 is
// the real one, $SEGMENT the number of its part, and at waits until so many µs behind the beginning.
func engine(t *testing.T, processes int, sh string) Engine {
	path := k6test.Path(t)
	if sh != "" {
		text := "#!/bin/sh\nK6='" + path + "'\nat() { while [ $(($(date +%s%N) / 1000)) -lt $((TASKBENCH_GO + $1)) ]; do sleep 0.05; done; }\ncase \"$*\" in *'segment 0:'*) SEGMENT=1;; *segment*) SEGMENT=2;; esac\n" + sh + "\nexec $K6 \"$@\"\n"
		path = filepath.Join(t.TempDir(), "k6")
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return Engine{K6: Installation{Path: path}, Processes: processes}
}

// options are a load of so many virtual users for a second, by the script of testdata.
func options(t *testing.T, url string, users int) wrk.Options {
	text, err := os.ReadFile("testdata/load.js")
	if err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(t.TempDir(), "load.js")
	if err := os.WriteFile(script, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return wrk.Options{URL: url, Script: script, Connections: users, Duration: time.Second, RunName: "r7", Seed: 5, Env: map[string]string{
		"TEST_VUS": fmt.Sprint(users), "TEST_WINDOW_MS": "1000", "TEST_WARMUP_MS": "0",
	}}
}

func generate(t *testing.T, e Engine, o wrk.Options) (*parse.Block, error) {
	t.Helper()
	out, err := e.Generate(context.Background(), o)
	if err != nil {
		if out.Block != nil {
			t.Errorf("a block beside an error: %s", out.Block)
		}
		return nil, err
	}
	block, err := parse.ReadBlock(out.Block)
	if err != nil {
		t.Fatal(err)
	}
	return block, nil
}

// What two processes count together is what the server counted, but for what was in
// flight at the window's close; percentiles are those of all samples.
func TestTwoProcessesAddUp(t *testing.T) {
	const users = 5
	s := serve(t)
	o := options(t, s.URL, users)
	out, err := engine(t, 2, "").Generate(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	block, err := parse.ReadBlock(out.Block)
	if err != nil {
		t.Fatal(err)
	}
	asked := s.counts()
	var answers uint64
	for i, share := range out.Shares {
		answers += share.Answers
		if share.Host != fmt.Sprintf("local %d", i+1) || share.Users != len(usersOf(i+1, 2, users)) || share.CPU <= 0 || share.Behind < 0 {
			t.Errorf("%+v", share)
		}
	}
	if all := block.Steps[0].Answers + block.Steps[1].Answers; len(out.Shares) != 2 || answers != all {
		t.Errorf("%d shares with %d answers of %d", len(out.Shares), answers, all)
	}
	for _, step := range block.Steps {
		if n := asked["/"+step.Name]; step.Answers == 0 || step.Good != step.Answers || n < int(step.Answers) || n > int(step.Answers)+2*users {
			t.Errorf("%s: %d answers, %d good, and the server counted %d", step.Name, step.Answers, step.Good, n)
		}
	}
	for vu := 1; vu <= users; vu++ {
		if n := asked[fmt.Sprintf("/register/r7u%d", vu)]; n != 1 {
			t.Errorf("virtual user %d registered %d times", vu, n)
		}
	}
	if block.VirtualUsersAsked != users || block.VirtualUsersReady != users || block.Run != "r7" || block.Seed != 5 || block.Window.OpenedUS == 0 {
		t.Errorf("%+v", block)
	}
	sameAsJoined(t, block, []string{o.Script[:len(o.Script)-3] + ".1.log", o.Script[:len(o.Script)-3] + ".2.log"})
}

// sameAsJoined holds a merged block against the buckets of all logs, added up here.
func sameAsJoined(t *testing.T, block *parse.Block, logs []string) {
	var opened []float64
	joined := make([]map[uint64]uint64, len(block.Steps))
	for i, path := range logs {
		l, err := readFile(path, path)
		if err != nil || len(l.Told) != len(usersOf(i+1, len(logs), block.VirtualUsersAsked)) {
			t.Fatalf("%s: %d told, %v", path, len(l.Told), err)
		}
		for _, told := range l.Told {
			opened = append(opened, told.Block.Window.OpenedUnixUS)
			for k, step := range told.Block.Steps {
				if joined[k] == nil {
					joined[k] = map[uint64]uint64{}
				}
				for _, b := range step.Latency.Buckets {
					joined[k][b[0]] += b[1]
				}
			}
		}
	}
	for k, step := range block.Steps {
		var want [][2]uint64
		for _, index := range slices.Sorted(maps.Keys(joined[k])) {
			want = append(want, [2]uint64{index, joined[k][index]})
		}
		if !slices.Equal(step.Latency.Buckets, want) {
			t.Errorf("%s: merged buckets are not those of all virtual users", step.Name)
		}
	}
	t.Logf("virtual users began within %.1f ms", (slices.Max(opened)-slices.Min(opened))/1e3)
	if math.IsInf(slices.Max(opened), 0) {
		t.Error("no beginning")
	}
}

// Ctrl-C ends all processes, and what they counted until then is no result.
func TestInterrupted(t *testing.T) {
	o := options(t, serve(t).URL, 4)
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("the user had enough")
	time.AfterFunc(2*time.Second, func() { cancel(cause) })
	out, err := engine(t, 2, "").Generate(ctx, o)
	if !errors.Is(err, cause) || out.Block != nil {
		t.Errorf("%v, block %q", err, out.Block)
	}
	left, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, path := range left {
		if line, err := os.ReadFile(path); err == nil && strings.Contains(string(line), o.Script) {
			t.Errorf("%s runs on: %q", path, line)
		}
	}
}

// Whatever becomes of one of two processes: no result, and its name.
func TestOneOfTwoFails(t *testing.T) {
	kill := func(signal string) string { // in the window
		return `if [ "$SEGMENT" = 2 ]; then $K6 "$@" & p=$!; at 300000; kill -` + signal + ` $p; wait $p; exit $?; fi`
	}
	cases := []struct {
		name, sh string
		env      map[string]string
		says     []string
	}{
		{"killed", `if [ "$SEGMENT" = 2 ]; then (at 300000; kill -KILL $$) & fi`, nil, []string{"k6 2 of 2 was ended by a signal: killed"}},
		{"interrupted", kill("INT"), nil, []string{"k6 2 of 2 ended with exit status 105", "interrupt"}},
		{"stopped", kill("STOP"), nil, []string{"k6 2 of 2 ran on long beyond its time"}},
		{"late", `if [ "$SEGMENT" = 2 ]; then at 500000; fi`, map[string]string{"TEST_WINDOW_MS": "8000"}, []string{"k6 2 of 2:", "measured at another time"}},
		{"too late", `if [ "$SEGMENT" = 2 ]; then at 1100000; fi`, nil, []string{"k6 2 of 2:", "was there when the measurement was over"}},
		{"ends at once", `if [ "$SEGMENT" = 2 ]; then exit 0; fi`, nil, []string{"k6 2 of 2 ended as if all were well", "2 of its 2", "2, 4"}},
		{"another script", `if [ "$SEGMENT" = 2 ]; then export TEST_HASH=other; fi`, nil, []string{"k6 2 of 2:", "another script"}},
		{"throws", "", map[string]string{"TEST_THROW": "1"}, []string{"k6 2 of 2 complained: TypeError"}},
		{"one is silent", "", map[string]string{"TEST_SILENT": "1"}, []string{"k6 2 of 2 ended as if all were well", "1 of its 2", ": 2"}},
		{"no memory", `if [ "$SEGMENT" = 2 ]; then ulimit -v 300000; fi`, nil, []string{"k6 2 of 2 ended with exit status 2: fatal error"}},
		{"full disk", `if [ "$SEGMENT" = 2 ]; then exec 2>/dev/full; fi`, nil, []string{"k6 2 of 2 ended as if all were well", "2 of its 2"}},
		{"broken script", `if [ "$SEGMENT" = 2 ]; then set -- run --log-format json /nowhere.js; fi`, nil, []string{"k6 2 of 2 ended with exit status", "nowhere.js"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := options(t, serve(t).URL, 4)
			maps.Copy(o.Env, c.env)
			_, err := generate(t, engine(t, 2, c.sh), o)
			if err == nil {
				t.Fatal("there is a result")
			}
			message, hint := source.Split(err)
			for _, say := range c.says {
				if !strings.Contains(message, say) {
					t.Errorf("%q does not say %q", message, say)
				}
			}
			if hint == "" {
				t.Errorf("%q has no hint", message)
			}
		})
	}
}
