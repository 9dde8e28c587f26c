package lua

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"taskbench/scenarios"
)

// shopServer is a small server of everything that scenarios ask for, and the judge
// of what they send: it logs each request, and answers wrong ones with 400 or 401.
type shopServer struct {
	*httptest.Server
	mu  sync.Mutex
	log map[string]int // "METHOD path?query body"
}

func newShopServer(t testing.TB) *shopServer {
	s := &shopServer{log: map[string]int{}}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

func (s *shopServer) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.log[strings.TrimSpace(r.Method+" "+r.URL.RequestURI()+" "+string(body))]++
	s.mu.Unlock()
	give := func(status int, v any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(v)
	}
	switch path := r.URL.Path; {
	case path == "/items":
		items := make([]map[string]any, rand.IntN(8)+1)
		for i := range items {
			items[i] = map[string]any{"id": rand.IntN(99) + 1, "name": fmt.Sprint("n", i)}
		}
		give(200, map[string]any{"items": items, "next": "/items?page=2&cursor=a/b%2Bc=="})
	case strings.HasPrefix(path, "/items/"):
		id, err := strconv.Atoi(path[len("/items/"):])
		if err != nil {
			give(404, "bad id")
			return
		}
		give(200, map[string]any{"id": id})
	case strings.HasPrefix(path, "/gone/"):
		give(410, map[string]any{"id": nil})
	case path == "/r1", path == "/r1abs":
		to := "/r2?x=1"
		if path == "/r1abs" {
			to = "http://" + r.Host + to
		}
		w.Header().Set("Location", to)
		w.WriteHeader(302)
	case path == "/r2":
		give(200, map[string]any{"here": "r2", "q": r.URL.RawQuery})
	case path == "/basic":
		user, pass, _ := r.BasicAuth()
		give(map[bool]int{true: 200, false: 401}[user == "ann" && pass == "s3cret"], user)
	default:
		s.serveForms(w, r, body, give)
	}
}

// serveForms serves what needs a login or a body.
func (s *shopServer) serveForms(w http.ResponseWriter, r *http.Request, body []byte, give func(int, any)) {
	switch r.URL.Path {
	case "/login":
		s.login(w, r, body)
	case "/home":
		sid, _ := r.Cookie("sid")
		auth, err := r.Cookie("auth")
		give(map[bool]int{true: 200, false: 403}[err == nil && sid != nil && auth.Value == "ok%3D1"], map[string]any{"ok": true})
	case "/upload":
		s.upload(r, body, give)
	case "/graphql":
		s.graphQL(body, give)
	case "/signed":
		give(map[bool]int{true: 200, false: 401}[r.Header.Get("X-Signature") == hmacOf("secret", r.Header.Get("X-Text"))], nil)
	default:
		give(200, map[string]any{"path": r.URL.RequestURI()})
	}
}

// login gives a form with two cookies, and takes it with the first of them.
func (s *shopServer) login(w http.ResponseWriter, r *http.Request, body []byte) {
	if r.Method == "GET" {
		sid := fmt.Sprint("s", rand.Int64())
		w.Header().Set("Content-Type", "text/html")
		w.Header().Add("Set-Cookie", "sid="+sid+"; Path=/; HttpOnly")
		w.Header().Add("Set-Cookie", "lang=en; Path=/")
		fmt.Fprintf(w, `<form><input type="hidden" name="csrf_token" value="%s"></form>`, base64Of("csrf of "+sid))
		return
	}
	form, err := url.ParseQuery(string(body))
	sid, noSid := r.Cookie("sid")
	if err != nil || noSid != nil || form.Get("csrf_token") != base64Of("csrf of "+sid.Value) || form.Get("password") != "pä ss&w+rd" {
		w.WriteHeader(403)
		return
	}
	w.Header().Set("Location", "/home?first=1&u="+url.QueryEscape(form.Get("user")))
	w.Header().Add("Set-Cookie", "auth=old")
	w.Header().Add("Set-Cookie", "auth=ok%3D1; Path=/; HttpOnly")
	w.Header().Add("Set-Cookie", "seen=1")
	w.WriteHeader(302)
}

// upload takes a form with a title and the file of the case.
func (s *shopServer) upload(r *http.Request, body []byte, give func(int, any)) {
	r.Body = io.NopCloser(bytes.NewReader(body))
	err := r.ParseMultipartForm(1 << 20)
	if err != nil || len(r.MultipartForm.File["photo"]) != 1 || !strings.HasPrefix(r.FormValue("title"), "for ") {
		give(400, fmt.Sprint(err))
		return
	}
	give(201, map[string]any{"size": r.MultipartForm.File["photo"][0].Size})
}

