package script

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"taskbench/internal/k6/k6test"
	"taskbench/lua"
	"taskbench/parse"
	"taskbench/scenarios"
)

// load reads a scenario of which every request says which virtual user asks.
func load(t testing.TB, file string) *scenarios.Scenario {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Dir(file))); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "with-user.yaml")
	if err := os.WriteFile(path, append([]byte("headers: {X-Vu: \"${vu}\"}\n"), text...), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := scenarios.LoadFile(path, false)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// loadText is load of a text.
func loadText(t testing.TB, text string) *scenarios.Scenario {
	t.Helper()
	file := filepath.Join(t.TempDir(), "scenario.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return load(t, file)
}

func generate(t testing.TB, s *scenarios.Scenario, o Options) string {
	t.Helper()
	text, err := Generate(s, o)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// runK6 runs a script and merges what its virtual users tell. Where the machine was away
// when all were to begin, it is run again, with more time before.
func runK6(t testing.TB, server *recorder, s *scenarios.Scenario, o Options, env ...string) *parse.Block {
	t.Helper()
	o.Connections = max(o.Connections, s.Load.Connections[0])
	for ahead := 2 * time.Second; ; ahead *= 2 {
		server.begin()
		blocks := startK6(t, generate(t, s, o), o.Connections, time.Now().Add(ahead), env)
		merged, err := parse.MergeBlocks(blocks)
		if err == nil {
			return merged
		}
		if t.Failed() || ahead > 20*time.Second {
			t.Fatal(err)
		}
	}
}

// line is what a virtual user tells.
var line = regexp.MustCompile(`^taskbench (\d+)/(\d+) (\{.*\}) sum [0-9a-f]{8}$`)

// startK6 runs a script until so many virtual users have told, and ends k6 then; 0: until
// it ends by itself.
func startK6(t testing.TB, script string, users int, goTime time.Time, env []string, flags ...string) []*parse.Block {
	t.Helper()
	file := filepath.Join(t.TempDir(), "script.js")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"run", "--quiet", "--no-usage-report", "--summary-mode=disabled", "--address", "127.0.0.1:0", "--log-format", "raw"}
	cmd := exec.Command(k6test.Path(t), slices.Concat(args, flags, []string{file})...)
	cmd.Env = append(append(os.Environ(), fmt.Sprintf("TASKBENCH_GO=%d", goTime.UnixMicro())), env...)
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	blocks, rest := tellers(t, said, users)
	if len(blocks) < users || rest != "" {
		t.Errorf("%d of %d virtual users told; k6 said:\n%.3000s", len(blocks), users, rest)
	}
	_ = cmd.Process.Kill() // what is left is to wait for nothing
	_ = cmd.Wait()
	return blocks
}

// tellers reads the blocks of so many virtual users, each once, and what else was said.
func tellers(t testing.TB, said io.Reader, users int) ([]*parse.Block, string) {
	t.Helper()
	var blocks []*parse.Block
	var rest bytes.Buffer
	seen := map[string]bool{}
	lines := bufio.NewScanner(said)
	lines.Buffer(nil, 1<<24)
	for (users == 0 || len(blocks) < users) && lines.Scan() {
		m := line.FindStringSubmatch(lines.Text())
		if m == nil {
			fmt.Fprintln(&rest, lines.Text())
			continue
		}
		if seen[m[1]] {
			t.Errorf("virtual user %s told twice", m[1])
		}
		seen[m[1]] = true
		b, err := parse.ReadBlock([]byte(m[3]))
		if err != nil {
			t.Fatalf("%v\n%.3000s", err, m[3])
		}
		blocks = append(blocks, b)
	}
	return blocks, rest.String()
}

// runWrk runs the same scenario as wrk does.
func runWrk(t testing.TB, server *recorder, s *scenarios.Scenario, o Options, env ...string) *parse.Block {
	t.Helper()
	wrk, err := exec.LookPath("wrk")
	if err != nil {
		t.Skip("no wrk here")
	}
	as := lua.Options{Target: o.Target, URL: o.URL, Connections: o.Connections, Duration: o.Duration, Warmup: o.Warmup, Timeout: o.Timeout, Seed: o.Seed, Rate: o.Rate}
	text, err := lua.Generate(s, as)
	if err != nil {
		t.Fatal(err)
	}
	script, out := filepath.Join(t.TempDir(), "script.lua"), filepath.Join(t.TempDir(), "block.json")
	if err := os.WriteFile(script, text, 0o600); err != nil {
		t.Fatal(err)
	}
	server.begin()
	c := lua.CommandFor(s, as)
	cmd := exec.Command(wrk, "-t", strconv.Itoa(c.Threads), "-c", strconv.Itoa(c.Connections), "-d", strconv.Itoa(c.Seconds), "-T", "60", "-s", script, o.URL)
	cmd.Env = append(append(os.Environ(), "TASKBENCH_OUT="+out), env...)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	b, err := parse.ReadBlock(data)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// recorder is a server that keeps what each virtual user sent, in order. It answers below
// /base, too.
type recorder struct {
	*httptest.Server
	fresh func() http.Handler // who answers in a run

	mu     sync.Mutex
	answer http.Handler
	sent   map[string][]string // by the header X-Vu
	all    map[string]uint64   // by method and path
}

func newRecorder(t testing.TB, fresh func() http.Handler) *recorder {
	r := &recorder{fresh: fresh}
	r.begin()
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

// begin forgets what was sent.
func (r *recorder) begin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer, r.sent, r.all = r.fresh(), map[string][]string{}, map[string]uint64{}
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	req.Body = io.NopCloser(bytes.NewReader(body))
	req.URL.Path = strings.TrimPrefix(req.URL.Path, "/base")
	r.note(req, string(body)).ServeHTTP(w, req)
}

// note writes a request down as one text, headers by their names.
func (r *recorder) note(req *http.Request, body string) http.Handler {
	r.mu.Lock()
	defer r.mu.Unlock()
	vu := req.Header.Get("X-Vu")
	var headers bytes.Buffer
	_ = req.Header.Write(&headers)
	fmt.Fprintln(&headers, req.ContentLength, req.TransferEncoding)
	r.sent[vu] = append(r.sent[vu], req.Method+" "+req.RequestURI+" "+req.Host+"\n"+headers.String()+body)
	r.all[req.Method+" "+req.URL.Path]++
	return r.answer
}

// taken is what was sent so far.
func (r *recorder) taken() map[string][]string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sent
}

// clocks are what depends on when it is sent: times in seconds and milliseconds, and as text.
var clocks = regexp.MustCompile(`1[0-9]{9}([0-9]{3})?\b|20\d\d-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d\d\d)?Z)?|[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} 20\d\d \d\d:\d\d:\d\d GMT`)

// same holds two records of virtual users against each other, as far as both go: an
// engine may send more than the other.
func same(t *testing.T, k6, wrk map[string][]string) {
	t.Helper()
	if len(k6) != len(wrk) || len(k6) == 0 {
		t.Errorf("%d virtual users sent by k6, %d by wrk", len(k6), len(wrk))
	}
	for vu, here := range k6 {
		there := wrk[vu]
		n := min(len(here), len(there))
		for i := range n {
			a, b := clocks.ReplaceAllString(here[i], "TIME"), clocks.ReplaceAllString(there[i], "TIME")
			if a != b {
				t.Errorf("virtual user %s, request %d, by k6:\n%q\nby wrk:\n%q", vu, i+1, a, b)
				break
			}
		}
	}
}

// fewest is how many requests the virtual user sent that sent fewest.
func fewest(sent map[string][]string) int {
	least := 1 << 30
	for _, requests := range sent {
		least = min(least, len(requests))
	}
	return least
}

// unmet names what was not as expected, by step.
func unmet(b *parse.Block) string {
	var out []string
	for _, step := range slices.Concat(b.Setup, b.Steps) {
		out = append(out, step.Name+": "+strings.Join(sortedKeys(step.Unmet), ", "))
	}
	return strings.Join(out, "\n")
}

func sortedKeys(of map[string]uint64) []string { return slices.Sorted(maps.Keys(of)) }
