package lua

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"sync/atomic"
	"testing"
	"time"

	"taskbench/parse"
)

// counter is a server that counts what it reads, and how it treats connections.
type counter struct {
	net.Listener
	asked      atomic.Uint64
	idle       time.Duration // a connection on which nothing comes for so long is closed; 0: none
	closes     bool          // each answer says that its connection ends, and it does
	resetEvery uint64        // of so many requests one is answered by a reset; 0: none
}

func (s *counter) serve(t *testing.T) (url string) {
	t.Helper()
	var err error
	if s.Listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	go func() {
		for {
			c, err := s.Accept()
			if err != nil {
				return
			}
			go s.talk(c.(*net.TCPConn))
		}
	}()
	return "http://" + s.Addr().String()
}

func (s *counter) talk(c *net.TCPConn) {
	defer c.Close()
	r := bufio.NewReader(c)
	for {
		if s.idle > 0 {
			_ = c.SetReadDeadline(time.Now().Add(s.idle))
		}
		request, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, request.Body)
		if n := s.asked.Add(1); s.resetEvery > 0 && n%s.resetEvery == 0 {
			_ = c.SetLinger(0)
			return
		}
		more := map[bool]string{true: "Connection: close\r\n"}[s.closes]
		fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 8\r\n%s\r\n{\"id\":7}", more)
		if s.closes {
			return
		}
	}
}

// uncounted is how many requests may be in no slot, two of each virtual user: those
// that wait for longer than a second keep their connections open, and iterations
// are ended behind the last slot.
const uncounted = 2 * 8

// TestTurnsAndConnections: what servers do to connections, within slots and while
// it is another's turn, is counted as what it is.
func TestTurnsAndConnections(t *testing.T) {
	t.Parallel()
	kinds := map[string]struct {
		server func() *counter
		check  func(t *testing.T, b *parse.Block, sent, asked uint64)
	}{
		// Each waiting connection is closed in each round. Whether one is within a
		// slot depends on the machine, too: then what was sent is lost, or a
		// connection broken.
		"idle ones are closed": {func() *counter { return &counter{idle: 150 * time.Millisecond} }, func(t *testing.T, b *parse.Block, sent, asked uint64) {
			if b.Surplus > 2 || sent+uncounted < asked || sent > asked+b.Lost+8 || b.Lost > sent+uncounted-asked {
				t.Errorf("sent %d, the server read %d: lost %d, broken %d, surplus %d", sent, asked, b.Lost, b.Broken, b.Surplus)
			}
		}},
		"closed behind each answer": {func() *counter { return &counter{closes: true} }, func(t *testing.T, b *parse.Block, sent, asked uint64) {
			if sent > asked || asked-sent > uncounted || b.Lost+b.Broken+b.Surplus > 0 {
				t.Errorf("sent %d, the server read %d: lost %d, broken %d, surplus %d", sent, asked, b.Lost, b.Broken, b.Surplus)
			}
		}},
		// The first one of a virtual user may be: it is asked once more.
		"some requests are reset": {func() *counter { return &counter{resetEvery: 20} }, func(t *testing.T, b *parse.Block, sent, asked uint64) {
			reset := asked / 20
			if asked < sent || asked-sent > 2*uncounted || b.Lost > reset || reset-b.Lost > 8 || b.Broken+b.Surplus > 0 {
				t.Errorf("sent %d, the server read %d: lost %d, broken %d, surplus %d", sent, asked, b.Lost, b.Broken, b.Surplus)
			}
		}},
	}
	for kind, k := range kinds {
		for _, name := range []string{"request", "inspected", "users", "mix"} {
			t.Run(kind+"/"+name, func(t *testing.T) {
				servers := []*counter{k.server(), {}}
				var urls []string
				for i := range servers {
					urls = append(urls, servers[i].serve(t))
				}
				o := Options{Connections: 8, Duration: 800 * time.Millisecond}
				for i, b := range turns(t, parseScenario(t, slotScenarios[name]), o, 200*time.Millisecond, 20*time.Millisecond, func([]*exec.Cmd) {}, urls...) {
					check := k.check
					if i == 1 {
						check = kinds["closed behind each answer"].check // nothing is wrong
					}
					check(t, b, all(b.Slots.Sent), servers[i].asked.Load())
				}
			})
		}
	}
}

func all(counts []uint64) (sum uint64) {
	for _, n := range counts {
		sum += n
	}
	return sum
}

// TestTurnsCountFailures: where every tenth answer is wrong, a tenth of all are,
// the first ones of slots with them.
func TestTurnsCountFailures(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"inspected", "users", "mix"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var asked [2]atomic.Uint64
			var urls []string
			for i := range asked {
				s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Content-Type", "application/json")
					if asked[i].Add(1)%10 == 0 {
						w.WriteHeader(http.StatusInternalServerError)
					}
					fmt.Fprint(w, `{"id":7}`)
				}))
				t.Cleanup(s.Close)
				urls = append(urls, s.URL)
			}
			o := Options{Connections: 8, Duration: 600 * time.Millisecond}
			for i, b := range turns(t, parseScenario(t, slotScenarios[name]), o, 60*time.Millisecond, 20*time.Millisecond, func([]*exec.Cmd) {}, urls...) {
				var wrong, answers uint64
				for _, s := range b.Steps {
					wrong, answers = wrong+s.Statuses["500"], answers+s.Statuses["500"]+s.Statuses["200"]
				}
				if n := asked[i].Load(); answers > n || n-answers > uncounted || wrong > n/10 || n/10-wrong > uncounted {
					t.Errorf("%d of %d answers are wrong, the server gave %d of %d", wrong, answers, n/10, n)
				}
			}
		})
	}
}
