package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"taskbench/internal/check"
	"taskbench/internal/cli/console"
	"taskbench/internal/cli/order"
	"taskbench/internal/source"
	"taskbench/scenarios"
)

// proposal is what a scenario would have to accept of a target that answers
// otherwise; whether its work is the same is for a person to say.
type proposal struct {
	Says   []string `json:"says"`   // a sentence for each step
	Passes bool     `json:"passes"` // whether all is then as expected
	Lines  []string `json:"lines"`  // of YAML, to stand in the scenario's file

	accepted []scenarios.Acceptance
}

// propose words what a visit proposes; nil where that is nothing.
func propose(v check.Visit) *proposal {
	if len(v.Proposed) == 0 {
		return nil
	}
	p := &proposal{Passes: v.Passes}
	for _, c := range v.Proposed {
		p.Says = append(p.Says, fmt.Sprintf("%s answers %d to %s, where %s is expected", v.Target, c.Status, c.Step, c.Expected))
		p.accepted = append(p.accepted, scenarios.Acceptance{Step: c.Step, Expect: c.Accepted})
	}
	p.Lines = []string{"overrides:"}
	for _, line := range scenarios.OverrideLines(v.Target, p.accepted) {
		p.Lines = append(p.Lines, "  "+line)
	}
	return p
}

// adapt writes what targets answer otherwise into the files of the scenarios. Of
// a built-in one it writes a copy into the folder scenarios.
func adapt(c *cli.Context, p console.Process, loaded []*scenarios.Scenario, visits [][]check.Visit) error {
	for i, s := range loaded {
		text, changed := s.Text, false
		for _, v := range visits[i] {
			if proposed := propose(v); proposed != nil {
				text, changed = scenarios.WithOverrides(text, v.Target, proposed.accepted), true
			}
		}
		if !changed {
			continue
		}
		path := s.File
		if strings.HasPrefix(path, "builtin:") {
			path = filepath.Join(order.ScenariosFolder, s.Name+".yaml")
			if err := writeNew(newFile{path, text, 0o644}); err != nil {
				return err
			}
			fmt.Fprintf(p.Stderr, "wrote %s, a copy of the built-in scenario: name it on the command line, or in scenarios: of taskbench.yaml\n", path)
			continue
		}
		if err := replaceScenario(c, path, text); err != nil {
			return source.WithHint(fmt.Errorf("%s is left as it is: with these lines in it, it does not load", path), "put them in by hand: the target has overrides already, or all stand on one line")
		}
		fmt.Fprintf(p.Stderr, "wrote the overrides into %s: look at them, then check again\n", path)
	}
	return nil
}

// replaceScenario puts a text that loads in the place of a scenario's file.
func replaceScenario(c *cli.Context, path string, text []byte) error {
	beside, err := os.CreateTemp(filepath.Dir(path), ".taskbench-*.yaml")
	if err != nil {
		return err
	}
	defer os.Remove(beside.Name()) // it is gone where all went well
	_, err = beside.Write(text)
	if err = errors.Join(err, beside.Close()); err != nil {
		return err
	}
	if _, err := order.LoadScenario(c, beside.Name()); err != nil {
		return err
	}
	if info, err := os.Stat(path); err == nil {
		if err := os.Chmod(beside.Name(), info.Mode()); err != nil {
			return err
		}
	}
	return os.Rename(beside.Name(), path)
}
