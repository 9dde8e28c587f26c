package cli

import (
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"taskbench/internal/cli/console"
	"taskbench/internal/cli/documents"
	"taskbench/internal/cli/measure"
	"taskbench/internal/cli/order"
	"taskbench/internal/doctor"
	"taskbench/internal/page"
)

func doctorCommand(p console.Process) *cli.Command {
	return &cli.Command{
		Name:      "doctor",
		Usage:     "say what is missing before a run, with the command that mends it",
		ArgsUsage: "[URL...] [SCENARIO|FILE.yaml|FOLDER...]",
		Description: "Looks for programs, runs the reset hook, starts or finds every target, and looks at the database, limits and what\n" +
			"else the machine does. Nothing is measured.\n" +
			"Exit code 0: `taskbench run` can work, perhaps with notes. 1: something is missing.",
		Flags:  append(order.TargetFlags(), order.ResetFlag(), order.ConnectionsFlag(), documents.Flag(), order.WrkFlag(), order.HostsFlag(), order.IgnoreLockFlag(), console.FormatOf("text", "json")),
		Action: func(c *cli.Context) error { return examine(c, p) },
	}
}

// examination is what `doctor` prints.
type examination struct {
	CanRun bool           `json:"can_run"`
	Checks []doctor.Check `json:"checks"`
}

func examine(c *cli.Context, p console.Process) error {
	asked, err := order.New(c, c.Args().Slice())
	if err != nil {
		return err
	}
	loaded, err := asked.Scenarios(c)
	if err != nil {
		return err
	}
	order.Learn(p.Secrets, asked.Config.Targets, loaded)
	plan := doctor.Plan{Targets: asked.Config.Targets, Reset: asked.Config.Reset, Wrk: asked.Config.Wrk, Results: asked.Config.Results}
	levels := asked.Config.Connections
	if len(levels) == 0 {
		for _, s := range loaded {
			levels = append(levels, s.Load.Connections...)
		}
	}
	for _, n := range levels {
		plan.Users = max(plan.Users, n)
	}
	if plan.Hosts, err = measure.Senders(asked.Config, levels); err != nil {
		return err
	}
	release, err := measure.BeforeReset(p, asked.Config)
	if err != nil {
		return err
	}
	defer release()
	found := examination{Checks: doctor.Examine(c.Context, plan)}
	found.CanRun = doctor.CanRun(found.Checks)
	for i := range found.Checks {
		found.Checks[i].Says, found.Checks[i].Mend = p.Secrets.Hide(found.Checks[i].Says), p.Secrets.Hide(found.Checks[i].Mend)
	}
	if err := found.print(c, p); err != nil || found.CanRun {
		return err
	}
	return console.Exit(console.ExitFailed, errors.New("something is missing: a run cannot work"))
}

func (e examination) print(c *cli.Context, p console.Process) error {
	if console.AsJSON(c) {
		return console.WriteJSON(p.Stdout, e)
	}
	marks := map[doctor.State]string{doctor.OK: "✓", doctor.Note: "!", doctor.Missing: "✗"}
	width := 0
	for _, check := range e.Checks {
		width = max(width, len(check.Name))
	}
	var made page.Page
	for _, check := range e.Checks {
		made.Add(page.Lines{Flush: true, Mark: fmt.Sprintf("%s %-*s ", marks[check.State], width, check.Name), Items: page.Sentences([]string{check.Says})})
		if check.Mend != "" {
			made.Add(page.Lines{Flush: true, Mark: fmt.Sprintf("  %-*s  ->", width, ""), Items: page.Sentences([]string{check.Mend})})
		}
	}
	return console.WritePage(p, made, "text")
}
