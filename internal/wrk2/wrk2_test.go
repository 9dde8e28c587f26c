package wrk2

import (
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"taskbench/internal/server"
	"taskbench/scenarios"
	"taskbench/wrk"
)

func load(t *testing.T, text string) *scenarios.Scenario {
	t.Helper()
	s, err := scenarios.LoadFS(fstest.MapFS{"s.yaml": {Data: []byte(text)}}, "s.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestRead has what a real wrk2 printed of 24,000 answers, of which it recorded those
// behind its calibration.
func TestRead(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../testdata/wrk/wrk2_L.txt")
	if err != nil {
		t.Fatal(err)
	}
	got, err := read(wrk.Output{Stdout: text}, load(t, "name: s\nrequest: GET /\n"), 2000)
	if err != nil {
		t.Fatal(err)
	}
	if got.Answers != 23982 || got.Good != 23982 || got.WindowS != 12 || got.ErrorFraction != 0 || math.Abs(got.ThroughputPS-1998.5) > 0.1 {
		t.Errorf("%d answers, %d good, %v/s in %v s", got.Answers, got.Good, got.ThroughputPS, got.WindowS)
	}
	for name, c := range map[string][2]float64{
		"p50": {got.Latency.P50US, 2409}, "p75": {got.Latency.P75US, 27610}, "p90": {got.Latency.P90US, 133_500}, "p99": {got.Latency.P99US, 196_100}, "max": {got.Latency.MaxUS, 203_263},
	} {
		if math.Abs(c[0]/c[1]-1) > 0.005 {
			t.Errorf("%s is %v µs, wrk2 says %v", name, c[0], c[1])
		}
	}
	if got.Latency.Count != 3950 || got.Rate == nil || got.Rate.AskedPS != 2000 || !got.Rate.Kept() || len(got.Steps) != 1 {
		t.Errorf("%d recorded, rate %+v, %d steps", got.Latency.Count, got.Rate, len(got.Steps))
	}
	for _, broken := range []string{"", "Running 1s test @ http://x\n"} {
		if _, err := read(wrk.Output{Stdout: []byte(broken)}, load(t, "name: s\nrequest: GET /\n"), 2000); err == nil {
			t.Errorf("figures from %.40q", broken)
		}
	}
}

// TestScript runs the script in wrk, whose scripts are wrk2's: a mix by its weights,
// bytes of any kind.
func TestScript(t *testing.T) {
	t.Parallel()
	installation, err := wrk.Find("")
	if err != nil {
		t.Skip(err)
	}
	var mu sync.Mutex
	seen := map[string]int{}
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body := make([]byte, 64)
		n, _ := r.Body.Read(body)
		mu.Lock()
		defer mu.Unlock()
		seen[r.Method+" "+r.URL.Path+" "+r.Header.Get("X-Word")+" "+string(body[:n])]++
	}))
	defer s.Close()
	mix := load(t, "name: s\nmix:\n  - {name: a, weight: 3, request: GET /a, headers: {X-Word: 'q\"\\\\'}}\n  - {name: b, weight: 1, request: POST /b, body: \"ä\\n]]\"}\n")
	target := server.Spec{Name: "t", URL: s.URL}
	sent, err := requests(mix.For("t"), target, 2)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "s.lua")
	if err := os.WriteFile(path, script(mix, sent, 7), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := wrk.Run(t.Context(), wrk.Options{Path: installation.Path, URL: s.URL, Script: path, Threads: 1, Connections: 2, Duration: time.Second})
	if err != nil || string(out.Block) != "sent" {
		t.Fatalf("block %q, %v", out.Block, err)
	}
	mu.Lock()
	defer mu.Unlock()
	a, b := seen[`GET /a q"\\ `], seen["POST /b  ä\n]]"]
	if len(seen) != 2 || a == 0 || b == 0 {
		t.Errorf("it sent %v", seen)
	}
}

func TestFindWithoutWrk2(t *testing.T) {
	t.Parallel()
	_, err := Find(filepath.Join(t.TempDir(), "nowhere"))
	if err == nil || !strings.Contains(err.Error(), "no wrk2") {
		t.Errorf("error %v", err)
	}
	if plain, err := wrk.Find(""); err == nil && !plain.Wrk2 {
		if _, err := Find(plain.Path); err == nil || !strings.Contains(err.Error(), "is wrk, not wrk2") {
			t.Errorf("wrk itself: %v", err)
		}
	}
}
