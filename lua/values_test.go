package lua

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"taskbench/scenarios"
)

// loadWith loads a scenario with files beside it: their names and contents.
func loadWith(t testing.TB, text string, beside ...string) *scenarios.Scenario {
	t.Helper()
	fsys := fstest.MapFS{"s.yaml": {Data: []byte(text)}}
	for i := 0; i < len(beside); i += 2 {
		fsys[beside[i]] = &fstest.MapFile{Data: []byte(beside[i+1])}
	}
	s, err := scenarios.LoadFS(fsys, "s.yaml")
	if err != nil {
		t.Fatalf("%v\nin\n%s", err, text)
	}
	return s
}

// said is what a dry run sent, "METHOD PATH body" each, and what was unmet.
type said struct{ sent, unmet []string }

// rehearsed is a dry run of a scenario against a handler. Its script is also looked
// at as wrk's LuaJIT would.
func rehearsed(t testing.TB, s *scenarios.Scenario, o Options, handler http.HandlerFunc) said {
	t.Helper()
	script := generate(t, s, o)
	if err := Check("s.lua", []byte(script)); err != nil {
		t.Fatalf("%v\n%s", err, script)
	}
	out, err := DryRun(s, o, func(raw []byte) (int, http.Header, []byte, error) {
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
		if err != nil {
			t.Fatalf("%v in %q", err, raw)
		}
		w := httptest.NewRecorder()
		handler(w, r)
		return w.Code, w.Header(), w.Body.Bytes(), nil
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, script)
	}
	var got said
	for _, e := range out {
		line, _, _ := strings.Cut(string(e.Request), " HTTP/")
		_, body, _ := strings.Cut(string(e.Request), "\r\n\r\n")
		got.sent = append(got.sent, strings.TrimSpace(line+" "+body))
		got.unmet = append(got.unmet, e.Unmet...)
	}
	return got
}

// answers gives the same body to every request.
func answers(body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Add(headers[i], headers[i+1])
		}
		_, _ = io.WriteString(w, body)
	}
}

// flowOf is a scenario of two steps: one that captures, one that uses.
func flowOf(captures, use string) string {
	return "name: s\nvars: {user: ann, pass: s3cret}\nflow:\n  - {name: take, request: GET /a, capture: " + captures + "}\n  - {name: use, " + use + "}\n"
}

const shelf = `{"next":"/items?page=2&cursor=a/b%2B==#top","ids":[7,8,9],"items":[{"id":7,"name":"chair","price":10,"tags":["a"]},{"id":8,"name":"a\"b)","price":2.5,"in":{"x":true}},` +
	`{"id":"9","name":"desk","price":null,"tags":["b","c"]}],"o":{"-1":"key"},"mixed":[1,null]}`

