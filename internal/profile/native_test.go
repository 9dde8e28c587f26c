package profile

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"taskbench/internal/bench"
	"taskbench/internal/machine"
	"taskbench/internal/scripttest"
	"taskbench/internal/server"
	"taskbench/internal/shell"
	"taskbench/parse"
	"taskbench/results"
)

// program compiles the small native server. flags come before the source.
func program(t *testing.T, flags ...string) string {
	t.Helper()
	cc, err := exec.LookPath("cc")
	if err != nil {
		t.Skip("no C compiler on PATH")
	}
	path := filepath.Join(t.TempDir(), "server")
	args := append([]string{"-O1", "-g", "-fno-omit-frame-pointer", "-o", path}, flags...)
	if out, err := exec.Command(cc, append(args, "../../testdata/heaptrack/server.c")...).CombinedOutput(); err != nil {
		t.Skipf("cc %v: %v\n%s", flags, err, out)
	}
	return path
}

// need skips a test whose tool is not installed, but not in CI.
func need(t *testing.T, tool string, err error) {
	t.Helper()
	if err == nil {
		return
	}
	if _, lookErr := exec.LookPath(tool); lookErr != nil && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	t.Fatal(err)
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func spec(t *testing.T, program string) server.Spec {
	address := freeAddr(t)
	_, port, _ := net.SplitHostPort(address)
	return server.Spec{Name: "native", URL: "http://" + address, Start: shell.Quote(program) + " " + port}
}

// ask sends requests one after the other, on one connection.
func ask(t *testing.T, url string, n int) {
	t.Helper()
	for range n {
		reply, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, reply.Body)
		reply.Body.Close()
	}
}

// loaded asks for /setup for a while, and then for a second for something cheap,
// which is what the window is of.
func loaded(t *testing.T, url string) (run bench.Run, answers uint64) {
	t.Helper()
	run.FromUS = machine.NowUS()
	ask(t, url+"/setup", 100)
	time.Sleep(tellsTime)
	window := parse.Window{OpenedUS: machine.NowUS()}
	for window.LengthUS < 1e6 {
		ask(t, url+"/", 500)
		answers += 500
		window.LengthUS = machine.NowUS() - window.OpenedUS
	}
	time.Sleep(tellsTime)
	ask(t, url+"/setup", 100)
	run.ToUS, run.Block = machine.NowUS(), &parse.Block{Window: window}
	return run, answers
}

// measured has a probe look at a server while it is loaded.
func measured(t *testing.T, p bench.Probe, s bench.Server) (trial results.Trial) {
	t.Helper()
	ctx := t.Context()
	at := p.Attach(ctx, s, bench.Cell{})
	at.Begin(ctx)
	run, answers := loaded(t, s.Spec().URL)
	at.End(ctx)
	trial.Answers = answers
	at.Record(ctx, &trial, run)
	return trial
}

// tellsTime is ample: heaptrack tells the time every 10 ms, the kernel to 10 ms.
const tellsTime = 200 * time.Millisecond

