package wrk

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestArgs(t *testing.T) {
	t.Parallel()
	const url = "http://localhost:3000/"
	cases := map[string]struct {
		o    Options
		want []string
	}{
		"least": {Options{URL: url, Threads: 1, Connections: 1, Duration: time.Second},
			[]string{"-t", "1", "-c", "1", "-d", "1s", "--", url}},
		"durations are rounded up": {Options{URL: url, Threads: 2, Connections: 10, Duration: 1500 * time.Millisecond, Timeout: time.Millisecond},
			[]string{"-t", "2", "-c", "10", "-d", "2s", "-T", "1s", "--", url}},
		"hours": {Options{URL: url, Threads: 1, Connections: 1, Duration: 2 * time.Hour},
			[]string{"-t", "1", "-c", "1", "-d", "7200s", "--", url}},
		"all": {Options{Path: "x", URL: url, Threads: 1, Connections: 1, Duration: time.Second, Latency: true,
			Headers: []string{"A: 1", "B: 2"}, Script: "s.lua", Args: []string{"-d", "5"}, CPUs: []int{1}},
			[]string{"-t", "1", "-c", "1", "-d", "1s", "--latency", "-H", "A: 1", "-H", "B: 2", "-s", "s.lua", "--", url, "-d", "5"}},
	}
	for name, c := range cases {
		if d := cmp.Diff(c.want, Args(c.o)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	o := Options{Script: "s.lua", OutFile: "out.json", RunName: "r", Seed: 5, Env: map[string]string{"B": "2", "A": "1"}}
	want := []string{"PATH=/bin", "A=1", "B=2", "TASKBENCH_OUT=out.json", "TASKBENCH_RUN=r", "TASKBENCH_SEED=5"}
	if d := cmp.Diff(want, o.environment([]string{"PATH=/bin"})); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"PATH=/bin"}, Options{}.environment([]string{"PATH=/bin"})); d != "" {
		t.Error(d)
	}
	o = Options{Env: map[string]string{"TASKBENCH_SHARE": "2/3"}}
	if d := cmp.Diff([]string{"TASKBENCH_SHARE=2/3"}, o.environment([]string{"TASKBENCH_SHARE=1/2", "TASKBENCH_GO=1"})); d != "" {
		t.Errorf("what a run by hand was told: %s", d)
	}
}

func TestLiveFile(t *testing.T) {
	t.Parallel()
	o := Options{Path: "sh", Script: "s.lua", LiveFile: filepath.Join(t.TempDir(), "live")}
	if err := os.WriteFile(o.LiveFile, []byte("0 1 2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cleanup, err := prepare(&o)
	if err != nil {
		t.Fatal(err)
	}
	defer cleanup()
	if _, err := os.Stat(o.LiveFile); !os.IsNotExist(err) {
		t.Errorf("what an earlier run told is still there: %v", err)
	}
	if env := o.environment(nil); !slices.Contains(env, "TASKBENCH_LIVE="+o.LiveFile) {
		t.Errorf("the script is not asked to tell: %q", env)
	}
	o.LiveFile = ""
	if env := o.environment(nil); slices.ContainsFunc(env, func(v string) bool { return strings.HasPrefix(v, "TASKBENCH_LIVE") }) {
		t.Errorf("the script is asked to tell: %q", env)
	}
}
