package export

import (
	"fmt"
	"io"
	"strings"

	"taskbench/compare"
)

// CommentMarker is the first line of a comment: by it a workflow finds its own
// earlier comment and replaces that instead of adding another one.
const CommentMarker = "<!-- taskbench -->"

// commentLimit is what GitHub takes as one comment, in characters, with room
// for a workflow's own words.
const commentLimit = 65536 - 2048

// Comment writes a comparison for a pull request: the summary, what a gate
// decided (nil: nothing was gated), and everything else folded away. Where that
// is more than a comment can hold, the rest is left out and the comment says so.
func Comment(w io.Writer, c *compare.Comparison, g *compare.GateReport) error {
	var full, decided strings.Builder
	if err := compare.Markdown(&full, c); err != nil {
		return err
	}
	if g != nil {
		decided.WriteString("\n#") // its title is one level below the comment's
		if err := compare.GateMarkdown(&decided, g); err != nil {
			return err
		}
	}
	// compare.Markdown sums up below its last rule.
	body, summary := full.String(), ""
	if at := strings.LastIndex(body, "\n---\n"); at >= 0 {
		body, summary = body[:at], strings.TrimSpace(body[at+len("\n---\n"):])
	}
	title, details, _ := strings.Cut(strings.TrimSpace(body), "\n")
	head := fmt.Sprintf("%s\n%s\n\n%s\n%s", CommentMarker, title, summary, decided.String())
	rest := fmt.Sprintf("\n<details><summary>All figures</summary>\n\n%s\n\n</details>\n", strings.TrimSpace(details))
	if len(head)+len(rest) > commentLimit {
		rest = "\nThe tables are too long for a comment: see the run's files.\n"
	}
	_, err := io.WriteString(w, shortened(head, commentLimit-len(rest))+rest)
	return err
}
