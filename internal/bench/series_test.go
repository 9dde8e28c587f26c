package bench

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"taskbench/internal/server"
	"taskbench/results"
)

// holder is a server that follows a script of samples; the last one stays.
type holder struct {
	fakeServer
	mu     sync.Mutex
	usages []server.Usage // without processes: gone
	played int
	memory error
}

func (h *holder) Usage() (server.Usage, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	u := h.usages[min(h.played, len(h.usages)-1)]
	h.played++
	if u.Processes == 0 {
		return u, server.ErrNoProcess
	}
	return u, nil
}

// left is how many samples of the script are still to come.
func (h *holder) left() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return max(len(h.usages)-h.played, 0)
}

func (h *holder) Memory() (server.Memory, error) { return server.Memory{}, h.memory }

func TestSeriesTellsWhatHappened(t *testing.T) {
	t.Parallel()
	alive := server.Usage{Processes: 1, ResidentBytes: 30e6, Threads: 4}
	grown, restarted, forked := alive, alive, alive
	grown.ResidentBytes = 40e6
	restarted.Restarted = 1
	forked.Begun = 2
	cases := []struct {
		name    string
		usages  []server.Usage
		memory  error
		missing string
		notes   string
		peak    float64
	}{
		{"all well", []server.Usage{alive, grown}, nil, "", "", 40e6},
		{"dies", []server.Usage{alive, alive, {}}, nil, "", "ended, or could not be seen any more", 30e6},
		{"restarts", []server.Usage{alive, restarted}, nil, "", "restarted while it was sampled (1 times)", 30e6},
		{"forks", []server.Usage{alive, forked}, nil, "", "2 began, 0 ended", 30e6},
		{"another user's", []server.Usage{alive}, errors.New("process 7 belongs to another user"), "", "process 7 belongs to another user", 30e6},
		{"never seen", []server.Usage{{}}, nil, "process is not known", "", 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := &holder{usages: c.usages, memory: c.memory}
			at := Series{Hz: 100}.Attach(t.Context(), h, Cell{Duration: time.Minute})
			for h.left() > 0 { // the ticker may come late
				time.Sleep(time.Millisecond)
			}
			at.End(t.Context())
			var trial results.Trial
			at.Record(t.Context(), &trial, Run{})
			p := trial.Memory
			if (p.Missing == "") != (c.missing == "") || !strings.Contains(p.Missing, c.missing) {
				t.Errorf("missing %q, want %q", p.Missing, c.missing)
			}
			notes := strings.Join(p.Notes, "\n")
			if (notes == "") != (c.notes == "") || !strings.Contains(notes, c.notes) {
				t.Errorf("notes %q, want %q", notes, c.notes)
			}
			if c.peak > 0 && (p.PeakBytes == nil || *p.PeakBytes != c.peak) {
				t.Errorf("peak %v, want %v", p.PeakBytes, c.peak)
			}
		})
	}
}
