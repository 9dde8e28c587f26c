//go:build linux

// Command faultbench holds what taskbench counts as errors against a faulty
// server's own count: each kind of fault, in each form that a script has. It
// prints a table and exits 1 where the two accounts differ by more than the
// requests that were on their way.
//
//	go run ./internal/cmd/faultbench
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Stdout, os.Stderr))
}

func run(ctx context.Context, stdout, stderr io.Writer) int {
	dir, err := os.MkdirTemp("", "faultbench-")
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	fmt.Fprintf(stdout, "%-25s %-19s %9s %7s │ %7s %6s %10s %7s %6s %7s %5s\n",
		"the server's fault", "script", "requests", "faulty", "wrong", "lost", "unanswered", "surplus", "broken", "sum", "off")
	differ := 0
	for _, f := range faults {
		for _, m := range modes {
			o, err := measure(ctx, f, m.name, m.text, dir)
			if err != nil {
				fmt.Fprintln(stderr, err)
				return 1
			}
			if !o.agrees() {
				differ++
			}
			fmt.Fprintln(stdout, o.row())
		}
	}
	if differ > 0 {
		fmt.Fprintf(stdout, "%d of %d differ by more than the %d requests on their way\n", differ, len(faults)*len(modes), connections)
		return 1
	}
	fmt.Fprintf(stdout, "all %d agree within the %d requests on their way\n", len(faults)*len(modes), connections)
	return 0
}

func (o outcome) row() string {
	t := o.trial
	row := fmt.Sprintf("%-25s %-19s %9d %7d │ %7d %6d %10d %7d %6d %7d %+5d",
		o.fault, o.mode, o.requests, o.faulty, o.wrong(), t.Lost, t.Unanswered, t.Surplus, t.Broken, t.Failures(), o.off())
	if !o.agrees() {
		row += "  DIFFERS " + t.Error
	}
	return row
}
