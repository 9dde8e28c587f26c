package server

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"taskbench/internal/source"
)

// open is Open for fakes that come up; it stops them when the test ends.
func open(t *testing.T, spec Spec) *Server {
	t.Helper()
	s, err := Open(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestOpenAndStop(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"plain", "late", "not found", "deaf", "loud"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := open(t, fakeSpec(kind, freeAddr(t)))
			pid := s.RootPID()
			if !alive(pid) {
				t.Fatalf("pid %d of an open server is not alive", pid)
			}
			ctx := t.Context()
			if kind == "deaf" { // an ended context makes an end of waiting for SIGTERM to work
				ended, cancel := context.WithCancel(ctx)
				cancel()
				ctx = ended
			}
			if err := s.Stop(ctx); err != nil {
				t.Error(err)
			}
			if alive(pid) {
				t.Errorf("pid %d is alive after Stop", pid)
			}
			if kind == "deaf" && !s.Deaf() {
				t.Error("it was killed, and is not deaf")
			}
			if err := s.Stop(ctx); err != nil {
				t.Errorf("second Stop: %v", err)
			}
			select {
			case <-s.Exited():
			default:
				t.Error("Exited is open after Stop")
			}
		})
	}
}

func TestStopEndsChildren(t *testing.T) {
	t.Parallel()
	spec := fakeSpec("forking", freeAddr(t))
	spec.Env[fakePIDs] = filepath.Join(t.TempDir(), "pids")
	s := open(t, spec)
	children := readPIDs(t, spec.Env[fakePIDs])
	if got, want := s.PIDs(), append([]int{s.RootPID()}, children...); len(got) != len(want) {
		t.Errorf("PIDs %v, want %v", got, want)
	}
	for _, pid := range children {
		if !alive(pid) {
			t.Fatalf("child %d is not alive before Stop", pid)
		}
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, pid := range children {
		if alive(pid) {
			t.Errorf("child %d is alive after Stop", pid)
		}
	}
}

// TestBackground starts a server that goes into the background: before it answers,
// which is refused with the reason, or after, or when it is to end. None is left running.
func TestBackground(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("what is in another session is found on Linux only")
	}
	for _, kind := range []string{"leaving", "handing", "parting"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			spec := fakeSpec(kind, freeAddr(t))
			spec.Env[fakePIDs] = filepath.Join(t.TempDir(), "pids")
			s, err := Open(t.Context(), spec)
			if kind == "leaving" {
				if err == nil || !strings.Contains(err.Error(), "went into the background") {
					t.Errorf("error %v, want one of the background", err)
				}
			} else if err != nil {
				t.Fatal(err)
			}
			if s != nil {
				if kind == "handing" {
					<-s.Exited()
				}
				if err := s.Stop(t.Context()); err != nil {
					t.Error(err)
				}
			}
			if left := readPIDs(t, spec.Env[fakePIDs]); len(left) != 1 || alive(left[0]) {
				t.Errorf("left running: %v", left)
			}
		})
	}
}

// TestVanished: of a server that goes into the background with another environment
// the one that listens in its place is named, and not touched; of a command that ends
// as if all were well the hint says what ends so.
func TestVanished(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("who listens is not told to everybody elsewhere")
	}
	spec := fakeSpec("vanishing", freeAddr(t))
	spec.Env[fakePIDs] = filepath.Join(t.TempDir(), "pids")
	_, err := Open(t.Context(), spec)
	left := readPIDs(t, spec.Env[fakePIDs])
	if len(left) != 1 || !alive(left[0]) {
		t.Fatalf("left running: %v; error %v", left, err)
	}
	defer syscall.Kill(left[0], syscall.SIGKILL)
	message, hint := source.Split(err)
	// On a machine that is very busy it listens too late to be seen.
	if named := strings.Contains(message, fmt.Sprintf("process %d (", left[0])) && strings.Contains(hint, fmt.Sprintf("kill %d;", left[0])); !named && !strings.Contains(hint, "go into the background end like that") {
		t.Errorf("%q, hint %q; want process %d in both", message, hint, left[0])
	}
	_, err = Open(t.Context(), fakeSpec("silent", freeAddr(t)))
	if message, hint = source.Split(err); !strings.Contains(message, "(exit status 0)") || !strings.Contains(hint, "foreground") {
		t.Errorf("%q, hint %q", message, hint)
	}
}

func TestShellWords(t *testing.T) {
	t.Parallel()
	spec := fakeSpec("plain", freeAddr(t))
	spec.Start = "exec " + spec.Start
	_, err := Open(t.Context(), spec)
	if told, ok := errors.AsType[*source.Error](err); !ok || !strings.Contains(told.Hint, "exec is a word of a shell") {
		t.Errorf("error %+v, want a hint that exec is a shell's", err)
	}
}

// TestCrash kills a taskbench that owns a server: the server and its children
// must go too.
func TestCrash(t *testing.T) {
	t.Parallel()
	pids := filepath.Join(t.TempDir(), "pids")
	cmd := self("owner")
	cmd.Env = append(cmd.Env, fakeAddr+"="+freeAddr(t), fakePIDs+"="+pids)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	root, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	children := readPIDs(t, pids)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	eventually(t, "the server ends", func() bool { return !alive(root) })
	eventually(t, "its child ends", func() bool { return !alive(children[0]) })
	if runtime.GOOS == "linux" { // elsewhere nothing tells of a session of its own
		eventually(t, "its child in another session ends", func() bool { return !alive(children[1]) })
	} else if stray, err := os.FindProcess(children[1]); err == nil {
		_ = stray.Kill()
	}
}

