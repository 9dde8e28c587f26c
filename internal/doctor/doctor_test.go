package doctor

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"taskbench/internal/counter"
	"taskbench/internal/hosts"
	"taskbench/internal/machine"
	"taskbench/internal/server"
	"taskbench/internal/source"
	"taskbench/results"
	"taskbench/wrk"
)

var errTest = errors.New("no such thing")

// sound is a world where nothing is amiss: idle, and all installed.
func sound() world {
	looks := 0
	return world{
		look: func(string) error { return nil },
		wrk: func(string) (wrk.Installation, error) {
			return wrk.Installation{Path: "/usr/bin/wrk", Version: "4.1"}, nil
		},
		count:   func(context.Context) error { return nil },
		machine: func() results.Environment { return results.Environment{Governor: "performance"} },
		times: func() (machine.Times, bool) {
			looks++
			return machine.Times{Busy: float64(looks) * 0.01, Total: float64(looks) * 4}, true
		},
		wait:   func(time.Duration) {},
		free:   func() (uint64, bool) { return 8 << 30, true },
		files:  func() (uint64, bool) { return 1024, true },
		reset:  func(context.Context, string, server.Spec) error { return nil },
		open:   func(context.Context, server.Spec) error { return nil },
		ask:    func(context.Context, string, string) (string, error) { return AllTables, nil },
		env:    func(string) string { return "" },
		writes: func(string) error { return nil },
		cores:  4,
	}
}

var plan = Plan{
	Targets: []server.Spec{{Name: "rust", URL: "http://localhost:3001", Env: map[string]string{"DATABASE_URL": "postgresql://me:secret@db/taskflow"}}},
	Reset:   "./reset.sh", Results: "results", Users: 500,
}

// TestSound: every check passes, each once, and a run can work.
func TestSound(t *testing.T) {
	checks := sound().examine(t.Context(), plan)
	var names []string
	for _, c := range checks {
		names = append(names, c.Name)
		if c.State != OK || c.Mend != "" || c.Says == "" {
			t.Errorf("%+v", c)
		}
		if strings.Contains(c.Says, "secret") {
			t.Errorf("the password is shown: %s", c.Says)
		}
	}
	want := "wrk, perf, heaptrack, valgrind, reset rust, database rust, target rust, open files, results, CPU governor, other load, free memory"
	if got := strings.Join(names, ", "); got != want || !CanRun(checks) {
		t.Errorf("got %s\nwant %s; can run: %v", got, want, CanRun(checks))
	}
}

// TestAmiss: one thing amiss is one check that says so with what mends it; only
// without some of them a run cannot work.
func TestAmiss(t *testing.T) {
	missing := func(programs ...string) func(*world) {
		return func(w *world) {
			w.look = func(p string) error {
				for _, m := range programs {
					if p == m {
						return errTest
					}
				}
				return nil
			}
		}
	}
	for _, c := range []struct {
		check string
		amiss func(*world)
		state State
		says  string
		mend  string
	}{
		{"wrk", func(w *world) {
			w.wrk = func(string) (wrk.Installation, error) {
				return wrk.Installation{}, source.WithHint(errTest, "install it")
			}
		}, Missing, "no such thing", "install it"},
		{"perf", missing("perf"), Note, "not installed", "apt-get install linux-perf"},
		{"perf", func(w *world) { w.count = func(context.Context) error { return errTest } }, Note, "no such thing", "perf_event_paranoid"},
		{"perf", func(w *world) {
			w.count = func(context.Context) error { return fmt.Errorf("no %w here", counter.ErrNoCounter) }
		}, Note, "no counter here", "taskbench ledger"},
		{"heaptrack", missing("heaptrack"), Note, "not installed", "apt-get install heaptrack"},
		{"valgrind", missing("valgrind"), Note, "not installed", "apt-get install valgrind"},
		{"database rust", missing("psql"), Note, "psql is not installed", "postgresql-client"},
		{"database rust", func(w *world) {
			w.ask = func(context.Context, string, string) (string, error) { return "", errTest }
		}, Note, "no such thing", "start PostgreSQL"},
		{"database rust", func(w *world) {
			w.ask = func(context.Context, string, string) (string, error) { return "0", nil }
		}, Note, "0 of TaskFlow's 4 tables", "init --suite taskflow"},
		{"reset rust", func(w *world) { w.reset = func(context.Context, string, server.Spec) error { return errTest } }, Missing, "no such thing", "TASKBENCH_TARGET=rust ./reset.sh"},
		{"target rust", func(w *world) { w.open = func(context.Context, server.Spec) error { return errTest } }, Missing, "no such thing", "start:"},
		{"open files", func(w *world) { w.files = func() (uint64, bool) { return 256, true } }, Missing, "500 connections need about 564", "ulimit"},
		{"results", func(w *world) { w.writes = func(string) error { return errTest } }, Missing, "no files can be made in results", "--results"},
		{"CPU governor", func(w *world) {
			w.machine = func() results.Environment { return results.Environment{Governor: "powersave"} }
		}, Note, "powersave", "cpupower"},
		{"other load", func(w *world) {
			now := 0.0
			w.times = func() (machine.Times, bool) { now++; return machine.Times{Busy: now, Total: 2 * now}, true }
		}, Note, "50 % of 4 cores", "top"},
		{"free memory", func(w *world) { w.free = func() (uint64, bool) { return 1 << 20, true } }, Note, "0.0 GB", "stop"},
	} {
		w := sound()
		c.amiss(&w)
		checks := w.examine(t.Context(), plan)
		for _, got := range checks {
			switch {
			case got.Name != c.check && got.State != OK:
				t.Errorf("%s: %s is %s too", c.check, got.Name, got.State)
			case got.Name == c.check && (got.State != c.state || !strings.Contains(got.Says, c.says) || !strings.Contains(got.Mend, c.mend)):
				t.Errorf("%s: %+v", c.check, got)
			}
		}
		if CanRun(checks) != (c.state != Missing) {
			t.Errorf("%s: can run: %v", c.check, CanRun(checks))
		}
	}
}

