package server

import (
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestUnseenChildren: time that goes with processes nobody waits for is missed.
func TestUnseenChildren(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("what others ignore is not known here")
	}
	for _, kind := range []string{"careless", "daemons", "doubles"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := open(t, fakeSpec(kind, freeAddr(t)))
			eventually(t, "a process to end unseen", func() bool {
				s.tree.scanned = time.Time{} // whatever keeps the machine from looking in time
				u, err := s.Usage()
				return err == nil && u.Unseen > 0
			})
		})
	}
	t.Run("careful", func(t *testing.T) {
		t.Parallel()
		s := open(t, fakeSpec("careful", freeAddr(t)))
		eventually(t, "children to end", func() bool {
			u, err := s.Usage()
			if err != nil || u.Unseen > 0 {
				t.Fatalf("%+v, %v: every child is waited for", u, err)
			}
			s.tree.scanned = time.Time{}
			return u.Ended > 2
		})
	})
}

// TestNamedProcess: pid: says what is measured, whoever listens.
func TestNamedProcess(t *testing.T) {
	t.Parallel()
	worker := self("sleeping")
	if err := worker.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = worker.Process.Kill(); _ = worker.Wait() })
	file := filepath.Join(t.TempDir(), "server.pid")
	if err := os.WriteFile(file, []byte(strconv.Itoa(worker.Process.Pid)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{file, strconv.Itoa(worker.Process.Pid)} {
		spec := fakeSpec("plain", freeAddr(t))
		spec.PID, spec.Also = word, []string{strconv.Itoa(os.Getpid())}
		s := open(t, spec)
		id := s.Identity(t.Context())
		u, err := s.Usage()
		if s.RootPID() != worker.Process.Pid || id.Process.PID != worker.Process.Pid || err != nil || u.AlsoCPUSeconds == nil || *u.AlsoCPUSeconds <= 0 {
			t.Errorf("pid: %s: %d, %+v, %+v, %v; want %d", word, s.RootPID(), id.Process, u, err, worker.Process.Pid)
		}
		if len(id.Also) != 1 || id.Also[0].PID != os.Getpid() {
			t.Errorf("also: %+v", id.Also)
		}
	}
	for want, change := range map[string]func(*Spec){
		"pid: open":                     func(s *Spec) { s.PID = file + ".none" },
		`"x" is not the number`:         func(s *Spec) { s.PID = bad(t, "x") },
		"no process 4194305 runs":       func(s *Spec) { s.PID = "4194305" },
		`no process is called "no-such`: func(s *Spec) { s.Also = []string{"no-such-process"} },
	} {
		spec := fakeSpec("plain", freeAddr(t))
		change(&spec)
		if _, err := Open(t.Context(), spec); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func bad(t *testing.T, text string) string {
	path := filepath.Join(t.TempDir(), "pid")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestForwarder: what passes requests on is named, and not measured.
func TestForwarder(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "docker-proxy")
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(program, path); err != nil {
		t.Fatal(err)
	}
	address := freeAddr(t)
	behind := self("plain")
	behind.Path = path
	behind.Env = append(behind.Env, fakeAddr+"="+address)
	if err := behind.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = behind.Process.Kill(); _ = behind.Wait() })
	spec := Spec{Name: "api", URL: "http://" + address, ReadyTimeout: time.Minute}
	s := open(t, spec)
	id := s.Identity(t.Context())
	if id.Forwarder.PID != behind.Process.Pid || id.Process.PID != 0 || len(s.PIDs()) > 0 {
		t.Errorf("%+v, processes %v", id, s.PIDs())
	}
	if _, err := s.Usage(); err != ErrNoProcess {
		t.Errorf("error %v, want %v", err, ErrNoProcess)
	}
	if owners := s.Owners(); len(owners) != 1 || owners[0].PID != behind.Process.Pid {
		t.Errorf("owners %+v: who listens is watched all the same", owners)
	}
	spec.PID = strconv.Itoa(os.Getpid())
	if id := open(t, spec).Identity(t.Context()); id.Forwarder.PID != 0 || id.Process.PID != os.Getpid() {
		t.Errorf("with pid: %+v", id)
	}
	if u, _ := url.Parse(spec.URL); listener(u) != behind.Process.Pid {
		t.Error("the listener is another one")
	}
}

// TestStartedForwarder: a forwarder is none the less one for having been started
// here. With a server beside it both are measured.
func TestStartedForwarder(t *testing.T) {
	t.Parallel()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "docker-proxy")
	if err := os.Symlink(program, path); err != nil {
		t.Fatal(err)
	}
	for start, measured := range map[string]bool{path: false, "sh -c '" + path + "; exit 0'": false, "sh -c 'sleep 1000 & " + path + "; exit 0'": true} {
		spec := fakeSpec("plain", freeAddr(t))
		spec.Start = start
		s := open(t, spec)
		id := s.Identity(t.Context())
		if got := s.RootPID() != 0; got != measured || (id.Forwarder.PID == 0) != measured {
			t.Errorf("%q: measured %t, want %t; %+v", spec.Start, got, measured, id)
		}
	}
}

// TestDaemon: where what was started leaves the server behind, the one that
// listens is measured.
func TestDaemon(t *testing.T) {
	t.Parallel()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	spec := fakeSpec("plain", freeAddr(t))
	spec.Start = "sh -c '(" + program + " &); sleep 1000; exit 0'" // its parent ends: it is nobody's child
	s := open(t, spec)
	address, err := url.Parse(spec.URL)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.RootPID(); got == 0 || got == s.child.cmd.Process.Pid || got != listener(address) {
		t.Errorf("process %d is measured, %d was started, %d listens", got, s.child.cmd.Process.Pid, listener(address))
	}
}

func TestKnownByName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{"docker-proxy": true, "com.docker.back": true, "systemd-socket-": true, "sshd": true, "taskflow-api": false, "": false, "nginx": false} {
		if got := named(Process{Name: name}, forwarders); got != want {
			t.Errorf("%q: %t", name, got)
		}
	}
}
