package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// The columns of a command's flags: 80 in all, what a flag does from the
// twenty-sixth on.
const (
	helpWidth  = 80
	helpIndent = 3 // where the library starts a flag
	helpColumn = 25
	helpHang   = 6 // what the library puts in front of further lines
)

// The library keeps how it writes flags in a variable, for all programs' sake.
func init() { cli.FlagStringer = flagHelp }

// flagHelp writes one flag for --help: its names, what it does, what it is
// when not given (where that is not nothing), and its variable. Lines are broken
// so that they fit into 80 columns.
func flagHelp(f cli.Flag) string {
	doc, ok := f.(cli.DocGenerationFlag)
	if !ok {
		return strings.Join(f.Names(), ", ")
	}
	value, usage := placeholder(doc.GetUsage())
	if _, slice := f.(cli.DocGenerationSliceFlag); !slice {
		usage += shownDefault(usage, doc.GetValue())
	}
	for _, variable := range doc.GetEnvVars() {
		usage += " [$" + variable + "]"
	}
	names := flagNames(f.Names(), doc.TakesValue(), value)
	lines := breakLines(usage, helpWidth-helpColumn)
	if room := helpColumn - helpIndent; len(names) > room-2 {
		lines = slices.Insert(lines, 0, names)
	} else {
		lines[0] = fmt.Sprintf("%-*s%s", room, names, lines[0])
	}
	return strings.Join(lines, "\n"+strings.Repeat(" ", helpColumn-helpHang))
}

// placeholder takes the word in backquotes, which stands for the value, out of
// a usage text: "NAME" and the text without quotes.
func placeholder(usage string) (word, text string) {
	before, rest, _ := strings.Cut(usage, "`")
	word, after, quoted := strings.Cut(rest, "`")
	if !quoted {
		return "VALUE", usage
	}
	return word, before + word + after
}

func shownDefault(usage, value string) string {
	value = strings.Trim(value, `"`)
	if strings.Contains(usage, "(default") || slices.Contains([]string{"", "0", "0s", "0%", "false"}, value) {
		return ""
	}
	return fmt.Sprintf(" (default: %s)", value)
}

func flagNames(names []string, takesValue bool, value string) string {
	dashed := make([]string, len(names))
	for i, name := range names {
		dashed[i] = strings.Repeat("-", min(len(name), 2)) + name
	}
	text := strings.Join(dashed, ", ")
	if takesValue {
		text += " " + value
	}
	return text
}

// breakLines breaks a text between words into lines of at most width bytes,
// longer words apart; there is at least one line.
func breakLines(text string, width int) []string {
	lines := []string{""}
	for _, word := range strings.Fields(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case len(*last)+1+len(word) <= width:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
	}
	return lines
}

// helpLast turns "help COMMAND", as other programs have it, into "COMMAND
// --help". Words behind help that name no command are left to be refused.
func helpLast(app *cli.App, argv []string) []string {
	commands := app.Commands
	for i := 1; i < len(argv) && len(commands) > 0; i++ {
		if argv[i] == "help" {
			rest := argv[i+1:]
			if isCommand(commands, rest) {
				rest = append(slices.Clone(rest), "--help")
			}
			return slices.Concat(argv[:i], rest)
		}
		next := slices.IndexFunc(commands, func(c *cli.Command) bool { return c.HasName(argv[i]) })
		if next < 0 {
			return argv
		}
		commands = commands[next].Subcommands
	}
	return argv
}

// isCommand tells whether words lead to a command; no words lead to where one is.
func isCommand(commands []*cli.Command, words []string) bool {
	for _, word := range words {
		next := slices.IndexFunc(commands, func(c *cli.Command) bool { return c.HasName(word) })
		if next < 0 {
			return false
		}
		commands = commands[next].Subcommands
	}
	return true
}