// TestWritable leaves nothing behind, and looks above a folder that is not there yet.
func TestWritable(t *testing.T) {
	dir := t.TempDir()
	if err := writable(filepath.Join(dir, "a", "b")); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if writable(filepath.Join(file, "results")) == nil {
		t.Error("below a file nothing can be made")
	}
}

// Hosts have a line each, and one together; they need no wrk here.
func TestHosts(t *testing.T) {
	two := []hosts.Host{{Name: "bench@a", SSH: "bench@a"}, {Name: "local 1"}}
	fine := hosts.Facts{Wrk: wrk.Installation{Version: "4.2.0"}, Cores: 8, Files: 4096, Load: 0.2, Clock: hosts.Clock{Offset: -1200 * time.Microsecond, Within: 300 * time.Microsecond}}
	with := func(change func(*hosts.Facts)) []hosts.Facts {
		f := fine
		change(&f)
		return []hosts.Facts{f}
	}
	for name, c := range map[string]struct {
		each     []hosts.Facts
		err      error // of one
		apart    []string
		together error
		state    State
		says     string
	}{
		"alike":         {[]hosts.Facts{fine}, nil, nil, nil, OK, "wrk 4.2.0, 8 cores, load 0.2, its clock -1.2 ms from this one (± 0.3 ms)"},
		"no route":      {nil, source.WithHint(errors.New("host bench@a: no route"), "look at the network"), nil, nil, Missing, "Says:no route Mend:look at the network"},
		"busy":          {[]hosts.Facts{fine}, nil, []string{"host bench@a: it is busy: 7"}, nil, Note, "(± 0.3 ms): it is busy"},
		"few files":     {with(func(f *hosts.Facts) { f.Files = 100 }), nil, nil, nil, Missing, "100 open files at most, and its share of the connections needs about 314"},
		"a vague clock": {with(func(f *hosts.Facts) { f.Clock.Within = time.Second }), nil, nil, nil, Note, "hosts begin at one moment"},
		"two kernels":   {[]hosts.Facts{fine}, nil, []string{"host local 1: its kernel is 6.1"}, nil, Note, "{Name:hosts State:note Says:host local 1: its kernel is 6.1"},
		"two versions":  {[]hosts.Facts{fine}, nil, nil, errTest, Missing, "{Name:hosts State:missing Says:no such thing"},
	} {
		w, p := sound(), plan
		p.Hosts = two
		w.wrk = func(string) (wrk.Installation, error) { return wrk.Installation{}, errTest }
		w.fleet = func(_ context.Context, list ...hosts.Host) ([]hosts.Facts, []string, error) {
			if len(list) > 1 {
				return nil, c.apart, c.together
			}
			if name == "busy" {
				return c.each, c.apart, c.err
			}
			return c.each, nil, c.err
		}
		checks := w.examine(t.Context(), p)
		if !strings.Contains(fmt.Sprintf("%+v", checks), c.says) || CanRun(checks) != (c.state != Missing) {
			t.Errorf("%s: %+v", name, checks)
		}
		worst := OK
		for _, one := range checks {
			if one.State == Missing || one.State == Note && worst == OK {
				worst = one.State
			}
		}
		if worst != c.state {
			t.Errorf("%s: %s, want %s: %+v", name, worst, c.state, checks)
		}
	}
}
