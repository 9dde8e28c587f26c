// Package measure has the commands that load servers: run and demo, soak, capacity, memory,
// cpu, ledger, calibrate. Each turns an order into a plan, has it carried out, and
// stores and prints what came of it.
package measure

import (
	"github.com/urfave/cli/v2"

	"taskbench/internal/cli/console"
)

// Commands are those of this package, in the order in which a user comes to need them.
func Commands(p console.Process) []*cli.Command {
	return []*cli.Command{demoCommand(p), runCommand(p), soakCommand(p), capacityCommand(p), memoryCommand(p), cpuCommand(p), ledgerCommand(p), calibrateCommand(p)}
}
