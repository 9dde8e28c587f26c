package hosts

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A host that was lost in one run is connected to again for the next, and an answer
// that nobody waited for any more is not taken for the next one's.
func TestNextRun(t *testing.T) {
	t.Parallel()
	s := pair(t, "", "")
	go func() {
		s.loaded(t)
		_ = s.fleet.members[1].line.cmd.Process.Kill()
	}()
	if _, err := s.fleet.Generate(context.Background(), s.order(t)); err == nil {
		t.Error("a host was lost, and there is a result")
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for range 3 {
		if a, err := s.fleet.members[0].line.ask(ended, "now"); err == nil {
			t.Logf("it was quicker: %+v", a)
		}
	}
	s.server = serveOn(t, s.address())
	out, err := s.fleet.Generate(context.Background(), s.order(t))
	if err != nil {
		t.Fatal(err)
	}
	whole(t, out, s.server, 6)
	s.clean(t)
}

// A wrk whose start nobody waited for any more does not run on.
func TestNotStarted(t *testing.T) {
	t.Parallel()
	l := inLab(t)
	tmp := t.TempDir()
	f, err := Open(context.Background(), []Host{{SSH: l.host(t, 0, "SetEnv TMPDIR="+tmp)}})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	shares := f.shares(order(t, strings.Replace(flowText, "duration: 1s", "duration: 300s", 1), serveOn(t, l.address()).url, 2))
	newStart(shares)
	s := shares[0]
	if err := s.prepare(context.Background()); err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for {
		r, err := s.start(ended)
		if err != nil {
			break
		}
		r.Kill() // its answer was the quicker one
	}
	nothingIn(t, tmp)
}

// A TMPDIR that is too long for a socket costs connections, and nothing else.
func TestLongFolder(t *testing.T) {
	l := inLab(t)
	long := filepath.Join(t.TempDir(), strings.Repeat("x", 100))
	if err := os.Mkdir(long, 0o700); err != nil {
		t.Fatal(err)
	}
	there := t.TempDir()
	t.Setenv("TMPDIR", long)
	f, err := Open(context.Background(), []Host{{SSH: l.host(t, 0, "SetEnv TMPDIR="+there)}})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	server := serveOn(t, l.address())
	out, err := f.Generate(context.Background(), order(t, flowText, server.url, 2))
	if err != nil {
		t.Fatal(err)
	}
	whole(t, out, server, 2)
}

// The program that hosts are sent is one that the shells they have read alike.
func TestShells(t *testing.T) {
	realWrk(t)
	for _, shell := range []string{"dash", "bash", "busybox", "ksh", "mksh", "yash"} {
		t.Run(shell, func(t *testing.T) {
			path, err := exec.LookPath(shell)
			if err != nil {
				t.Skip(err)
			}
			dir := t.TempDir()
			if err := os.Symlink(path, filepath.Join(dir, "sh")); err != nil {
				t.Fatal(err)
			}
			t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
			t.Setenv("TMPDIR", t.TempDir())
			m := &member{Host: Host{Name: "a"}}
			if err := m.connect(context.Background()); err != nil {
				t.Fatal(err)
			}
			if err := m.survey(context.Background()); err != nil {
				t.Error(err)
			}
			server := serveOn(t, "127.0.0.1")
			s := share{member: m, place: 1, options: order(t, flowText, server.url, 2)}
			s.options.Path, s.options.Env = m.facts.Wrk.Path, map[string]string{"ODD": "a'b\nc"}
			if err := s.prepare(context.Background()); err != nil {
				t.Fatal(err)
			}
			shares := []share{s}
			common := newStart(shares)
			go func() { _ = common.give(context.Background(), time.Minute) }()
			out, err := shares[0].run(context.Background())
			if err != nil || out.CPU() <= 0 || s.clock.By != "date" {
				t.Errorf("%v, %v, %+v", err, out.CPU(), s.clock)
			}
			whole(t, out, server, 2)
			m.line.close()
			nothingIn(t, os.Getenv("TMPDIR"))
		})
	}
}
