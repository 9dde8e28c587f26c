package bench

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"taskbench/internal/server"
	"taskbench/results"
	"taskbench/scenarios"
	"taskbench/wrk"
)

// tires is a server that changes when it has worked for 400 ms without a pause of
// 120 ms: so it never does in slots, where answers of 20 ms make gaps of 32 ms, and
// soon does without pauses.
func tires(then func(http.ResponseWriter)) http.HandlerFunc {
	var mu sync.Mutex
	var since, last time.Time
	open := 0
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		now := time.Now()
		if open == 0 && now.Sub(last) > 120*time.Millisecond {
			since = now
		}
		tired := now.Sub(since) > 400*time.Millisecond
		open++
		mu.Unlock()
		time.Sleep(20 * time.Millisecond)
		if tired {
			then(w)
		}
		mu.Lock()
		open, last = open-1, time.Now()
		mu.Unlock()
	}
}

// unseen is a server whose process is not known: what it takes is not.
type unseen struct{ *fakeServer }

func (unseen) Usage() (server.Usage, error) { return server.Usage{}, errors.New("not known") }

// TestNotSustained: servers that do not keep up what they do in slots are measured
// in turn, and the documents say why, and what they did both ways.
func TestNotSustained(t *testing.T) {
	t.Parallel()
	installation, err := wrk.Find("")
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("wrk is not installed")
	} else if err != nil {
		t.Fatal(err)
	}
	refuses := func(w http.ResponseWriter) { w.WriteHeader(http.StatusTooManyRequests) }
	delays := func(http.ResponseWriter) { time.Sleep(80 * time.Millisecond) }
	for name, c := range map[string]struct {
		text   string
		then   func(http.ResponseWriter)
		differ string
	}{
		"request refused": {"name: one\nload: {connections: 8, duration: 1s, warmup: 300ms}\nrequest: GET /", refuses, "errors"},
		"flow delayed":    {"name: one\nload: {connections: 8, duration: 1s, warmup: 0s}\nflow: [{name: a, request: GET /}]", delays, "rate"},
	} {
		t.Run(name, func(t *testing.T) {
			list := []*scenarios.Scenario{scenario(t, c.text)}
			p := Plan{
				Session: "s", Baseline: "a", Scenarios: list, Cells: NewCells(list, Overrides{}), Pairs: 1, Seed: 7,
				InSlots: true, Stretch: 1200 * time.Millisecond,
			}
			for _, name := range []string{"a", "b"} {
				handler := tires(func(http.ResponseWriter) {})
				if name == "b" {
					handler = tires(c.then)
				}
				s := httptest.NewServer(handler)
				t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
				p.Targets = append(p.Targets, server.Spec{Name: name, URL: s.URL, Ready: "/ready"})
			}
			r := &Runner{Wrk: installation, Generate: wrk.Run, Save: func(*results.Document) error { return nil }, Progress: func(Event) {}, Now: time.Now, Dir: t.TempDir()}
			r.Open = func(_ context.Context, s server.Spec) (Server, error) {
				return unseen{&fakeServer{world: newWorld(), name: s.Name}}, nil
			}
			docs := begin(p)
			if _, err := r.Run(t.Context(), p, survey(p), docs); err != nil {
				t.Fatal(err)
			}
			m := docs[1].Scenarios[0]
			if m.InTurn == results.SlowAnswers {
				t.Skip("this machine is too busy now for servers to answer within a slot")
			}
			s := m.Sustained
			if m.InTurn != results.NotSustained || s == nil || s.Differ != c.differ || s.Stretches < 2 || len(m.Trials) != 1 || m.Trials[0].Slots != nil {
				t.Fatalf("in turn because %q, %+v", m.InTurn, s)
			}
			switch c.differ {
			case "errors":
				if s.Without.WrongFraction < s.InSlots.WrongFraction+0.2 {
					t.Errorf("%+v", s)
				}
			case "rate":
				if s.Without.PerS > s.InSlots.PerS/1.5 {
					t.Errorf("%+v", s)
				}
			}
		})
	}
}

// TestTimeToLook: looks at load without pauses leave pairs half of the time.
func TestTimeToLook(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for left, want := range map[time.Duration]bool{0: true, 12 * time.Second: false, 13 * time.Second: true} { // two looks of 6.16 s
		r := &Runner{Now: func() time.Time { return now }}
		if left > 0 {
			r.Deadline = now.Add(left)
		}
		turns := &turns{campaign: &campaign{Runner: r}, spots: make([]spot, 2)}
		if got := turns.timeToLook(time.Second); got != want {
			t.Errorf("%v left: %v, want %v", left, got, want)
		}
	}
}
