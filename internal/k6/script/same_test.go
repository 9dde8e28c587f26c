package script

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"taskbench/scenarios"
)

// oddText is what a server hands out: it must arrive unharmed wherever a scenario puts it.
const oddText = "a\"b\\/ é😀&=\r\n}\u2028`${x}</script>"

// odd is a server of all that the scenarios of testdata/same ask for. What it answers
// depends on who asks, and on what that one has asked before: on nothing else.
type odd struct {
	mu    sync.Mutex
	times map[string]int
}

// nth counts how often a virtual user has asked for something.
func (o *odd) nth(r *http.Request) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	key := r.Header.Get("X-Vu") + r.URL.Path
	o.times[key]++
	return o.times[key]
}

func (o *odd) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, _ := json.Marshal(oddText)
	switch path := r.URL.Path; {
	case path == "/start":
		w.Header().Set("Location", "/x y?z")
		w.Header().Set("Set-Cookie", "session=s1; Path=/")
		w.WriteHeader(201)
		fmt.Fprintf(w, `{"id":0,"data":{"list":[1,2],"kind":"k","text":%s,"id":77}, "html":"csrf=\"12\" csrf="12" "}`, text)
	case strings.HasPrefix(path, "/json"):
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"count":5.0,"ratio":5e-1,"ok":true,"none":null,"name":"\u00e9é \"x"}`)
	case path == "/list":
		fmt.Fprint(w, ` { "items" : [ {"id":1,"price":1.50,"n":"a"},{"id":12345678901234567890,"price":2e3,"n":"b/c"}, {"id":3,"price":9.0,"n":"é\"\\u00e9\ud83d\ude00"}], "next":"/list?page=2&c=a/b%2Bc==","none":null}`)
	case path == "/quoted":
		w.Header().Add("Set-Cookie", `plain=a b; Path=/`)
		w.Header().Add("Set-Cookie", `quoted="a, b=c"; Path=/; Max-Age=1000`)
		w.Header().Add("Set-Cookie", `last=""`)
	case path == "/upload", path == "/file", path == "/form", path == "/raw":
		w.WriteHeader(204)
	default:
		o.control(w, r)
	}
}

// control answers steps that are sent more than once.
func (o *odd) control(w http.ResponseWriter, r *http.Request) {
	n := o.nth(r)
	switch path := r.URL.Path; {
	case path == "/login":
		w.Header().Add("Set-Cookie", "sid=s; Path=/; HttpOnly")
		w.Header().Add("Set-Cookie", "deep=d; Path=/hop; Max-Age=1000")
		w.Header().Add("Set-Cookie", "old=o; Expires=Thu, 01 Jan 1970 00:00:10 GMT")
		fmt.Fprint(w, `{"who":"me"}`)
	case path == "/busy" && n%3 != 0:
		w.WriteHeader(503)
	case path == "/poll":
		fmt.Fprintf(w, `{"state":%q,"result":%d}`, map[bool]string{true: "done", false: "running"}[n%4 == 0], n%4)
	case path == "/pages":
		w.Header().Set("Set-Cookie", fmt.Sprintf("page=%d", n))
		fmt.Fprintf(w, `{"result":%d}`, n%4)
	case path == "/hop/1":
		w.Header().Set("Location", "../to/./there?x=é#y")
		w.WriteHeader(302)
	case path == "/hop/7":
		w.Header().Set("Location", "http://"+r.Host+"/hop/8")
		w.WriteHeader(307)
	default:
		fmt.Fprintf(w, `{"id":%d,"ok":true,"path":%q}`, len(path), path)
	}
}

// Scenarios of everything that is drawn, captured and written, and of all ways to go on:
// k6 sends what wrk sends of the same seed, byte for byte, and nothing is unmet.
func TestSendsWhatWrkSends(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/same/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) { sendsTheSame(t, load(t, file)) })
	}
}

// sendsTheSame runs a scenario by both engines, and for longer where the machine is so
// slow that a virtual user hardly came to anything.
func sendsTheSame(t *testing.T, s *scenarios.Scenario) {
	env := []string{"TASKBENCH_RUN=r\"1", "TASKBENCH_TEST_VALUE=v\"1"}
	server := newRecorder(t, func() http.Handler { return &odd{times: map[string]int{}} })
	o := Options{Connections: s.Load.Connections[0], Duration: 500 * time.Millisecond, Warmup: -1, Seed: 7, URL: server.URL + "/base/"}
	for ; ; o.Duration *= 4 {
		byK6 := runK6(t, server, s, o, env...)
		sentByK6 := server.taken()
		byWrk := runWrk(t, server, s, o, env...)
		sentByWrk := server.taken()
		same(t, sentByK6, sentByWrk)
		if a, b := unmet(byK6), unmet(byWrk); a != b {
			t.Errorf("unmet by k6:\n%s\nby wrk:\n%s", a, b)
		}
		if t.Failed() || min(fewest(sentByK6), fewest(sentByWrk)) > 2*len(s.Steps)+len(s.Setup) {
			return
		}
		if o.Duration > 10*time.Second {
			t.Fatal("a virtual user does not come to the end of two iterations")
		}
	}
}
