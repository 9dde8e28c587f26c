// Command killbench kills `taskbench run` at random moments, by SIGKILL,
// SIGTERM, SIGHUP and SIGINT, and goes on with `run --resume` each time. It
// prints what it found and exits 1 unless nothing was lost, no process outlived
// its run, and nothing was left behind in the end.
//
//	go run ./internal/cmd/killbench -kills 100 -seed 1
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"taskbench/internal/cli"
	"taskbench/internal/cli/console"
)

func main() {
	// This program is taskbench and the servers under test, too.
	if len(os.Args) > 1 && slices.Contains([]string{"run", "serve"}, os.Args[1]) {
		os.Exit(cli.Run(context.Background(), console.System()))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("killbench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	kills := flags.Int("kills", 100, "runs that are killed")
	seed := flags.Uint64("seed", 1, "of the moments and signals")
	within := flags.Duration("within", 3*time.Second, "a run is killed at most so long after its start")
	if err := flags.Parse(args); err != nil || flags.NArg() > 0 || *kills < 1 || *within <= 0 {
		return 2
	}
	found, err := storm(ctx, *kills, *seed, *within, stderr)
	if err != nil {
		fmt.Fprintln(stderr, "killbench:", err)
		return 1
	}
	fmt.Fprint(stdout, found)
	if !found.clean() {
		fmt.Fprintln(stdout, "\na bar was missed")
		return 1
	}
	fmt.Fprintln(stdout, "\nall bars met")
	return 0
}
