//go:build linux

// Command ratebench holds load that is sent at a rate against the arrival clock of
// the server itself: the mean rate, how late iterations are sent, what latencies say
// of a server that stalls, and whether Poisson arrivals are such. It prints a table
// and exits 1 where a bar is missed.
//
//	go run ./internal/cmd/ratebench
//	go run ./internal/cmd/ratebench -only stall
//
// Server and generator have a core each. On a machine that others use too, a rate
// of 30,000/s and how late requests are sent are theirs as well.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "serve" {
		os.Exit(serve(os.Args[2:]))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// bench is what all parts have in common.
type bench struct {
	dir      string
	self     string
	duration time.Duration
	out      io.Writer
	missed   int
}

// parts are what can be asked for alone.
var parts = []struct {
	name string
	run  func(context.Context, *bench) error
}{{"rates", rates}, {"stall", stalls}, {"poisson", poisson}}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("ratebench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	only := flags.String("only", "", "one part alone: rates, stall or poisson")
	duration := flags.Duration("duration", 5*time.Second, "of each measurement")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	b := &bench{duration: *duration, out: stdout}
	var err error
	if b.self, err = os.Executable(); err == nil {
		b.dir, err = os.MkdirTemp("", "ratebench-")
	}
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	defer os.RemoveAll(b.dir)
	for _, p := range parts {
		if *only != "" && *only != p.name {
			continue
		}
		if err := p.run(ctx, b); err != nil {
			fmt.Fprintln(stderr, err)
			return 1
		}
	}
	if b.missed > 0 {
		fmt.Fprintf(stdout, "%d bars missed\n", b.missed)
		return 1
	}
	fmt.Fprintln(stdout, "all bars held")
	return 0
}

// held prints a figure beside its bar.
func (b *bench) held(ok bool, what, format string, args ...any) {
	sign := "ok    "
	if !ok {
		sign = "MISSED"
		b.missed++
	}
	fmt.Fprintf(b.out, "  %s %-34s %s\n", sign, what, fmt.Sprintf(format, args...))
}
