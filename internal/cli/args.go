package cli

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// completionWord, as the last argument, asks the library for completions.
const completionWord = "--generate-bash-completion"

// flagsFirst moves a command's flags in front of its other arguments, so that
// "taskbench run projects --pairs 2" means what it says: the library stops
// looking for flags at the first word that is none. Words keep their order among
// their own kind; what follows "--" is never a flag. A command line that ends in
// a flag without its value loses its other words, lest one of them becomes
// the value: it cannot run anyway, and the library says why. One that asks for
// help loses them too: the library would look for help on them.
//
// argv starts with the program's name. An unknown flag is taken for one without
// a value, which is refused under its own name later.
func flagsFirst(app *cli.App, argv []string) []string {
	if len(argv) == 0 || argv[len(argv)-1] == completionWord {
		return argv
	}
	flags, commands := app.Flags, app.Commands
	at := 1
	for {
		for at < len(argv) && isFlag(argv[at]) {
			at += flagWords(flags, argv[at])
		}
		if at >= len(argv) {
			return argv
		}
		i := slices.IndexFunc(commands, func(c *cli.Command) bool { return c.HasName(argv[at]) })
		if i < 0 {
			return argv
		}
		at++
		flags, commands = commands[i].Flags, commands[i].Subcommands
		if len(commands) == 0 {
			return append(slices.Clone(argv[:at]), sortWords(flags, argv[at:])...)
		}
	}
}

// sortWords puts the words of one command, without its name, in order.
func sortWords(flags []cli.Flag, words []string) []string {
	var first, others, last []string
	for len(words) > 0 && words[0] != "--" {
		if !isFlag(words[0]) {
			others, words = append(others, words[0]), words[1:]
			continue
		}
		if slices.Contains(cli.HelpFlag.Names(), strings.TrimLeft(words[0], "-")) {
			return words[:1]
		}
		n := flagWords(flags, words[0])
		if n > len(words) {
			return append(first, words...)
		}
		first, words = append(first, words[:n]...), words[n:]
	}
	if len(words) > 0 {
		first, last = append(first, "--"), words[1:]
	}
	return slices.Concat(first, others, last)
}

// isFlag tells flags from other words; "-" alone is standard input.
func isFlag(word string) bool {
	return len(word) > 1 && word[0] == '-' && word != "--"
}

// flagWords is how many words a flag takes: itself, and its value where that
// is a word of its own.
func flagWords(flags []cli.Flag, word string) int {
	name, _, hasValue := strings.Cut(strings.TrimPrefix(word[1:], "-"), "=")
	if hasValue {
		return 1
	}
	for _, f := range flags {
		if doc, ok := f.(cli.DocGenerationFlag); ok && doc.TakesValue() && slices.Contains(f.Names(), name) {
			return 2
		}
	}
	return 1
}