// Captures by paths that say more than keys and indexes, and elements of them.
func TestCapturesOfArrays(t *testing.T) {
	t.Parallel()
	for captures, want := range map[string]string{
		"{x: 'items[0].id'}": "7", "{x: 'items.-1.id'}": `"9"`, "{x: 'items[-2].id'}": "8", "{x: o.-1}": `"key"`,
		"{x: 'items.#(name==chair).id'}": "7", `{x: 'items.#(name=="a\"b)").in.x'}`: "true", "{x: 'items.#(price<5).id'}": "8", "{x: 'items.#(id==9).name'}": "",
		`{x: 'items.#(id=="9").name'}`: `"desk"`, "{x: 'items.#(price==null).id'}": `"9"`, "{x: 'items.#(price>=2.5)#.id'}": "[7,8]", "{x: 'items.#(in.x==true).id'}": "8",
		"{x: 'items.#(name!=chair)#.id'}": `[8,"9"]`, "{x: 'ids.#(>7)'}": "8", "{x: 'ids.#(>7)#'}": "[8,9]", "{x: 'items.#(name==nobody)#'}": "[]",
		"{x: 'items.#.id'}": `[7,8,"9"]`, "{x: 'items[*].tags'}": `[["a"],["b","c"]]`, "{x: 'items.#.tags.#'}": "[1,2]", "{x: 'items.#.tags.-1'}": `["a","c"]`, "{x: 'items.#'}": "3",
		"{x: {json: ids, item: first}}": "7", "{x: {json: ids, item: -1}}": "9", "{x: {json: ids, item: 1}}": "8", "{x: {json: ids, item: 3}}": "", "{x: {json: 'items.#.id', item: last}}": `"9"`,
		`{x: {regex: '"id":"?([0-9]+)', all: true}}`: `["7","8","9"]`, `{x: {regex: '"id":"?([0-9]+)', all: true, item: -2}}`: `"8"`, "{x: {regex: 'nothing(x)', all: true}}": "[]",
		"{x: {header: Location, regex: '/items/([0-9]+)'}}": `"42"`, "{x: {header: Location, regex: '/users/([0-9]+)'}}": "", "{x: {header: Gone, regex: '(x)'}}": "",
		"{x: {header: Location, regex: '([0-9])', all: true}}": `["4","2","7"]`, "{x: {header: Location, regex: '([0-9])', all: true, item: 2}}": `"7"`, "{x: {json: next, regex: 'page=([0-9]+)'}}": `"2"`,
		"{x: 'cookie:lang'}": `"en"`, "{x: 'cookie:sid'}": `"abc"`, "{x: 'cookie:twice'}": `"2"`, "{x: 'cookie:si'}": "",
		"{x: {json: 'items.0.name', regex: '^c(.*)r$'}}": `"hai"`, "{x: {cookie: sid, regex: '^(..)'}}": `"ab"`,
	} {
		s := loadWith(t, flowOf(captures, `request: POST /b, json: "${x}"`))
		got := rehearsed(t, s, Options{Seed: 1}, answers(shelf, "Location", "/items/42?7", "Set-Cookie", "sid=abc; Path=/", "Set-Cookie", "twice=1", "Set-Cookie", "twice=2; Secure", "Set-Cookie", "lang=en"))
		expected := said{sent: []string{"GET /a", "POST /b " + want}}
		if want == "" {
			expected = said{sent: []string{"GET /a"}, unmet: []string{"capture:x"}}
		}
		if diff := cmp.Diff(expected, got, cmp.AllowUnexported(said{})); diff != "" {
			t.Errorf("%s: -want +got\n%s", captures, diff)
		}
	}
}

// ${item(list)} is an element, of its own type in JSON, as text elsewhere.
func TestItem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ captures, use, want string }{
		{"{x: ids}", `request: "POST /b/${item(x, first)}/${item(x, 1)}/${item(x, -1)}", json: {a: "${item(x, 0)}", t: "${text(item(x, 0))}", s: "n${item(x,2)}"}`, `POST /b/7/8/9 {"a":7,"t":"7","s":"n9"}`},
		{"{x: 'items.#.id'}", `request: POST /b, json: {a: "${item(x, last)}", i: "${int(item(x, last))}"}`, `POST /b {"a":"9","i":9}`},
		{"{x: 'items.#.name'}", `request: "POST /${item(x, 1)}", json: "${int(item(x, last))}"`, "capture:x as list"},
		{"{x: 'items.#.name'}", `request: "GET /${item(x, 1)}"`, "GET /a%22b%29"},
		{"{x: mixed}", `request: POST /b, json: "${item(x, 1)}"`, "POST /b null"},
		{"{x: mixed}", `request: "GET /${item(x, 0)}"`, "capture:x as list"},
		{"{x: ids}", `request: "GET /${item(x, 3)}"`, "capture:x as list"}, {"{x: o}", `request: "GET /${item(x)}"`, "capture:x as list"},
		{"{x: 'items.#(name==nobody)#'}", `request: "GET /${item(x)}"`, "capture:x as list"},
		{`{x: {regex: '"id":"?([0-9]+)', all: true}}`, `request: "GET /${item(x, -2)}"`, "GET /8"},
		{"{x: 'items.#.id'}", `request: POST /b, json: {all: "${x}", n: "${item(x,0)}"}`, `POST /b {"all":[7,8,"9"],"n":7}`},
	} {
		got := rehearsed(t, loadWith(t, flowOf(c.captures, c.use)), Options{Seed: 1}, answers(shelf))
		if last := append(got.sent, got.unmet...); last[len(last)-1] != c.want {
			t.Errorf("%s %s: %q, want %q", c.captures, c.use, last, c.want)
		}
	}
}

