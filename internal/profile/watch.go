package profile

import (
	"context"
	"time"

	"taskbench/internal/server"
)

// Server is a running target, as far as it is watched.
type Server interface {
	PIDs() []int
	CPUs() []int
	Usage() (server.Usage, error)
}

// Second is what a server used in about one second.
type Second struct {
	Length      time.Duration
	CPUSeconds  float64
	Voluntary   uint64 // context switches because a thread had to wait
	Involuntary uint64 // because its time was up
}

// Cores is how many cores were kept busy on average.
func (s Second) Cores() float64 {
	if s.Length <= 0 {
		return 0
	}
	return s.CPUSeconds / s.Length.Seconds()
}

// watchAfter watches when lead is over; it sees nothing when ctx ends before.
func watchAfter(ctx context.Context, s Server, lead time.Duration) []Second {
	select {
	case <-time.After(lead):
		return watch(ctx, s)
	case <-ctx.Done():
		return nil
	}
}

// watch samples a server once a second until ctx ends; the last second may
// be shorter. It stops early, with what it has, when the server is gone.
func watch(ctx context.Context, s Server) []Second {
	var out []Second
	before, ok := look(s)
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for ok {
		last := false
		select {
		case <-ticker.C:
		case <-ctx.Done():
			last = true
		}
		var now moment
		if now, ok = look(s); ok {
			out = append(out, now.since(before))
			before = now
		}
		if last {
			break
		}
	}
	return dropStub(out)
}

// shortest is the part of a second from which on a mean says something.
const shortest = 250 * time.Millisecond

// dropStub leaves out a last second that is too short.
func dropStub(seconds []Second) []Second {
	if n := len(seconds); n > 1 && seconds[n-1].Length < shortest {
		return seconds[:n-1]
	}
	return seconds
}

// moment is what a server has used up to now.
type moment struct {
	at       time.Time
	cpu      float64
	switches map[thread]switches
}

// thread is a thread's identity; its number may be used again, which shows in
// a count that falls.
type thread struct{ pid, tid int }

type switches struct{ voluntary, involuntary uint64 }

func look(s Server) (moment, bool) {
	used, err := s.Usage()
	if err != nil {
		return moment{}, false
	}
	m := moment{at: time.Now(), cpu: used.CPUSeconds, switches: map[thread]switches{}}
	for _, pid := range s.PIDs() {
		addSwitches(m.switches, pid)
	}
	return m, true
}

// since is the second between two moments. Threads that ended within it take
// their last switches with them.
func (m moment) since(before moment) Second {
	out := Second{Length: m.at.Sub(before.at), CPUSeconds: max(m.cpu-before.cpu, 0)}
	for id, now := range m.switches {
		then := before.switches[id]
		if now.voluntary < then.voluntary || now.involuntary < then.involuntary {
			then = switches{}
		}
		out.Voluntary += now.voluntary - then.voluntary
		out.Involuntary += now.involuntary - then.involuntary
	}
	return out
}
