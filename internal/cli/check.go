package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"taskbench/internal/check"
	"taskbench/internal/config"
	"taskbench/internal/source"
	"taskbench/internal/target"
	"taskbench/lua"
	"taskbench/scenarios"
)

func checkCommand(p Process) *cli.Command {
	flags := append(targetFlags(),
		&cli.BoolFlag{Name: "live", Usage: "send one iteration to every target, and compare their answers"},
		&cli.BoolFlag{Name: "verbose", Aliases: []string{"v"}, Usage: "with --live: show every request and answer"},
	)
	return &cli.Command{
		Name:      "check",
		Usage:     "validate scenarios and scripts, and dry-run them without wrk",
		ArgsUsage: "[SCENARIO|FILE.yaml|FILE.lua...]",
		Description: "Every scenario is compiled, for every target, and its Lua run in the embedded VM as wrk would.\n" +
			"Exit code 2: something is wrong in a file. 3: a target's answers are not as expected.",
		Flags:  flags,
		Action: func(c *cli.Context) error { return runCheck(c, p) },
	}
}

func runCheck(c *cli.Context, p Process) error {
	cfg, err := settings(c)
	if err != nil {
		return err
	}
	words, scripts := splitScripts(c.Args().Slice())
	var errs []error
	for _, path := range scripts {
		errs = append(errs, checkScript(p.Stdout, path))
	}
	var loaded []*scenarios.Scenario
	if len(words) > 0 || len(scripts) == 0 {
		if loaded, err = loadScenarios(words); err != nil {
			errs = append(errs, err)
		}
	}
	for _, s := range loaded {
		errs = append(errs, checkScenario(p.Stdout, s, cfg.Targets))
	}
	if err := errors.Join(errs...); err != nil {
		return exit(ExitUsage, err)
	}
	if !c.Bool("live") {
		return nil
	}
	return checkLive(c.Context, p.Stdout, cfg, loaded, c.Bool("verbose"))
}

func splitScripts(words []string) (scenarioWords, scripts []string) {
	for _, w := range words {
		if strings.HasSuffix(w, ".lua") {
			scripts = append(scripts, w)
		} else {
			scenarioWords = append(scenarioWords, w)
		}
	}
	return scenarioWords, scripts
}

func checkScript(w io.Writer, path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return source.WithHint(err, "name a Lua script that exists")
	}
	if err := lua.Check(path, text); err != nil {
		return err
	}
	fmt.Fprintf(w, "ok  %s\n", path)
	return nil
}

// checkScenario compiles a scenario as every target would get it, and compiles
// the Lua that comes out.
func checkScenario(w io.Writer, s *scenarios.Scenario, targets []target.Spec) error {
	for _, t := range targets {
		options := lua.Options{Target: t.Name, URL: t.URL, Connections: s.Load.Connections[0], Seed: 1}
		script, err := lua.Generate(s.For(t.Name), options)
		if err != nil {
			return err
		}
		if err := lua.Check(s.Name+".lua", script); err != nil {
			return fmt.Errorf("%s: the generated script is broken, which is a defect of taskbench: %w", s.Name, err)
		}
	}
	fmt.Fprintf(w, "ok  %s (%s, %d steps)\n", s.Name, s.Mode, len(s.Setup)+len(s.Steps))
	return nil
}

// checkLive sends one iteration of every scenario to every target. All of it
// is shown before the command fails.
func checkLive(ctx context.Context, w io.Writer, cfg config.Config, loaded []*scenarios.Scenario, verbose bool) error {
	visits := make([][]check.Visit, len(loaded))
	for _, t := range cfg.Targets {
		server, err := target.Open(ctx, t)
		if err != nil {
			return err
		}
		for i, s := range loaded {
			visits[i] = append(visits[i], check.Live(ctx, s, t, 1))
		}
		if err := server.Stop(context.WithoutCancel(ctx)); err != nil {
			return err
		}
	}
	failed := 0
	for i, s := range loaded {
		failed += printVisits(w, s, visits[i], verbose)
	}
	if failed > 0 {
		return exit(ExitGate, fmt.Errorf("%d of %d checks failed: these servers do not do what the scenario expects", failed, len(loaded)*len(cfg.Targets)))
	}
	return nil
}

// printVisits shows a scenario's visits and how they differ; it counts the failed ones.
func printVisits(w io.Writer, s *scenarios.Scenario, visits []check.Visit, verbose bool) (failed int) {
	fmt.Fprintf(w, "\n%s\n", s.Name)
	for _, v := range visits {
		if !printVisit(w, v, verbose) {
			failed++
		}
	}
	for _, v := range visits[1:] {
		for _, d := range check.Differences(visits[0], v) {
			fmt.Fprintf(w, "  differs  %s\n", d)
		}
	}
	return failed
}

func printVisit(w io.Writer, v check.Visit, verbose bool) bool {
	bad, unmet := v.Failed()
	switch {
	case v.Err != nil:
		fmt.Fprintf(w, "  ✗ %s: %v\n", v.Target, v.Err)
	case unmet:
		fmt.Fprintf(w, "  ✗ %s: step %s: not as expected: %s\n", v.Target, bad.Step, strings.Join(bad.Unmet, ", "))
	default:
		fmt.Fprintf(w, "  ✓ %s: %d answers as expected\n", v.Target, len(v.Answers))
	}
	for _, a := range v.Answers {
		if verbose || len(a.Unmet) > 0 {
			printExchange(w, a)
		}
	}
	return v.Err == nil && !unmet
}

func printExchange(w io.Writer, a check.Answer) {
	fmt.Fprintf(w, "      %s\n", a.Step)
	printIndented(w, "> ", a.Request)
	fmt.Fprintf(w, "        < status %d, %s\n", a.Status, a.Header.Get("Content-Type"))
	printIndented(w, "< ", a.Body)
}

// maxShown bounds what is shown of one body.
const maxShown = 2000

func printIndented(w io.Writer, prefix string, text []byte) {
	cut := len(text) > maxShown
	if cut {
		text = text[:maxShown]
	}
	for _, line := range strings.Split(strings.TrimRight(string(text), "\r\n"), "\n") {
		if line = strings.TrimRight(line, "\r"); line != "" {
			fmt.Fprintf(w, "        %s%s\n", prefix, strings.ToValidUTF8(line, "�"))
		}
	}
	if cut {
		fmt.Fprintf(w, "        %s…\n", prefix)
	}
}
