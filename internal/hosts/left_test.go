package hosts

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"taskbench/internal/scripttest"

	"taskbench/internal/shell"
)

// What may be secret goes to a host for its owner's eyes alone: in files of mode
// 0600 and the environment of wrk, never in arguments that all can see.
func TestSecrets(t *testing.T) {
	t.Setenv("HOSTS_TEST_SECRET", "secret-key")
	look := filepath.Join(t.TempDir(), "look")
	s := pair(t, `{ ls -l "$(dirname "$TASKBENCH_USERS")"; cat "$TASKBENCH_USERS"; ps -eo args; } >`+look+`; exec wrk "$@"`, "")
	o := s.order(t)
	users := filepath.Join(t.TempDir(), "users")
	if err := os.WriteFile(users, []byte(strings.Repeat("0 captured.token=secret-token\n", 6)), 0o600); err != nil {
		t.Fatal(err)
	}
	o.Env = map[string]string{"TASKBENCH_USERS": users}
	if _, err := s.fleet.Generate(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	seen, err := os.ReadFile(look)
	if err != nil {
		t.Fatal(err)
	}
	text := string(seen)
	if strings.Count(text, "secret-token") != 6 || strings.Contains(text, "secret-key") {
		t.Errorf("on the host: %d tokens in a file, the key among arguments: %t", strings.Count(text, "secret-token"), strings.Contains(text, "secret-key"))
	}
	listed, _, _ := strings.Cut(text, "0 captured")
	if files := regexp.MustCompile(`(?m)^-\S+`).FindAllString(listed, -1); len(files) < 4 || slices.ContainsFunc(files, func(mode string) bool { return mode != "-rw-------" }) {
		t.Errorf("files on the host:\n%s", listed)
	}
	s.server.Lock()
	if s.server.keys["secret-key"] == 0 || len(s.server.keys) != 1 {
		t.Errorf("keys that came: %v", s.server.keys)
	}
	s.server.Unlock()
	s.clean(t)
}

// A disk that is full is told as such: where the script does not fit, and where it
// does and its result does not.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	l := inLab(t)
	for _, c := range []struct {
		name    string
		kB      int // beyond the script
		wrapper string
		want    string
	}{
		{"the script", -16, "", "could not be copied to "},
		{"the result", 16, `head -c 100000 /dev/zero >"$(dirname "$TASKBENCH_OUT")/fill" 2>/dev/null; exec wrk "$@" 2>/dev/null`, " is full: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			tmp := t.TempDir()
			server := serveOn(t, l.address())
			o := order(t, flowText, server.url, 4)
			script, err := os.Stat(o.Script)
			if err != nil {
				t.Fatal(err)
			}
			if err := system("mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%dk", script.Size()>>10+int64(c.kB)), "tmpfs", tmp); err != nil {
				t.Skipf("no small disk to test with: %v", err)
			}
			t.Cleanup(func() { _ = system("umount", "-l", tmp) })
			host := Host{Name: "full", SSH: l.host(t, 0, "SetEnv TMPDIR="+tmp)}
			if c.wrapper != "" {
				host.Wrk = scripttest.Write(t, "wrk", `[ "$1" != -v ] || exec wrk -v`+"\n"+c.wrapper)
			}
			f, err := Open(context.Background(), []Host{host})
			if err != nil {
				t.Fatal(err)
			}
			_, err = f.Generate(context.Background(), o)
			if err == nil || !strings.HasPrefix(err.Error(), "host full: ") || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "\nhint: make room there") {
				t.Errorf("%v, want %q", err, c.want)
			}
			t.Log(err)
			f.Close()
			nothingIn(t, tmp)
		})
	}
}

