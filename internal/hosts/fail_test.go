package hosts

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"taskbench/internal/scripttest"
	"taskbench/wrk"
)

// site are two hosts, the second of which fails.
type site struct {
	*lab
	tmp, pid string // TMPDIR of both; where the second one's wrk writes its number
	bad      string // name of the second
	fleet    *Fleet
	server   *counter
}

// pair opens two hosts. wrapper is what the second one has for wrk; "" is one that
// runs wrk. more are variables of its sessions, NAME=VALUE.
func pair(t *testing.T, wrapper, more string) *site {
	t.Helper()
	s := &site{lab: inLab(t), tmp: t.TempDir(), pid: filepath.Join(t.TempDir(), "pid")}
	if wrapper == "" {
		wrapper = `exec wrk "$@"`
	}
	path := scripttest.Write(t, "wrk", "echo $$ >"+s.pid+"\n"+`[ "$1" != -v ] || exec wrk -v`+"\n"+wrapper)
	s.bad = s.host(t, 1, "SetEnv TMPDIR="+s.tmp+" "+more)
	f, err := Open(context.Background(), []Host{{Name: "good", SSH: s.host(t, 0, "SetEnv TMPDIR="+s.tmp)}, {Name: "bad", SSH: s.bad, Wrk: path}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	s.fleet, s.server = f, serveOn(t, s.address())
	return s
}

// order is a flow of a few seconds.
func (s *site) order(t *testing.T) wrk.Options {
	return order(t, strings.Replace(flowText, "duration: 1s", "duration: 3s, timeout: 1s", 1), s.server.url, 6)
}

// loaded waits until the second host sends.
func (s *site) loaded(t *testing.T) (pid int) {
	t.Helper()
	waitFor(t, "the load", func() bool {
		s.server.Lock()
		defer s.server.Unlock()
		return s.server.tokens["t6"] > 10
	})
	text, err := os.ReadFile(s.pid)
	pid, numberErr := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || numberErr != nil {
		t.Fatal(err, numberErr)
	}
	return pid
}

// clean demands that the fleet left nothing on the hosts.
func (s *site) clean(t *testing.T) {
	t.Helper()
	s.fleet.Close()
	nothingIn(t, s.tmp)
}

// nothingIn demands that no files are in a TMPDIR, and no process has it.
func nothingIn(t *testing.T, tmp string) {
	t.Helper()
	waitFor(t, "nothing is left of "+tmp, func() bool {
		left, err := os.ReadDir(tmp)
		return err == nil && len(left) == 0 && len(running(tmp)) == 0
	})
}

// running are the processes that have a TMPDIR.
func running(tmp string) (list []string) {
	all, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, path := range all {
		env, err := os.ReadFile(path) // one that has ended meanwhile cannot be read
		if err == nil && strings.Contains("\x00"+string(env)+"\x00", "\x00TMPDIR="+tmp+"\x00") {
			command, _ := os.ReadFile(filepath.Join(filepath.Dir(path), "cmdline"))
			list = append(list, strings.ReplaceAll(string(command), "\x00", " "))
		}
	}
	return list
}

// late is a wrk that is ready, and hears a second late when to begin.
const late = `f=${TASKBENCH_GO#@}; export TASKBENCH_GO=@$f.late; (while [ ! -f $f.late.ready ]; do sleep 0.02; done; touch $f.ready; while [ ! -s $f ]; do sleep 0.02; done; sleep 1; cp $f $f.late) & exec wrk "$@"`

// A host that fails ends the run: there is no result, its name is said, and
// nothing is left on any host.
func TestFailures(t *testing.T) {
	t.Parallel()
	inLab(t)
	killed := func(signal syscall.Signal) func(*testing.T, *site) {
		return func(t *testing.T, s *site) { _ = syscall.Kill(s.loaded(t), signal) }
	}
	other := order(t, strings.ReplaceAll(flowText, "/look/", "/elsewhere/"), "http://127.0.0.1:1", 6).Script
	for _, c := range []struct {
		name, wrapper string
		during        func(*testing.T, *site)
		want          string
	}{
		{"wrk is killed", "", killed(syscall.SIGKILL), "wrk was ended by a signal: killed"},
		{"wrk is stopped", "", killed(syscall.SIGSTOP), "did not stop when interrupted, and was killed"},
		{"wrk ends", "exit 3", nil, "wrk ended with exit status 3"},
		{"ssh is killed", "", func(t *testing.T, s *site) {
			s.loaded(t)
			_ = s.fleet.members[1].line.cmd.Process.Kill()
		}, "the connection was lost"},
		{"the server of ssh ends", "", func(t *testing.T, s *site) {
			pid := s.loaded(t)
			session, _ := exec.Command("sh", "-c", fmt.Sprintf("ps -o ppid= -p $(ps -o sid= -p %d)", pid)).Output()
			if err := system("kill", "-9", strings.TrimSpace(string(session))); err != nil {
				t.Error(err)
			}
		}, "the connection was lost"},
		{"the shell is killed", "", func(t *testing.T, s *site) {
			if err := system("sh", "-c", fmt.Sprintf("kill -9 $(ps -o sid= -p %d)", s.loaded(t))); err != nil {
				t.Error(err)
			}
		}, "the connection was lost"},
		{"never ready", `exec sleep 300`, nil, "wrk was not ready to begin after"},
		{"too late", late, nil, "behind the moment at which all were to begin"},
		{"it does not wait", `unset TASKBENCH_GO; exec wrk "$@"`, nil, "did not wait to be told when to begin"},
		{"another script", `for a; do case $a in *.lua) cp ` + other + ` "$a" ;; esac; done; exec wrk "$@"`, nil, "ran another script"},
		{"no block", `wrk "$@"; rm "$TASKBENCH_OUT"`, nil, "wrote no result block"},
		{"half a block", `wrk "$@"; echo '{"taskbench_block": 1,' >"$TASKBENCH_OUT"`, nil, "block"},
		{"a share of its own", `TASKBENCH_SHARE=1/2 exec wrk "$@"`, nil, "took no share"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := pair(t, c.wrapper, "")
			done := make(chan struct{})
			began := time.Now()
			if c.during != nil {
				go func() { defer close(done); c.during(t, s) }()
			} else {
				close(done)
			}
			out, err := s.fleet.Generate(context.Background(), s.order(t))
			<-done
			if err == nil || !strings.HasPrefix(err.Error(), "host bad: ") || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "\nhint: ") || len(out.Block) > 0 {
				t.Errorf("%v, want %q of host bad; %d bytes of a result", err, c.want, len(out.Block))
			}
			t.Logf("%v: %v", time.Since(began).Round(time.Millisecond), err)
			s.clean(t)
		})
	}
}

