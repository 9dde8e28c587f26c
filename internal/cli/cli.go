// Package cli is the edge of taskbench: one file a command. It and the packages
// below it are the only readers of arguments, environment, standard input and
// output, and the only ones that turn errors into exit codes. What a command
// does is done elsewhere.
//
// Commands that load servers are in measure, those that read what is stored in
// stored, the rest here. What several share is in console (the process), order
// (which servers and scenarios are meant) and documents (which results).
package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/urfave/cli/v2"

	"taskbench/internal/cli/console"
	"taskbench/internal/cli/measure"
	"taskbench/internal/cli/stored"
	"taskbench/internal/source"
)

// Run executes one command line and returns its exit code.
//
// The first interrupt (Ctrl-C, SIGTERM, or SIGHUP of a terminal that is closed)
// cancels the command's context: running generators and servers are stopped and
// what was measured is kept. A second one ends the process at once.
func Run(ctx context.Context, p console.Process) int {
	ctx, stop := signal.NotifyContext(ctx, interrupts()...)
	defer stop()
	context.AfterFunc(ctx, stop)
	p.Guard()
	app := newApp(p)
	err := app.RunContext(ctx, flagsFirst(app, withValues(helpLast(app, p.Args))))
	if err != nil && ctx.Err() != nil && !console.HasCode(err) {
		err = console.Exit(console.ExitInterrupted, err)
	}
	return console.Report(p.Stderr, err)
}

// interrupts are the signals that end a command in good order. Under nohup a
// closed terminal is none.
func interrupts() []os.Signal {
	list := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		list = append(list, syscall.SIGHUP)
	}
	return list
}

func newApp(p console.Process) *cli.App {
	app := &cli.App{
		Name:  "taskbench",
		Usage: "compare two HTTP servers under load, so well that people believe the answer",
		Description: "Compiles YAML scenarios into Lua for wrk, measures every target in interleaved pairs,\n" +
			"and prints the figures side by side. Start with: taskbench demo",
		Version:              console.Version(),
		Reader:               p.Stdin,
		Writer:               p.Stdout,
		ErrWriter:            p.Stderr,
		HideHelpCommand:      true,
		EnableBashCompletion: true,
		ExitErrHandler:       func(*cli.Context, error) {}, // report prints it, once
		OnUsageError:         usageError,
		Action:               unknownCommand,
		Metadata:             map[string]any{console.KeeperKey: p.Secrets},
	}
	for _, g := range groups(p) {
		for _, c := range g.commands {
			c.Category = g.title
			app.Commands = append(app.Commands, c)
		}
	}
	for _, c := range app.Commands {
		prepare(c)
		if c.Category != measuring {
			endInTime(c)
		}
	}
	return app
}

// group is what belongs together in the list of commands.
type group struct {
	title    string
	commands []*cli.Command
}

// measuring is the group of commands that load servers.
const measuring = "1. Measure"

// groups are all commands. The library sorts titles; numbers put them in the
// order in which a user comes to need them.
func groups(p console.Process) []group {
	return []group{
		{measuring, append(measure.Commands(p), microCommand(p))},
		{"2. Read and decide", stored.Commands(p)},
		{"3. Scenarios and scripts", []*cli.Command{
			scenariosCommand(p), checkCommand(p), doctorCommand(p), luaCommand(p), k6Command(p), parseCommand(p),
		}},
		{"4. Set up", []*cli.Command{
			initCommand(p), configCommand(p), serveCommand(p), completionCommand(p), namesCommand(p), manCommand(p), versionCommand(p),
		}},
	}
}

// prepare gives every command, at every depth, the same treatment of wrong
// flags and words.
func prepare(c *cli.Command) {
	c.OnUsageError = usageError
	c.HideHelpCommand = true
	switch {
	case len(c.Subcommands) > 0:
		c.Action = unknownSubcommand(c)
	case c.ArgsUsage == "":
		c.Action = withoutArguments(c.Action)
	}
	for _, sub := range c.Subcommands {
		prepare(sub)
	}
}

// How long an interrupted command may take to wind up: one that only reads and
// prints, and one that may have started servers, which are given time to stop.
const (
	shortGrace = time.Second
	longGrace  = 30 * time.Second
)

// endInTime has an interrupted command end whatever it waits for: a disk that
// does not answer, or standard input that nobody writes to. It is not for those
// that keep what they measured, however long it takes: a second interrupt ends
// them.
func endInTime(c *cli.Command) {
	c.Action = inTime(c.Action)
	for _, sub := range c.Subcommands {
		endInTime(sub)
	}
}

