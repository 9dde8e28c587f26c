package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/rhysd/actionlint"
)

// TestWorkflows lints the workflows as GitHub would read them.
func TestWorkflows(t *testing.T) {
	paths, err := filepath.Glob(".github/workflows/*.yml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no workflows: %v", err)
	}
	linter, err := actionlint.NewLinter(io.Discard, &actionlint.LinterOptions{Shellcheck: "shellcheck"}) // where it is installed
	if err != nil {
		t.Fatal(err)
	}
	problems, err := linter.LintFiles(paths, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
}

// TestWorkflowRights: what runs a pull request's code may read and nothing else,
// what may write runs nobody's code, and every foreign action is GitHub's own.
func TestWorkflowRights(t *testing.T) {
	text, err := os.ReadFile(".github/workflows/benchmarks.yml")
	if err != nil {
		t.Fatal(err)
	}
	var workflow struct {
		Permissions map[string]string
		Jobs        map[string]struct {
			Permissions map[string]string
			Steps       []struct{ Uses string }
		}
	}
	if err := yaml.Unmarshal(text, &workflow); err != nil {
		t.Fatal(err)
	}
	got := map[string]map[string]string{"": workflow.Permissions}
	for name, job := range workflow.Jobs {
		got[name] = job.Permissions
		for _, s := range job.Steps {
			if s.Uses != "" && s.Uses != "./.taskbench" && !regexp.MustCompile(`^actions/[a-z/-]+@v\d+$`).MatchString(s.Uses) {
				t.Errorf("job %s uses %s", name, s.Uses)
			}
			if _, mayWrite := job.Permissions["pull-requests"]; mayWrite && (strings.HasPrefix(s.Uses, "./") || strings.HasPrefix(s.Uses, "actions/checkout")) {
				t.Errorf("job %s may write, and uses %s", name, s.Uses)
			}
		}
	}
	want := map[string]map[string]string{"": {}, "benchmark": {"contents": "read"}, "comment": {"pull-requests": "write"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("permissions (-want +got)\n%s", diff)
	}
}

// TestShell lints the scripts of the repository and of action.yml.
func TestShell(t *testing.T) {
	shellcheck, err := exec.LookPath("shellcheck")
	if err != nil {
		t.Skip("shellcheck is not installed")
	}
	files, err := filepath.Glob("scripts/*.sh")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	files = append(files, ".ci/run")
	for i, s := range readSteps(t, "action.yml").Runs.Steps {
		if s.Run == "" {
			continue
		}
		path := filepath.Join(t.TempDir(), fmt.Sprintf("step%d.bash", i+1))
		if err := os.WriteFile(path, []byte("#!/bin/bash\n"+s.Run), 0o644); err != nil {
			t.Fatal(err)
		}
		files = append(files, path)
	}
	if out, err := exec.Command(shellcheck, files...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestDockerfile lints the Dockerfile.
func TestDockerfile(t *testing.T) {
	hadolint, err := exec.LookPath("hadolint")
	if err != nil {
		t.Skip("hadolint is not installed")
	}
	if out, err := exec.Command(hadolint, "Dockerfile").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestDockerignore: nothing that the program is built from is kept from the
// Dockerfile.
func TestDockerignore(t *testing.T) {
	text, err := os.ReadFile(".dockerignore")
	if err != nil {
		t.Fatal(err)
	}
	list, err := exec.Command("go", "list", "-f", `{{$dir := .Dir}}{{range .GoFiles}}{{$dir}}/{{.}}{{"\n"}}{{end}}{{range .EmbedFiles}}{{$dir}}/{{.}}{{"\n"}}{{end}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, pattern := range strings.Fields(string(text)) {
		for _, file := range strings.Fields(string(list)) {
			for part := strings.TrimPrefix(file, root+"/"); part != "."; part = filepath.Dir(part) {
				if matched, err := filepath.Match(filepath.Clean(pattern), part); matched || err != nil {
					t.Errorf("%s leaves %s out (%v)", pattern, part, err)
				}
			}
		}
	}
}

// TestAction holds action.yml to itself and to the workflow that uses it:
// actionlint reads neither.
func TestAction(t *testing.T) {
	text, err := os.ReadFile("action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var action struct {
		Name, Description string
		Inputs            map[string]struct{ Description, Default string }
		Outputs           map[string]struct{ Description, Value string }
		Runs              struct {
			Using string
			Steps []struct{ Uses, Run, Shell string }
		}
	}
	if err := yaml.Unmarshal(text, &action); err != nil {
		t.Fatal(err)
	}
	if action.Runs.Using != "composite" || action.Name == "" || action.Description == "" {
		t.Errorf("not a composite action: %+v", action)
	}
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`inputs\.([a-z-]+)`).FindAllStringSubmatch(string(text), -1) {
		used[m[1]] = true
		if _, ok := action.Inputs[m[1]]; !ok {
			t.Errorf("inputs.%s is not an input", m[1])
		}
	}
	for name, input := range action.Inputs {
		if !used[name] || input.Description == "" {
			t.Errorf("input %s: used %v, description %q", name, used[name], input.Description)
		}
	}
	for i, step := range action.Runs.Steps {
		if (step.Run == "") == (step.Uses == "") || step.Run != "" && step.Shell == "" {
			t.Errorf("step %d runs or uses something, and has a shell when it runs: %+v", i+1, step)
		}
		if regexp.MustCompile(`\$\{\{`).MatchString(step.Run) {
			t.Errorf("step %d puts an expression into a shell script: give it in env", i+1)
		}
	}
	checkUse(t, action.Inputs)
}

func checkUse[T any](t *testing.T, inputs map[string]T) {
	t.Helper()
	text, err := os.ReadFile(".github/workflows/benchmarks.yml")
	if err != nil {
		t.Fatal(err)
	}
	var workflow struct {
		Jobs map[string]struct {
			Steps []struct {
				Uses string
				With map[string]any
			}
		}
	}
	if err := yaml.Unmarshal(text, &workflow); err != nil {
		t.Fatal(err)
	}
	var uses []string
	for _, job := range workflow.Jobs {
		for _, step := range job.Steps {
			if uses = append(uses, step.Uses); step.Uses != "./.taskbench" {
				continue
			}
			for name := range step.With {
				if _, ok := inputs[name]; !ok {
					t.Errorf("the workflow gives the action %q, which it does not take", name)
				}
			}
		}
	}
	if !slices.Contains(uses, "./.taskbench") {
		t.Error("the workflow does not use the action")
	}
}