// A process of this machine that fails does so, too.
func TestFailuresHere(t *testing.T) {
	t.Parallel()
	realWrk(t)
	for _, c := range []struct{ name, wrapper, want string }{
		{"killed", `exec wrk "$@"`, "wrk was ended by a signal: killed"},
		{"ended", "exit 3", "wrk ended with exit status 3"},
		{"never ready", `exec sleep 300`, "wrk was not ready to begin after"},
		{"too late", late, "behind the moment at which all were to begin"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			pid := filepath.Join(t.TempDir(), "pid")
			path := scripttest.Write(t, "wrk", `[ "$1" != -v ] || exec wrk -v`+"\necho $$ >"+pid+"\n"+c.wrapper)
			f, err := Open(context.Background(), []Host{{Name: "one"}, {Name: "two", Wrk: path}})
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			server := serveOn(t, "127.0.0.1")
			if c.name == "killed" {
				go kill(t, server, pid)
			}
			began := time.Now()
			out, err := f.Generate(context.Background(), order(t, strings.Replace(flowText, "duration: 1s", "duration: 300s", 1), server.url, 4))
			if err == nil || !strings.HasPrefix(err.Error(), "host two: ") || !strings.Contains(err.Error(), c.want) || len(out.Block) > 0 || time.Since(began) > time.Minute {
				t.Errorf("%v, want %q, after %v", err, c.want, time.Since(began))
			}
		})
	}
}

