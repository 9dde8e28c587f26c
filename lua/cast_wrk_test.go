package lua

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"taskbench/scenarios"
)

// TestTypesInJSONOnWrk: what a server gets from the real wrk has the types that
// the embedded VM says.
func TestTypesInJSONOnWrk(t *testing.T) {
	var mu sync.Mutex
	got := map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		got[r.URL.RequestURI()+" "+string(body)]++
		mu.Unlock()
		w.Header().Set("X-Id", "12")
		_, _ = io.WriteString(w, `{"id":12,"text":"12","list":[1,"a"],"v":"v=true"}`)
	}))
	defer server.Close()
	table := "zip,flag,none,exp,n,x,o,path\n02134,true,null,1e5,-7,1.50,\"{\"\"a\"\":[1]}\",shoes/red?size=42\n"
	s, err := scenarios.LoadFS(fstest.MapFS{"s.yaml": {Data: []byte(castScenario)}, "p.csv": {Data: []byte(table)}}, "s.yaml")
	if err != nil {
		t.Fatal(err)
	}
	block := runWrkAs(t, s, Options{URL: server.URL, Duration: 500 * time.Millisecond, Warmup: -1, Connections: 1, Threads: 1, Seed: 1}, 1, 1, 1)
	want := []string{
		`/b {"id":12,"text":"12","head":"12","word":"true","ids":12,"heads":12,"words":true,"list":[1,"a"]}`,
		`/shoes/red?size=42 {"zip":"02134","flag":"true","none":"null","exp":"1e5","n":-7,"x":1.50,"b":true,"o":{"a":[1]}}`,
	}
	mu.Lock()
	defer mu.Unlock()
	for sent, times := range got {
		if !slices.Contains(want, sent) {
			t.Errorf("%d times: %s", times, sent)
		}
	}
	if len(got) != len(want) || block == nil {
		t.Errorf("%d kinds of requests, want %d", len(got), len(want))
	}
}
