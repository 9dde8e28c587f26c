package cli

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/shirou/gopsutil/v4/process"
	"github.com/tidwall/gjson"

	"taskbench/internal/cli/console"
	"taskbench/internal/server"
)

var update = flag.Bool("update", false, "rewrite what scripts compare with")

// The test binary is taskbench itself when it is called so: scripts run the
// real program, as users do, with the real wrk.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"taskbench": func() { os.Exit(Run(context.Background(), console.System())) },
	})
}

// TestScripts runs every command as testdata/script tells.
func TestScripts(t *testing.T) {
	needsWrk(t)
	program, err := exec.LookPath("taskbench")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:           filepath.Join("testdata", "script"),
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Values[mineKey{}] = &mine{program: program}
			env.Setenv("NO_COLOR", "1")
			testdata, err := filepath.Abs(filepath.Join("..", "..", "testdata"))
			env.Setenv("TESTDATA", testdata)
			return err
		},
		Condition: func(name string) (bool, error) {
			if name != "perf" {
				return false, fmt.Errorf("no such condition: %s", name)
			}
			// Installed is not enough: containers forbid it.
			return exec.Command("perf", "record", "--quiet", "--output", os.DevNull, "true").Run() == nil, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "serve": serveReference, "servenothing": serveNothing, "freeport": freePortInto, "interrupt": interrupt, "hangup": hangUp,
			"json": assertJSON, "clean": assertClean, "matches": assertCount,
		},
	})
}

func needsWrk(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("wrk"); err != nil && os.Getenv("CI") == "" {
		t.Skip("wrk is not installed")
	}
}

// mine is what one script started.
type mine struct {
	program string
	servers []int32 // processes of serve: they end with the script
}

type mineKey struct{}

func of(ts *testscript.TestScript) *mine { return ts.Value(mineKey{}).(*mine) }

// command makes a command run in the script's folder and environment.
// "taskbench" is found without the script's PATH.
func command(ts *testscript.TestScript, words []string) *exec.Cmd {
	name := words[0]
	if name == "taskbench" {
		name = of(ts).program
	}
	cmd := exec.Command(name, words[1:]...)
	cmd.Dir = ts.MkAbs(".")
	for _, key := range []string{"PATH", "HOME", "WORK", "TMPDIR", "NO_COLOR", "CI", "TASKFLOWDB"} {
		cmd.Env = append(cmd.Env, key+"="+ts.Getenv(key))
	}
	for _, key := range []string{"TASKBENCH_TARGET", "TASKBENCH_RESULTS", "TASKBENCH_PAIRS", "TASKBENCH_IN_TURN", "TASKBENCH_RATE", "TASKBENCH_ARRIVAL", "TASKBENCH_WRK", "TASKBENCH_HOSTS", "TASKBENCH_WARN", "TASKBENCH_ALLOW_OUTSIDE", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"} {
		if value := ts.Getenv(key); value != "" {
			cmd.Env = append(cmd.Env, key+"="+value)
		}
	}
	return cmd
}

// exits CODE COMMAND… runs a command to its end and demands its exit code. What
// it wrote is in the files out and err.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND…")
	}
	cmd := command(ts, args[1:])
	finish(ts, cmd, args[0], cmd.Run)
}

// interrupt CODE PATTERN COMMAND… starts a command, sends SIGINT once its
// standard error matches, and demands its exit code. hangup sends SIGHUP.
func interrupt(ts *testscript.TestScript, neg bool, args []string) {
	signalled(ts, neg, args, os.Interrupt)
}

func hangUp(ts *testscript.TestScript, neg bool, args []string) {
	signalled(ts, neg, args, syscall.SIGHUP)
}

func signalled(ts *testscript.TestScript, neg bool, args []string, signal os.Signal) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: interrupt|hangup CODE PATTERN COMMAND…")
	}
	cmd := command(ts, args[2:])
	seen := &awaited{pattern: regexp.MustCompile(args[1]), found: make(chan struct{})}
	cmd.Stderr = seen
	finish(ts, cmd, args[0], func() error {
		ts.Check(cmd.Start())
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		select {
		case err := <-ended:
			return fmt.Errorf("ended before it wrote %q: %w", args[1], err)
		case <-seen.found:
		}
		ts.Check(cmd.Process.Signal(signal))
		return <-ended
	})
}

// awaited keeps what is written, and tells when it matches for the first time.
type awaited struct {
	text    bytes.Buffer // not embedded: its ReadFrom would go past Write
	pattern *regexp.Regexp
	found   chan struct{}
	told    bool
}

func (a *awaited) Write(p []byte) (int, error) {
	n, err := a.text.Write(p)
	if !a.told && a.pattern.Match(a.text.Bytes()) {
		a.told = true
		close(a.found)
	}
	return n, err
}

func (a *awaited) String() string { return a.text.String() }

