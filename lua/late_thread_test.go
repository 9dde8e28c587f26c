package lua

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"taskbench/internal/machine"
	"taskbench/parse"
	"taskbench/scenarios"
)

// TestLateThreads: where the machine makes no thread for longer than those that
// are there wait, all have one window all the same: what is counted in it is
// what the server has answered in it, but for an answer of each at either end.
func TestLateThreads(t *testing.T) {
	t.Parallel()
	wrk, dir := findWrk(t), t.TempDir()
	var mu sync.Mutex
	var answered []float64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(5 * time.Millisecond)
		mu.Lock()
		answered = append(answered, machine.NowUS())
		mu.Unlock()
	}))
	defer server.Close()
	const users = 3
	script := generate(t, scenario(scenarios.Flow, get("a", "/", status(200))), Options{URL: server.URL, Connections: users, Duration: time.Second, Warmup: -1})
	const made = `thread:set("taskbench_seat", n)`
	if !strings.Contains(script, made) {
		t.Fatal("the script makes no virtual user")
	}
	script = strings.Replace(script, made, made+"\n  if n == users_late then sleep(2600000) end", 1)
	script = strings.Replace(script, "local SCENARIO =", "users_late = 3\nlocal SCENARIO =", 1)
	path, out := filepath.Join(dir, "late.lua"), filepath.Join(dir, "block.json")
	if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(wrk, "-t", "3", "-c", "3", "-d", "20", "-T", "60", "-s", path, server.URL)
	cmd.Env = append(os.Environ(), "TASKBENCH_OUT="+out)
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
	mu.Lock()
	defer mu.Unlock()
	in := 0
	for _, at := range answered {
		if at >= b.Window.OpenedUS && at < b.Window.OpenedUS+b.Window.LengthUS {
			in++
		}
	}
	ours := int(b.Steps[0].Answers)
	if in == 0 || ours > in+2*users || ours < in-2*users {
		t.Errorf("%d answers counted in the window of %g s, the server gave %d in it, %d in all", ours, b.Window.LengthUS/1e6, in, len(answered))
	}
}
