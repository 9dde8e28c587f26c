package compare

import (
	"fmt"
	"io"
	"strings"
)

// Markdown writes a comparison as GitHub-flavoured markdown, with all columns:
// for a pull request's comment or a report.
func Markdown(w io.Writer, c *Comparison) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n", escaped(headline(c)))
	var notes footnotes
	for _, target := range c.Targets {
		fmt.Fprintf(&b, "- %s\n", escaped(targetLine(c, target, &notes)))
	}
	if len(c.Targets) > 1 {
		fmt.Fprintf(&b, "- %s\n", reading)
	}
	flagBullets(&b, c.Flags)
	bullets(&b, c.Notes)
	writeFootnotes(&b, &notes)
	for _, s := range c.Scenarios {
		markdownScenario(&b, c, s)
	}
	for _, s := range c.Sweeps {
		markdownSweep(&b, c, s)
	}
	b.WriteString("\n---\n\n")
	bullets(&b, summaryLines(c))
	_, err := io.WriteString(w, b.String())
	return err
}

func markdownScenario(b *strings.Builder, c *Comparison, s Scenario) {
	title := escaped(scenarioTitle(s))
	if s.State == Failed {
		title = "FAILED " + title
	}
	fmt.Fprintf(b, "\n### %s\n", title)
	before := "\n" // a list starts after an empty line
	for _, side := range s.Sides {
		for _, p := range problems(side) {
			fmt.Fprintf(b, "%s- ✗ %s\n", before, escaped(p.what))
			before = ""
			if p.example != "" {
				fmt.Fprintf(b, "  - %s\n", code(oneLine(p.example, 200)))
			}
		}
	}
	var hints []string
	if s.measured() {
		var notes footnotes
		markdownTable(b, layout(c, s, candidates(c), details[0], &notes))
		writeFootnotes(b, &notes)
		hints = legend(s.Rows)
		for _, check := range s.Expected {
			hints = append(hints, clean(expectedLine(check, false)))
		}
	}
	if len(hints)+len(s.LeftOut)+len(s.Flags)+len(s.Notes) > 0 {
		b.WriteString("\n")
	}
	bullets(b, hints)
	bullets(b, leftOutLines(s))
	flagBullets(b, s.Flags)
	bullets(b, s.Notes)
}

func candidates(c *Comparison) []int {
	list := make([]int, len(c.Targets)-1)
	for i := range list {
		list[i] = i + 1
	}
	return list
}

func markdownSweep(b *strings.Builder, c *Comparison, s Sweep) {
	fmt.Fprintf(b, "\n### Scaling of %s\n", escaped(s.Scenario))
	var notes footnotes
	markdownTable(b, layoutSweep(c, s, candidates(c), details[0], &notes))
	writeFootnotes(b, &notes)
	b.WriteString("\n")
	if l := kneeLine(s); l != "" {
		bullets(b, []string{l})
	}
	flagBullets(b, s.flags())
}

func flagBullets(b *strings.Builder, flags []string) {
	for _, f := range flags {
		fmt.Fprintf(b, "- ⚠ %s\n", escaped(f))
	}
}

// bullets writes foreign sentences as a list.
func bullets(b *strings.Builder, sentences []string) {
	for _, s := range sentences {
		fmt.Fprintf(b, "- %s\n", escaped(s))
	}
}

func writeFootnotes(b *strings.Builder, notes *footnotes) {
	for i, reason := range notes.reasons {
		fmt.Fprintf(b, "\n%s %s\n", superscript(i+1), escaped(reason))
	}
}

// markdownTable writes a grid so that its source can be read too.
func markdownTable(b *strings.Builder, g grid) {
	header := make([]string, len(g.header))
	for i, text := range g.header {
		header[i] = escaped(text)
	}
	lines := [][]string{header}
	for _, row := range g.rows {
		texts := make([]string, len(row))
		for i, cell := range row {
			if texts[i] = escaped(cell.text); cell.style == strong && cell.text != "" {
				texts[i] = "**" + texts[i] + "**"
			}
		}
		lines = append(lines, texts)
	}
	widths := make([]int, len(g.header))
	for _, l := range lines {
		for i, text := range l {
			widths[i] = max(widths[i], textWidth(text), 3)
		}
	}
	b.WriteString("\n")
	for n, l := range lines {
		for i, text := range l {
			space := strings.Repeat(" ", widths[i]-textWidth(text))
			if b.WriteString("| "); g.left(i) {
				text += space
			} else {
				text = space + text
			}
			b.WriteString(text + " ")
		}
		b.WriteString("|\n")
		if n == 0 {
			markdownRule(b, g, widths)
		}
	}
}

func markdownRule(b *strings.Builder, g grid, widths []int) {
	for i, w := range widths {
		if g.left(i) {
			b.WriteString("|:" + strings.Repeat("-", w+1))
		} else {
			b.WriteString("|" + strings.Repeat("-", w+1) + ":")
		}
	}
	b.WriteString("|\n")
}

var markdownEscapes = strings.NewReplacer(markdownPairs()...)

// markdownPairs escape what starts markup or an entity. A tilde before a figure
// ("~11 pairs") can only open a deletion that no other tilde is left to close.
func markdownPairs() []string {
	var pairs []string
	for digit := range 10 {
		pairs = append(pairs, fmt.Sprintf("~%d", digit), fmt.Sprintf("~%d", digit))
	}
	for _, mark := range []string{`\`, "`", "*", "_", "[", "]", "<", "|", "~", "&"} {
		pairs = append(pairs, mark, `\`+mark)
	}
	return pairs
}

// escaped makes any text plain text of markdown, on one line.
func escaped(text string) string { return markdownEscapes.Replace(clean(text)) }

// code makes any text a code span: with more backticks around than within.
func code(text string) string {
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + " " + text + " " + fence
}
