package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"taskbench/internal/hosts"
	"taskbench/internal/source"
)

// generators are what sends: wrk here, or on each of the hosts.
func (w world) generators(ctx context.Context, p Plan) []Check {
	if len(p.Hosts) == 0 {
		return []Check{w.generator(p.Wrk)}
	}
	var checks []Check
	var seen []string
	for _, h := range p.Hosts {
		c, apart := w.host(ctx, h, p)
		checks, seen = append(checks, c), append(seen, apart...)
	}
	if CanRun(checks) && len(p.Hosts) > 1 {
		checks = append(checks, w.together(ctx, p.Hosts, seen))
	}
	return checks
}

// mostClockError is how wrong a host's clock may be known: hosts begin at one moment by it.
const mostClockError = 20 * time.Millisecond

// host looks at one of the hosts that are to send; apart are sentences on the state that
// it is in.
func (w world) host(ctx context.Context, h hosts.Host, p Plan) (c Check, apart []string) {
	c = Check{Name: "host " + h.Name}
	f, apart, err := w.fleet(ctx, h)
	if err != nil {
		says, mend := source.Split(err)
		return c.but(Missing, strings.TrimPrefix(says, c.Name+": "), mend), nil
	}
	facts := f[0]
	says := fmt.Sprintf("wrk %s, %d cores, load %.1f", facts.Wrk.Version, facts.Cores, facts.Load)
	if h.SSH != "" {
		says += fmt.Sprintf(", its clock %+.1f ms from this one (± %.1f ms)", milliseconds(facts.Clock.Offset), milliseconds(facts.Clock.Within))
	}
	each := (p.Users+len(p.Hosts)-1)/len(p.Hosts) + spareFiles
	switch {
	case facts.Files >= 0 && facts.Files < int64(each):
		return c.but(Missing, fmt.Sprintf("%s; %d open files at most, and its share of the connections needs about %d", says, facts.Files, each), "ulimit -n there, or fewer connections"), nil
	case facts.Clock.Within > mostClockError:
		return c.but(Note, says+": hosts begin at one moment, and by this clock one cannot be told", "measure from nearer by, or when the network is quiet"), apart
	case len(apart) > 0:
		return c.but(Note, says+": "+strings.ReplaceAll(strings.Join(apart, "; "), c.Name+": ", ""), "stop what else runs there, or use another host"), apart
	}
	return ok(c.Name, "%s", says), nil
}

// together opens all of them, as a run does, and says where they differ; of each alone
// it is told.
func (w world) together(ctx context.Context, list []hosts.Host, seen []string) Check {
	c := Check{Name: "hosts"}
	_, apart, err := w.fleet(ctx, list...)
	apart = slices.DeleteFunc(apart, func(s string) bool {
		return slices.ContainsFunc(seen, func(o string) bool { return wordsOf(o) == wordsOf(s) })
	})
	if err != nil {
		says, mend := source.Split(err)
		return c.but(Missing, says, mend)
	}
	if len(apart) > 0 {
		return c.but(Note, strings.Join(apart, "; "), "use hosts that are alike: shares of the load are equal")
	}
	return ok(c.Name, "%d, alike in what matters", len(list))
}

// wordsOf is a sentence without its figures, which are others a moment later.
func wordsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return -1
		}
		return r
	}, text)
}

// openFleet asks hosts what they are and lets them go again; apart is where they differ,
// or are in no state to measure.
func openFleet(ctx context.Context, list ...hosts.Host) (facts []hosts.Facts, apart []string, err error) {
	fleet, err := hosts.Open(ctx, list)
	if err != nil {
		return nil, nil, err
	}
	return fleet.Facts(), fleet.Warnings(), fleet.Close()
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
