// Package stored has the commands that read what was measured: compare, gate,
// baseline, history, why, report, export, results.
package stored

import (
	"github.com/urfave/cli/v2"

	"taskbench/internal/cli/console"
)

// Commands are those of this package, in the order in which a user comes to need them.
func Commands(p console.Process) []*cli.Command {
	return []*cli.Command{
		compareCommand(p), gateCommand(p), baselineCommand(p), historyCommand(p), whyCommand(p), reportCommand(p), exportCommand(p), resultsCommand(p),
	}
}
