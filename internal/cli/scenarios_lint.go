package cli

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"taskbench/internal/cli/console"
	"taskbench/internal/cli/order"
	"taskbench/internal/lint"
	"taskbench/internal/source"
	"taskbench/scenarios"
)

// lintReport is what `scenarios lint` prints.
type lintReport struct {
	Scenarios []string      `json:"scenarios"` // that were looked at
	Findings  []lintFinding `json:"findings"`
}

// lintFinding is something unwise in a scenario.
type lintFinding struct {
	Scenario string `json:"scenario"`
	Rule     string `json:"rule"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Message  string `json:"message"`
	Hint     string `json:"hint"`
	Why      string `json:"why,omitempty"` // the scenario's own reason for it

	problem *source.Error
}

// lintRules are their names and what they find, for the help.
func lintRules() string {
	var b strings.Builder
	b.WriteString("Finds what is legal and unwise; a scenario that means it says why, under lint: by the name of the rule.\n\n")
	for _, r := range lint.Rules {
		fmt.Fprintf(&b, "%s: %s\n", r.Name, r.About)
	}
	return strings.TrimSpace(b.String())
}

func lintScenarios(c *cli.Context, p console.Process) error {
	asked, err := order.New(c, c.Args().Slice())
	if err != nil {
		return err
	}
	loaded, err := asked.Scenarios(c)
	if err != nil {
		return err
	}
	report := lintReport{Scenarios: []string{}, Findings: []lintFinding{}}
	for _, s := range loaded {
		report.add(s)
	}
	if console.AsJSON(c) {
		err = console.WriteJSON(p.Stdout, report)
	} else {
		err = report.print(p)
	}
	if n := report.open(); err == nil && n > 0 {
		err = console.Exit(console.ExitGate, fmt.Errorf("%d found: mend them, or say why under lint: in the scenario", n))
	}
	return err
}

func (r *lintReport) add(s *scenarios.Scenario) {
	r.Scenarios = append(r.Scenarios, s.Name)
	for _, f := range lint.Of(s) {
		at := f.Problem.Pos
		r.Findings = append(r.Findings, lintFinding{
			Scenario: s.Name, Rule: f.Rule, File: at.File, Line: at.Line, Column: at.Column,
			Message: f.Problem.Message, Hint: f.Problem.Hint, Why: f.Why, problem: f.Problem,
		})
	}
}

// open counts what no scenario has a reason for.
func (r *lintReport) open() (n int) {
	for _, f := range r.Findings {
		if f.Why == "" {
			n++
		}
	}
	return n
}

func (r *lintReport) print(p console.Process) error {
	for _, f := range r.Findings {
		said := *f.problem
		said.Message = f.Rule + ": " + f.Message
		if f.Why != "" {
			said.Message, said.Excerpt, said.Hint = said.Message+" (it says why: "+f.Why+")", "", ""
		}
		if _, err := fmt.Fprintf(p.Stdout, "%v\n\n", &said); err != nil {
			return err
		}
	}
	if r.open() > 0 {
		return nil
	}
	_, err := fmt.Fprintf(p.Stdout, "ok  %s: nothing unwise\n", strings.Join(r.Scenarios, ", "))
	return err
}
