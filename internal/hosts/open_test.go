package hosts

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"taskbench/internal/scripttest"
)

// realWrk skips the test where there is no wrk, except in CI.
func realWrk(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("wrk"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
}

// here opens a fleet of so many processes on this machine.
func here(t *testing.T, names ...string) *Fleet {
	t.Helper()
	realWrk(t)
	var list []Host
	for _, name := range names {
		list = append(list, Host{Name: name})
	}
	f, err := Open(context.Background(), list)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// What a machine says of itself through a shell.
func TestFacts(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	f := here(t, "a", "b")
	for i, facts := range f.Facts() {
		if facts.Host.Name != []string{"a", "b"}[i] || facts.Wrk.Version == "" || facts.Wrk.Path == "" || facts.System == "" || facts.Kernel == "" || facts.Arch == "" ||
			facts.Cores < 1 || facts.Free <= 0 || facts.Files == 0 || facts.Temp != os.TempDir() || facts.Clock != (Clock{}) {
			t.Errorf("%+v", facts)
		}
	}
	f.Close()
	if left, _ := os.ReadDir(os.TempDir()); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Lists of hosts that cannot be used, and hosts that cannot.
func TestRefused(t *testing.T) {
	t.Parallel()
	realWrk(t)
	wrk2 := scripttest.Write(t, "wrk", `echo 'wrk 4.0.0 [epoll] Copyright (C) 2012 Will Glozer'; echo 'Usage: wrk <options> <url>'; echo ' -R, --rate <T>'; exit 1`)
	newer := scripttest.Write(t, "wrk", `echo 'wrk 9.9.9 [epoll] Copyright (C) 2012 Will Glozer'; exit 1`)
	other := scripttest.Write(t, "wrk", `echo something else`)
	for _, c := range []struct {
		name string
		list []Host
		want string
	}{
		{"none", nil, "no hosts"},
		{"an option", []Host{{SSH: "-oProxyCommand=touch /tmp/x"}}, `"-oProxyCommand=touch /tmp/x" is an option of ssh, and no host`},
		{"a blank", []Host{{SSH: "a b"}}, `"a b" is no host`},
		{"a line break", []Host{{SSH: "a\nb"}}, "is no host"},
		{"the same twice", []Host{{SSH: "bench@a"}, {SSH: "bench@a"}}, "two hosts are called bench@a"},
		{"no wrk", []Host{{Name: "a"}, {Name: "b", Wrk: "/nowhere/wrk"}}, "host b: there is no program /nowhere/wrk\nhint: give the path"},
		{"wrk2", []Host{{Name: "a"}, {Name: "b", Wrk: wrk2}}, "host b: " + wrk2 + " is wrk2"},
		{"another wrk", []Host{{Name: "a"}, {Name: "b", Wrk: newer}}, "host b: its wrk (" + newer + ") is 9.9.9, and that of a is"},
		{"another program", []Host{{Name: "a"}, {Name: "b", Wrk: other}}, "host b: " + other + " is not wrk"},
		{"no such CPU", []Host{{Name: "a", CPUs: []int{4000}}}, "host a: there is no CPU 4000\nhint: name CPUs from 0 to"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := Open(context.Background(), c.list)
			if err == nil {
				f.Close()
			}
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "\nhint: ") {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}