// A random element is drawn anew for each use, from the seed; one that is captured
// stays the same.
func TestRandomItem(t *testing.T) {
	t.Parallel()
	run := func(seed int64, captures, use string) string {
		return strings.Join(rehearsed(t, loadWith(t, flowOf(captures, use)), Options{Seed: seed}, answers(shelf)).sent, " ")
	}
	const drawn = `request: "GET /${item(x)}${item(x)}${item(x)}${item(x)}${item(x)}${item(x)}"`
	seen := map[string]bool{}
	for seed := range int64(20) {
		text := run(seed, "{x: ids}", drawn)
		if text != run(seed, "{x: ids}", drawn) {
			t.Errorf("seed %d draws differently the second time", seed)
		}
		seen[text] = true
		kept := strings.TrimPrefix(run(seed, "{x: {json: ids, item: random}}", `request: "GET /${x}${x}${x}"`), "GET /a GET /")
		if kept != "777" && kept != "888" && kept != "999" {
			t.Errorf("a captured element is %q", kept)
		}
		seen[kept] = true
	}
	if len(seen) < 13 || !seen["777"] || !seen["888"] || !seen["999"] {
		t.Errorf("%d kinds of draws: %v", len(seen), seen)
	}
}

// Links go into paths as they are, and can break out of nothing.
func TestRaw(t *testing.T) {
	t.Parallel()
	const url = "http://shop.example:8080/base"
	for _, c := range []struct{ link, use, want string }{
		{"/r2?x=1", `"GET ${raw(to)}"`, "GET /r2?x=1"}, {"/r2?x=1#frag", `"GET ${raw(to)}"`, "GET /r2?x=1"}, {"/base/r2", `"GET ${raw(to)}"`, "GET /base/r2"},
		{"http://shop.example:8080/r2?x=1", `"GET ${raw(to)}"`, "GET /r2?x=1"}, {"//SHOP.example:8080/r2", `"GET ${raw(to)}"`, "GET /r2"}, {"http://shop.example:8080?x", `"GET ${raw(to)}"`, "GET /?x"},
		{"http://other.example/r2", `"GET ${raw(to)}"`, "capture:to as path"}, {"r2", `"GET ${raw(to)}"`, "capture:to as path"}, {"?page=2", `"GET ${raw(to)}"`, "capture:to as path"}, {"", `"GET ${raw(to)}"`, "capture:to as path"},
		{"http://shop.example:8080@evil.example/", `"GET ${raw(to)}"`, "capture:to as path"}, {"https://static.example/x", `"GET ${raw(to)}"`, "GET /x"},
		{"?page=2", `"GET /items${raw(to)}"`, "GET /base/items?page=2"}, {"a/b?c=d&e", `"GET /${raw(to)}"`, "GET /base/a/b?c=d&e"}, {"a b/é", `"GET /${raw(to)}"`, "GET /base/a%20b/%C3%A9"},
		{"/x y", `"GET ${raw(to)}&z=${to}"`, "GET /x%20y&z=%2Fx%20y"},
	} {
		s := loadWith(t, flowOf(`{to: to}`, "request: "+c.use+", headers: {Host: static.example}"))
		got := rehearsed(t, s, Options{Seed: 1, URL: url}, answers(fmt.Sprintf(`{"to":%q}`, c.link)))
		if last := append(got.sent, got.unmet...); last[len(last)-1] != c.want {
			t.Errorf("%q in %s: %q, want %q", c.link, c.use, last, c.want)
		}
	}
	split := loadWith(t, flowOf(`{to: to}`, `request: "GET ${raw(to)}", headers: {Referer: "${raw(to)}"}`))
	got := rehearsed(t, split, Options{}, answers(`{"to":"/x HTTP/1.1\r\nX: y\u0000"}`))
	if want := "GET /x%20HTTP/1.1%0D%0AX:%20y%00"; got.sent[1] != want {
		t.Errorf("sent %q, want %q", got.sent[1], want)
	}
}

