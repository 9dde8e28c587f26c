package truth

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"taskbench/internal/cmd/lab"
	"taskbench/internal/slots"
	"taskbench/internal/taskflow"
	"taskbench/parse"
	"taskbench/results"
)

// TestMain lets this program be its own server, in a process of its own, of which
// CPU time and memory are known.
func TestMain(m *testing.M) {
	lab.Serve()
	os.Exit(m.Run())
}

// process is a reference server in a process of its own, until the test ends.
type process struct {
	url string
	pid int
}

func start(t *testing.T, flags ...string) process {
	t.Helper()
	address, err := lab.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], append([]string{"serve", "--observe", "--addr", address}, flags...)...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	p := process{"http://" + address, cmd.Process.Pid}
	for begun := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		if r, err := http.Get(p.url + "/health"); err == nil {
			r.Body.Close()
			return p
		}
		if time.Since(begun) > time.Minute {
			t.Fatal("the server does not answer")
		}
	}
}

// saw is what the server saw itself do from a moment to another, in µs.
func (p process) saw(t *testing.T, fromUS, toUS float64) taskflow.Observation {
	t.Helper()
	r, err := http.Get(fmt.Sprintf("%s%s?from=%.0f&to=%.0f", p.url, taskflow.StatsPath, fromUS*1e3, toUS*1e3))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var o taskflow.Observation
	if err := json.NewDecoder(r.Body).Decode(&o); err != nil {
		t.Fatal(err)
	}
	return o
}

// length is what each server has of a pair.
const length = 2 * time.Second

// seen is one side of a pair with what its server saw.
type seen struct {
	trial  results.Trial
	block  *parse.Block
	server taskflow.Observation // of all answers of the generator's run
	rate   float64              // good answers a second by the server's own count and clock, while it was its turn
	cpuUS  float64              // by the server's own clock, for each answer since the generator began
}

