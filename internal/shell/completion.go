package shell

import (
	"fmt"
	"io"
	"strings"
)

// Place is one place of the command line, and what may follow there.
type Place struct {
	Path  string // the commands before it, joined by spaces; "" at the beginning
	Words []Word
	Flags []Word
	Names string // what is asked of the store when it is completed: what the command "names" takes; "" for nothing
}

// Word is a word with what it means; Values are those that a flag takes,
// where they are known.
type Word struct {
	Text, Meaning string
	TakesValue    bool
	Values        []string
}

// Completions write the script that completes taskbench, by shell. places are all
// of the command line, the program's own first.
var Completions = map[string]func(w io.Writer, places []Place) error{
	"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion,
}

// listed joins the words of Words.
func listed(candidates []Word) string {
	words := make([]string, len(candidates))
	for i, c := range candidates {
		words[i] = c.Text
	}
	return strings.Join(words, " ")
}

// descents are the arms of a case in bash and in zsh: from the place where one
// is, and the next word, to the place where that leads.
func descents(places []Place) string {
	var b strings.Builder
	for _, p := range places[1:] {
		parent, name := "", p.Path
		if cut := strings.LastIndex(p.Path, " "); cut >= 0 {
			parent, name = p.Path[:cut], p.Path[cut+1:]
		}
		fmt.Fprintf(&b, "      %s) at=%s ;;\n", Quote(parent+" "+name), Quote(p.Path))
	}
	return b.String()
}

// freeFlags are the flags of a place that take what nobody can list, as the arm of a case
// that leaves it to the one who types; "" for none.
func (p Place) freeFlags(then string) string {
	var arms []string
	for _, f := range p.Flags {
		if f.TakesValue && len(f.Values) == 0 {
			arms = append(arms, Quote(p.Path+" "+f.Text))
		}
	}
	if len(arms) == 0 {
		return ""
	}
	return fmt.Sprintf("    %s) %s; return ;;\n", strings.Join(arms, "|"), then)
}

// bashCompletion finds the place by walking over the words that are commands,
// and completes files where nothing else is known.
func bashCompletion(w io.Writer, places []Place) error {
	var b strings.Builder
	b.WriteString("# bash completion of taskbench; made by: taskbench completion bash\n" +
		"_taskbench() {\n  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} at='' words='' flags='' names='' i\n" +
		"  for ((i = 1; i < COMP_CWORD; i++)); do\n    case \"$at ${COMP_WORDS[i]}\" in\n")
	b.WriteString(descents(places))
	b.WriteString("    esac\n  done\n  case \"$at $previous\" in\n")
	for _, p := range places {
		for _, f := range p.Flags {
			if len(f.Values) > 0 {
				fmt.Fprintf(&b, "    %s) mapfile -t COMPREPLY < <(compgen -W %s -- \"$current\"); return ;;\n",
					Quote(p.Path+" "+f.Text), Quote(strings.Join(f.Values, " ")))
			}
		}
		b.WriteString(p.freeFlags("COMPREPLY=()"))
	}
	b.WriteString("  esac\n  case \"$at\" in\n")
	for _, p := range places {
		fmt.Fprintf(&b, "    %s) words=%s flags=%s names=%s ;;\n", Quote(p.Path), Quote(listed(p.Words)), Quote(listed(p.Flags)), Quote(p.Names))
	}
	b.WriteString("  esac\n  if [[ $names ]]; then words+=\" $(\"${COMP_WORDS[0]}\" names \"$names\" 2>/dev/null)\"; fi\n  if [[ $current == -* ]]; then words=$flags; fi\n" +
		"  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n}\n" +
		"complete -o default -F _taskbench taskbench\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func zshCompletion(w io.Writer, places []Place) error {
	var b strings.Builder
	b.WriteString("#compdef taskbench\n# zsh completion of taskbench; made by: taskbench completion zsh\n" +
		"_taskbench() {\n  local at='' names='' i\n  local -a words_here flags_here\n" +
		"  for ((i = 2; i < CURRENT; i++)); do\n    case \"$at ${words[i]}\" in\n")
	b.WriteString(descents(places))
	b.WriteString("    esac\n  done\n  case \"$at ${words[CURRENT-1]}\" in\n")
	for _, p := range places {
		for _, f := range p.Flags {
			if len(f.Values) > 0 {
				fmt.Fprintf(&b, "    %s) compadd -- %s; return ;;\n", Quote(p.Path+" "+f.Text), strings.Join(f.Values, " "))
			}
		}
		b.WriteString(p.freeFlags("_files"))
	}
	b.WriteString("  esac\n  case \"$at\" in\n")
	for _, p := range places {
		fmt.Fprintf(&b, "    %s) words_here=(%s) flags_here=(%s) names=%s ;;\n", Quote(p.Path), described(p.Words), described(p.Flags), Quote(p.Names))
	}
	b.WriteString("  esac\n  if [[ -n $names ]]; then words_here+=(${(f)\"$(${words[1]} names $names 2>/dev/null)\"}); fi\n" +
		"  if [[ ${words[CURRENT]} == -* ]]; then\n    _describe flag flags_here\n" +
		"  elif (( ${#words_here} )); then\n    _describe command words_here\n  else\n    _files\n  fi\n}\n" +
		"if [[ ${funcstack[1]} == _taskbench ]]; then _taskbench \"$@\"; else compdef _taskbench taskbench; fi\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// described is a list as zsh's _describe reads it: 'word:meaning'.
func described(candidates []Word) string {
	list := make([]string, len(candidates))
	for i, c := range candidates {
		list[i] = Quote(strings.ReplaceAll(c.Text, ":", `\:`) + ":" + c.Meaning)
	}
	return strings.Join(list, " ")
}

func fishCompletion(w io.Writer, places []Place) error {
	var b strings.Builder
	b.WriteString("# fish completion of taskbench; made by: taskbench completion fish\n")
	for _, p := range places {
		when := "__fish_use_subcommand"
		if p.Path != "" {
			var seen []string
			for _, word := range strings.Fields(p.Path) {
				seen = append(seen, "__fish_seen_subcommand_from "+word)
			}
			when = strings.Join(seen, "; and ")
		}
		for _, c := range p.Words {
			fmt.Fprintf(&b, "complete -c taskbench -f -n %s -a %s -d %s\n", fishQuote(when), fishQuote(c.Text), fishQuote(c.Meaning))
		}
		if p.Names != "" {
			fmt.Fprintf(&b, "complete -c taskbench -n %s -a %s\n", fishQuote(when), fishQuote("(taskbench names "+p.Names+" 2>/dev/null)"))
		}
		for _, f := range p.Flags {
			fmt.Fprintf(&b, "complete -c taskbench -n %s %s -d %s\n", fishQuote(when), fishFlag(f), fishQuote(f.Meaning))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func fishFlag(f Word) string {
	text := "-l " + strings.TrimLeft(f.Text, "-")
	if !strings.HasPrefix(f.Text, "--") {
		text = "-s " + strings.TrimLeft(f.Text, "-")
	}
	switch {
	case len(f.Values) > 0:
		text += " -x -a " + fishQuote(strings.Join(f.Values, " "))
	case f.TakesValue:
		text += " -r"
	}
	return text
}

// fishQuote makes any text one word of fish.
func fishQuote(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'"
}
