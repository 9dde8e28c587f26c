// Package cli is the edge of taskbench: one file a command, the only reader of
// arguments, environment, standard input and output, and the only place that
// turns errors into exit codes. What a command does is done elsewhere.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"
)

// Process is what a command sees of the world around it.
type Process struct {
	Args   []string // with the program's name first
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	// Terminal tells whether Stdout, and whether Stderr, is a person's terminal.
	Terminal struct{ Stdout, Stderr bool }
	Width    int // columns of the terminal; 0: unknown
	Getenv   func(string) string
}

// System is the real process.
func System() Process {
	p := Process{
		Args: os.Args, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv,
	}
	p.Terminal.Stdout = term.IsTerminal(int(os.Stdout.Fd()))
	p.Terminal.Stderr = term.IsTerminal(int(os.Stderr.Fd()))
	if w, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil {
		p.Width = w
	}
	return p
}

// Run executes one command line and returns its exit code.
//
// The first interrupt (Ctrl-C, SIGTERM) cancels the command's context: running
// generators and servers are stopped and what was measured is kept. A second
// one ends the process at once.
func Run(ctx context.Context, p Process) int {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	app := newApp(p)
	err := app.RunContext(ctx, flagsFirst(app, p.Args))
	if err != nil && ctx.Err() != nil && !hasExitCode(err) {
		err = exit(ExitInterrupted, err)
	}
	return report(p.Stderr, err)
}

// report prints an error once, at the one place where errors end, and gives its code.
func report(w io.Writer, err error) int {
	if err == nil {
		return ExitOK
	}
	if text := err.Error(); text != "" {
		fmt.Fprintln(w, text)
	}
	return exitCode(err)
}

func newApp(p Process) *cli.App {
	app := &cli.App{
		Name:  "taskbench",
		Usage: "compare two HTTP servers under load, so well that people believe the answer",
		Description: "Compiles YAML scenarios into Lua for wrk, measures every target in interleaved pairs,\n" +
			"and prints the figures side by side. Start with: taskbench demo",
		Version:                version(),
		Reader:                 p.Stdin,
		Writer:                 p.Stdout,
		ErrWriter:              p.Stderr,
		HideHelpCommand:        true,
		EnableBashCompletion:   true,
		UseShortOptionHandling: false,
		ExitErrHandler:         func(*cli.Context, error) {}, // report prints it, once
		OnUsageError:           usageError,
		CommandNotFound:        nil,
		Action:                 unknownCommand,
	}
	app.Commands = []*cli.Command{
		runCommand(p), demoCommand(p), compareCommand(p), checkCommand(p), luaCommand(p), parseCommand(p),
		resultsCommand(p), scenariosCommand(p), serveCommand(p), configCommand(p), initCommand(p),
	}
	for _, c := range app.Commands {
		prepare(c)
	}
	return app
}

// prepare gives every command, at every depth, the same treatment of wrong flags.
func prepare(c *cli.Command) {
	c.OnUsageError = usageError
	c.HideHelpCommand = true
	for _, sub := range c.Subcommands {
		prepare(sub)
	}
}

func usageError(c *cli.Context, err error, _ bool) error {
	name := "taskbench"
	if c.Command != nil && c.Command.HelpName != "" {
		name = c.Command.HelpName
	}
	return exit(ExitUsage, fmt.Errorf("%w\nhint: %s --help lists the flags", err, name))
}

func unknownCommand(c *cli.Context) error {
	if c.NArg() == 0 {
		return cli.ShowAppHelp(c)
	}
	names := make([]string, 0, len(c.App.Commands))
	for _, cmd := range c.App.Commands {
		names = append(names, cmd.Name)
	}
	return usagef(c.Args().First(), names, "unknown command %q", c.Args().First())
}

func hasExitCode(err error) bool {
	var e *exitError
	return errors.As(err, &e)
}
