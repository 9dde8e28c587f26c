package server

import (
	"fmt"
	stdnet "net"
	"net/url"
	"slices"
	"strconv"

	"github.com/shirou/gopsutil/v4/net"
	"github.com/shirou/gopsutil/v4/process"
)

// listener is the pid of the process that listens on a URL's port of this
// machine; 0 when there is none, or the system does not tell. Of several it is
// the eldest.
func listener(address *url.URL) int {
	if owners := owners(address); len(owners) > 0 {
		return owners[0]
	}
	return 0
}

// owners are the processes that listen on a URL's port of this machine, in
// order; of a parent and its children that share a socket the parent alone.
func owners(address *url.URL) []int {
	number, err := strconv.ParseUint(port(address), 10, 16)
	if err != nil || !isLocal(address.Hostname()) {
		return nil
	}
	sockets, err := net.Connections("tcp")
	if err != nil {
		return nil
	}
	holders := map[int]bool{}
	for _, s := range sockets {
		if s.Status == "LISTEN" && uint64(s.Laddr.Port) == number && s.Pid > 0 {
			holders[int(s.Pid)] = true
		}
	}
	return eldest(holders)
}

// eldest are the pids whose parents are not among them too, in order.
func eldest(holders map[int]bool) []int {
	var out []int
	for pid := range holders {
		if parent, _ := parentOf(pid); !holders[parent] {
			out = append(out, pid)
		}
	}
	slices.Sort(out)
	return out
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