// both measures two servers as taskbench does, one way or the other.
func both(t *testing.T, text string, users int, inSlots bool, servers [2]process) (sides [2]seen) {
	t.Helper()
	l, err := lab.New()
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var before [2]taskflow.Observation
	for i, p := range servers {
		before[i] = p.saw(t, 0, math.MaxInt32)
	}
	docs, err := l.Measure(t.Context(), lab.Run{
		Scenario: load(t, text), Users: users, Pairs: 1, Duration: length, Seed: 1, InSlots: inSlots,
		Base: lab.Side{URL: servers[0].url}, Candidate: lab.Side{URL: servers[1].url},
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range servers {
		sides[i] = see(t, p, docs[i].Scenarios[0].Trials[0], l.Last(p.url), before[i])
	}
	return sides
}

func see(t *testing.T, p process, trial results.Trial, out lab.Output, before taskflow.Observation) seen {
	t.Helper()
	if trial.Error != "" {
		t.Fatal(trial.Error)
	}
	block, err := parse.ReadBlock(out.Block)
	if err != nil {
		t.Fatal(err)
	}
	s := seen{trial: trial, block: block, server: p.saw(t, out.FromUS, math.MaxInt32*1e6)}
	all := p.saw(t, 0, math.MaxInt32*1e6)
	s.cpuUS = (all.CPUSeconds - before.CPUSeconds) * 1e6 / float64(s.server.Total.Answers)
	from, seconds := block.Window.OpenedUS, block.Window.LengthUS/1e6
	if trial.Slots == nil {
		s.rate = float64(good(p.saw(t, from, from+block.Window.LengthUS))) / seconds
		return s
	}
	answers, length := int64(0), 0.0
	for _, turn := range schedule(trial, from).Turns() {
		if turn.Place == trial.Position-1 {
			answers += good(p.saw(t, turn.FromUS, turn.ToUS))
			length += (turn.ToUS - turn.FromUS) / 1e6
		}
	}
	s.rate = float64(answers) / length
	return s
}

// good are answers as the scenarios here expect them: one step is refused.
func good(o taskflow.Observation) int64 { return o.Total.Answers - o.Total.Statuses["500"] }

// schedule is the one that a trial took its turns by, which its seed tells.
func schedule(trial results.Trial, startUS float64) slots.Schedule {
	duration := func(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
	s := slots.NewSchedule(2, length, duration(trial.Slots.SlotS), duration(trial.Slots.GapS), 2*trial.Seed+1)
	s.StartUS = startUS
	return s
}

// TestBothWays holds every figure of a trial, in turn and in slots, against what
// its server counted and timed itself.
func TestBothWays(t *testing.T) {
	needsWrk(t)
	t.Logf("%-8s %-9s %8s %8s %8s | %9s %9s %7s | %9s %9s | %8s %8s", "", "", "requests", "server", "wrong", "rate/s", "server", "", "cpu µs", "server", "RSS MB", "server")
	for _, text := range []string{flow, request} {
		for _, inSlots := range []bool{false, true} {
			servers := [2]process{start(t), start(t, "--error-rate", "5%", "--seed", "3")}
			for i, s := range both(t, text, 10, inSlots, servers) {
				hold(t, s, servers[i], inSlots)
			}
		}
	}
}

// hold compares one side. Requests are counted to the last one; in turn the window
// cuts off at most one of each virtual user at either end, and behind slots each
// may finish its iteration, by one unmeasured step. Rates and CPU time are
// held to a bound on a machine of one's own only (make bench-truth): what is
// compared there is not of the same microseconds. In slots it is all answers that
// the server gave in the slot, where taskbench counts from a user's first answer
// to its last; a machine that is away when slots begin makes the difference.
func hold(t *testing.T, s seen, p process, inSlots bool) {
	t.Helper()
	asked, wrong, edge := s.trial.Answers+s.trial.Lost, s.trial.Answers-s.trial.Good, uint64(2*10)
	saw, behind := s.server, uint64(0)
	if inSlots {
		asked, edge = s.trial.Slots.AllSent(), 0
		if s.block.Mode == "flow" {
			behind = 10
		}
	} else if s.block.Mode == "flow" {
		saw = p.saw(t, s.block.Window.OpenedUS, s.block.Window.OpenedUS+s.block.Window.LengthUS)
	}
	answers, errors := uint64(saw.Total.Answers), uint64(saw.Total.Statuses["500"])
	peak, cpu := residentPeak(t, p.pid), *s.trial.Resources.CPUPerAnswerUS
	resident := float64(*s.trial.Resources.ServerResidentBytes)
	t.Logf("%-8s %-9s %8d %8d %4d/%3d | %9.0f %9.0f %+6.1f%% | %9.1f %9.1f | %8.1f %8.1f", s.block.Mode, map[bool]string{true: "slots", false: "in turn"}[inSlots], asked, answers, wrong, errors,
		s.trial.ThroughputPS, s.rate, 100*(s.trial.ThroughputPS/s.rate-1), cpu, s.cpuUS, resident/1e6, peak/1e6)
	if apart(asked, answers, behind) > edge || apart(wrong, errors, behind) > edge {
		t.Errorf("%d requests, %d answered wrongly; the server counted %d and %d", asked, wrong, answers, errors)
	}
	if resident > peak || resident < peak/4 {
		t.Errorf("%.0f bytes resident; the system says %.0f at most", resident, peak)
	}
	if os.Getenv("TASKBENCH_STRICT") == "" {
		return
	}
	const limit = 0.1
	for what, off := range map[string]float64{"throughput": s.trial.ThroughputPS/s.rate - 1, "CPU time per answer": cpu/s.cpuUS - 1} {
		if math.Abs(off) > limit {
			t.Errorf("%s is off by %.1f %%", what, 100*off)
		}
	}
}

// apart is by how much a count and the server's differ, of which the server may
// have some more that were asked behind the window.
func apart(count, server, behind uint64) uint64 {
	if server > count {
		return server - count - min(behind, server-count)
	}
	return count - server
}

// residentPeak is what the system says was resident at most, in bytes.
func residentPeak(t *testing.T, pid int) float64 {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Skip("the system tells no peak of memory: ", err)
	}
	var kilobytes float64
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			_, _ = fmt.Sscan(rest, &kilobytes)
		}
	}
	return kilobytes * 1024
}

// TestLatencyInSlots holds percentiles of slots against those that the server
// timed itself, with stalls of 200 ms a second. The first answers of slots, which
// are left out, are among the server's. What lies between the two clocks is known
// of another second only: that ours are not too late can be asked of a machine of
// one's own (make bench-truth).
func TestLatencyInSlots(t *testing.T) {
	needsWrk(t)
	for _, text := range []string{flow, request} {
		way := between(t)
		servers := [2]process{start(t, "--delay", "5ms", "--stall", "200ms/1s"), start(t, "--delay", "5ms")}
		for i, s := range both(t, text, 10, true, servers) {
			ours, theirs := decoded(t, s.trial.Latency.HDR), decoded(t, s.server.Total.Latency.HDR)
			ranks := 100 * float64(10+s.trial.Slots.LeftOut) / float64(theirs.TotalCount())
			t.Logf("%s, server %d: %5s %10s %8s %10s", s.block.Mode, i, "", "server µs", "way µs", "ours µs")
			for _, q := range quantiles {
				got, low, high := at(ours, q.percent), at(theirs, max(q.percent-ranks, 0)), at(theirs, min(q.percent+ranks, 100))
				t.Logf("%5s %10.0f %8.0f %10.0f", q.name, at(theirs, q.percent), at(way, q.percent), got)
				late := got > high*(1+above())+at(way, q.path) && os.Getenv("TASKBENCH_STRICT") != ""
				if got < low*(1-tolerance) && q.percent < 100 || late {
					t.Errorf("%s of %s is %.0f µs, the server's %.0f to %.0f", q.name, s.block.Mode, got, low, high)
				}
			}
		}
	}
}

func decoded(t *testing.T, text string) *hdrhistogram.Histogram {
	t.Helper()
	h, err := hdrhistogram.Decode([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return h
}
