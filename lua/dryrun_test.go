package lua

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"taskbench/scenarios"
)

// request is what a server reads of the bytes a script sends.
type request struct {
	*http.Request
	body string
}

func readRequest(t *testing.T, raw []byte) request {
	t.Helper()
	in := bufio.NewReader(bytes.NewReader(raw))
	r, err := http.ReadRequest(in)
	if err != nil {
		t.Fatalf("%v in %q", err, raw)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatalf("%v in %q", err, raw)
	}
	if rest, _ := io.ReadAll(in); len(rest) > 0 {
		t.Errorf("%q is left over behind %q", rest, raw)
	}
	return request{r, string(body)}
}

// oddText is what the server of TestEverything hands out: it must arrive
// unharmed wherever a scenario puts it.
const oddText = "a\"b\\/ é😀&=\r\n}"

// everything answers the steps of everything.yaml.
func everything(r request) (int, http.Header, string) {
	text, _ := json.Marshal(oddText)
	switch {
	case r.URL.Path == "/start":
		return 201, http.Header{"location": {"/x y?z"}, "Set-Cookie": {"session=s1; Path=/"}},
			fmt.Sprintf(`{"id":0,"data":{"list":[1,2],"kind":"k","text":%s,"id":77}, "html":"csrf=\"12\" csrf="12" "}`, text)
	case strings.HasPrefix(r.URL.Path, "/json"):
		return 200, http.Header{"CONTENT-TYPE": {"application/json"}}, `{"count":5.0,"ratio":5e-1,"ok":true,"none":null,"name":"\u00e9é \"x"}`
	}
	return 204, nil, ""
}

func TestEverything(t *testing.T) {
	t.Setenv("TASKBENCH_RUN", "r1")
	t.Setenv("TASKBENCH_TEST_VALUE", `v"1`)
	var got []request
	exchanges, err := DryRun(load(t, "everything"), Options{URL: "http://127.0.0.1:99"}, func(raw []byte) (int, http.Header, []byte, error) {
		r := readRequest(t, raw)
		got = append(got, r)
		status, header, body := everything(r)
		return status, header, []byte(body), nil
	})
	if err != nil || len(exchanges) != 4 {
		t.Fatal(len(exchanges), err)
	}
	for _, e := range exchanges {
		if len(e.Unmet) > 0 {
			t.Errorf("%s: unmet %q", e.Step, e.Unmet)
		}
	}
	want := map[string]any{"user": "u-r1-1", "email": "ada@example.org", "name": `Ada "the first"`, "odd": "a\"b\\c]]--\x01é\n"}
	if m := object(t, got[0].body); !maps.Equal(m, want) || got[0].Host != "127.0.0.1:99" {
		t.Errorf("start: %v, host %s", m, got[0].Host)
	}
	checkJSONStep(t, got[1])
	if form := got[2].body; form != `vu=1&name=Ada%20%22the%20first%22&csrf=12&tag=x&tag=y` {
		t.Errorf("form: %s", form)
	}
	if raw := got[3]; raw.body != oddText+"|1|${x}\x00" || raw.Host != "other.example" || raw.Header.Get("Content-Type") != "text/plain" {
		t.Errorf("raw: %q, %v", raw.body, raw.Header)
	}
}

func object(t *testing.T, text string) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatalf("%v in %q", err, text)
	}
	return m
}

func checkJSONStep(t *testing.T, r request) {
	t.Helper()
	if r.URL.Path != "/json/"+oddText || r.URL.Query().Get("at") != "/x y?z" {
		t.Errorf("URL %q", r.RequestURI)
	}
	oneLine := strings.NewReplacer("\r", "", "\n", "").Replace(oddText)
	if h := r.Header; h.Get("Cookie") != "session=s1" || h.Get("X-CSRF") != "12" || h.Get("X-Odd") != oneLine {
		t.Errorf("headers %q", h)
	}
	m := object(t, r.body)
	for key, want := range map[string]any{
		"number": 77.0, "text": "77", "inside": "<" + oddText + ">", "whole": oddText, "csrf": "12", "env": `v"1`, "email": "ada@example.org",
	} {
		if m[key] != want {
			t.Errorf("%s = %#v, want %#v", key, m[key], want)
		}
	}
	for key, pattern := range map[string]string{
		"uuid": `^[0-9a-f-]{36}$`, "random": `^[1-6]$`, "big": `^90000000000000\d$`, "pick": `^(1|two|true)$`, "now": `^\d{10}$`, "ms": `^\d{13}$`, "seq": `^\d+$`,
	} {
		if !regexp.MustCompile(pattern).MatchString(plain(m[key])) && !regexp.MustCompile(pattern).MatchString(fmt.Sprintf("%.0f", m[key])) {
			t.Errorf("%s = %v, want %s", key, m[key], pattern)
		}
	}
}

func TestDryRunStopsAtTheFirstFailure(t *testing.T) {
	t.Parallel()
	first := get("first", "/1", status(200))
	first.Expect.JSON = []scenarios.JSONMatch{{Label: "a.b", Path: scenarios.JSONPath{"a", "b"}, Match: scenarios.Match{Kind: scenarios.MatchExists}}}
	first.Captures = []scenarios.Capture{fromJSON("id", "id")}
	answer := func([]byte) (int, http.Header, []byte, error) { return 200, nil, []byte(`<html>`), nil }
	got, err := DryRun(scenario(scenarios.Flow, first, get("second", "/2", status(200))), Options{}, answer)
	if err != nil || len(got) != 1 || !slices.Equal(got[0].Unmet, []string{"json:a.b", "capture:id"}) {
		t.Errorf("%+v, %v", got, err)
	}
	got, err = DryRun(scenario(scenarios.Mix, get("first", "/1", status(201)), get("second", "/2", status(200))), Options{}, answer)
	if err != nil || len(got) != 2 || !slices.Equal(got[0].Unmet, []string{"status"}) || got[1].Unmet != nil || got[1].Step != "second" {
		t.Errorf("a mix shows every step: %+v, %v", got, err)
	}
	s := projects()
	got, err = DryRun(s, Options{}, func([]byte) (int, http.Header, []byte, error) { return 500, nil, nil, nil })
	if err != nil || len(got) != 1 || got[0].Step != "register" || !slices.Equal(got[0].Unmet, []string{"status"}) {
		t.Errorf("setup: %+v, %v", got, err)
	}
}

func TestDryRunOfOneRequest(t *testing.T) {
	t.Parallel()
	got, err := DryRun(load(t, "request"), Options{URL: "http://h/base"}, func([]byte) (int, http.Header, []byte, error) { return 404, nil, nil, nil })
	want := "GET /base/health HTTP/1.1\r\nHost: h\r\n\r\n"
	if err != nil || len(got) != 1 || string(got[0].Request) != want || !slices.Equal(got[0].Unmet, []string{"status"}) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestDryRunHandsErrorsOn(t *testing.T) {
	t.Parallel()
	broken := errors.New("connection refused")
	got, err := DryRun(load(t, "flow"), Options{}, func([]byte) (int, http.Header, []byte, error) { return 0, nil, nil, broken })
	if !errors.Is(err, broken) || len(got) != 0 {
		t.Errorf("%v, %v", got, err)
	}
}
