package cli

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/urfave/cli/v2"

	"taskbench/internal/bench"
	"taskbench/internal/cli/console"
	"taskbench/internal/cli/order"
	"taskbench/internal/config"
	"taskbench/internal/server"
	"taskbench/internal/shell"
	"taskbench/internal/source"
	"taskbench/lua"
	"taskbench/results"
	"taskbench/scenarios"
	"taskbench/wrk"
)

func luaCommand(p console.Process) *cli.Command {
	flags := append(scriptFlags(),
		&cli.StringFlag{Name: "o", Aliases: []string{"output"}, Usage: "write the script to `FILE` instead of standard output"},
		console.FormatOf("lua", "json"),
	)
	return &cli.Command{
		Name:        "lua",
		Usage:       "print the wrk script of a scenario, to read it or to run it by hand",
		ArgsUsage:   "[URL] [SCENARIO|FILE.yaml]",
		Description: "The script goes to standard output (or -o FILE), the wrk command that runs it to standard error.",
		Flags:       flags,
		Action:      func(c *cli.Context) error { return generateLua(c, p) },
	}
}

// scriptFlags say for which server and load a script is made.
func scriptFlags() []cli.Flag {
	return append(order.TargetFlags(),
		&cli.StringFlag{Name: "url", Usage: "the server's `URL` (default: the target's)"},
		&cli.DurationFlag{Name: "duration", Usage: "`LENGTH` of the measurement window (default: the scenario's)"},
		&cli.DurationFlag{Name: "warmup", Usage: "`LENGTH` of the load before the window opens (default: the scenario's)"},
		&cli.IntFlag{Name: "connections", Usage: "`N` virtual users (default: the scenario's first level)"},
		order.RateFlag(), order.ArrivalFlag(),
		&cli.Int64Flag{Name: "seed", Value: 1, Usage: "seed `N` of everything random"},
	)
}

// scriptOf is the scenario that a script is made of, and for which load.
func scriptOf(c *cli.Context) (*scenarios.Scenario, lua.Options, error) {
	asked, err := order.New(c, c.Args().Slice())
	if err != nil {
		return nil, lua.Options{}, err
	}
	scenario, err := asked.One(c, "")
	if err != nil {
		return nil, lua.Options{}, err
	}
	t, err := oneTarget(c, asked.Config)
	if err != nil {
		return nil, lua.Options{}, err
	}
	options := lua.Options{
		Target: t.Name, URL: t.URL, Connections: c.Int("connections"), Seed: c.Int64("seed"),
		Duration: scenario.Load.Duration, Warmup: scenario.Load.Warmup, Timeout: scenario.Load.Timeout,
	}
	if c.IsSet("connections") && options.Connections < 1 {
		return nil, options, console.BadFlag("--connections %d: at least one connection is needed", options.Connections)
	}
	if err := schedule(c, scenario, &options); err != nil {
		return nil, options, err
	}
	if err := lengths(c, scenario, &options); err != nil {
		return nil, options, err
	}
	return scenario.For(t.Name), options, nil
}

// lengths settles how long the warm-up and the window of a script are.
func lengths(c *cli.Context, s *scenarios.Scenario, o *lua.Options) error {
	duration, warmup := c.Duration("duration"), c.Duration("warmup")
	switch {
	case c.IsSet("duration") && len(o.Rate.Stages) > 0:
		return source.WithHint(console.BadFlag("--duration %v: %s has stages, which say how long they take", duration, s.Name), "leave --duration out, or give one --rate")
	case c.IsSet("duration") && duration < scenarios.MinDuration:
		return console.BadFlag("--duration %v: a window is at least %v long", duration, scenarios.MinDuration)
	case warmup < 0:
		return console.BadFlag("--warmup %v: cannot be negative", warmup)
	case max(duration, warmup) > scenarios.MaxDuration:
		return console.BadFlag("--duration and --warmup are %v at most", scenarios.MaxDuration)
	}
	if c.IsSet("duration") {
		o.Duration = duration
	}
	if c.IsSet("warmup") {
		o.Warmup = warmup
	}
	if o.Warmup == 0 {
		o.Warmup = -1 // none at all, and not what the scenario says
	}
	return nil
}

