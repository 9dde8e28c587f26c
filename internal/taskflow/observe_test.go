package taskflow

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/google/go-cmp/cmp"
)

// TestObservation notes a known set of answers and asks for windows of them.
func TestObservation(t *testing.T) {
	t.Parallel()
	s := New(Config{Observe: true, Stall: Stall{200 * time.Millisecond, time.Second}})
	const ms = time.Millisecond
	// Answer i ends at (i+1) ms and took i µs; each tenth fails.
	for i := range 100 {
		status := 200
		if i%10 == 9 {
			status = 500
		}
		end := time.Duration(i+1) * ms
		s.observer.note(uint16(i%2), status, end-time.Duration(i)*time.Microsecond, end)
	}
	origin := s.observer.origin
	at := func(d time.Duration) int64 { return origin + int64(d) }

	all := s.observation(window{from: origin, to: at(time.Hour)}, at(time.Hour))
	if all.Total.Answers != 100 || all.Good != 90 || all.Dropped != 0 || len(all.Routes) != 2 {
		t.Errorf("%d answers, %d good, %d dropped, %d routes", all.Total.Answers, all.Good, all.Dropped, len(all.Routes))
	}
	if diff := cmp.Diff(map[string]int64{"200": 90, "500": 10}, all.Total.Statuses); diff != "" {
		t.Error(diff)
	}
	if got := all.Routes[1].Route; got != "POST /api/v1/auth/register" || all.Routes[1].Answers != 50 {
		t.Errorf("second route is %q with %d answers", got, all.Routes[1].Answers)
	}
	for name, c := range map[string][2]float64{
		"mean": {all.Total.Latency.Mean, 49.5}, "p50": {all.Total.Latency.P50, 49}, "p99": {all.Total.Latency.P99, 98}, "max": {all.Total.Latency.Max, 99},
	} {
		if math.Abs(c[0]-c[1]) > 0.1 {
			t.Errorf("%s is %g µs, want %g", name, c[0], c[1])
		}
	}

	// [20 ms, 30 ms) has the answers that end at 20, 21, … 29 ms.
	part := s.observation(window{from: at(20 * ms), to: at(30 * ms)}, at(time.Hour))
	if part.Total.Answers != 10 || part.Good != 9 || math.Abs(part.Total.Latency.Max-28) > 0.1 {
		t.Errorf("part: %d answers, %d good, max %g µs", part.Total.Answers, part.Good, part.Total.Latency.Max)
	}
	if part.Duration() != 10*ms {
		t.Errorf("part lasts %s", part.Duration())
	}
	decoded, err := hdrhistogram.Decode([]byte(all.Total.Latency.HDR))
	if err != nil {
		t.Fatal(err)
	}
	if decoded.TotalCount() != 100 || decoded.Max() != 99 {
		t.Errorf("decoded histogram has %d values up to %d", decoded.TotalCount(), decoded.Max())
	}

	empty := s.observation(window{from: at(time.Minute), to: at(time.Hour), reset: true}, at(time.Hour))
	if empty.Total.Answers != 0 || empty.Total.Latency != (ObservedLatency{}) {
		t.Errorf("empty window: %+v", empty.Total)
	}
	if after := s.observation(window{from: origin, to: at(time.Hour)}, at(time.Hour)); after.Total.Answers != 0 {
		t.Errorf("%d answers after reset", after.Total.Answers)
	}
}

func TestStallsWithin(t *testing.T) {
	t.Parallel()
	stall := Stall{Length: 200, Every: 1000}
	cases := []struct {
		from, to int64
		want     []ObservedInterval
	}{
		{0, 900, nil},
		{0, 2500, []ObservedInterval{{1000, 1200}, {2000, 2200}}},
		{1100, 1150, []ObservedInterval{{1000, 1200}}},
		{1200, 2000, nil},
		{-5000, 1001, []ObservedInterval{{1000, 1200}}},
	}
	const origin = 1e6
	for _, c := range cases {
		var want []ObservedInterval
		for _, i := range c.want {
			want = append(want, ObservedInterval{i.FromNs + origin, i.ToNs + origin})
		}
		if diff := cmp.Diff(want, stall.within(origin, c.from+origin, c.to+origin)); diff != "" {
			t.Errorf("[%d, %d): %s", c.from, c.to, diff)
		}
	}
}

func TestStatsPath(t *testing.T) {
	t.Parallel()
	s := New(Config{Observe: true})
	c := &client{t: t, server: s}
	for range 3 {
		c.must(200, "GET", "/health", "")
	}
	c.must(404, "GET", "/nowhere", "")
	var got Observation
	if err := json.Unmarshal([]byte(c.do("GET", StatsPath+"?reset=1", "").body), &got); err != nil {
		t.Fatal(err)
	}
	if got.Total.Answers != 4 || got.Good != 3 || got.Routes[0].Route != "GET /health" || got.Routes[1].Route != "/" {
		t.Errorf("got %+v", got)
	}
	if got.StartedNs > got.FromNs || got.FromNs >= got.NowNs || got.CPUSeconds <= 0 {
		t.Errorf("times: started %d, from %d, now %d, CPU %g s", got.StartedNs, got.FromNs, got.NowNs, got.CPUSeconds)
	}
	c.must(400, "GET", StatsPath+"?from=soon", "")
	if again := s.Observe(0, math.MaxInt64); again.Total.Answers != 0 {
		t.Errorf("%d answers after reset", again.Total.Answers)
	}
}

