package lua

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"taskbench/internal/machine"
	"taskbench/internal/slots"
	"taskbench/parse"
	"taskbench/scenarios"
)

// turns runs the generators of several servers in turn and gives their blocks.
func turns(t *testing.T, s *scenarios.Scenario, o Options, slot, gap time.Duration, urls ...string) []*parse.Block {
	t.Helper()
	wrk, dir := findWrk(t), t.TempDir()
	board, err := slots.New(filepath.Join(dir, "board"), len(urls))
	if err != nil {
		t.Fatal(err)
	}
	defer board.Close()
	o.Slots = len(urls)
	var all []*exec.Cmd
	for place, url := range urls {
		o.URL = url
		src, err := Generate(s, o)
		if err != nil {
			t.Fatal(err)
		}
		script := filepath.Join(dir, fmt.Sprintf("%d.lua", place))
		if err := os.WriteFile(script, src, 0o600); err != nil {
			t.Fatal(err)
		}
		c := CommandFor(s, o)
		cmd := exec.Command(wrk, "-t", strconv.Itoa(c.Threads), "-c", strconv.Itoa(c.Connections), "-d", strconv.Itoa(60), "-T", "60", "-s", script, url)
		cmd.Env = append(os.Environ(), "TASKBENCH_OUT="+filepath.Join(dir, fmt.Sprintf("%d.json", place)))
		for k, v := range board.Env(place) {
			cmd.Env = append(cmd.Env, k+"="+v)
		}
		cmd.Stderr = os.Stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = cmd.Process.Kill() })
		all = append(all, cmd)
	}
	for place := range urls {
		for begun := time.Now(); !board.Ready(place); time.Sleep(5 * time.Millisecond) {
			if time.Since(begun) > 5*time.Second {
				t.Fatalf("the generator of place %d is not ready", place)
			}
		}
	}
	board.Skip(0)
	schedule := slots.NewSchedule(len(urls), o.Duration, slot, gap, 1)
	schedule.StartUS = machine.NowUS() + 50_000
	board.Begin(1, schedule)
	var blocks []*parse.Block
	for place, cmd := range all {
		if err := cmd.Wait(); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("%d.json", place)))
		if err != nil {
			t.Fatal(err)
		}
		b, err := parse.ReadBlock(data)
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		blocks = append(blocks, b)
	}
	return blocks
}

func TestTurns(t *testing.T) {
	var counts [2]atomic.Uint64
	var urls []string
	for i := range counts {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			counts[i].Add(1)
			time.Sleep(time.Millisecond)
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"id":1,"token":"x","name":"n"}`)
		}))
		defer s.Close()
		urls = append(urls, s.URL)
	}
	s, err := scenarios.LoadFile(os.Getenv("SCEN"), false)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range turns(t, s, Options{Duration: 2 * time.Second}, 100*time.Millisecond, 5*time.Millisecond, urls...) {
		t.Logf("%+v", b.Slots)
		t.Logf("steps %+v lost %d unans %d window %+v wrk %d", b.Steps, b.Lost, b.Unanswered, b.Window, b.Wrk.Requests)
	}
	t.Log(counts[0].Load(), counts[1].Load())
}