func inTime(action cli.ActionFunc) cli.ActionFunc {
	return func(c *cli.Context) error {
		grace := shortGrace
		if c.Bool("live") || c.Command.Name == "doctor" || c.Command.Name == "serve" {
			grace = longGrace
		}
		done := make(chan error, 1)
		go func() { done <- action(c) }()
		select {
		case err := <-done:
			return err
		case <-c.Context.Done():
		}
		select {
		case err := <-done:
			return err
		case <-time.After(grace):
			return console.Exit(console.ExitInterrupted, errors.New("interrupted"))
		}
	}
}

// usageError says what the library found wrong with the flags.
func usageError(c *cli.Context, err error, _ bool) error {
	name, flags := "taskbench", c.App.Flags
	if c.Command != nil && c.Command.HelpName != "" {
		name, flags = c.Command.HelpName, c.Command.Flags
	}
	hint := name + " --help lists the flags"
	unknown, ok := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !ok {
		err = plainly(err, flags)
	} else if why := notHere[unknown]; why != "" {
		err = fmt.Errorf("%s has no --%s: %s", name, unknown, why)
	} else {
		err = fmt.Errorf("unknown flag --%s", unknown)
		var names []string
		for _, f := range flags {
			for _, name := range f.Names() {
				names = append(names, "--"+name)
			}
		}
		if meant := source.DidYouMean("--"+unknown, names); meant != "" {
			hint = meant + " " + hint
		}
	}
	return console.Exit(console.ExitUsage, source.WithHint(err, hint))
}

// notHere are flags that commands lack for a reason.
var notHere = map[string]string{"engine": "only taskbench run sends with another engine than wrk"}

// How the library words a flag without a value, and one with a wrong value.
var (
	needsValue = regexp.MustCompile(`^flag needs an argument: -(.+)$`)
	wrongValue = regexp.MustCompile(`^invalid value (".*") for flag -(\S+): (.+)$`)
)

// plainly says what the library found in the words of the rest: two dashes, as
// flags are documented.
func plainly(err error, flags []cli.Flag) error {
	if m := needsValue.FindStringSubmatch(err.Error()); m != nil {
		return fmt.Errorf("--%s needs a value", m[1])
	}
	if m := wrongValue.FindStringSubmatch(err.Error()); m != nil {
		if value, err := strconv.Unquote(m[1]); err == nil {
			return wrongly(m[2], value, m[3], flagNamed(flags, m[2]))
		}
	}
	return err
}

// wrongly says what a flag takes, by its kind: the library has the words of the
// programming language.
func wrongly(name, value, reason string, flag cli.Flag) error {
	switch flag.(type) {
	case *cli.DurationFlag:
		if bareNumber.MatchString(value) {
			return source.WithHint(fmt.Errorf("--%s %s needs a unit", name, value), "did you mean "+value+"s?")
		}
		return source.WithHint(fmt.Errorf("--%s %q is not a duration", name, value), "write it like 10s, 500ms or 1m30s")
	case *cli.IntFlag, *cli.Int64Flag:
		return fmt.Errorf("--%s %q is not a whole number", name, value)
	case *cli.IntSliceFlag:
		return source.WithHint(fmt.Errorf("--%s %q is not a whole number, nor a list of them", name, value), "write it like 50 or 10,50,100")
	case *cli.Float64Flag:
		return fmt.Errorf("--%s %q is not a number", name, value)
	}
	return fmt.Errorf("--%s %q: %s", name, value, reason)
}

var bareNumber = regexp.MustCompile(`^\d+(\.\d+)?$`)

func flagNamed(flags []cli.Flag, name string) cli.Flag {
	for _, f := range flags {
		if slices.Contains(f.Names(), name) {
			return f
		}
	}
	return nil
}

func unknownCommand(c *cli.Context) error {
	if c.NArg() == 0 {
		return cli.ShowAppHelp(c)
	}
	return console.Usagef(c.Args().First(), commandNames(c.App.Commands), "unknown command %q", c.Args().First())
}

// unknownSubcommand is what a command does that only holds others.
func unknownSubcommand(of *cli.Command) cli.ActionFunc {
	return func(c *cli.Context) error {
		if c.NArg() == 0 {
			return cli.ShowSubcommandHelp(c)
		}
		return console.Usagef(c.Args().First(), commandNames(of.Subcommands), "unknown command %q", of.Name+" "+c.Args().First())
	}
}

// withoutArguments refuses words that a command would not look at.
func withoutArguments(action cli.ActionFunc) cli.ActionFunc {
	return func(c *cli.Context) error {
		if c.NArg() > 0 {
			return console.BadFlag("%s takes no arguments, but got %q", c.Command.Name, c.Args().First())
		}
		return action(c)
	}
}

func commandNames(commands []*cli.Command) []string {
	var names []string
	for _, c := range commands {
		if !c.Hidden {
			names = append(names, c.Name)
		}
	}
	return names
}
