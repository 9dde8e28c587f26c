package main

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/rhysd/actionlint"
)

// TestWorkflows lints the workflows as GitHub would read them.
func TestWorkflows(t *testing.T) {
	paths, err := filepath.Glob(".github/workflows/*.yml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no workflows: %v", err)
	}
	linter, err := actionlint.NewLinter(io.Discard, &actionlint.LinterOptions{})
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
