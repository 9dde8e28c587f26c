package server

import (
	"fmt"
	stdnet "net"
	"net/url"
	"strconv"

	"github.com/shirou/gopsutil/v4/net"
	"github.com/shirou/gopsutil/v4/process"
)

// listener is the pid of the process that listens on a URL's port of this
// machine; 0 when there is none, or the system does not tell. Of a parent and
// its children that share a socket it is the parent.
func listener(address *url.URL) int {
	number, err := strconv.ParseUint(port(address), 10, 16)
	if err != nil || !isLocal(address.Hostname()) {
		return 0
	}
	sockets, err := net.Connections("tcp")
	if err != nil {
		return 0
	}
	holders := map[int]bool{}
	for _, s := range sockets {
		if s.Status == "LISTEN" && uint64(s.Laddr.Port) == number && s.Pid > 0 {
			holders[int(s.Pid)] = true
		}
	}
	return eldest(holders)
}

// eldest is the lowest pid whose parent is not among the pids too.
func eldest(holders map[int]bool) int {
	best := 0
	for pid := range holders {
		parent, _ := parentOf(pid)
		if !holders[parent] && (best == 0 || pid < best) {
			best = pid
		}
	}
	return best
}

// OnThisMachine reports whether a URL means this machine, as far as that can be
// told without asking anyone.
func OnThisMachine(address string) bool {
	u, err := url.Parse(address)
	return err == nil && isLocal(u.Hostname())
}

// isLocal reports whether a host name means this machine. Names other than
// localhost are taken to be others: looking them up could take long.
func isLocal(host string) bool {
	ip := stdnet.ParseIP(host)
	return host == "localhost" || ip != nil && (ip.IsLoopback() || ip.IsUnspecified())
}

// describe names a process for a message.
func describe(pid int) string {
	if pid == 0 {
		return "another process"
	}
	name, err := (&process.Process{Pid: int32(pid)}).Name()
	if err != nil {
		return fmt.Sprintf("process %d", pid)
	}
	return fmt.Sprintf("process %d (%s)", pid, name)
}
