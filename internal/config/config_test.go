package config

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"taskbench/internal/golden"
	"taskbench/internal/hosts"
	"taskbench/internal/server"
)

// TestErrors holds the messages of wrong files against testdata/errors: each
// .yaml beside the .txt that it is answered with.
func TestErrors(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/errors/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			c, err := Parse("taskbench.yaml", text)
			if err == nil {
				t.Fatalf("was taken: %+v", c)
			}
			golden.Check(t, strings.TrimSuffix(file, ".yaml")+".txt", err.Error()+"\n")
		})
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	warmup, seed := 2*time.Second, int64(7)
	got, err := Parse("sub/taskbench.yaml", []byte(`
targets:
  main: {url: "http://localhost:4000", start: ./server --fast, dir: build, env: {PORT: 4000}, ready: /health, ready_timeout: 5s, log: main.log}
  other: {url: "https://example.com", start: /bin/server}
  third: {url: "http://[::1]:80/", pid: run/api.pid, also: [postgres, 77]}
  fourth: {url: "http://localhost:5000", pid: 4711, also: redis-server}
baseline: other
scenarios: [scenarios, ../api/*.yaml, /abs/one.yaml]
reset: ./reset.sh
results: /var/results
wrk: /opt/wrk
run: {pairs: 9, max_time: 10m, duration: 5s, warmup: 2s, connections: [10, 50], seed: 7, in_turn: true, slot: 50ms, start_floor: 5%}
`))
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		Targets: []server.Spec{
			{Name: "main", URL: "http://localhost:4000", Start: "./server --fast", Dir: "sub/build", Env: map[string]string{"PORT": "4000"},
				Ready: "/health", ReadyTimeout: 5 * time.Second, LogFile: "sub/main.log"},
			{Name: "other", URL: "https://example.com", Start: "/bin/server", Dir: "sub"},
			{Name: "third", URL: "http://[::1]:80/", PID: "sub/run/api.pid", Also: []string{"postgres", "77"}},
			{Name: "fourth", URL: "http://localhost:5000", PID: "4711", Also: []string{"redis-server"}},
		},
		Scenarios: []Source{{Path: "sub/scenarios"}, {Path: "api/*.yaml"}, {Path: "/abs/one.yaml"}},
		Baseline:  "other", Reset: "./reset.sh", Results: "/var/results", Wrk: "/opt/wrk",
		Pairs: 9, MaxTime: 10 * time.Minute, Duration: 5 * time.Second, Warmup: &warmup, Connections: []int{10, 50}, Seed: &seed, InTurn: true, Slot: 50 * time.Millisecond, StartFloor: new(0.05),
	}
	if place := got.Scenarios[1].Place; place.Pos.String() != "sub/taskbench.yaml:8:24" || place.Excerpt != "scenarios: [scenarios, ../api/*.yaml, /abs/one.yaml]" {
		t.Errorf("the place of a scenario: %+v", place)
	}
	if diff := cmp.Diff(want, withoutPlaces(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// withoutPlaces is a configuration as another file could have had it.
func withoutPlaces(c Config) Config {
	var list []Source
	for _, s := range c.Scenarios {
		list = append(list, Source{Path: s.Path})
	}
	c.Scenarios = list
	return c
}

// A floor of 0% is one, and no missing one: it is read, and written, as it stands.
func TestNoStartFloor(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]*float64{"run: {start_floor: 0%}": new(0.0), "run: {start_floor: 0.0%}": new(0.0), "run: {pairs: 6}": nil} {
		got, err := Parse("taskbench.yaml", []byte(text))
		if diff := cmp.Diff(want, got.StartFloor); err != nil || diff != "" {
			t.Errorf("%s: %v %s", text, err, diff)
		}
		var written bytes.Buffer
		if err := got.Write(&written); err != nil || strings.Contains(written.String(), "start_floor: 0%") != (want != nil) {
			t.Errorf("%s becomes\n%s%v", text, &written, err)
		}
	}
}

// A file says what it says; the rest is as without a file.
func TestParseOverDefaults(t *testing.T) {
	t.Parallel()
	want := Default()
	want.Pairs, want.Connections = 3, []int{50}
	for _, text := range []string{"run: {pairs: 3, connections: 50}", "run:\r\n  pairs: 3\r\n  connections:\r\n    - 50\r\n"} {
		got, err := Parse("taskbench.yaml", []byte(text))
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	}
}

func TestFind(t *testing.T) {
	t.Chdir(t.TempDir())
	none, err := Find("")
	if diff := cmp.Diff(Default(), none); err != nil || diff != "" {
		t.Errorf("without a file: %v\n%s", err, diff)
	}
	if _, err := Find("other.yaml"); err == nil || !strings.Contains(err.Error(), "hint: taskbench init writes one") {
		t.Errorf("a file that was named and is not there: %v", err)
	}
	if err := os.WriteFile(FileName, []byte("results: elsewhere"), 0o600); err != nil {
		t.Fatal(err)
	}
	found, err := Find("")
	if err != nil || found.Results != "elsewhere" {
		t.Errorf("with a file: %+v, %v", found, err)
	}
}

func TestCheckTarget(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, url, want string }{
		{"rust", "http://localhost:3001", ""},
		{"pr-17_a.b", "https://example.com/", ""},
		{"", "http://localhost", "is no name for a target"},
		{"..", "http://localhost", "is no name for a target"},
		{"a/b", "http://localhost", "is no name for a target"},
		{"a", "localhost:3000", "is not an http:// or https:// URL"},
		{"a", "ftp://localhost", "is not an http:// or https:// URL"},
		{"a", "http://", "names no host"},
		{"a", "http://localhost/api", "has a path"},
		{"a", "http://localhost?x=1", "has a path"},
		{"a", "http://localhost?", "has a path"},
		{"a", "http://localhost/#top", "has a fragment"},
		{"a", "http://localhost#", "has a fragment"},
		{"a", "http://local host", "is not a URL"},
		{"a", "http://localhost:port", "is not a URL"},
	}
	for _, c := range cases {
		err := CheckTarget(c.name, c.url)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%q, %q: %v, want %q", c.name, c.url, err, c.want)
		}
	}
}

