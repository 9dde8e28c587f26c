// Package hosts sends one load from several places: processes on this machine,
// and hosts that ssh reaches. A Fleet is opened once a run, and its Generate is
// used where wrk.Run is: it splits the virtual users, has them begin at one
// moment, and adds up what all of them counted.
//
// There is a result of all hosts or none. An error names the host.
package hosts

import (
	"strings"
	"time"
	"unicode"

	"taskbench/internal/source"
	"taskbench/wrk"
)

// Host is a place that sends.
type Host struct {
	Name string // what messages and results call it; "": its SSH
	SSH  string // as ssh takes it: a host, user@host, an alias of ssh's configuration; "": a process on this machine
	CPUs []int  // logical CPUs that wrk may run on there, from 0; empty: all (Linux only)
	Wrk  string // the path of wrk there, or a name to look up; "": wrk
}

// Facts are what a host says about itself when a fleet is opened.
type Facts struct {
	Host Host
	Wrk  wrk.Installation

	System string // "Linux"
	Kernel string // "6.1.0-18-amd64"
	Arch   string // "x86_64"
	Boot   string // what names this start of its kernel, so that two hosts on one machine have the same; "": it does not tell
	Cores  int    // logical CPUs that are online; 0: it does not tell
	Load   float64
	Model  string // of the processor; "": it does not tell

	Temp  string // the folder for what a run needs there
	Free  int64  // bytes free in it; -1: it does not tell
	Files int64  // open files that wrk may have; -1: no limit

	Clock Clock
}

// Clock is how far a host's clock of the day is from this machine's.
type Clock struct {
	Offset    time.Duration // the host's minus ours
	Within    time.Duration // Offset is right to so much, either way
	RoundTrip time.Duration // the shortest of those that were tried
	By        string        // what told the time there: "date", "wrk"; "": it is this machine
}

// name is what a host is called.
func (h Host) name() string {
	if h.Name != "" {
		return h.Name
	}
	return h.SSH
}

// check refuses what ssh would take for something else than a host.
func (h Host) check() error {
	odd := func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }
	switch {
	case strings.HasPrefix(h.SSH, "-"):
		return source.Errorf(source.Position{}, "write it as ssh takes it: host, user@host, or a name from ~/.ssh/config", "%q is an option of ssh, and no host", h.SSH)
	case strings.ContainsFunc(h.SSH, odd):
		return source.Errorf(source.Position{}, "write it as ssh takes it: host, user@host, or a name from ~/.ssh/config", "%q is no host: there is a blank in it", h.SSH)
	case h.name() == "":
		return source.Errorf(source.Position{}, "every process needs a name of its own", "a process without a name")
	}
	return nil
}
