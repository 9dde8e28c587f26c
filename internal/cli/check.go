package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"taskbench/internal/check"
	"taskbench/internal/cli/console"
	"taskbench/internal/cli/measure"
	"taskbench/internal/cli/order"
	"taskbench/internal/figure"
	"taskbench/internal/lint"
	"taskbench/internal/source"
	"taskbench/scenarios"
)

func checkCommand(p console.Process) *cli.Command {
	flags := append(order.TargetFlags(),
		&cli.BoolFlag{Name: "run", Usage: "let scripts do to this machine whatever they like (programs, files, ffi), as wrk would"},
		&cli.BoolFlag{Name: "live", Usage: "send one iteration to every target, after its reset, and compare their answers"},
		order.ResetFlag(),
		order.IgnoreLockFlag(),
		&cli.BoolFlag{Name: "adapt", Usage: "with --live: accept what targets answer otherwise, and write it into the scenarios as overrides"},
		&cli.BoolFlag{Name: "verbose", Aliases: []string{"v"}, Usage: "with --live: show every request and answer"},
		console.FormatOf("text", "json"),
	)
	return &cli.Command{
		Name:      "check",
		Usage:     "validate scenarios and scripts, and dry-run them without load",
		ArgsUsage: "[URL...] [SCENARIO|FILE.yaml|FOLDER|FILE.lua...] [-- ARGS]",
		Description: "Every scenario is compiled, for every target, and its Lua run in the embedded VM as wrk would.\n" +
			"Scripts are run too, in that VM and, where it is installed, in wrk, against a listener of their own: loading,\n" +
			"setup, init, some requests and their answers, done. ARGS go to init(). Programs, native code and written files\n" +
			"are kept from them, unless --run is given.\n" +
			"Exit code 2: something is wrong in a file. 3: a target's answers are not as expected.",
		Flags:  flags,
		Action: func(c *cli.Context) error { return runCheck(c, p) },
	}
}

func runCheck(c *cli.Context, p console.Process) error {
	words, scripts, args := splitScripts(c.Args().Slice(), behindDashes(p.Args))
	asked, err := order.New(c, words)
	if err != nil {
		return err
	}
	report := checkReport{Checked: []checkedFile{}}
	var errs []error
	for _, path := range scripts {
		v, err := check.Script(c.Context, path, args, c.Bool("run"))
		report.add(checkedFile{Name: path, By: v.By, Notes: v.Notes}, err)
		errs = append(errs, err)
	}
	var loaded []*scenarios.Scenario
	if len(words) > 0 || len(scripts) == 0 {
		if c.Bool("live") {
			if err := asked.ForTaskFlow(c); err != nil {
				return err
			}
		}
		if loaded, err = asked.Scenarios(c); err != nil {
			errs = append(errs, err)
		}
	}
	cfg := asked.Config // with the targets that a profile names
	for _, s := range loaded {
		err := check.Scenario(s, cfg.Targets)
		report.add(checkedFile{Name: s.Name, Mode: string(s.Mode), Steps: len(s.Setup) + len(s.Steps) + len(s.After) + len(s.Teardown), Notes: lint.LeavesBehind(s)}, err)
		errs = append(errs, err)
	}
	problem := console.ExitWith(console.ExitUsage, errors.Join(errs...))
	if problem == nil && c.Bool("live") {
		var visits [][]check.Visit
		order.Learn(p.Secrets, cfg.Targets, loaded)
		release, err := measure.BeforeReset(p, cfg)
		if err != nil {
			return err
		}
		defer release()
		if visits, problem = check.All(c.Context, cfg.Targets, check.How{Reset: cfg.Reset, Propose: true}, loaded); problem == nil {
			problem = report.addLive(p.Secrets.Hide, loaded, visits, c.Bool("verbose"))
		}
		if visits != nil && c.Bool("adapt") {
			problem = errors.Join(problem, adapt(c, p, loaded, visits))
		}
	} else if problem != nil {
		report.Problem = problem.Error()
	}
	return errors.Join(report.print(c, p), problem)
}

// checkReport is what `check` prints.
type checkReport struct {
	Checked []checkedFile `json:"checked"`
	Live    []liveCheck   `json:"live,omitempty"`
	Problem string        `json:"problem,omitempty"` // of files, as standard error has it
}

// checkedFile is a scenario, or a script whose Mode is "".
type checkedFile struct {
	Name  string `json:"name"`
	OK    bool   `json:"ok"`
	Mode  string `json:"mode,omitempty"`
	Steps int    `json:"steps,omitempty"`
	// By is who judged a script: "wrk" or "embedded VM".
	By    string   `json:"by,omitempty"`
	Notes []string `json:"notes,omitempty"` // what a reader must know of a script's check, or better did to a scenario
}

func (r *checkReport) add(f checkedFile, err error) {
	f.OK = err == nil
	r.Checked = append(r.Checked, f)
}

func (r *checkReport) print(c *cli.Context, p console.Process) error {
	if console.AsJSON(c) {
		return console.WriteJSON(p.Stdout, r)
	}
	for _, f := range r.Checked {
		switch {
		case f.OK && f.Mode != "":
			fmt.Fprintf(p.Stdout, "ok  %s (%s, %s)\n", f.Name, f.Mode, figure.Count(f.Steps, "step"))
		case f.OK:
			fmt.Fprintf(p.Stdout, "ok  %s\n", f.Name)
		default:
			continue
		}
		for _, note := range f.Notes {
			fmt.Fprintf(p.Stdout, "    %s\n", note)
		}
	}
	for _, l := range r.Live {
		l.print(source.NewGuard(p.Stdout, false, false)) // nothing in it is coloured by this program
	}
	return nil
}

// splitScripts takes the words of the command line apart: scenarios, scripts,
// and the last ones, behind "--", which are for the scripts unless there is
// nothing else.
func splitScripts(words []string, behind int) (scenarioWords, scripts, args []string) {
	if behind < len(words) {
		words, args = words[:len(words)-behind], words[len(words)-behind:]
	}
	for _, w := range words {
		if strings.HasSuffix(w, ".lua") {
			scripts = append(scripts, w)
		} else {
			scenarioWords = append(scenarioWords, w)
		}
	}
	return scenarioWords, scripts, args
}

// behindDashes counts the words behind the first "--", which the library takes
// away.
func behindDashes(argv []string) int {
	at := slices.Index(argv, "--")
	if at < 0 {
		return 0
	}
	return len(argv) - at - 1
}