// kill ends a wrk that wrote its number, when it sends.
func kill(t *testing.T, server *counter, pid string) {
	waitFor(t, "the load", func() bool {
		server.Lock()
		defer server.Unlock()
		return server.tokens["t4"] > 10
	})
	if err := system("sh", "-c", "kill -9 $(cat "+pid+")"); err != nil {
		t.Error(err)
	}
}

// long is a flow that is ended before its time, behind enough of it for a sum:
// wrk looks every 100 ms whether it is to end.
func (s *site) long(t *testing.T) (o wrk.Options, enough func()) {
	return order(t, strings.Replace(flowText, "duration: 1s", "duration: 300s", 1), s.server.url, 6), func() {
		s.loaded(t)
		time.Sleep(2500 * time.Millisecond)
	}
}

// Ctrl-C ends all hosts, with what they have counted.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	s := pair(t, "", "")
	o, enough := s.long(t)
	ctx, cancel := context.WithCancel(context.Background())
	go func() { enough(); cancel() }()
	out, err := s.fleet.Generate(ctx, o)
	if err != nil || !out.Interrupted {
		t.Fatalf("interrupted: %t, %v", out.Interrupted, err)
	}
	whole(t, out, s.server, 6)
	ctx, cancel = context.WithCancel(context.Background())
	go func() { time.Sleep(300 * time.Millisecond); cancel() }() // before they have begun
	if out, err := s.fleet.Generate(ctx, s.order(t)); err == nil || len(out.Block) > 0 || !strings.Contains(err.Error(), "interrupted") {
		t.Errorf("%v", err)
	}
	s.clean(t)
}

// Ctrl-C while hosts are looked at is no fault of one of them.
func TestInterruptedLook(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Open(ctx, []Host{{Name: "a"}, {Name: "b"}})
	if !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), "host a") || strings.Contains(err.Error(), "host b") {
		t.Error(err)
	}
}

// Enough ends all hosts as if their time were over.
func TestEnough(t *testing.T) {
	t.Parallel()
	s := pair(t, "", "")
	o, enough := s.long(t)
	closed := make(chan struct{})
	o.Enough = closed
	go func() { enough(); close(closed) }()
	out, err := s.fleet.Generate(context.Background(), o)
	if err != nil || out.Interrupted {
		t.Fatal(out.Interrupted, err)
	}
	whole(t, out, s.server, 6)
	s.clean(t)
}

// A user's own words in arguments, on a host whose login shell is another.
func TestWords(t *testing.T) {
	t.Parallel()
	tmp := t.TempDir()
	said := filepath.Join(t.TempDir(), "said")
	path := scripttest.Write(t, "wrk", `[ "$1" != -v ] || exec wrk -v
{ printf '<%s>' "$ODD"; for a; do printf '<%s>' "$a"; done; } >`+said+`; exec wrk "$@"`)
	l := inLab(t)
	f, err := Open(context.Background(), []Host{{Name: "a", SSH: l.host(t, 0, "SetEnv TMPDIR="+tmp, `ForceCommand echo Welcome; fish -c "$SSH_ORIGINAL_COMMAND"`), Wrk: path}})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	server := serveOn(t, l.address())
	o := order(t, flowText, server.url, 2)
	o.Headers, o.Args = []string{`X-Odd: it's "$HOME" \ !x`}, []string{"two\nlines", "*", ""}
	o.Env = map[string]string{"ODD": "a'b\nc"}
	out, err := f.Generate(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	whole(t, out, server, 2)
	text, _ := os.ReadFile(said)
	if !strings.HasPrefix(string(text), "<a'b\nc>") || !strings.Contains(string(text), `<X-Odd: it's "$HOME" \ !x>`) || !strings.HasSuffix(string(text), "<two\nlines><*><>") {
		t.Errorf("wrk was called with %s", text)
	}
}