func TestOpenFails(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		spec func(*Spec)
		kind string
		want []string // parts of the message
		hint string   // a part of the hint
	}{
		{"dies", nil, "dying", []string{"fake ended before it answered", "exit status 3", "line 12\n", "line 30\ncannot connect to the database"}, ""},
		{"dies without a word", nil, "silent", []string{"exit status 0"}, "it wrote nothing"},
		{"never ready", func(s *Spec) { s.ReadyTimeout = 300 * time.Millisecond }, "busy", []string{"does not answer on", "/health within 300ms", "503 Service Unavailable"}, "it wrote nothing"},
		{"no such program", func(s *Spec) { s.Start = "./no-such-program" }, "", []string{"cannot start it", "no such file"}, "dir:"},
		{"no such directory", func(s *Spec) { s.Dir = "no-such-directory" }, "plain", []string{"cannot start it"}, "dir:"},
		{"open quote", func(s *Spec) { s.Start = `server "x` }, "", []string{"a quote is not closed"}, ""},
		{"no such log", func(s *Spec) { s.LogFile = os.DevNull + "/log" }, "plain", []string{"log of its output"}, ""},
		{"not running", func(s *Spec) { s.Start, s.ReadyTimeout = "", 50*time.Millisecond }, "", []string{"fake does not answer on http://127.0.0.1:", ": connection refused"}, "taskbench demo"},
		{"no URL", func(s *Spec) { s.URL = "localhost" }, "", []string{`"localhost" is not the URL of a server`}, "http://localhost:3000"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			spec := fakeSpec(c.kind, freeAddr(t))
			if c.spec != nil {
				c.spec(&spec)
			}
			s, err := Open(t.Context(), spec)
			if err == nil {
				s.Stop(t.Context())
				t.Fatal("opened")
			}
			for _, part := range c.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("message lacks %q:\n%v", part, err)
				}
			}
			if strings.Contains(err.Error(), "line 11\n") {
				t.Errorf("message shows more than 20 lines:\n%v", err)
			}
			var told *source.Error
			if c.hint != "" && (!errors.As(err, &told) || !strings.Contains(told.Hint, c.hint)) {
				t.Errorf("hint lacks %q: %+v", c.hint, err)
			}
		})
	}
}

func TestPortTaken(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, err = Open(t.Context(), fakeSpec("plain", l.Addr().String()))
	want := "is taken by process " + strconv.Itoa(os.Getpid())
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want one with %q", err, want)
	}
}

func TestOpenIsInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	spec := fakeSpec("busy", freeAddr(t))
	spec.LogFile = filepath.Join(t.TempDir(), "logs", "log") // in a folder that is not there yet
	time.AfterFunc(100*time.Millisecond, cancel)
	if _, err := Open(ctx, spec); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the context", err)
	}
	if _, err := net.Dial("tcp", strings.TrimPrefix(spec.URL, "http://")); err == nil {
		t.Error("the server is still running")
	}
}

// TestFound opens a server that runs already: this very process.
func TestFound(t *testing.T) {
	t.Parallel()
	running := httptest.NewServer(http.NotFoundHandler())
	defer running.Close()
	s := open(t, Spec{Name: "found", URL: running.URL + "/"})
	if s.RootPID() != os.Getpid() {
		t.Errorf("RootPID %d, want %d", s.RootPID(), os.Getpid())
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if s.Exited() != nil || s.LogTail(1) != "" {
		t.Error("a found server has an end or a log")
	}
	if _, err := http.Get(running.URL); err != nil {
		t.Errorf("the server does not answer after Stop: %v", err)
	}
}

func TestStartThroughShell(t *testing.T) {
	t.Parallel()
	spec := fakeSpec("loud", freeAddr(t))
	spec.Start = "GREETING=hi; " + spec.Start + " | cat"
	s := open(t, spec)
	if program := s.ProgramPID(); program == s.RootPID() || program == 0 {
		t.Errorf("ProgramPID %d is the shell, or unknown; root is %d", program, s.RootPID())
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestDirEnvAndLog(t *testing.T) {
	t.Parallel()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	spec := fakeSpec("changing", freeAddr(t))
	spec.Dir, spec.LogFile = dir, filepath.Join(dir, "server.log")
	spec.Env["GREETING"] = "good morning"
	s := open(t, spec)
	if got, want := s.LogTail(2), dir+" <nil>\ngood morning"; got != want {
		t.Errorf("LogTail(2) = %q, want %q", got, want)
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(spec.LogFile); err != nil {
		t.Errorf("the log asked for is gone: %v", err)
	}
}

func TestTemporaryLogIsRemoved(t *testing.T) {
	t.Parallel()
	s := open(t, fakeSpec("plain", freeAddr(t)))
	if _, err := os.Stat(s.child.log); err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.child.log); !os.IsNotExist(err) {
		t.Errorf("log after Stop: %v", err)
	}
}

func readPIDs(t *testing.T, path string) []int {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []int
	for _, word := range strings.Fields(string(text)) {
		pid, err := strconv.Atoi(word)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, pid)
	}
	return out
}

// alive reports whether a process runs; one that is dead and not reaped does not.
func alive(pid int) bool {
	_, ok := bornAt(pid)
	return ok && !isZombie(pid)
}

// eventually waits for what the system does in its own time. The limit is for
// a test that would never end, not a measure of anything.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for range 3000 {
		if done() {
			return
		}
		time.Sleep(pollEvery)
	}
	t.Errorf("%s: not within 30 s", what)
}
