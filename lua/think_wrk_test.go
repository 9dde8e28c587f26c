package lua

import (
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

// TestPausesOutliveConnections: of a server that closes its connections in every pause
// virtual users ask no more often than they may by their pauses, and its answers are good:
// wrk has a wait of its own for each connection that it makes, and would send behind all.
func TestPausesOutliveConnections(t *testing.T) {
	const users, pause = 4, 60 * time.Millisecond
	for name, text := range map[string]string{
		"request": "request: GET /\nload: {think: 60ms}",
		"flow":    "flow: [{name: a, request: GET /}, {name: b, request: POST /, body: x}]\nload: {think: 60ms}",
		"repeat":  "flow: [{name: a, request: GET /, repeat: {times: 3, wait: 60ms}, think: 60ms}]",
	} {
		var asked, closed atomic.Int64
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
		server.Config.IdleTimeout = 5 * time.Millisecond
		server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
			if s == http.StateClosed {
				closed.Add(1)
			}
		}
		server.Start()
		b := runWrk(t, loadText(t, "name: x\n"+text), Options{URL: server.URL, Connections: users, Duration: 700 * time.Millisecond, Warmup: -1, Seed: 1})
		server.Close()
		if most := users * (int64(b.Wrk.DurationUS)/pause.Microseconds() + 2); asked.Load() > most || closed.Load() < users {
			t.Errorf("%s: asked %d times, at most %d may be; %d connections closed", name, asked.Load(), most, closed.Load())
		}
		if b.Surplus != 0 || uint64(asked.Load()) < b.Wrk.Requests {
			t.Errorf("%s: %d answers too many; %d of %d seen by the server", name, b.Surplus, asked.Load(), b.Wrk.Requests)
		}
	}
}