// finish runs a command, keeps what it wrote and compares its exit code.
func finish(ts *testscript.TestScript, cmd *exec.Cmd, code string, run func() error) {
	var stdout bytes.Buffer
	stderr := fmt.Stringer(&bytes.Buffer{})
	cmd.Stdout = &stdout
	if cmd.Stderr == nil {
		cmd.Stderr = stderr.(*bytes.Buffer)
	} else {
		stderr = cmd.Stderr.(fmt.Stringer)
	}
	err := run()
	ts.Check(os.WriteFile(ts.MkAbs("out"), stdout.Bytes(), 0o644))
	ts.Check(os.WriteFile(ts.MkAbs("err"), []byte(stderr.String()), 0o644))
	got := "0"
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		got = strconv.Itoa(exit.ExitCode())
	} else if err != nil {
		ts.Fatalf("%v\n%s%s", err, &stdout, stderr)
	}
	if got != code {
		ts.Fatalf("exit code %s, want %s\n--- stdout\n%s--- stderr\n%s", got, code, &stdout, stderr)
	}
}

// serve NAME [FLAG…] runs "taskbench serve" in the background on a free port
// until the script ends, and puts its URL into the variable NAME.
func serveReference(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: serve NAME [FLAG…]")
	}
	port, err := server.FreePort()
	ts.Check(err)
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	cmd := command(ts, append([]string{"taskbench", "serve", "--addr", address}, args[1:]...))
	ts.Check(cmd.Start())
	ts.Defer(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended, which Wait tells
		if err := cmd.Wait(); err != nil {
			ts.Logf("serve: %v", err)
		}
	})
	of(ts).servers = append(of(ts).servers, int32(cmd.Process.Pid))
	ts.Setenv(args[0], "http://"+address)
	within(ts, "the server does not answer", func() bool {
		response, err := http.Get("http://" + address + "/health")
		if err == nil {
			response.Body.Close()
		}
		return err == nil
	})
}

// freeport NAME puts the number of a port where nobody listens into a variable.
func freePortInto(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: freeport NAME")
	}
	port, err := server.FreePort()
	ts.Check(err)
	ts.Setenv(args[0], strconv.Itoa(port))
}

// servenothing NAME runs a web server that knows no page at all.
func serveNothing(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: servenothing NAME")
	}
	server := httptest.NewServer(http.NotFoundHandler())
	ts.Defer(server.Close)
	ts.Setenv(args[0], server.URL)
}

// json FILE PATH PATTERN demands that the value at a gjson path matches.
func assertJSON(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: json FILE PATH PATTERN")
	}
	text := ts.ReadFile(args[0])
	if !gjson.Valid(text) {
		ts.Fatalf("%s is not JSON:\n%s", args[0], text)
	}
	got := gjson.Get(text, args[1]).String()
	if regexp.MustCompile("^(?:"+args[2]+")$").MatchString(got) == neg {
		ts.Fatalf("%s: %s is %q, want %q (negated: %v)", args[0], args[1], got, args[2], neg)
	}
}

// matches N PATTERN FILE demands that so many lines of a file match.
func assertCount(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: matches N PATTERN FILE")
	}
	found := 0
	pattern := regexp.MustCompile(args[1])
	for line := range strings.Lines(ts.ReadFile(args[2])) {
		if pattern.MatchString(line) {
			found++
		}
	}
	if strconv.Itoa(found) != args[0] {
		ts.Fatalf("%d lines of %s match %q, want %s:\n%s", found, args[2], args[1], args[0], ts.ReadFile(args[2]))
	}
}

// clean DIR… demands that nothing is left behind: no wrk, no server that a
// command started, no temporary file, and in the folders of results nothing but
// whole documents.
func assertClean(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("usage: clean [DIR…]")
	}
	var running []string
	within(ts, "processes are left", func() bool {
		running = leftRunning(ts)
		return len(running) == 0
	})
	left, err := filepath.Glob(filepath.Join(ts.Getenv("TMPDIR"), "taskbench*"))
	ts.Check(err)
	if len(left) > 0 {
		ts.Fatalf("temporary files are left: %q", left)
	}
	for _, dir := range args {
		ts.Check(filepath.WalkDir(ts.MkAbs(dir), func(path string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() && (filepath.Ext(path) != ".json" || !gjson.Valid(ts.ReadFile(path))) {
				return fmt.Errorf("%s is no whole document", path)
			}
			return err
		}))
	}
}

// leftRunning lists the processes that this script's commands started: every
// one has the script's folder in its environment.
func leftRunning(ts *testscript.TestScript) []string {
	pids, err := process.Pids()
	ts.Check(err)
	var found []string
	for _, pid := range pids {
		p := &process.Process{Pid: pid}
		environment, err := p.Environ()
		if err != nil || slices.Contains(of(ts).servers, pid) || !slices.Contains(environment, "WORK="+ts.Getenv("WORK")) {
			continue // gone meanwhile, not ours to read, or not this script's
		}
		line, _ := p.Cmdline()
		found = append(found, fmt.Sprint(pid, " ", line))
	}
	return found
}

// within waits for something that soon is so.
func within(ts *testscript.TestScript, otherwise string, is func() bool) {
	for deadline := time.Now().Add(20 * time.Second); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			ts.Fatalf("%s", otherwise)
		}
	}
}
