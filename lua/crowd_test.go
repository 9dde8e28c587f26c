package lua

import (
	"strings"
	"testing"
	"time"

	"taskbench/internal/arrivals"
)

// A script that has everything at once is one that LuaJIT loads, and that runs: Lua
// has room for 200 names in a function.
func TestEverythingAtOnce(t *testing.T) {
	t.Parallel()
	s := loadText(t, `
name: crowd
load: {connections: 2, duration: 1s, think: {mean: 1ms, distribution: exponential}}
cookies: on
redirects: 3
vars: {key: k}
setup:
  - {name: login, request: POST /login, json: {at: "${now(iso)}", id: "${uuid}"}, capture: {token: token, pages: {json: "pages.#.id"}, session: cookie:session, csrf: 'regex:/csrf=(.)/'}}
mix:
  - name: one
    weight: 3
    flow:
      - {name: a, request: "GET /${raw(token)}", headers: {X: "${base64(key:token)}", Y: "${hmac_sha256(key, token)}"}, capture: {next: next, last: "items.-1", all: {regex: "x(.)", all: true}}}
      - {name: b, request: "GET /b/${each}?r=${item(pages)}", for_each: "${pages}", retry: {times: 2, wait: 1ms}}
      - {name: c, if: "${next} exists", request: "POST /c", json: {n: "${int(next)}", l: "${last}", a: "${item(all)}", s: "${csrf}${session}"}}
  - name: two
    flow:
      - {name: d, request: GET /d, repeat: {until: {json: {state: done, "list.#(a==1).b": exists}, headers: {X: {matches: "^a+$"}}}, max: 3, wait: 1ms}}
after:
  - {name: out, request: "DELETE /${token}"}
`)
	plan := &arrivals.Plan{Rate: 100}
	for name, o := range map[string]Options{"in turn": {}, "in slots": {Slots: 2}, "at a rate": {Rate: plan}} {
		o.URL, o.Duration = "http://localhost", time.Second
		script := generate(t, s, o)
		if err := Check("crowd.lua", []byte(script)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if n := locals([]byte(script)); n > 185 {
			t.Errorf("%s: %d names", name, n)
		}
		if _, ok := inLuaJIT(t, "assert(loadstring("+quote(script)+"))"); !ok {
			t.Log("no luajit here")
		}
		if o.Slots > 0 {
			continue // such a script runs under wrk alone
		}
		if err := Rehearse(s, o); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Names that become global are those that the part gives, and none else.
func TestGlobal(t *testing.T) {
	t.Parallel()
	const part = "local function a() local x = 1 end\nlocal b, c = 1, 2 -- two\nlocal d\nlocal e -- later\ndo\n  local f = 1\nend\n"
	want := "function a() local x = 1 end\nb, c = 1, 2 -- two\n-- local d\n-- local e -- later\ndo\n  local f = 1\nend\n"
	if got := string(global([]byte(part))); got != want || locals([]byte(part)) != 5 {
		t.Errorf("%s\n%d", got, locals([]byte(part)))
	}
	if strings.Contains(want, "local function") {
		t.Error("a name stayed")
	}
}
