package lua

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

const packedFlow = `name: s
flow:
  - {name: a, request: GET /, headers: {Accept-Encoding: "gzip, deflate"}, expect: {json: {n: 5}, body: {contains: "the end"}}, capture: {x: x}}
  - {name: b, request: "GET /${x}"}
`

func packedBody(filler string) string {
	return `{"n":5,"filler":"` + filler + `","x":"here","_":"the end"}`
}

// Compressed answers are looked into, however they are compressed.
func TestCompressedAnswers(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 3000)
	for i := range noise {
		noise[i] = "abcdefghijklmnopqrstuvwxyz0123456789 "[random.IntN(37)]
	}
	fillers := map[string]string{"short": "x", "repeated": strings.Repeat("abc", 2000), "noise": string(noise), "mixed": strings.Repeat(string(noise[:300]), 9) + string(noise)}
	for name, filler := range fillers {
		body := packedBody(filler)
		for _, level := range []int{flate.NoCompression, flate.BestSpeed, flate.BestCompression, flate.HuffmanOnly} {
			for encoding, packed := range compressions(t, body, level) {
				got := rehearsed(t, loadWith(t, packedFlow), Options{}, func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Encoding", strings.TrimSuffix(encoding, "-raw"))
					_, _ = w.Write(packed)
				})
				if len(got.unmet) > 0 || got.sent[1] != "GET /here" {
					t.Errorf("%s, %s at level %d: sent %q, unmet %q", name, encoding, level, got.sent, got.unmet)
				}
			}
		}
	}
}

func compressions(t *testing.T, body string, level int) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	pack := func(name string, w io.WriteCloser, err error, b *bytes.Buffer) {
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, body); err != nil || w.Close() != nil {
			t.Fatal(err)
		}
		out[name] = b.Bytes()
	}
	var a, b, c bytes.Buffer
	g, err := gzip.NewWriterLevel(&a, level)
	if err == nil {
		g.Name, g.Comment, g.Extra = "name", "comment", []byte("extra")
	}
	pack("gzip", g, err, &a)
	z, err := zlib.NewWriterLevel(&b, level)
	pack("deflate", z, err, &b)
	f, err := flate.NewWriter(&c, level)
	pack("deflate-raw", f, err, &c)
	return out
}

// What cannot be unpacked is looked at as it came, and ends nothing.
func TestBrokenCompression(t *testing.T) {
	t.Parallel()
	whole := compressions(t, packedBody(strings.Repeat("abc", 100)), flate.BestCompression)["gzip"]
	random := rand.New(rand.NewPCG(3, 4))
	for i := range 60 {
		broken := bytes.Clone(whole[:4+random.IntN(len(whole)-4)])
		for range i % 4 {
			broken[3+random.IntN(len(broken)-3)] ^= byte(1 + random.IntN(255))
		}
		got := rehearsed(t, loadWith(t, packedFlow), Options{}, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(broken)
		})
		if len(got.unmet) == 0 && i%4 == 0 && len(broken) < len(whole) { // others may be as whole as before, by chance
			t.Errorf("%x was unpacked", broken)
		}
	}
	if strings.Contains(generate(t, loadWith(t, strings.ReplaceAll(packedFlow, "gzip, deflate", "identity")), Options{}), "inflate") {
		t.Error("a script that asks for no compressed answers can read them")
	}
}

// The real wrk hands compressed bodies over as they came, zeros and all.
func TestCompressedOnWrk(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		fmt.Fprint(z, packedBody(strings.Repeat(r.URL.Path+"abc", 500)))
		_ = z.Close()
	}))
	defer server.Close()
	b := runWrk(t, loadWith(t, packedFlow), Options{URL: server.URL, Connections: 2, Duration: 400 * time.Millisecond, Warmup: -1})
	for _, step := range b.Steps {
		if step.Answers == 0 || step.Good != step.Answers {
			t.Errorf("%s: %d good of %d, unmet %v", step.Name, step.Good, step.Answers, step.Unmet)
		}
	}
}
