package results

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Engines that send load. WithWrk does where a document names none.
const (
	WithWrk = "wrk"
	WithK6  = "k6"
)

// Sender is what load was sent with. Engines and hosts have costs of their own, which
// are in every figure: measurements of two senders are never held against each other.
type Sender struct {
	Engine string `json:"engine,omitempty"` // "" is wrk
	Hosts  int    `json:"hosts,omitempty"`  // 0: the machine that taskbench ran on, alone
	Local  bool   `json:"local,omitempty"`  // they are processes of that machine, and no hosts of their own
}

// Sender is what the load of a document was sent with. Documents from before engines
// were recorded have wrk2 in their generator's version.
func (d *Document) Sender() Sender {
	s := Sender{Engine: d.Plan.Engine, Hosts: d.Plan.Hosts, Local: d.Environment.HostsAreLocal()}
	if program, _, two := strings.Cut(d.Environment.WrkVersion, " "); s.Engine == "" && two && program == "wrk2" {
		s.Engine = program
	}
	if s.Engine == WithWrk {
		s.Engine = ""
	}
	return s
}

// localHost begins the names of hosts that are processes of this machine. ssh knows no
// name with a space.
const localHost = "local "

// LocalHost names the process of this machine that is the n-th of those that send, from 1.
func LocalHost(n int) string { return localHost + strconv.Itoa(n) }

// HostsAreLocal reports whether hosts sent the load, all of them processes of the
// machine that taskbench ran on.
func (e Environment) HostsAreLocal() bool {
	return len(e.Hosts) > 0 && !slices.ContainsFunc(e.Hosts, func(h Host) bool { return !strings.HasPrefix(h.Name, localHost) })
}

// Known is String, and empty where wrk sent from one machine alone, as load is sent
// where nothing is said of it.
func (s Sender) Known() string {
	if s == (Sender{}) {
		return ""
	}
	return s.String()
}

// String is "wrk on this machine alone", "k6 on 3 hosts", or "wrk in 2 processes".
func (s Sender) String() string {
	engine, where := s.Engine, "on this machine alone"
	if engine == "" {
		engine = WithWrk
	}
	switch {
	case s.Local:
		where = fmt.Sprintf("in %d processes", s.Hosts)
	case s.Hosts == 1:
		where = "on 1 other host"
	case s.Hosts > 1:
		where = fmt.Sprintf("on %d hosts", s.Hosts)
	}
	return engine + " " + where
}
