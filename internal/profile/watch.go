package profile

import (
	"context"
	"slices"
	"time"

	"taskbench/internal/bench"
	"taskbench/internal/machine"
)

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

// watchEvery is short against a window: what is not known of it at either edge is.
const watchEvery = 100 * time.Millisecond

// watch looks at a server until ctx ends, and once more then. It stops early,
// with what it has, when the server is gone.
func watch(ctx context.Context, s bench.Server) []moment {
	ticker := time.NewTicker(watchEvery)
	defer ticker.Stop()
	var out []moment
	for {
		now, ok := look(s)
		if !ok {
			return out
		}
		out = append(out, now)
		if ctx.Err() != nil {
			return out
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
		}
	}
}

// secondsOf cuts what was seen within a window into seconds; the last may be shorter.
func secondsOf(moments []moment, w bench.Span) []Second {
	moments = slices.DeleteFunc(moments, func(m moment) bool { return !w.Holds(m.atUS) })
	var out []Second
	for begin, i := 0, 1; i < len(moments); i++ {
		s := moments[i].since(moments[begin])
		if s.Length >= time.Second-watchEvery/2 || i == len(moments)-1 {
			out = append(out, s)
			begin = i
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
	atUS     float64 // of the monotonic clock
	cpu      float64
	switches map[thread]switches
}

// thread is a thread's identity; its number may be used again, which shows in
// a count that falls.
type thread struct{ pid, tid int }

type switches struct{ voluntary, involuntary uint64 }

func look(s bench.Server) (moment, bool) {
	used, err := s.Usage()
	if err != nil {
		return moment{}, false
	}
	m := moment{atUS: machine.NowUS(), cpu: used.CPUSeconds, switches: map[thread]switches{}}
	for _, pid := range s.PIDs() {
		addSwitches(m.switches, pid)
	}
	return m, true
}

// since is what was used between two moments. Threads that ended within it take
// their last switches with them.
func (m moment) since(before moment) Second {
	out := Second{Length: time.Duration((m.atUS - before.atUS) * float64(time.Microsecond)), CPUSeconds: max(m.cpu-before.cpu, 0)}
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