// TestObserverIsBounded: what finds no room is counted, not kept.
func TestObserverIsBounded(t *testing.T) {
	t.Parallel()
	var s shard
	for range chunkSamples*chunksPerShard + 5 {
		s.add(sample{})
	}
	chunks, dropped := s.snapshot(true)
	if len(chunks) != chunksPerShard || dropped != 5 {
		t.Errorf("%d chunks, %d dropped", len(chunks), dropped)
	}
	if chunks, dropped = s.snapshot(false); len(chunks) != 0 || dropped != 0 {
		t.Errorf("after reset: %d chunks, %d dropped", len(chunks), dropped)
	}
}

// TestMonotonic holds the observer's clock against CLOCK_MONOTONIC itself.
func TestMonotonic(t *testing.T) {
	t.Parallel()
	s := New(Config{Observe: true})
	before := monotonic()
	(&client{t: t, server: s}).must(200, "GET", "/health", "")
	after := monotonic()
	// Both clocks are read one after the other, never at once: allow for a
	// preemption between them.
	const slack = int64(time.Second)
	if got := s.Observe(before-slack, after+slack).Total.Answers; got != 1 {
		t.Errorf("%d answers around the request, want 1", got)
	}
}

// serve runs a server on a free port until the test ends.
func serve(t *testing.T, config Config) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, config, listener) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Serve: %v", err)
		}
		if conn, err := net.Dial("tcp", listener.Addr().String()); err == nil {
			conn.Close()
			t.Error("the listener is open after Serve")
		}
	})
	return "http://" + listener.Addr().String()
}

// TestCloseAfter counts the connections that ten requests take.
func TestCloseAfter(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name      string
		config    Config
		conns     int
		announced bool
	}{
		{"never", Config{}, 1, false},
		{"after three", Config{CloseAfter: 3}, 4, true},
		{"after one", Config{CloseAfter: 1}, 10, true},
		{"after three, abruptly", Config{CloseAfter: 3, CloseAbruptly: true}, 4, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			url := serve(t, c.config)
			conns, announced := 0, false
			client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				conns++
				return new(net.Dialer).DialContext(ctx, network, addr)
			}}}
			defer client.CloseIdleConnections()
			for range 10 {
				announced = get(t, client, url+"/health") || announced
			}
			if conns != c.conns || announced != c.announced {
				t.Errorf("%d connections, announced %t; want %d, %t", conns, announced, c.conns, c.announced)
			}
		})
	}
}

// get asks once and reports whether the answer announced the connection's end.
func get(t *testing.T, client *http.Client, url string) (closing bool) {
	t.Helper()
	response, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != 200 || len(body) == 0 {
		t.Fatalf("status %d, %d bytes, %v", response.StatusCode, len(body), err)
	}
	return response.Close
}

func TestServeRefusesBadConfig(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if err := Serve(t.Context(), Config{BcryptCost: 99}, listener); err == nil {
		t.Error("served with a bcrypt cost of 99")
	}
}

func TestServeReportsABrokenListener(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	if err := Serve(t.Context(), Config{Leak: 1e6}, listener); err == nil {
		t.Error("served on a closed listener")
	}
}

func TestParseWindow(t *testing.T) {
	t.Parallel()
	cases := []struct {
		query string
		want  window
	}{
		{"", window{10, 20, false}},
		{"from=12&to=15&reset=1", window{12, 15, true}},
	}
	for _, c := range cases {
		query, err := url.ParseQuery(c.query)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := parseWindow(query, 10, 20); err != nil || got != c.want {
			t.Errorf("%q: %+v, %v; want %+v", c.query, got, err, c.want)
		}
	}
}

func BenchmarkAnswer(b *testing.B) {
	for _, c := range []struct {
		name   string
		config Config
		method string
		path   string
	}{
		{"health", Config{}, "GET", "/health"},
		{"health observed", Config{Observe: true}, "GET", "/health"},
		{"me", Config{}, "GET", "/api/v1/auth/me"},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := New(c.config)
			r := httptest.NewRequest(c.method, c.path, nil)
			r.Header.Set("Authorization", "Bearer "+s.tokens.sign(seededUser))
			b.ReportAllocs()
			for b.Loop() {
				s.ServeHTTP(httptest.NewRecorder(), r)
			}
		})
	}
}

// BenchmarkSearch finds ten tasks among many: the time must not grow with them.
func BenchmarkSearch(b *testing.B) {
	for _, tasks := range []int{100, 100_000} {
		b.Run(fmt.Sprint(tasks), func(b *testing.B) {
			s := New(Config{}).store
			if _, err := s.AddProject(b.Context(), seededUser, "p", nil); err != nil {
				b.Fatal(err)
			}
			who, done := int64(seededUser), "done"
			for i := range tasks {
				d := Draft{AssignedTo: &who}
				if i%(tasks/10) == 0 {
					d.Status = &done
				}
				if _, err := s.AddTask(b.Context(), seededUser, 1, d); err != nil {
					b.Fatal(err)
				}
			}
			for b.Loop() {
				if found, err := s.SearchTasks(b.Context(), Search{Status: done, Assignee: who}); err != nil || len(found) != 10 {
					b.Fatal(len(found), err)
				}
			}
		})
	}
}