// TestKilledHelper is the process that TestKilled kills.
func TestKilledHelper(t *testing.T) {
	said := os.Getenv("HOSTS_TEST_KILLED")
	if said == "" {
		t.Skip("runs within another test")
	}
	words := strings.Split(said, " ")
	f, err := Open(context.Background(), []Host{{SSH: words[0]}, {SSH: words[1]}, {Name: "here"}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Generate(context.Background(), order(t, strings.Replace(flowText, "duration: 1s", "duration: 300s", 1), words[2], 6))
	t.Fatal("it was not killed: ", err)
}

// Hosts see that taskbench was killed, and leave nothing behind.
func TestKilled(t *testing.T) {
	t.Parallel()
	s := pair(t, "", "")
	cmd := exec.Command(os.Args[0], "-test.run", "^TestKilledHelper$")
	tmp := t.TempDir()
	cmd.Env = append(os.Environ(), "HOSTS_TEST_KILLED="+s.fleet.members[0].SSH+" "+s.bad+" "+s.server.url, "TMPDIR="+tmp)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the load", func() bool {
		s.server.Lock()
		defer s.server.Unlock()
		return s.server.tokens["t1"] > 10 && s.server.tokens["t6"] > 10
	})
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	s.fleet.Close()
	nothingIn(t, s.tmp)
	waitFor(t, "no process is left here", func() bool { return len(running(tmp)) == 0 })
}

// A network that breaks without a word is seen at both ends: here there is no
// result, and the host leaves nothing behind.
func TestNetworkBreaks(t *testing.T) {
	t.Parallel()
	l := inLab(t)
	tmp := t.TempDir()
	name := l.host(t, spaces-1, "SetEnv TMPDIR="+tmp)
	f, err := Open(context.Background(), []Host{{Name: "here"}, {Name: "far", SSH: name}})
	if err != nil {
		t.Fatal(err)
	}
	server := serveOn(t, l.address())
	go func() {
		waitFor(t, "the load", func() bool {
			server.Lock()
			defer server.Unlock()
			return server.tokens["t1"] > 10 && server.tokens["t2"] > 10
		})
		if err := system("ip", "link", "set", cable(spaces-1), "down"); err != nil {
			t.Error(err)
		}
	}()
	began := time.Now()
	_, err = f.Generate(context.Background(), order(t, strings.Replace(flowText, "duration: 1s", "duration: 300s", 1), server.url, 2))
	if err == nil || !strings.HasPrefix(err.Error(), "host far: the connection broke") {
		t.Errorf("%v", err)
	}
	t.Logf("seen here in %v: %v", time.Since(began), err)
	f.Close()
	nothingIn(t, tmp)
	t.Logf("nothing is left after %v", time.Since(began))
}

// A host whose shell was killed with its guard can tidy up no more: it is looked after
// over another connection, at the end and before the next run.
func TestShellsKilled(t *testing.T) {
	t.Parallel()
	s := pair(t, "", "")
	long := strings.Replace(flowText, "duration: 1s", "duration: 300s", 1)
	for range 2 { // the second run finds what the first one left
		go func() {
			wrk := s.loaded(t)
			group, err := syscall.Getpgid(wrk)
			if err != nil {
				t.Error(err)
			}
			for _, pid := range processes(group) {
				if pid != wrk {
					_ = syscall.Kill(pid, syscall.SIGKILL)
				}
			}
		}()
		_, err := s.fleet.Generate(context.Background(), order(t, long, s.server.url, 6))
		if err == nil || !strings.HasPrefix(err.Error(), "host bad: ") {
			t.Errorf("%v", err)
		}
		s.server = serveOn(t, s.address())
	}
	s.clean(t)
}

// processes are those of a group.
func processes(group int) (list []int) {
	all, _ := filepath.Glob("/proc/[0-9]*")
	for _, path := range all {
		pid, _ := strconv.Atoi(filepath.Base(path))
		if of, err := syscall.Getpgid(pid); err == nil && of == group {
			list = append(list, pid)
		}
	}
	return list
}

// Only a folder that taskbench made is tidied up: nothing else is removed.
func TestTidiesItsOwnAlone(t *testing.T) {
	t.Parallel()
	l := inLab(t)
	f, err := Open(context.Background(), []Host{{SSH: l.host(t, 0)}})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	other, own := t.TempDir(), filepath.Join(t.TempDir(), "taskbench-host-12345678")
	if err := os.Mkdir(own, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{other, own} {
		if a, err := f.members[0].line.ask(context.Background(), "tidy "+shell.Quote(folder)); err != nil || a.words != "tidy" {
			t.Errorf("%q: %v, %v", folder, a, err)
		}
	}
	if _, err := os.Stat(other); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(own); err == nil {
		t.Error("what a lost shell left is still there")
	}
}