func generateLua(c *cli.Context, p console.Process) error {
	scenario, options, err := scriptOf(c)
	if err != nil {
		return err
	}
	script, err := lua.Generate(scenario, options)
	if err != nil {
		return err
	}
	commands := wrkCommands(cmp.Or(c.String("o"), scenario.Name+".lua"), options, lua.CommandFor(scenario, options))
	if console.AsJSON(c) {
		return writeGenerated(c, p, generatedLua{Scenario: scenario.Name, Target: options.Target, Lua: string(script), wrkArgv: commands})
	}
	if err := writeScript(p.Raw.Stdout, c.String("o"), script); err != nil {
		return err
	}
	explainWrk(source.NewGuard(p.Raw.Stderr, false, false), c.String("o") == "", commands)
	return nil
}

// schedule settles the rate of a script, and with it how many virtual users there
// are where nobody says: nothing is known of the server yet.
func schedule(c *cli.Context, s *scenarios.Scenario, o *lua.Options) error {
	rate, way, err := order.RateOf(c)
	if err != nil {
		return err
	}
	cell := bench.NewCells([]*scenarios.Scenario{s}, bench.Overrides{Rate: rate, Arrival: way})[0]
	o.Rate = &cell.Rate
	requests, pauses := s.Iteration()
	switch {
	case o.Connections > 0:
	case cell.AutoUsers:
		o.Connections = min(cell.Rate.Users(pauses+time.Duration(requests)*usualAnswer), s.MostUsers())
	default:
		o.Connections = cell.Connections
	}
	if err := o.Rate.Reach(o.Connections, requests, pauses); err != nil {
		return console.Exit(console.ExitUsage, err)
	}
	return nil
}

// usualAnswer is what an answer is taken to need where nobody has asked yet.
const usualAnswer = 5 * time.Millisecond

// generatedLua is what `lua` prints as JSON. With -o, the script is in the
// file as well.
type generatedLua struct {
	Scenario string `json:"scenario"`
	Target   string `json:"target"`
	Lua      string `json:"lua"`
	wrkArgv
}

// wrkArgv is how wrk is to be called with a script.
type wrkArgv struct {
	File   string   `json:"file"`                  // where the script is, or is to be kept
	Warmup []string `json:"warmup_argv,omitempty"` // to be run before, its output thrown away
	Load   []string `json:"argv"`
}

func writeGenerated(c *cli.Context, p console.Process, g generatedLua) error {
	if c.IsSet("o") {
		if err := writeScript(p.Raw.Stdout, g.File, []byte(g.Lua)); err != nil {
			return err
		}
	}
	return console.WriteJSON(p.Stdout, g)
}

// oneTarget is the target a script is made for: the one named, else the baseline.
func oneTarget(c *cli.Context, cfg config.Config) (server.Spec, error) {
	chosen := cfg.Targets[0]
	for _, t := range cfg.Targets {
		if t.Name == cfg.Baseline {
			chosen = t
		}
	}
	if address := c.String("url"); address != "" {
		if err := config.CheckTarget(chosen.Name, address); err != nil {
			return server.Spec{}, console.Exit(console.ExitUsage, fmt.Errorf("--url %s: %w", address, err))
		}
		chosen.URL = address
	}
	return chosen, nil
}

func writeScript(stdout io.Writer, file string, script []byte) error {
	if file == "" {
		_, err := stdout.Write(script)
		return err
	}
	if err := results.WriteFile(file, script); err != nil {
		return source.WithHint(err, "name a file in a folder that exists and is writable")
	}
	return nil
}

// wrkCommands are the words with which a script is run by hand.
func wrkCommands(file string, o lua.Options, command lua.Command) wrkArgv {
	options := wrk.Options{
		Path: "wrk", URL: o.URL, Script: file, Threads: command.Threads, Connections: command.Connections,
		Duration: time.Duration(command.Seconds) * time.Second, Timeout: time.Duration(command.TimeoutSeconds) * time.Second,
	}
	all := wrkArgv{File: file, Load: append([]string{"wrk"}, wrk.Args(options)...)}
	if command.WarmupSeconds > 0 {
		options.Duration = time.Duration(command.WarmupSeconds) * time.Second
		all.Warmup = append([]string{"wrk"}, wrk.Args(options)...)
	}
	return all
}

// explainWrk prints how to run the script by hand.
func explainWrk(w io.Writer, unsaved bool, commands wrkArgv) {
	if unsaved {
		fmt.Fprintf(w, "# save it as %s, then run it by hand:\n", commands.File)
	} else {
		fmt.Fprintln(w, "# run it by hand:")
	}
	if len(commands.Warmup) > 0 {
		fmt.Fprintf(w, "%s > %s   # warm-up\n", shell.Join(commands.Warmup...), os.DevNull)
	}
	fmt.Fprintf(w, "%s | taskbench parse -\n", shell.Join(commands.Load...))
}
