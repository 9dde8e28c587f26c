package stored

import (
	"fmt"

	"taskbench/compare/gate"
	"taskbench/compare/words"
	"taskbench/internal/cli/console"
	"taskbench/internal/export"
	"taskbench/internal/files"
	"taskbench/internal/page"
)

// tellGitHub gives a gate's decisions to GitHub Actions, where the gate runs in
// it: annotations on standard error, which the runner reads as well as standard
// output and which leaves that to --format, and a section of the job's summary.
func tellGitHub(p console.Process, g *gate.Report) error {
	if p.Getenv("GITHUB_ACTIONS") != "true" {
		return nil
	}
	if err := export.Annotations(p.Raw.Stderr, g); err != nil {
		return err
	}
	path := p.Getenv("GITHUB_STEP_SUMMARY")
	if path == "" {
		return nil
	}
	f, err := files.Append(path)
	if err != nil {
		return fmt.Errorf("the job summary cannot be written: %w", err)
	}
	if err := page.Markdown(f, words.Gate(g)); err != nil {
		f.Close()
		return fmt.Errorf("the job summary cannot be written: %w", err)
	}
	return f.Close()
}
