package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"taskbench/scenarios"
)

var shells = []string{"bash", "zsh", "fish"}

func completionCommand(p Process) *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print a completion script for a shell",
		ArgsUsage: "bash|zsh|fish",
		Description: "bash: source <(taskbench completion bash)\n" +
			"zsh:  taskbench completion zsh > \"${fpath[1]}/_taskbench\"\n" +
			"fish: taskbench completion fish > ~/.config/fish/completions/taskbench.fish",
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return badFlag("name one shell: %s", strings.Join(shells, ", "))
			}
			write, known := map[string]func(io.Writer, []completed) error{
				"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion,
			}[c.Args().First()]
			if !known {
				return usagef(c.Args().First(), shells, "unknown shell %q", c.Args().First())
			}
			return write(p.raw.Stdout, completions(c.App))
		},
	}
}

// completed is one place of the command line, and what may follow there.
type completed struct {
	path  string // the commands before it, joined by spaces; "" at the beginning
	words []candidate
	flags []candidate
	names string // what is asked of the store when it is completed: a word of namesOf; "" for nothing
}

// candidate is a word with what it means; values are those that a flag takes,
// where they are known.
type candidate struct {
	word, meaning string
	takesValue    bool
	values        []string
}

// flagValues are the words that a flag takes, nil where it takes files or
// anything. The formats are those that its usage names.
func flagValues(name, usage string) []string {
	switch name {
	case "to":
		return exportFormats
	case "format":
		return slices.DeleteFunc(slices.Clone(formats), func(f string) bool { return !strings.Contains(usage, f) })
	}
	return nil
}

// completions lists all places, the program's own first.
func completions(app *cli.App) []completed {
	root := &cli.Command{Subcommands: app.Commands, Flags: app.Flags}
	return append([]completed{place("", root)}, below("", app.Commands)...)
}

