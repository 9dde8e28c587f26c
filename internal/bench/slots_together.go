package bench

import (
	"cmp"
	"errors"
	"net/url"

	"taskbench/internal/machine"
	"taskbench/internal/slots"
	"taskbench/results"
)

// errNotTogether says that a server did not start while another was up: it may
// need a port, a lock or a licence that there is once.
var errNotTogether = errors.New("it did not start beside the other servers")

// whyInTurn finds out, before a pair, why it cannot be measured in slots, for
// which all its servers must be up together; "" when nothing is known against it.
func (c *campaign) whyInTurn(spots []spot) string {
	hosts := map[string]bool{}
	for _, s := range spots {
		hosts[address(s.target.URL)] = true
	}
	switch {
	case len(spots) < 2:
		return results.OneTarget
	case len(spots[0].cell.Rate.Stages) > 0:
		return results.Staged
	case len(spots) > slots.MaxPlaces:
		return results.TooManyTargets
	case len(hosts) < len(spots):
		return results.OneAddress
	case c.notTogether:
		return results.NotTogether
	case !c.haveMemory(spots):
		return results.NoMemory
	}
	return ""
}

// address is what a server listens on, the same however it is written.
func address(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return text
	}
	host := u.Hostname()
	if host == "127.0.0.1" || host == "::1" {
		host = "localhost"
	}
	return host + ":" + cmp.Or(u.Port(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
}

// haveMemory reports whether the machine has as much left as the servers that
// are to be started have held at most, as far as both are known.
func (c *campaign) haveMemory(spots []spot) bool {
	needed := uint64(0)
	for _, s := range spots {
		if s.target.Start != "" {
			needed += c.held(s.index)
		}
	}
	available := machine.AvailableBytes
	if c.Available != nil {
		available = c.Available
	}
	left, known := available()
	return !known || needed <= left
}

// held is the most memory that a target's server was seen to hold, in bytes: in
// the one iteration before any load, or under load.
func (c *campaign) held(target int) (most uint64) {
	if target < len(c.survey.Resident) {
		most = c.survey.Resident[target]
	}
	for _, m := range c.docs[target].Scenarios {
		for _, t := range m.Trials {
			if t.Resources != nil && t.Resources.ServerResidentBytes != nil {
				most = max(most, *t.Resources.ServerResidentBytes)
			}
		}
	}
	return most
}
