package lua

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// trace is a server's own log, a word a request, by connection.
type trace struct {
	*httptest.Server
	mu    sync.Mutex
	words map[string][]string
	polls map[string]int // by connection
}

// newTrace starts a server that answers as said, and logs a word for each request.
func newTrace(t *testing.T, answer func(s *trace, w http.ResponseWriter, r *http.Request) string) *trace {
	s := &trace{words: map[string][]string{}, polls: map[string]int{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		s.words[r.RemoteAddr] = append(s.words[r.RemoteAddr], answer(s, w, r))
	}))
	t.Cleanup(s.Close)
	return s
}

// follows checks each connection's log against a pattern of whole iterations, of
// which the last may be cut off, and counts the words of all.
func (s *trace) follows(t *testing.T, iteration string) map[string]uint64 {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := map[string]uint64{}
	if len(s.words) == 0 {
		t.Error("nothing was asked")
	}
	whole := regexp.MustCompile("^(" + iteration + ")+")
	for address, words := range s.words {
		for _, w := range words {
			counts[w]++
		}
		log := strings.Join(words, " ") + " "
		if at := whole.FindStringIndex(log); at == nil || len(log)-at[1] > len(iteration)*4 {
			t.Errorf("%s was asked in the order %.600s", address, log)
		}
	}
	return counts
}

// jobs answers POST /job and GET /job/N, which is done at the third look.
func jobs(s *trace, w http.ResponseWriter, r *http.Request) string {
	switch {
	case r.Method == "POST":
		s.polls[r.RemoteAddr] = 0
		w.WriteHeader(http.StatusAccepted)
		fmt.Fprint(w, `{"job": 7, "state": "queued"}`)
		return "made"
	case s.polls[r.RemoteAddr] < 2:
		s.polls[r.RemoteAddr]++
		fmt.Fprint(w, `{"state": "running"}`)
		return "running"
	}
	fmt.Fprint(w, `{"state": "done", "result": 3}`)
	return "done"
}

const poll = `
name: poll
load: {connections: 2, duration: 500ms, warmup: 0s}
flow:
  - {name: job, request: POST /job, expect: {status: 202}, capture: {j: job}}
  - {name: see, request: "GET /job/${j}", repeat: {until: {json: {state: done}}, max: 10}, capture: {result: result}}
  - {name: use, request: "GET /job/${result}"}
`

// A job is polled until it is done, and no longer; each look is an answer, and
// the capture is needed in the last one only.
func TestPollOnWrk(t *testing.T) {
	s := newTrace(t, jobs)
	b := runWrk(t, loadText(t, poll), Options{URL: s.URL})
	counts := s.follows(t, "made running running done done ")
	job, see := b.Steps[0], b.Steps[1]
	if see.Answers != see.Good || see.Answers == 0 || see.Answers > counts["running"]+counts["done"] || see.Latency.Count != see.Answers {
		t.Errorf("%+v", see)
	}
	if d := int64(see.Answers) - 3*int64(job.Answers); d < -6 || d > 6 {
		t.Errorf("%d looks at %d jobs", see.Answers, job.Answers)
	}
	if b.Iterations.Completed == 0 || b.Iterations.Failed != 0 {
		t.Errorf("%+v", b.Iterations)
	}
}

// Answers that are tried again are counted as such: they are neither good nor
// errors, and their time is in that of the answer that counts.
func TestRetryOnWrk(t *testing.T) {
	const pause = 5 * time.Millisecond
	s := newTrace(t, func(s *trace, w http.ResponseWriter, r *http.Request) string {
		if s.polls[r.RemoteAddr]++; s.polls[r.RemoteAddr]%3 != 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return "busy"
		}
		return "good"
	})
	b := runWrk(t, loadText(t, `
name: retry
load: {connections: 2, duration: 500ms, warmup: 0s}
request: {request: GET /flaky, retry: {on: 503, times: 3, wait: 5ms}}
`), Options{URL: s.URL})
	counts := s.follows(t, "busy busy good ")
	step := b.Steps[0]
	if step.Answers != step.Good || step.Answers == 0 || len(step.Unmet) != 0 || step.Statuses["200"] != step.Good {
		t.Errorf("%+v", step)
	}
	if step.Retried != step.Statuses["503"] || step.Retried > counts["busy"] || step.Retried+4 < 2*step.Good {
		t.Errorf("%d tried again of %d, good %d", step.Retried, counts["busy"], step.Good)
	}
	if mean := step.Latency.SumUS / float64(step.Latency.Count); mean < 2*float64(pause.Microseconds()) {
		t.Errorf("%.0f µs in the mean: without the pauses", mean)
	}
}

