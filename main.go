// Command taskbench compares two HTTP servers under load: it compiles YAML
// scenarios into Lua for wrk, measures every target in interleaved pairs, and
// prints the figures side by side.
package main

import (
	"context"
	"os"

	"taskbench/internal/cli"
	"taskbench/internal/cli/console"
)

func main() {
	os.Exit(cli.Run(context.Background(), console.System()))
}