func TestCPUOfNativeServer(t *testing.T) {
	perf, err := FindPerf(t.Context())
	need(t, "perf", err)
	server, err := server.Open(t.Context(), spec(t, program(t)))
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop(t.Context())
	tool := CPU{Perf: perf, Options: Options{Frequency: 997, CallGraph: FramePointers}, Dir: t.TempDir(), Results: map[string][]*Result{}}
	trial := measured(t, &tool, server)
	r := tool.Results["native"][0]
	if trial.CPU != &r.Profile {
		t.Fatalf("the trial has another profile than the probe: %+v", trial.CPU)
	}
	if strings.Contains(r.Profile.Missing, "not permitted") || strings.Contains(r.Profile.Missing, "no performance events") {
		t.Skip(r.Profile.Missing)
	}
	if r.Profile.Missing != "" {
		t.Fatal(r.Profile.Missing)
	}
	if r.Profile.Samples == 0 || r.Profile.Event == "" || r.Profile.Tool != "perf "+perf.Version {
		t.Errorf("profile %+v", r.Profile)
	}
	totals := map[string]uint64{}
	for _, f := range r.Tree.Functions() {
		totals[f.Name] = f.Total
	}
	if totals["burn_cpu"] == 0 || totals["main"] == 0 || totals["expensive_setup"] > 0 {
		t.Errorf("main %d, burn_cpu %d, expensive_setup %d of %d samples", totals["main"], totals["burn_cpu"], totals["expensive_setup"], r.Tree.Total())
	}
	if p := r.Profile; p.SamplesLeftOut == 0 || p.OpenedAfterS <= 0 || p.LengthS <= 0 {
		t.Errorf("%d samples left out of a window of %g s, opened after %g s", p.SamplesLeftOut, p.LengthS, p.OpenedAfterS)
	}
	if u := r.Profile.Use; u == nil || u.CoresMean <= 0 || u.CoresPeak < u.CoresMean || len(u.CoresEachSecond) == 0 || u.VoluntarySwitchesPS <= 0 {
		t.Errorf("use %+v", u)
	}
	if left, _ := filepath.Glob(filepath.Join(tool.Dir, "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestRefusedCPU holds that the use of the CPU is kept where perf cannot be used.
func TestRefusedCPU(t *testing.T) {
	server, err := server.Open(t.Context(), spec(t, program(t)))
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop(t.Context())
	tool := CPU{Refused: errNoPID, Dir: t.TempDir(), Results: map[string][]*Result{}}
	measured(t, &tool, server)
	if r := tool.Results["native"][0]; r.Tree != nil || r.Profile.Missing != Sentence(errNoPID) || r.Profile.Use == nil {
		t.Errorf("tree %v, profile %+v", r.Tree, r.Profile)
	}
}

func TestHeapOfNativeServer(t *testing.T) {
	tool, err := FindHeaptrack(t.Context())
	need(t, "heaptrack", err)
	heap := Heap{Tool: tool, Dir: t.TempDir(), Results: map[string]HeapResult{}}
	server, err := heap.Open(t.Context(), spec(t, program(t)))
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop(t.Context())
	trial := measured(t, &heap, server)
	r, answers := heap.Results["native"], trial.Answers
	if strings.Contains(r.Profile.Missing, "heaptrack told the time") {
		t.Skip(r.Profile.Missing) // the machine is busy
	}
	if r.Profile.Missing != "" || trial.Heap.Answers != answers || trial.Heap.AllocationsPerAnswer <= 0 {
		t.Fatalf("%+v", trial.Heap)
	}
	counts := map[string][4]uint64{}
	for _, s := range r.Profile.Sites {
		counts[s.Name] = [4]uint64{s.Allocations, s.Temporary, s.PeakBytes, s.LeakedBytes}
	}
	for _, name := range []string{"copy_answer", "short_lived", "leak_some"} {
		if n := counts[name][0]; n > answers || n == 0 {
			t.Errorf("%s made %d allocations for %d answers in %g of %g s", name, n, answers, r.Profile.CoveredS, r.Profile.LengthS)
		}
	}
	if got := counts["setup_allocates"]; got != [4]uint64{} {
		t.Errorf("setup_allocates is in the window: %d", got)
	}
	if got := counts["leak_some"]; got[3] != got[0]*64 {
		t.Errorf("leak_some leaked %d bytes by %d allocations", got[3], got[0])
	}
	if got := counts["short_lived"]; got[1]+1 < got[0] || got[1] > got[0] { // the window may close between one and its end
		t.Errorf("short_lived made %d temporary allocations of %d", got[1], got[0])
	}
	if total := r.Trees[parse.HeapCalls].Total(); total != r.Profile.Allocations {
		t.Errorf("stacks add up to %d of %d allocations", total, r.Profile.Allocations)
	}
	if r.Profile.AllocationsLeftOut < 100*50 || r.Profile.OpenedAfterS <= 0 {
		t.Errorf("profile %+v", r.Profile)
	}
}

func TestFollowable(t *testing.T) {
	t.Parallel()
	script := scripttest.Write(t, "run.sh", "exec ./server")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct{ name, path, want string }{
		{"shared", program(t), ""},
		{"static", program(t, "-static"), "is linked statically"},
		{"Go", self, "is a Go program (go"},
		{"script", script, "no program but a script"},
		{"missing", filepath.Join(t.TempDir(), "none"), "no such file"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := followable(c.path)
			if got := fmt.Sprint(err); c.want == "" && err != nil || !strings.Contains(got, c.want) {
				t.Errorf("followable: %v, want %q", err, c.want)
			}
		})
	}
}

func TestWrapRefuses(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, start, want string }{
		{"running already", "", "runs already"},
		{"shell", "PORT=3000 ./server", "a line for a shell"},
		{"no such program", "no-such-program --port 1", "no-such-program"},
		{"open quote", "'x", "quote"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Heaptrack{}.Wrap(server.Spec{Name: "rust", Start: c.start}, "x")
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "rust") {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	path := program(t)
	got, err := Heaptrack{Path: "/usr/bin/heaptrack"}.Wrap(server.Spec{Name: "rust", Start: shell.Quote(path) + ` --name "it's"`}, "/d/rec")
	if err != nil {
		t.Fatal(err)
	}
	words, plain, err := server.Words(got.Start)
	want := []string{"/usr/bin/heaptrack", "--output", "/d/rec", "--", path, "--name", "it's"}
	if err != nil || !plain || strings.Join(words, "|") != strings.Join(want, "|") {
		t.Errorf("words %q, plain %t, error %v; want %q", words, plain, err, want)
	}
}

func TestExplainPerf(t *testing.T) {
	t.Parallel()
	limited := "Error:\nAccess to performance monitoring and observability operations is limited.\nConsider adjusting /proc/sys/kernel/perf_event_paranoid\n"
	cases := []struct {
		name   string
		stderr string
		facts  facts
		want   []string
	}{
		{"paranoid", limited, facts{paranoid: "3"}, []string{"kernel.perf_event_paranoid is 3", "CAP_PERFMON is missing", "sudo sysctl kernel.perf_event_paranoid=1"}},
		{"another user's", limited, facts{paranoid: "2", me: "ann", owner: "www"}, []string{"belongs to user www", "perf run by ann", "CAP_SYS_PTRACE"}},
		{"seccomp", "Permission denied", facts{paranoid: "2", capable: true}, []string{"seccomp", "--cap-add PERFMON"}},
		{"no events", "sys_perf_event_open: Function not implemented", facts{}, []string{"no performance events"}},
		{"gone", "Couldn't create thread/CPU maps: No such process", facts{gone: true}, []string{"ended before perf"}},
		{"else", "Error:\nsomething odd\n", facts{}, []string{"perf record: something odd", "perf record --pid"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := explainPerf(c.stderr, io.EOF, c.facts).Error()
			for _, part := range c.want {
				if !strings.Contains(got, part) {
					t.Errorf("message lacks %q: %s", part, got)
				}
			}
		})
	}
}

func TestPerfVersions(t *testing.T) {
	t.Parallel()
	cases := map[string]bool{"6.1.187": true, "5.15.g8bb7eca972ad": true, "4.14.0": true, "4.9.1": false, "3.16": false, "unknown": true}
	for version, want := range cases {
		if got := atLeast(perfVersion("perf version "+version+"\n"), oldestPerf); got != want {
			t.Errorf("perf %s: recent enough %t, want %t", version, got, want)
		}
	}
}

func TestPage(t *testing.T) {
	t.Parallel()
	other := NewTree()
	other.Add(sample("main", "serve", "</script><b>evil"), 1)
	var out bytes.Buffer
	page := Page{Title: "CPU: a & b", About: []string{"two"}, Unit: "samples", Graphs: []Graph{{Name: "rust", Tree: small()}, {Name: "wj", Tree: other, Notes: []string{"a note"}},
		{Name: "rust", Part: "create", Tree: small()}, {Name: "wj", Part: "create", Tree: other}}}
	if err := WritePage(&out, page); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	for _, want := range []string{"CPU: a &amp; b", `"label":"wj against rust"`, `"label":"create: wj against rust"`, `"label":"create: rust"`, `"s":[500000,0]`, `"s":[833333,1000000]`, "https://d3js.org v7"} {
		if !strings.Contains(text, want) {
			t.Errorf("page lacks %q", want)
		}
	}
	if strings.Contains(text, "</script><b>") || strings.Contains(text, "src=\"http") {
		t.Error("the page is open to names of functions, or needs a network")
	}
}
