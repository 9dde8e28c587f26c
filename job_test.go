package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// job is a fake of what the runner gives a job: a folder, and files for its
// outputs, its summary and what is added to PATH.
type job struct {
	dir     string
	printed string // by the last step
}

func newJob(t *testing.T) *job {
	t.Helper()
	j := &job{dir: t.TempDir()}
	var config strings.Builder
	config.WriteString("targets:\n")
	for _, name := range []string{"rust", "windjammer"} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		address := listener.Addr().String()
		listener.Close()
		fmt.Fprintf(&config, "  %s: {url: \"http://%s\", start: taskbench serve --addr %s --dialect %s, ready: /health}\n", name, address, address, name)
	}
	j.write(t, "taskbench.yaml", config.String(), 0o644)
	j.write(t, "delayed.yaml", strings.Replace(config.String(), "--dialect windjammer", "--dialect windjammer --delay 400ms", 1), 0o644)
	const scenario = "name: %s\ntitle: Health\nload: {connections: 2, duration: 200ms, warmup: 0s}\nrequest: {name: health, request: GET /health}\n"
	j.write(t, "quick.yaml", fmt.Sprintf(scenario, "quick"), 0o644)
	missed := strings.Replace(fmt.Sprintf(scenario, "missed"), "200ms", "2s", 1)
	j.write(t, "missed.yaml", missed+"expected: {p50: < 350ms}\n", 0o644) // by a server that waits for longer, and by no other
	j.write(t, "temp/empty", "", 0o644)
	j.write(t, "path", "", 0o644)
	j.reset(t)
	return j
}

// reset empties what a job's steps write to.
func (j *job) reset(t *testing.T) {
	t.Helper()
	for _, name := range []string{"output", "summary.md"} {
		j.write(t, name, "", 0o644)
	}
}

func (j *job) write(t *testing.T, name, text string, mode os.FileMode) {
	t.Helper()
	path := filepath.Join(j.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// read is "" where there is no file.
func (j *job) read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(j.dir, name))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return string(text)
}

// output is the last value that a step gave a name.
func (j *job) output(t *testing.T, name string) (value string) {
	t.Helper()
	for line := range strings.Lines(j.read(t, "output")) {
		if v, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), name+"="); ok {
			value = v
		}
	}
	return value
}

// run executes a step's script as the runner does, and tells its exit code.
func (j *job) run(t *testing.T, s step, inputs map[string]string) int {
	t.Helper()
	j.write(t, "temp/step.sh", s.Run, 0o644)
	cmd := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", filepath.Join(j.dir, "temp", "step.sh"))
	cmd.Dir = j.dir
	added := strings.Fields(j.read(t, "path"))
	cmd.Env = []string{
		"TASKBENCH_IGNORE_LOCK=1", // whatever else measures on this machine: no figure is looked at
		"CI=true", "GITHUB_ACTIONS=true", "RUNNER_TEMP=" + filepath.Join(j.dir, "temp"), "GITHUB_OUTPUT=" + filepath.Join(j.dir, "output"),
		"GITHUB_STEP_SUMMARY=" + filepath.Join(j.dir, "summary.md"), "GITHUB_PATH=" + filepath.Join(j.dir, "path"),
		"PATH=" + strings.Join(append(added, os.Getenv("PATH")), string(os.PathListSeparator)), "HOME=" + os.Getenv("HOME"), "GOFLAGS=" + goFlags(),
	}
	for key, value := range s.Env {
		cmd.Env = append(cmd.Env, key+"="+s.action.evaluated(t, value, inputs))
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	j.printed = out.String()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	return 0
}

// goFlags lets a build share what the tests were built from.
func goFlags() string {
	info, _ := debug.ReadBuildInfo()
	for _, s := range info.Settings {
		if s.Key == "-race" && s.Value == "true" {
			return "-race"
		}
	}
	return ""
}

type steps struct {
	Inputs map[string]struct{ Default string }
	Runs   struct{ Steps []step }
	Jobs   map[string]struct{ Steps []step }
}

type step struct {
	Name, Run string
	Env       map[string]string
	action    steps
}

func readSteps(t *testing.T, path string) (s steps) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s steps) step(t *testing.T, name string) step {
	t.Helper()
	all := s.Runs.Steps
	for _, job := range s.Jobs {
		all = append(all, job.Steps...)
	}
	for _, one := range all {
		if strings.HasPrefix(one.Name, name) {
			one.action = s
			return one
		}
	}
	t.Fatalf("no step is called %s", name)
	return step{}
}

var expression = regexp.MustCompile(`\$\{\{ *(\S+) *\}\}`)

// evaluated replaces the expressions that action.yml uses; another one is an error.
func (s steps) evaluated(t *testing.T, text string, inputs map[string]string) string {
	return expression.ReplaceAllStringFunc(text, func(found string) string {
		name := expression.FindStringSubmatch(found)[1]
		if name == "github.action_path" {
			dir, err := os.Getwd()
			if err != nil {
				t.Fatal(err)
			}
			return dir
		}
		input, ok := strings.CutPrefix(name, "inputs.")
		declared, known := s.Inputs[input]
		if !ok || !known {
			t.Fatalf("%s cannot be evaluated", found)
		}
		if given, ok := inputs[input]; ok {
			return given
		}
		return declared.Default
	})
}