// roundTrip is the law of Write: what it writes is read as what was written.
func roundTrip(t *testing.T, c Config) {
	t.Helper()
	var text bytes.Buffer
	if err := c.Write(&text); err != nil {
		t.Fatal(err)
	}
	again, err := Parse(FileName, text.Bytes())
	if err != nil {
		t.Fatalf("%v\n%s", err, &text)
	}
	if diff := cmp.Diff(withoutPlaces(c), withoutPlaces(again)); diff != "" {
		t.Errorf("(-written +read):\n%s\n%s", diff, &text)
	}
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	roundTrip(t, Default())
	for seed := range uint64(300) {
		roundTrip(t, random(rand.New(rand.NewPCG(seed, 1))))
	}
}

// awkward are values that YAML would rather take for something else.
var awkward = []string{"", "x", "true", "null", "~", "7", "1e3", "0x1f", " a ", "a: b", "# c", "- d", "'", `"`, "\\", "ü☃", "*a", "&a", "!t", "{", "a\tb",
	"yes", ".inf", "2001-01-01", "|", ">", "%", "@", "`", "a #b", "?", "a,b", "[", "=", "<<"}

// random is a configuration that Parse could have read.
func random(r *rand.Rand) Config {
	text := func() string { return awkward[r.IntN(len(awkward))] }
	c := Default()
	c.Reset, c.Results, c.Wrk, c.Pairs = text(), text(), text(), r.IntN(100)
	if r.IntN(2) == 0 {
		c.Duration, c.MaxTime = time.Duration(100+r.IntN(1e6))*time.Millisecond, time.Duration(1+r.IntN(1e4))*time.Second
	}
	if r.IntN(2) == 0 {
		warmup, seed := time.Duration(r.IntN(1e4))*time.Millisecond, r.Int64N(1<<31)
		c.Warmup, c.Seed, c.Connections = &warmup, &seed, []int{1 + r.IntN(100), 500}
	}
	for range r.IntN(3) {
		c.Scenarios = append(c.Scenarios, Source{Path: relativeTo(".", text()+"x")})
	}
	if len(c.Scenarios) == 0 && r.IntN(2) == 0 {
		c.Suite = Suites[0]
	}
	c.Targets = nil
	for i := range 1 + r.IntN(3) {
		s := server.Spec{Name: fmt.Sprintf("t%d", i), URL: fmt.Sprintf("http://localhost:%d", r.IntN(65536)), Start: text()}
		if s.Start != "" {
			s.Dir = "."
		}
		if r.IntN(2) == 0 {
			s.Ready, s.ReadyTimeout = "/"+text(), time.Duration(1+r.IntN(60))*time.Second
			s.LogFile, s.Env = "log.txt", map[string]string{"A": text(), "true": text()}
		}
		c.Targets = append(c.Targets, s)
	}
	for range r.IntN(4) {
		h := hosts.Host{}
		if r.IntN(2) == 0 {
			h.SSH = []string{"bench@a", "b", "ssh://c:22", "true", "7", "~"}[r.IntN(6)]
		}
		if r.IntN(2) == 0 {
			h.CPUs, h.Wrk = [][]int{{0}, {0, 1, 2, 8}, {3, 5, 6}}[r.IntN(3)], text()
		}
		c.Hosts = append(c.Hosts, h)
	}
	c.Hosts = named(c.Hosts)
	if r.IntN(2) == 0 {
		c.Baseline = c.Targets[r.IntN(len(c.Targets))].Name
	}
	if r.IntN(2) == 0 {
		floor := c.Targets[0]
		floor.Name = FloorName
		c.Floor = &floor
	}
	return c
}

// FuzzParse: no text breaks it, and what it takes it writes back.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "scenarios: [a, b/*.yaml, ../c/]", "scenarios: ./a.yaml", "suite: taskflow", "indicators: {p95: < 20ms, throughput: \"> 5k/s\", leaks: none}", "targets: {rust: {url: \"http://localhost\"}}", "run: {pairs: auto}", "baseline: rust", "reset: |\n  a\n  b\n",
		"targets:\n  a: {url: http://h, start: x, dir: /y, pid: /z, also: [db, 7], env: {A: ~}}\n", "run: {connections: [1, 2], warmup: 0s, seed: 0}",
		"hosts: [bench@a, {ssh: b, cpus: 0-3,8, wrk: /opt/wrk}, {cpus: 1}]", "hosts: {local: 2}", "hosts: [~, {}]",
		"floor: http://localhost", "floor: {url: http://h, start: x}\ntargets: {floor: {url: http://i}}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "pin") {
			t.Skip("depends on the machine's cores")
		}
		if c, err := Parse(FileName, []byte(text)); err == nil {
			roundTrip(t, c)
		}
	})
}

// A device without an end is refused unopened.
func TestConfigurationOfNoEnd(t *testing.T) {
	t.Parallel()
	if _, err := Find("/dev/zero"); err == nil || !strings.Contains(err.Error(), "it is no plain file but a device") {
		t.Error(err)
	}
}