func (s *shopServer) graphQL(body []byte, give func(int, any)) {
	var q struct {
		Query     string
		Variables struct{ N json.Number }
	}
	n, isNumber := 0, false
	if err := json.Unmarshal(body, &q); err == nil && q.Query != "" && !strings.Contains(string(body), `"n":"`) {
		n, err = strconv.Atoi(q.Variables.N.String())
		isNumber = err == nil
	}
	if !isNumber {
		give(200, map[string]any{"errors": []any{map[string]any{"message": "n is no number"}}})
		return
	}
	give(200, map[string]any{"data": map[string]any{"user": map[string]any{"id": strconv.Itoa(n)}}})
}

// Each scenario of testdata/cases stands for a kind that people write: the real wrk
// gets good answers only, and what the server logged is what the scenario says.
func TestCasesOnWrk(t *testing.T) {
	cases := map[string][]string{ // what every logged request is like, and each of these is there
		"basic-auth":        {`GET /basic`},
		"bracket-path":      {`GET /items`, `GET /items/\d+`},
		"redirect":          {`GET /r1`, `GET /r2\?x=1`},
		"redirect-absolute": {`GET /r1abs`, `GET /r2\?x=1`},
		"paths-from-csv":    {`GET /shoes/red\?size=42`, `GET /hats`},
		"random-element":    {`GET /items`, `GET /items/\d+`, `GET /items\?page=2&cursor=a/b%2Bc==`},
		"string-to-number":  {`POST /graphql \{"query":"query U.*"variables":\{"n":\d\}\}`, `POST /graphql \{"query":"\{x\}","variables":\{"n":\d\}\}`},
		"graphql":           {`POST /graphql \{"query":"query U.*"variables":\{"n":\d\}\}`},
		"upload":            {`(?s)POST /upload --taskbench-[0-9a-f]{32}\r\n.*for [12].*a\x00b.*--`},
		"iso-time":          {`POST /echo \{"at":"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d\d\dZ","day":"20\d\d-\d\d-\d\d"\}`},
		"signed":            {`POST /signed`},
		"two-cookies":       {`GET /login`, `POST /login csrf_token=[^&]+&user=ann%20[12]&password=p%C3%A4%20ss%26w%2Brd`, `GET /home`},
		"semi":              {`POST /echo {"n":"Zoë","i":"1"}`, `POST /echo {"n":"Bob","i":"2"}`},
		"by-row":            {`GET /items/1`, `GET /items/22\?x`, `GET /gone/3`},
		"latin1":            {`POST /echo {"n":"café","i":"1"}`},
		"tab":               {`POST /echo {"n":"Ann","i":"1"}`},
		"s18":               {`POST /echo {"zip":"02134","phone":"0123","flag":"null","ver":"1e5"}`, `POST /echo {"zip":"","phone":"-5","flag":"TRUE","ver":"0x1F"}`, `POST /echo {"zip":"12345","phone":"\+491234","flag":"true","ver":"1.10"}`},
	}
	for name, kinds := range cases {
		t.Run(name, func(t *testing.T) {
			server := newShopServer(t)
			s, err := scenarios.LoadFile("testdata/cases/"+name+".yaml", false)
			if err != nil {
				t.Fatal(err)
			}
			b := runWrk(t, s, Options{URL: server.URL, Connections: 2, Duration: 400 * time.Millisecond, Warmup: -1, Seed: 1})
			server.Close()
			for _, step := range b.Steps {
				if step.Answers == 0 || step.Good != step.Answers {
					t.Errorf("%s: %d good of %d answers, unmet %v", step.Name, step.Good, step.Answers, step.Unmet)
				}
			}
			checkLog(t, server.log, kinds)
		})
	}
}

// checkLog holds what a server logged against what may be in it, and must be.
func checkLog(t *testing.T, log map[string]int, kinds []string) {
	t.Helper()
	seen := map[string]bool{}
	for line := range log {
		i := slices.IndexFunc(kinds, func(kind string) bool { return regexp.MustCompile("^" + kind + "$").MatchString(line) })
		if i < 0 {
			t.Errorf("the server got %q", line)
			continue
		}
		seen[kinds[i]] = true
	}
	for _, kind := range kinds {
		if !seen[kind] {
			t.Errorf("the server never got %s", kind)
		}
	}
}