// Paths of a list begin as they are written, URLs of one host by their paths.
func TestRawOfData(t *testing.T) {
	t.Parallel()
	const text = "name: s\ndata: {t: {file: t.csv}}\nflow:\n  - {name: a, request: 'GET ${raw(t.path)}'}\n  - {name: b, request: 'GET ${raw(pick(/p/q?r=1))}'}\n"
	for row, want := range map[string]string{"/shoes/red?size=42": "GET /base/shoes/red?size=42", "https://prod.example/a?b": "GET /base/a?b", "http://prod.example": "GET /base/"} {
		got := rehearsed(t, loadWith(t, text, "t.csv", "path\n"+row+"\n"), Options{URL: "http://h/base"}, answers("{}"))
		if want := []string{want, "GET /base/p/q?r=1"}; !cmp.Equal(got.sent, want) {
			t.Errorf("%s: %q, want %q", row, got.sent, want)
		}
	}
}

// Functions make text of text, when the scenario is loaded where they can.
func TestFunctions(t *testing.T) {
	t.Parallel()
	const big = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	for expr, want := range map[string]string{
		"${base64(user:pass)}": "YW5uOnMzY3JldA==", `${base64("${user}:${pass}")}`: "YW5uOnMzY3JldA==", "${base64(x)}": "a2V5", `${base64("${x}:${pass}!")}`: "a2V5OnMzY3JldCE=", "${base64(x:x)}": "a2V5OmtleQ==",
		"${base64('')}": "", "${urlencode('a b&ü')}": "a%20b%26%C3%BC", `${urlencode("${x}/")}`: "key%2F", "${base64(urlencode('a b'))}": "YSUyMGI=",
		"${hmac_sha256('key', 'The quick brown fox jumps over the lazy dog')}":     "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8",
		"${hmac_sha256(x, 'The quick brown fox jumps over the lazy dog')}":         "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8",
		"${hmac_sha256(x, 'The quick brown fox jumps over the lazy dog', base64)}": "97yD9DBThCSxMpjmqm+xQ+9NWaFJRhdZl0edvC0aPNg=",
		"${hmac_sha256(x, '')}":            "5d5d139563c95b5967b9bd9a8c9b233a9dedb45072794cd232dc1b74832607d0",
		"${hmac_sha256(x, '" + big + "')}": hmacOf("key", big), "${hmac_sha256('" + big + "', x)}": hmacOf(big, "key"), "${hmac_sha256('" + big + "', \"${x}\")}": hmacOf(big, "key"),
		"${base64(x)}|${base64(hmac_sha256(x, x))}": "a2V5|" + base64Of(hmacOf("key", "key")),
	} {
		use := "request: POST /b, headers: {X: " + yamlQuoted(expr) + "}, body: " + yamlQuoted(expr)
		got := rehearsed(t, loadWith(t, flowOf("{x: k}", use)), Options{}, answers(`{"k":"key"}`))
		if sent := strings.TrimSpace(strings.TrimPrefix(got.sent[1], "POST /b")); sent != want {
			t.Errorf("%s: %q, want %q", expr, sent, want)
		}
	}
}

// Times are written as asked, in UTC, as far from now as asked.
func TestNow(t *testing.T) {
	t.Parallel()
	const use = `request: POST /b, json: ["${now(iso)}", "${now(+1h, iso)}", "${now(-1d12h30m, date)}", "${now(http)}", "${now('%d.%m.%Y %H:%M')}", "${now(+90s)}", "${now(-1500ms, ms)}", "${now}", "${now(+1ms)}", "at ${now(date)}"]`
	got := rehearsed(t, loadWith(t, flowOf("{x: k}", use)), Options{}, answers(`{"k":1}`))
	checkTimes(t, strings.TrimPrefix(got.sent[1], "POST /b "))
}
