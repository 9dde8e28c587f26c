package results

import (
	"fmt"
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
}

// Sender is what the load of a document was sent with. Documents from before engines
// were recorded have wrk2 in their generator's version.
func (d *Document) Sender() Sender {
	s := Sender{Engine: d.Plan.Engine, Hosts: d.Plan.Hosts}
	if program, _, two := strings.Cut(d.Environment.WrkVersion, " "); s.Engine == "" && two && program == "wrk2" {
		s.Engine = program
	}
	if s.Engine == WithWrk {
		s.Engine = ""
	}
	return s
}

// String is "wrk on this machine alone", or "k6 on 3 hosts".
func (s Sender) String() string {
	engine, where := s.Engine, "this machine alone"
	if engine == "" {
		engine = WithWrk
	}
	switch {
	case s.Hosts == 1:
		where = "1 other host"
	case s.Hosts > 1:
		where = fmt.Sprintf("%d hosts", s.Hosts)
	}
	return engine + " on " + where
}
