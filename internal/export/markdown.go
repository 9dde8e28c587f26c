package export

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"taskbench/compare"
	"taskbench/compare/gate"
	"taskbench/compare/words"
	"taskbench/internal/page"
	"taskbench/internal/plain"
)

// CommentMarker is the first line of a comment: by it a workflow finds its own
// earlier comment and replaces that instead of adding another one.
const CommentMarker = "<!-- taskbench -->"

// commentLimit is what GitHub takes as one comment, in characters, with room
// for a workflow's own words.
const commentLimit = 65536 - 2048

// Comment writes a comparison for a pull request: the answer and the summary, what a gate
// decided (nil: nothing was gated), and everything else folded away. Where that
// is more than a comment can hold, the rest is left out and the comment says so.
func Comment(w io.Writer, c *compare.Comparison, g *gate.Report) error {
	p := words.Load(c)
	top := page.Page{Headline: p.Headline}
	for _, h := range words.Headlines(c) {
		top.Add(h)
	}
	top.Add(page.Lines{Items: p.Summary})
	isAnswer := func(b page.Block) bool { _, is := b.(page.Headline); return is }
	p.Blocks = slices.DeleteFunc(p.Blocks, isAnswer)
	head, err := markdown(top)
	if err != nil {
		return err
	}
	if g != nil {
		said := words.Gate(g)
		said.Blocks = slices.DeleteFunc(said.Blocks, isAnswer)
		decided, err := markdown(said)
		if err != nil {
			return err
		}
		head += "\n#" + decided // its title is one level below the comment's
	}
	details, err := markdown(page.Page{Blocks: p.Blocks})
	if err != nil {
		return err
	}
	head = CommentMarker + "\n" + head
	rest := fmt.Sprintf("\n<details><summary>All figures</summary>\n\n%s\n\n</details>\n", strings.TrimSpace(details))
	if len(head)+len(rest) > commentLimit {
		rest = "\nThe tables are too long for a comment: see the run's files.\n"
	}
	_, err = io.WriteString(w, plain.Characters(head, commentLimit-len(rest))+rest)
	return err
}

func markdown(p page.Page) (string, error) {
	var b strings.Builder
	err := page.Markdown(&b, p)
	return b.String(), err
}
