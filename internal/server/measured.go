package server

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/shirou/gopsutil/v4/process"

	"taskbench/internal/files"
	"taskbench/internal/source"
)

// forwarders pass connections on to a server elsewhere: what they use says
// nothing about it. Some work for containers and tunnels without anyone having
// asked for them.
var forwarders = []string{
	"docker-proxy", "com.docker.backend", "com.docker.vpnkit", "vpnkit", "gvproxy", "rootlessport", "slirp4netns", "pasta", "pasta.avx2", "conmon",
	"ssh", "sshd", "autossh", "kubectl", "socat", "haproxy", "rinetd", "redir", "simpleproxy", "stunnel", "stunnel4", "ncat", "nc",
	"toxiproxy-server", "toxiproxy", "systemd", "systemd-socket-proxyd", "xinetd", "inetd", "wslrelay", "cloudflared", "ngrok", "frpc", "frps", "docker", "podman",
}

// gateways are servers that may answer themselves or pass requests on.
var gateways = []string{"nginx", "envoy", "traefik", "caddy", "httpd", "apache2", "varnishd", "squid", "lighttpd", "linkerd2-proxy", "pingora"}

// commonLength is how much of a name Linux keeps (comm).
const commonLength = 15

func named(p Process, list []string) bool {
	return slices.ContainsFunc(list, func(name string) bool {
		return p.Name == name || len(name) > commonLength && p.Name == name[:commonLength]
	})
}

// lookUp finds the process to measure: the one that the spec names, or that
// listens. A forwarder is none. The caller holds the lock.
func (s *Server) lookUp() int {
	if s.spec.PID != "" {
		pid, _ := readPID(s.spec.PID) // Open reported what is wrong with it
		return pid
	}
	pid := s.listeningPID()
	if named(processOf(pid), forwarders) {
		return 0
	}
	return pid
}

// maxPIDFile bounds the file that pid: names, in bytes.
const maxPIDFile = 1 << 20

// shells start others and wait for them.
var shells = []string{"sh", "dash", "bash", "zsh", "ksh", "ash", "busybox", "env", "nice", "timeout"}

// works reports whether a process does more than pass requests on, or wait for
// another that does.
func works(pid int) bool {
	p := processOf(pid)
	return p.PID != 0 && !named(p, forwarders) && !named(p, shells)
}

// readPID is the process that a number, or the file that it stands in, names.
func readPID(word string) (int, error) {
	text := word
	if _, err := strconv.Atoi(word); err != nil {
		file, err := files.Read(word, maxPIDFile)
		if err != nil {
			return 0, err
		}
		text = strings.TrimSpace(string(file))
	}
	pid, err := strconv.Atoi(text)
	if err != nil || pid < 1 {
		return 0, fmt.Errorf("%q is not the number of a process", text)
	}
	if processOf(pid).PID == 0 {
		return 0, fmt.Errorf("no process %d runs", pid)
	}
	return pid, nil
}

// whichProcess settles, once the server answers, which processes are measured.
func (s *Server) whichProcess() error {
	if s.spec.PID != "" {
		if _, err := readPID(s.spec.PID); err != nil {
			return source.WithHint(fmt.Errorf("%s: pid: %w", s.spec.Name, err), "pid: is the number of the server's process, or a file that it writes it to")
		}
	} else if s.child != nil {
		owner, started := s.listeningPID(), descendants(s.child.cmd.Process.Pid)
		s.elsewhere = owner != 0 && !slices.Contains(started, owner) || named(processOf(owner), forwarders) && !slices.ContainsFunc(started, works)
	}
	for _, word := range s.spec.Also {
		roots := alsoRoots(word)
		if len(roots) == 0 {
			return source.WithHint(fmt.Errorf("%s: also: no process is called %q", s.spec.Name, word), "also: lists processes that work for the server, by name (as ps -o comm prints it) or number")
		}
		for _, pid := range roots {
			s.also = append(s.also, &tree{root: pid})
			s.alsoNamed = append(s.alsoNamed, processOf(pid))
		}
	}
	return nil
}

// alsoRoots are the processes that a name or number means, without the children
// of others of that name.
func alsoRoots(word string) []int {
	if pid, err := strconv.Atoi(word); err == nil {
		if processOf(pid).PID == 0 {
			return nil
		}
		return []int{pid}
	}
	matching := map[int]bool{}
	for _, pid := range pids() {
		if name, err := (&process.Process{Pid: int32(pid)}).Name(); err == nil && name == word && pid != os.Getpid() {
			matching[pid] = true
		}
	}
	return eldest(matching)
}

// alsoUsage is the CPU time of what works for the server; nil when nothing was
// named, or some of it is gone.
func (s *Server) alsoUsage() *float64 {
	if len(s.also) == 0 {
		return nil
	}
	sum := 0.0
	for _, t := range s.also {
		u, err := t.usage(t.root)
		if err != nil {
			return nil
		}
		sum += u.CPUSeconds
	}
	return &sum
}

// measured fills in which processes figures are of.
func (s *Server) measured(id *Identity) {
	id.Process = processOf(s.RootPID())
	id.Also = s.alsoNamed
	listens := processOf(s.listeningPID())
	if s.spec.PID != "" || s.child != nil && !s.elsewhere {
		return
	}
	if named(listens, forwarders) {
		id.Forwarder = listens
	}
	id.Gateway = named(listens, gateways)
}