// A step that is tried as often as it may be, and fails, is an error once.
func TestRetryGivesUp(t *testing.T) {
	t.Parallel()
	asked := 0
	exchanges, err := DryRun(loadText(t, `
name: retry
request: {request: GET /flaky, retry: 3}
`), Options{}, func([]byte) (int, http.Header, []byte, error) {
		asked++
		return 503, nil, nil, nil
	})
	if err != nil || asked != 4 || len(exchanges) != 4 {
		t.Fatal(asked, exchanges, err)
	}
	for i, e := range exchanges {
		if (len(e.Unmet) > 0) != (i == 3) || (e.Again == "retry") != (i > 0) {
			t.Errorf("%d: %q, unmet %q", i, e.Again, e.Unmet)
		}
	}
}

// Redirects are followed as clients do, over the same connection; they are counted
// beside the answers, which have their time.
func TestRedirectsOnWrk(t *testing.T) {
	s := newTrace(t, func(s *trace, w http.ResponseWriter, r *http.Request) string {
		switch r.URL.Path {
		case "/r1":
			w.Header().Set("Location", "http://"+r.Host+"/deep/r2?x=1#top")
			w.WriteHeader(http.StatusFound)
		case "/deep/r2":
			w.Header().Set("Location", "../r3?"+r.URL.RawQuery)
			w.WriteHeader(http.StatusTemporaryRedirect)
		default:
			fmt.Fprintf(w, `{"here": "r3", "x": %q}`, r.URL.RawQuery)
		}
		return r.Method + r.URL.Path
	})
	b := runWrk(t, loadText(t, `
name: hops
load: {connections: 2, duration: 500ms, warmup: 0s}
request:
  request: POST /r1
  json: {a: 1}
  redirects: 2
  expect: {status: 200, json: {here: r3, x: "x=1"}}
`), Options{URL: s.URL})
	s.follows(t, "POST/r1 GET/deep/r2 GET/r3 ")
	step := b.Steps[0]
	if step.Answers != step.Good || step.Answers == 0 || step.Redirected != step.Statuses["302"]+step.Statuses["307"] || step.Redirected+4 < 2*step.Good {
		t.Errorf("%+v", step)
	}
}

