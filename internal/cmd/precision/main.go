package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"taskbench/internal/cmd/lab"
	"taskbench/internal/machine"
)

func main() {
	lab.Serve()
	beOther()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// asked is what the flags say.
type asked struct {
	parts            []string
	only, keep       string
	repeats          int
	runs             int
	duration, warmup time.Duration
	seed             int64
}

// parts are what there is to measure.
var parts = map[string]func(context.Context, *bench) error{"scatter": scatter, "bias": bias, "verdicts": verdicts}

// bench is what the parts are made with.
type bench struct {
	asked
	lab            *lab.Lab
	stdout, stderr io.Writer
	missed         int // bars
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var a asked
	var list string
	flags := flag.NewFlagSet("precision", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&list, "parts", "scatter,bias,verdicts", "what to measure")
	flags.StringVar(&a.only, "only", "", "only what has this in its name")
	flags.StringVar(&a.keep, "keep", "", "a file to which what was measured is added, a line for each run: for trying other estimates on the same rounds")
	flags.IntVar(&a.repeats, "repeats", 20, "pairs of scatter and bias, each way")
	flags.IntVar(&a.runs, "runs", 20, "runs of verdicts, of each kind")
	flags.DurationVar(&a.duration, "duration", 2*time.Second, "of each server's part of a pair")
	flags.DurationVar(&a.warmup, "warmup", 1500*time.Millisecond, "before each; a slowed server takes a second to be slow by the right share")
	flags.Int64Var(&a.seed, "seed", 1, "of the orders and of the data")
	if err := flags.Parse(args); err != nil || flags.NArg() > 0 {
		return 2
	}
	a.parts = strings.Split(list, ",")
	for _, p := range a.parts {
		if parts[p] == nil {
			fmt.Fprintf(stderr, "precision: there is no part %q: scatter, bias, verdicts\n", p)
			return 2
		}
	}
	l, err := lab.New()
	if err != nil {
		fmt.Fprintln(stderr, "precision:", err)
		return 1
	}
	defer l.Close()
	return (&bench{asked: a, lab: l, stdout: stdout, stderr: stderr}).all(ctx)
}

func (b *bench) all(ctx context.Context) int {
	fmt.Fprintf(b.stdout, "%s, %d cores, load average %s\n", time.Now().Format("2006-01-02 15:04"), runtime.NumCPU(), load())
	for _, name := range []string{"scatter", "bias", "verdicts"} {
		if !slices.Contains(b.parts, name) {
			continue
		}
		if err := parts[name](ctx, b); err != nil {
			fmt.Fprintln(b.stderr, "precision:", err)
			return 1
		}
		fmt.Fprintf(b.stdout, "load average %s\n", load())
	}
	if b.missed > 0 {
		fmt.Fprintf(b.stdout, "\n%d bars were missed\n", b.missed)
		return 1
	}
	fmt.Fprintln(b.stdout, "\nall bars met")
	return 0
}

// load is how busy the machine is by itself: figures here are of that moment.
func load() string { return fmt.Sprintf("%.1f", machine.Describe().LoadBefore) }

// bar says whether one is met.
func (b *bench) bar(met bool) string {
	if met {
		return "met"
	}
	b.missed++
	return "MISSED"
}
