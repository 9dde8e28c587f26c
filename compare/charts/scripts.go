package charts

import (
	"fmt"
	"strings"

	"taskbench/compare"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/results"
)

// Script is what the load generator ran in one scenario against one target.
type Script struct {
	Scenario    string
	Connections int
	Target      string // its implementation
	Text        string
	Missing     string // why there is no text
	Note        string // what to know about it
}

// command is the generator's command line of one target, and the script that it
// names.
type command struct {
	Target, Line string
	Script       string // whole, or only the lines that differ
	Like         string // where the script that those lines differ from stands
	Missing      string
	Note         string
	Lines        int
}

// commands takes the command line of the first trial that has one: trials
// differ in the script's seed alone.
func commands(c *compare.Comparison, docs []results.Document, scripts []Script) []page.Block {
	var list []page.Block
	first := map[string]example{}
	for _, s := range c.Scenarios {
		group := page.Aside{Title: fmt.Sprintf("%s, %s", s.Name, figure.Count(s.Load.Connections, "connection"))}
		for i, d := range docs {
			argv := argvOf(d, s)
			if argv == nil {
				continue
			}
			one := command{Target: c.Targets[i].Label, Line: shellLine(argv)}
			for _, script := range scripts {
				if script.Scenario == s.Name && script.Connections == s.Load.Connections && script.Target == c.Targets[i].Implementation {
					one.show(script, first, group.Title)
					break
				}
			}
			group.Blocks = append(group.Blocks, one.blocks()...)
		}
		if len(group.Blocks) > 0 {
			list = append(list, group)
		}
	}
	return list
}

func (c command) blocks() []page.Block {
	blocks := []page.Block{page.Heading{Text: c.Target}, page.Code{Text: c.Line}}
	if c.Note != "" {
		blocks = append(blocks, remark(c.Note))
	}
	if c.Missing != "" {
		blocks = append(blocks, remark("No script: "+c.Missing))
	}
	script := page.Code{Text: c.Script, Long: true}
	switch {
	case c.Like != "" && c.Script == "":
		return append(blocks, remark("The script is that of "+c.Like+"."))
	case c.Like != "":
		return append(blocks, remark("The script is that of "+c.Like+", but for these lines:"), script)
	case c.Script != "":
		return append(blocks, page.Aside{Title: fmt.Sprintf("the script, %d lines of Lua", c.Lines), Long: true, Blocks: []page.Block{script}})
	}
	return blocks
}

// example is the script of a scenario that is shown whole, and where.
type example struct{ text, place string }

// show takes a script over: whole, or as what differs from the scenario's first.
func (c *command) show(s Script, first map[string]example, place string) {
	c.Script, c.Missing, c.Note = s.Text, s.Missing, s.Note
	if s.Text == "" {
		return
	}
	c.Lines = strings.Count(s.Text, "\n")
	whole, known := first[s.Scenario]
	if !known {
		first[s.Scenario] = example{s.Text, place + ", " + c.Target}
		return
	}
	if lines, ok := differing(whole.text, s.Text); ok {
		c.Script, c.Like = lines, whole.place
	}
}

// mostDiffering lines are worth showing instead of the whole.
const mostDiffering = 60

// differing are the lines of b that are not those of a, with their numbers;
// not ok where the two are too different for that.
func differing(a, b string) (lines string, ok bool) {
	was, is := strings.Split(a, "\n"), strings.Split(b, "\n")
	if len(was) != len(is) {
		return "", false
	}
	var text strings.Builder
	n := 0
	for i := range is {
		if was[i] != is[i] {
			fmt.Fprintf(&text, "%4d  %s\n", i+1, is[i])
			n++
		}
	}
	return text.String(), n <= mostDiffering
}

func argvOf(d results.Document, s compare.Scenario) []string {
	m := measurement(d, s)
	if m == nil {
		return nil
	}
	for _, t := range m.Trials {
		if t.Wrk != nil && len(t.Wrk.Argv) > 0 {
			return t.Wrk.Argv
		}
	}
	return nil
}

// shellLine is the command as a shell would take it.
func shellLine(argv []string) string {
	words := make([]string, len(argv))
	for i, word := range argv {
		words[i] = word
		if word == "" || strings.ContainsAny(word, " \t\n\"'`$&|;<>()*?[]#~=%!{}\\") {
			words[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
	}
	return strings.Join(words, " ")
}
