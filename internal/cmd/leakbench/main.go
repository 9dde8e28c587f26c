// Command leakbench holds `taskbench memory` against servers whose truth is
// known: the reference server, which does not leak, must be called stable in
// every run, and one that keeps 1 MB a second must be called growing, at that
// rate within 10 %. It prints a table and exits 1 when a bar is missed.
//
//	go run ./internal/cmd/leakbench -stable 20 -leaking 3 -parallel 4
//
// Each run is the command itself, in a process of its own, as a user types it.
// Runs side by side disturb each other: that makes the task harder, not easier.
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
	// This program is taskbench and the server under test, too.
	if len(os.Args) > 1 && slices.Contains([]string{"memory", "serve"}, os.Args[1]) {
		os.Exit(cli.Run(context.Background(), console.System()))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// asked is what the flags say.
type asked struct {
	stable, leaking int     // runs
	rate            float64 // MB/s of the server that leaks
	parallel        int
	duration        time.Duration
	scenario        string
	users           int
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var a asked
	flags := flag.NewFlagSet("leakbench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.IntVar(&a.stable, "stable", 20, "runs of a server that does not leak")
	flags.IntVar(&a.leaking, "leaking", 3, "runs of one that does")
	flags.Float64Var(&a.rate, "rate", 1, "of that leak, in MB/s")
	flags.IntVar(&a.parallel, "parallel", 4, "runs at the same time")
	flags.DurationVar(&a.duration, "duration", time.Minute, "of load in each run")
	flags.StringVar(&a.scenario, "scenario", "workflow", "built-in scenario")
	flags.IntVar(&a.users, "connections", 8, "virtual users of each run")
	if err := flags.Parse(args); err != nil || flags.NArg() > 0 || a.parallel < 1 {
		return 2
	}
	outcomes, err := measureAll(ctx, a, stderr)
	if err != nil {
		fmt.Fprintln(stderr, "leakbench:", err)
		return 1
	}
	printTable(stdout, outcomes)
	if !bars(stdout, a, outcomes) {
		fmt.Fprintln(stdout, "\na bar was missed")
		return 1
	}
	fmt.Fprintln(stdout, "\nall bars met")
	return 0
}