func below(path string, commands []*cli.Command) []completed {
	var list []completed
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

func place(path string, c *cli.Command) completed {
	at := completed{path: path}
	for _, sub := range c.Subcommands {
		if !sub.Hidden {
			at.words = append(at.words, candidate{word: sub.Name, meaning: sub.Usage})
		}
	}
	if path == "completion" {
		for _, s := range shells {
			at.words = append(at.words, candidate{word: s, meaning: "for " + s})
		}
	}
	if strings.Contains(c.ArgsUsage, "SCENARIO|") {
		for _, name := range scenarios.BuiltinNames() {
			at.words = append(at.words, candidate{word: name, meaning: "built-in scenario"})
		}
	}
	switch {
	case strings.Contains(c.ArgsUsage, "REF"), c.ArgsUsage == "[A B]":
		at.names = "refs"
	case path == "baseline show":
		at.names = "baselines"
	}
	for _, f := range c.Flags {
		doc, ok := f.(cli.DocGenerationFlag)
		if !ok {
			continue
		}
		_, meaning := placeholder(doc.GetUsage())
		for _, name := range f.Names() {
			at.flags = append(at.flags, candidate{
				word: strings.Repeat("-", min(len(name), 2)) + name, meaning: meaning, takesValue: doc.TakesValue(), values: flagValues(name, meaning),
			})
		}
	}
	if !slices.ContainsFunc(at.flags, func(f candidate) bool { return f.word == "--help" }) {
		at.flags = append(at.flags, candidate{word: "--help", meaning: "show help"})
	}
	return at
}

// listed joins the words of candidates.
func listed(candidates []candidate) string {
	words := make([]string, len(candidates))
	for i, c := range candidates {
		words[i] = c.word
	}
	return strings.Join(words, " ")
}

// descents are the arms of a case in bash and in zsh: from the place where one
// is, and the next word, to the place where that leads.
func descents(places []completed) string {
	var b strings.Builder
	for _, p := range places[1:] {
		parent, name := "", p.path
		if cut := strings.LastIndex(p.path, " "); cut >= 0 {
			parent, name = p.path[:cut], p.path[cut+1:]
		}
		fmt.Fprintf(&b, "      %s) at=%s ;;\n", shellQuote(parent+" "+name), shellQuote(p.path))
	}
	return b.String()
}

// bashCompletion finds the place by walking over the words that are commands,
// and completes files where nothing else is known.
func bashCompletion(w io.Writer, places []completed) error {
	var b strings.Builder
	b.WriteString("# bash completion of taskbench; made by: taskbench completion bash\n" +
		"_taskbench() {\n  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} at='' words='' flags='' names='' i\n" +
		"  for ((i = 1; i < COMP_CWORD; i++)); do\n    case \"$at ${COMP_WORDS[i]}\" in\n")
	b.WriteString(descents(places))
	b.WriteString("    esac\n  done\n  case \"$at $previous\" in\n")
	for _, p := range places {
		for _, f := range p.flags {
			if len(f.values) > 0 {
				fmt.Fprintf(&b, "    %s) mapfile -t COMPREPLY < <(compgen -W %s -- \"$current\"); return ;;\n",
					shellQuote(p.path+" "+f.word), shellQuote(strings.Join(f.values, " ")))
			}
		}
	}
	b.WriteString("  esac\n  case \"$at\" in\n")
	for _, p := range places {
		fmt.Fprintf(&b, "    %s) words=%s flags=%s names=%s ;;\n", shellQuote(p.path), shellQuote(listed(p.words)), shellQuote(listed(p.flags)), shellQuote(p.names))
	}
	b.WriteString("  esac\n  if [[ $names ]]; then words+=\" $(\"${COMP_WORDS[0]}\" names \"$names\" 2>/dev/null)\"; fi\n  if [[ $current == -* ]]; then words=$flags; fi\n" +
		"  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n}\n" +
		"complete -o default -F _taskbench taskbench\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func zshCompletion(w io.Writer, places []completed) error {
	var b strings.Builder
	b.WriteString("#compdef taskbench\n# zsh completion of taskbench; made by: taskbench completion zsh\n" +
		"_taskbench() {\n  local at='' names='' i\n  local -a words_here flags_here\n" +
		"  for ((i = 2; i < CURRENT; i++)); do\n    case \"$at ${words[i]}\" in\n")
	b.WriteString(descents(places))
	b.WriteString("    esac\n  done\n  case \"$at ${words[CURRENT-1]}\" in\n")
	for _, p := range places {
		for _, f := range p.flags {
			if len(f.values) > 0 {
				fmt.Fprintf(&b, "    %s) compadd -- %s; return ;;\n", shellQuote(p.path+" "+f.word), strings.Join(f.values, " "))
			}
		}
	}
	b.WriteString("  esac\n  case \"$at\" in\n")
	for _, p := range places {
		fmt.Fprintf(&b, "    %s) words_here=(%s) flags_here=(%s) names=%s ;;\n", shellQuote(p.path), described(p.words), described(p.flags), shellQuote(p.names))
	}
	b.WriteString("  esac\n  if [[ -n $names ]]; then words_here+=(${(f)\"$(${words[1]} names $names 2>/dev/null)\"}); fi\n" +
		"  if [[ ${words[CURRENT]} == -* ]]; then\n    _describe flag flags_here\n" +
		"  elif (( ${#words_here} )); then\n    _describe command words_here\n  else\n    _files\n  fi\n}\n" +
		"if [[ ${funcstack[1]} == _taskbench ]]; then _taskbench \"$@\"; else compdef _taskbench taskbench; fi\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// described is a list as zsh's _describe reads it: 'word:meaning'.
func described(candidates []candidate) string {
	list := make([]string, len(candidates))
	for i, c := range candidates {
		list[i] = shellQuote(strings.ReplaceAll(c.word, ":", `\:`) + ":" + c.meaning)
	}
	return strings.Join(list, " ")
}

func fishCompletion(w io.Writer, places []completed) error {
	var b strings.Builder
	b.WriteString("# fish completion of taskbench; made by: taskbench completion fish\n")
	for _, p := range places {
		when := "__fish_use_subcommand"
		if p.path != "" {
			var seen []string
			for _, word := range strings.Fields(p.path) {
				seen = append(seen, "__fish_seen_subcommand_from "+word)
			}
			when = strings.Join(seen, "; and ")
		}
		for _, c := range p.words {
			fmt.Fprintf(&b, "complete -c taskbench -f -n %s -a %s -d %s\n", fishQuote(when), fishQuote(c.word), fishQuote(c.meaning))
		}
		if p.names != "" {
			fmt.Fprintf(&b, "complete -c taskbench -n %s -a %s\n", fishQuote(when), fishQuote("(taskbench names "+p.names+" 2>/dev/null)"))
		}
		for _, f := range p.flags {
			fmt.Fprintf(&b, "complete -c taskbench -n %s %s -d %s\n", fishQuote(when), fishFlag(f), fishQuote(f.meaning))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func fishFlag(f candidate) string {
	text := "-l " + strings.TrimLeft(f.word, "-")
	if !strings.HasPrefix(f.word, "--") {
		text = "-s " + strings.TrimLeft(f.word, "-")
	}
	switch {
	case len(f.values) > 0:
		text += " -x -a " + fishQuote(strings.Join(f.values, " "))
	case f.takesValue:
		text += " -r"
	}
	return text
}

// shellQuote makes any text one word of bash and zsh.
func shellQuote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// fishQuote makes any text one word of fish.
func fishQuote(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'"
}