// asked is what a dry run of a scenario sends, where every path has its answer.
func asked(t *testing.T, text string, answers map[string]string) (paths []string, unmet []string) {
	t.Helper()
	exchanges, err := DryRun(loadText(t, text), Options{}, func(raw []byte) (int, http.Header, []byte, error) {
		path := readRequest(t, raw).URL.RequestURI()
		paths = append(paths, path)
		return 200, nil, []byte(answers[path]), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths, exchanges[len(exchanges)-1].Unmet
}

func TestControlOfSteps(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		flow    string
		answers map[string]string
		want    string // paths, and what is unmet last
	}{
		"repeat": {`
  - {name: a, request: GET /a, repeat: 3}
  - {name: b, request: GET /b, repeat: {times: 2, wait: 1ms}}`, nil, "/a /a /a /b /b"},
		"for each": {`
  - {name: a, request: GET /a, capture: {ids: items}}
  - {name: b, for_each: "${ids}", request: "GET /b/${each.id}?n=${each.name}", json: {whole: "${each}", typed: "${each.id}"}}
  - {name: c, request: GET /c}`,
			map[string]string{"/a": `{"items": [ {"id": 1, "name": "a b"} , {"id": "x/y", "name": ""}]}`}, "/a /b/1?n=a%20b /b/x%2Fy?n= /c"},
		"for each of texts, some left out": {`
  - {name: a, request: GET /a, capture: {ids: $}}
  - {name: b, for_each: {list: "${ids}", max: 3, wait: 1ms}, if: "${each} != n", request: "GET /b/${each}", repeat: 2}`,
			map[string]string{"/a": `["m", "n", 3, "o"]`}, "/a /b/m /b/m /b/3 /b/3"},
		"for each, as it is": {`
  - {name: a, request: GET /a, capture: {links: links, ids: ids}}
  - {name: b, for_each: "${links}", request: "GET ${raw(each.href)}", headers: {X: "${base64(each.href)}"}}
  - {name: c, for_each: "${ids}", request: "GET /c/${raw(each)}", json: {n: "${int(each)}"}}`,
			map[string]string{"/a": `{"links": [{"href": "/x/1?y=2"}, {"href": "http://localhost/z"}], "ids": ["7"]}`}, "/a /x/1?y=2 /z /c/7"},
		"for each, of another type": {`
  - {name: a, request: GET /a, capture: {ids: ids}}
  - {name: b, for_each: "${ids}", request: GET /b, json: {n: "${int(each)}"}}`,
			map[string]string{"/a": `{"ids": [1, "x"]}`}, "/a capture:ids as list"},
		"an empty list": {`
  - {name: a, request: GET /a, capture: {ids: items}}
  - {name: b, for_each: "${ids}", request: "GET /b/${each}"}
  - {name: c, request: GET /c}`, map[string]string{"/a": `{"items": []}`}, "/a /c"},
		"no list": {`
  - {name: a, request: GET /a, capture: {ids: items}}
  - {name: b, for_each: "${ids}", request: "GET /b/${each}"}`, map[string]string{"/a": `{"items": {"a": 1}}`}, "/a capture:ids as list"},
		"an element without what is sent of it": {`
  - {name: a, request: GET /a, capture: {ids: items}}
  - {name: b, for_each: "${ids}", request: "GET /b/${each.id}"}`, map[string]string{"/a": `{"items": [{"id": 1}, {"id": null}]}`}, "/a capture:ids as list"},
		"if a capture is there": {`
  - {name: a, request: GET /a, capture: {x: x, y: y}}
  - {name: b, if: "${x} exists", request: "GET /b/${x}"}
  - {name: c, if: "${y} exists", request: "GET /c/${y}"}
  - {name: d, if: "${y} absent", request: GET /d}`, map[string]string{"/a": `{"x": 1, "y": null}`}, "/a /b/1 /d"},
		"if values compare": {`
  - {name: a, request: GET /a, capture: {x: x}}
  - {name: b, if: "${x} == 9", request: GET /b}
  - {name: c, if: "${x} != 9", request: GET /c}
  - {name: d, if: "${x} < 10", request: GET /d}
  - {name: e, if: "${x}${x} >= 100", request: GET /e}`, map[string]string{"/a": `{"x": 9}`}, "/a /b /d"},
		"pages": {`
  - {name: a, request: GET /items, capture: {next: next}}
  - {name: b, if: "${next} exists", request: "GET /items?cursor=${next}", capture: {next: next}, repeat: {while: "${next} exists", max: 9}}
  - {name: c, request: GET /end}`,
			map[string]string{"/items": `{"next": "b"}`, "/items?cursor=b": `{"next": "c/"}`, "/items?cursor=c%2F": `{"next": null}`}, "/items /items?cursor=b /items?cursor=c%2F /end"},
		"while": {`
  - {name: a, request: GET /a, repeat: {while: {json: {more: true}, body: {contains: more}}, max: 2}}
  - {name: b, request: GET /b}`, map[string]string{"/a": `{"more": true}`}, "/a /a while, in 2 answers"},
		"until is never met": {`
  - {name: a, request: GET /a, repeat: {until: {status: 201}, max: 3}}`, nil, "/a /a /a until, in 3 answers"},
		"what is not expected ends it": {`
  - {name: a, request: GET /a, expect: {json: {ok: true}}, repeat: {until: {json: {done: true}}, max: 3}}`, map[string]string{"/a": `{"ok": false}`}, "/a json:ok"},
	} {
		paths, unmet := asked(t, "name: x\nflow:"+c.flow, c.answers)
		if got := strings.Join(append(paths, unmet...), " "); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// In slots what belongs to one answer is together in its time, and none of it is lost:
// sent is all requests, and an answer belongs to the slot of its last one. Pauses are
// waited for, and are nobody's time.
func TestControlInSlots(t *testing.T) {
	t.Parallel()
	answer := func(s *trace, w http.ResponseWriter, r *http.Request) string {
		switch r.URL.Path {
		case "/a":
			http.Redirect(w, r, "/b", http.StatusFound)
		case "/d":
			if s.polls[r.RemoteAddr]++; s.polls[r.RemoteAddr]%2 != 0 {
				w.WriteHeader(http.StatusServiceUnavailable)
			}
		}
		return r.URL.Path
	}
	for name, c := range map[string]struct{ steps, iteration string }{
		"at once": {`
  - {name: a, request: GET /a, redirects: 1, expect: {status: 200}}
  - {name: c, request: GET /c, repeat: 2}`, "/a /b /c /c "},
		"with pauses": {`
  - {name: d, request: GET /d, retry: {times: 1, wait: 7ms}}
  - {name: a, request: GET /a, redirects: 1, expect: {status: 200}}
  - {name: c, request: GET /c, repeat: {times: 2, wait: 3ms}}`, "/d /d /a /b /c /c "},
	} {
		t.Run(name, func(t *testing.T) {
			one, other := newTrace(t, answer), newTrace(t, answer)
			s := loadText(t, "name: x\nload: {connections: 2, duration: 400ms, warmup: 0s, timeout: 5s}\nflow:"+c.steps)
			blocks := turns(t, s, Options{Connections: 2, Duration: 400 * time.Millisecond}, 50*time.Millisecond, 10*time.Millisecond, func([]*exec.Cmd) {}, one.URL, other.URL)
			for i, b := range blocks {
				[]*trace{one, other}[i].follows(t, c.iteration)
				var sent, counted, answers, passed uint64
				for k := range b.Slots.Sent {
					sent, counted = sent+b.Slots.Sent[k], counted+b.Slots.Counted[k]
				}
				for _, step := range b.Steps {
					answers, passed = answers+step.Answers, passed+step.Redirected+step.Retried
					if step.Good != step.Answers {
						t.Errorf("%+v", step)
					}
				}
				if passed == 0 || answers != counted || answers+b.Slots.LeftOut+passed > sent || b.Lost+b.Unanswered > 0 {
					t.Errorf("%d sent, %d counted, %d left out, %d passed; %+v", sent, counted, b.Slots.LeftOut, passed, b)
				}
			}
		})
	}
}

// What was another's turn is left out of a time once: no exchange, and no iteration, is
// shorter than its server takes. Slots are so short that most redirects and pauses go
// over the end of one.
func TestWaitsAreLeftOutOnce(t *testing.T) {
	t.Parallel()
	const takes = time.Millisecond
	server := func() string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(takes)
			if r.URL.Path == "/a" {
				http.Redirect(w, r, "/b", http.StatusFound)
			}
		}))
		t.Cleanup(s.Close)
		return s.URL
	}
	s := loadText(t, `
name: x
load: {connections: 8, duration: 1s, warmup: 0s, timeout: 5s}
flow:
  - {name: a, request: GET /a, redirects: 1, expect: {status: 200}}
  - {name: c, request: GET /c, repeat: {times: 2, wait: 1ms}}`)
	blocks := turns(t, s, Options{Connections: 8, Duration: time.Second}, ShortestSlot, time.Millisecond, func([]*exec.Cmd) {}, server(), server())
	for _, b := range blocks {
		for what, shortest := range map[string]struct{ got, least float64 }{
			"a redirect":   {b.Steps[0].Latency.MinUS, 2},
			"an iteration": {b.Iterations.Latency.MinUS, 4},
		} {
			if least := shortest.least * float64(takes.Microseconds()); shortest.got < least {
				t.Errorf("%s takes %.0f µs, and its server at least %.0f", what, shortest.got, least)
			}
		}
		if b.Iterations.Completed == 0 {
			t.Error("there was none")
		}
		if waited := b.Wrk.DurationUS; waited > 30e6 {
			t.Errorf("iterations behind the last slot did not go on: wrk ran for %d µs", waited)
		}
	}
}

// Scripts of scenarios without such steps have nothing of them.
func TestControlOnlyWhereUsed(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"flow", "mix", "request", "inspected", "everything"} {
		for _, slots := range []int{0, 2} {
			if script := generate(t, load(t, name), Options{Slots: slots}); strings.Contains(script, "hand.") || strings.Contains(script, "PASSES") {
				t.Errorf("%s has parts of steps that are sent more than once", name)
			}
		}
	}
}
