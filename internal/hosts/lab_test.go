package hosts

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// lab is a network of its own: namespaces that stand for hosts, each with a
// cable to this machine and real ssh servers in it.
type lab struct {
	dir    string
	spaces []string // names of namespaces
	net    string   // "10.201.7": the first three numbers of this machine's address for all of them is .1 of the first
	key    string
	config string // of ssh
	adding sync.Mutex
	made   atomic.Int32
}

const (
	sshd   = "/usr/sbin/sshd"
	spaces = 3 // the last one is for whoever pulls its cable
)

var theLab = sync.OnceValues(newLab)

// built is the lab, where there is one, for the end of all tests.
var built *lab

// TestMain puts an ssh before the system's that reads the configuration of the
// tests alone.
func TestMain(m *testing.M) {
	if os.Getenv("HOSTS_TEST") != "" { // a process of a test
		os.Exit(m.Run())
	}
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "hosts-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	real, err := exec.LookPath("ssh")
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "ssh"), fmt.Appendf(nil, "#!/bin/sh\nexec %s -F %s/config \"$@\"\n", real, dir), 0o755)
	}
	if err == nil {
		os.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	}
	os.Setenv("HOSTS_TEST", dir)
	code := m.Run()
	if built != nil {
		built.close()
	}
	return code
}

// inLab skips the test where there can be no lab, and says why.
func inLab(t *testing.T) *lab {
	t.Helper()
	realWrk(t)
	l, err := theLab()
	if err != nil {
		t.Skipf("no hosts to test with: %v", err)
	}
	return l
}

func newLab() (*lab, error) {
	if _, err := os.Stat(sshd); err != nil {
		return nil, fmt.Errorf("no ssh server is installed (openssh-server): %w", err)
	}
	l := &lab{dir: os.Getenv("HOSTS_TEST"), net: fmt.Sprintf("10.%d.%d", 100+os.Getpid()/250%100, os.Getpid()%250)}
	l.config, l.key = filepath.Join(l.dir, "config"), filepath.Join(l.dir, "key")
	built = l
	sweep()
	if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
		return nil, fmt.Errorf("sshd needs it: %w", err)
	}
	for i := range spaces {
		if err := l.addSpace(i); err != nil {
			return nil, fmt.Errorf("network namespaces (ip netns, as root) are not to be had: %w", err)
		}
	}
	for _, key := range []string{"key", "hostkey", "stranger"} {
		if err := system("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", filepath.Join(l.dir, key)); err != nil {
			return nil, err
		}
	}
	return l, os.WriteFile(l.config, nil, 0o600)
}

// addSpace makes a namespace whose only way out is a cable to this machine. Its
// end here is .1 of a network of 64 addresses, its end there .2.
func (l *lab) addSpace(i int) error {
	space := fmt.Sprintf("tbhosts-%d-%d", os.Getpid(), i)
	cable := cable(i)
	if err := system("ip", "netns", "add", space); err != nil {
		return err
	}
	l.spaces = append(l.spaces, space)
	at := func(n int) string { return fmt.Sprintf("%s.%d/26", l.net, 64*i+n) }
	return errors.Join(
		system("ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", space),
		system("ip", "addr", "add", at(1), "dev", cable),
		system("ip", "link", "set", cable, "up"),
		system("ip", "-n", space, "addr", "add", at(2), "dev", "eth0"),
		system("ip", "-n", space, "link", "set", "lo", "up"),
		system("ip", "-n", space, "link", "set", "eth0", "up"),
		system("ip", "-n", space, "route", "add", "default", "via", strings.TrimSuffix(at(1), "/26")),
	)
}

// sweep removes what tests left behind that were killed.
func sweep() {
	out, _ := exec.Command("ip", "netns", "list").Output()
	for _, space := range regexp.MustCompile(`tbhosts-(\d+)-\d`).FindAllStringSubmatch(string(out), -1) {
		if pid, _ := strconv.Atoi(space[1]); syscall.Kill(pid, 0) == nil {
			continue
		}
		removeSpace(space[0])
	}
}

// removeSpace ends what is in a namespace, and takes it away with its cable.
func removeSpace(space string) {
	pids, _ := exec.Command("ip", "netns", "pids", space).Output()
	for pid := range strings.FieldsSeq(string(pids)) {
		_ = system("kill", "-9", pid)
	}
	_ = system("ip", "netns", "delete", space)
}

// cable is the name of this machine's end of one.
func cable(space int) string { return fmt.Sprintf("tb%d%c", os.Getpid(), 'a'+space) }

func (l *lab) close() {
	for _, space := range l.spaces {
		removeSpace(space)
	}
}

func system(words ...string) error {
	out, err := exec.Command(words[0], words[1:]...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(words, " "), err, out)
	}
	return nil
}

// address is this machine's, which all namespaces reach.
func (l *lab) address() string { return l.net + ".1" }

// host starts an ssh server in namespace space and returns the name by which ssh
// knows it; more are lines of sshd's configuration.
func (l *lab) host(t *testing.T, space int, more ...string) string {
	t.Helper()
	name := fmt.Sprintf("host-%d", l.made.Add(1))
	address, port := fmt.Sprintf("%s.%d", l.net, 64*space+2), int(l.made.Load())+2000
	config := filepath.Join(t.TempDir(), "sshd_config")
	lines := append([]string{
		fmt.Sprintf("ListenAddress %s:%d", address, port), "HostKey " + l.dir + "/hostkey", "AuthorizedKeysFile " + l.key + ".pub", "PidFile none",
		"StrictModes no", "UsePAM no", "PermitRootLogin prohibit-password", "LogLevel QUIET", "MaxStartups 100",
	}, more...)
	if err := os.WriteFile(config, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	server := exec.Command("ip", "netns", "exec", l.spaces[space], sshd, "-D", "-e", "-f", config)
	server.Stderr = os.Stderr
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	public, err := os.ReadFile(l.dir + "/hostkey.pub")
	if err != nil {
		t.Fatal(err)
	}
	known := filepath.Join(t.TempDir(), "known_hosts")
	if err := os.WriteFile(known, fmt.Appendf(nil, "[%s]:%d %s", address, port, public), 0o600); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "sshd", func() bool {
		c, err := net.DialTimeout("tcp", fmt.Sprintf("%s:%d", address, port), time.Second)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
	l.alias(t, name, "HostName "+address, fmt.Sprint("Port ", port), "UserKnownHostsFile "+known)
	return name
}

// alias adds a host to ssh's configuration.
func (l *lab) alias(t *testing.T, name string, lines ...string) {
	t.Helper()
	l.adding.Lock()
	defer l.adding.Unlock()
	f, err := os.OpenFile(l.config, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if !strings.Contains(strings.Join(lines, "\n"), "IdentityFile") {
		lines = append(lines, "IdentityFile "+l.key)
	}
	lines = append(lines, "User root", "IdentitiesOnly yes", "IdentityAgent none", "GlobalKnownHostsFile none")
	fmt.Fprintf(f, "Host %s\n  %s\n", name, strings.Join(lines, "\n  "))
}

// waitFor polls; whoever waits for long has found a fault.
func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited a minute for: %s", what)
		}
	}
}
