package truth

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"taskbench/internal/taskflow"
	"taskbench/lua"
	"taskbench/parse"
	"taskbench/scenarios"
	"taskbench/wrk"
)

func needsWrk(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("wrk"); err != nil && os.Getenv("CI") == "" {
		t.Skip("wrk is not installed")
	}
}

// serve runs a reference server that observes itself, until the test ends.
func serve(t *testing.T, config taskflow.Config) (server *taskflow.Server, url string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	config.Observe = true
	server = taskflow.New(config)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return server, "http://" + listener.Addr().String()
}

func load(t *testing.T, text string) *scenarios.Scenario {
	t.Helper()
	s, err := scenarios.LoadFS(fstest.MapFS{"truth.yaml": {Data: []byte(text)}}, "truth.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// measure runs a scenario with the real wrk, as taskbench does, and gives what
// its script counted beside what wrk printed.
func measure(t *testing.T, s *scenarios.Scenario, o lua.Options) (*parse.Block, parse.Printout) {
	t.Helper()
	script, err := lua.Generate(s, o)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), s.Name+".lua")
	if err := os.WriteFile(path, script, 0o600); err != nil {
		t.Fatal(err)
	}
	command := lua.CommandFor(s, o)
	out, err := wrk.Run(t.Context(), wrk.Options{
		URL: o.URL, Script: path, Threads: command.Threads, Connections: command.Connections, Latency: true,
		Duration: time.Duration(command.Seconds) * time.Second, Timeout: time.Duration(command.TimeoutSeconds) * time.Second,
		OutFile: path + ".json",
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, out.Stdout)
	}
	block, err := parse.ReadBlock(out.Block)
	if err != nil {
		t.Fatal(err)
	}
	return block, printed(t, out.Stdout)
}

// window is the block's measurement window on the clock that the server uses, in ns.
func window(t *testing.T, b *parse.Block) (from, to int64) {
	t.Helper()
	if b.Window.OpenedUS <= 0 || b.Window.LengthUS <= 0 {
		t.Fatalf("the window is not known: %+v", b.Window)
	}
	return int64(b.Window.OpenedUS * 1e3), int64((b.Window.OpenedUS + b.Window.LengthUS) * 1e3)
}
