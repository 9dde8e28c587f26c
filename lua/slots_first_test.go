package lua

import (
	"net/http"
	"net/http/httptest"
	"os/exec"
	"sync"
	"testing"
	"time"

	"taskbench/parse"
)

// TestFirstAnswers: a server that takes long behind a pause does so in slots for the
// first answer of each connection. Of a single request, too, latencies are without.
func TestFirstAnswers(t *testing.T) {
	t.Parallel()
	var urls []string
	for range 2 {
		var last sync.Map
		s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			before, known := last.Load(r.RemoteAddr)
			if !known || time.Since(before.(time.Time)) > 200*time.Millisecond {
				time.Sleep(200 * time.Millisecond)
			}
			time.Sleep(20 * time.Millisecond)
			last.Store(r.RemoteAddr, time.Now())
		}))
		t.Cleanup(s.Close)
		urls = append(urls, s.URL)
	}
	o := Options{Connections: 8, Duration: 1200 * time.Millisecond}
	s := parseScenario(t, "request: GET /health")
	for _, b := range turns(t, s, o, 400*time.Millisecond, 40*time.Millisecond, func([]*exec.Cmd) {}, urls...) {
		h, err := parse.Uncorrect(b)
		if err != nil {
			t.Fatal(err)
		}
		first := uint64(0)
		for _, f := range b.Slots.FirstUS {
			first += f[1]
		}
		answers := b.Steps[0].Answers
		// How long they took depends on the machine, that they are left out does not.
		if first == 0 || first > b.Slots.LeftOut || uint64(h.TotalCount()) != answers-first {
			t.Errorf("%d first answers, %d left out, %d of %d answers have latencies", first, b.Slots.LeftOut, h.TotalCount(), answers)
		}
	}
}
