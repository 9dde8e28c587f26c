package cli

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"taskbench/internal/cli/console"
	"taskbench/internal/cli/measure"
	"taskbench/internal/cli/order"
	"taskbench/internal/cli/stored"
	"taskbench/internal/config"
	"taskbench/internal/shell"
	"taskbench/scenarios"
)

var shells = []string{"bash", "zsh", "fish"}

func completionCommand(p console.Process) *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print a completion script for a shell",
		ArgsUsage: "bash|zsh|fish",
		Description: "bash: source <(taskbench completion bash)\n" +
			"zsh:  taskbench completion zsh > \"${fpath[1]}/_taskbench\"\n" +
			"fish: taskbench completion fish > ~/.config/fish/completions/taskbench.fish",
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return console.BadFlag("name one shell: %s", strings.Join(shells, ", "))
			}
			write, known := shell.Completions[c.Args().First()]
			if !known {
				return console.Usagef(c.Args().First(), shells, "unknown shell %q", c.Args().First())
			}
			return write(p.Raw.Stdout, completions(c.App))
		},
	}
}

// flagValues are the words that a flag takes, nil where it takes files or
// anything. The formats are those that its usage names.
func flagValues(name, usage string) []string {
	switch name {
	case "to":
		if strings.Contains(usage, stored.ExportFormats[0]) {
			return stored.ExportFormats
		}
	case "engine":
		return measure.Engines
	case "arrival":
		return order.Arrivals
	case "hosts":
		return []string{config.NoHosts, "local:2"}
	case "suite":
		return config.Suites
	case "format":
		return slices.DeleteFunc(slices.Clone(console.Formats), func(f string) bool { return !strings.Contains(usage, f) })
	}
	return nil
}

// completions lists all places, the program's own first.
func completions(app *cli.App) []shell.Place {
	root := &cli.Command{Subcommands: app.Commands, Flags: app.Flags}
	return append([]shell.Place{place("", root)}, below("", app.Commands)...)
}

func below(path string, commands []*cli.Command) []shell.Place {
	var list []shell.Place
	for _, c := range commands {
		if c.Hidden {
			continue
		}
		here := strings.TrimSpace(path + " " + c.Name)
		list = append(list, place(here, c))
		list = append(list, below(here, c.Subcommands)...)
	}
	return list
}

func place(path string, c *cli.Command) shell.Place {
	at := shell.Place{Path: path}
	for _, sub := range c.Subcommands {
		if !sub.Hidden {
			at.Words = append(at.Words, shell.Word{Text: sub.Name, Meaning: sub.Usage})
		}
	}
	if path == "completion" {
		for _, s := range shells {
			at.Words = append(at.Words, shell.Word{Text: s, Meaning: "for " + s})
		}
	}
	if strings.Contains(c.ArgsUsage, "SCENARIO|") {
		for _, name := range scenarios.BuiltinNames() {
			at.Words = append(at.Words, shell.Word{Text: name, Meaning: "built-in scenario"})
		}
	}
	switch {
	case strings.Contains(c.ArgsUsage, "REF"), strings.HasPrefix(c.ArgsUsage, "[A B]"):
		at.Names = "refs"
	case strings.Contains(c.ArgsUsage, "SCENARIO|"):
		at.Names = "scenarios"
	case path == "baseline show":
		at.Names = "baselines"
	}
	for _, f := range c.Flags {
		doc, ok := f.(cli.DocGenerationFlag)
		if !ok {
			continue
		}
		_, meaning := placeholder(doc.GetUsage())
		for _, name := range f.Names() {
			at.Flags = append(at.Flags, shell.Word{
				Text: strings.Repeat("-", min(len(name), 2)) + name, Meaning: meaning, TakesValue: doc.TakesValue(), Values: flagValues(name, meaning),
			})
		}
	}
	if !slices.ContainsFunc(at.Flags, func(f shell.Word) bool { return f.Text == "--help" }) {
		at.Flags = append(at.Flags, shell.Word{Text: "--help", Meaning: "show help"})
	}
	return at
}
