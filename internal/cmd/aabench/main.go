// Command aabench holds the whole of taskbench against servers whose truth is
// known: the reference server against itself, where the gate must stay quiet,
// and against one that needs 15 % more CPU time for the same work, which CPU
// time per answer must find in every run. It prints a table and exits 1 when a
// bar is missed.
//
//	go run ./internal/cmd/aabench -aa 20 -slow 10
//
// With -tally it keeps a scoreboard instead: how often whole runs state anything
// false, gates fail, and losses of 5, 10 and 15 % are found, while neighbours
// come and go. It appends each run to a file and goes on where it ended, so that
// a night's work may be stopped.
//
//	go run ./internal/cmd/aabench -tally scoreboard.jsonl -aa 200 -pin=false -slots
//
// Servers, generator, sampling, pairs and verdicts are the real ones; of results
// nothing is stored.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"taskbench/compare"
	"taskbench/compare/lineup"
	"taskbench/internal/bench"
	"taskbench/internal/cmd/lab"
	"taskbench/internal/hosts"
	"taskbench/internal/k6"
	"taskbench/lua"
	"taskbench/scenarios"
)

func main() {
	lab.Serve() // this program is its own server under test
	if len(os.Args) > 1 && os.Args[1] == "burn" {
		burn(os.Stdin)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// asked is what the flags say.
type asked struct {
	same, slow int // runs
	share      string
	pairs      int
	duration   time.Duration
	warmup     time.Duration
	scenario   string
	users      int
	seed       int64
	pin        bool
	slots      bool
	hosts      int  // processes that send together; 0: one, and no fleet
	k6         bool // they are k6
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var a asked
	flags := flag.NewFlagSet("aabench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.IntVar(&a.same, "aa", 20, "runs of the reference server against itself")
	flags.IntVar(&a.slow, "slow", 10, "runs against the slower one")
	flags.StringVar(&a.share, "share", "15%", "by which that one is slower")
	flags.IntVar(&a.pairs, "pairs", 6, "in each run")
	flags.DurationVar(&a.duration, "duration", time.Second, "of each window")
	flags.DurationVar(&a.warmup, "warmup", 1500*time.Millisecond, "before each window; a slowed server takes a second to be slow by the right share")
	flags.StringVar(&a.scenario, "scenario", "projects", "built-in scenario")
	flags.IntVar(&a.users, "connections", 16, "virtual users")
	flags.Int64Var(&a.seed, "seed", 1, "of the orders and of the data")
	flags.BoolVar(&a.pin, "pin", true, "keep servers and wrk on cores of their own, where there are two")
	flags.BoolVar(&a.slots, "slots", false, "let the two take turns of a fraction of a second")
	flags.IntVar(&a.hosts, "hosts", 0, "send from so many processes on this machine, as from hosts; no -slots then")
	flags.BoolVar(&a.k6, "k6", false, "send with k6")
	tally := flags.String("tally", "", "keep a scoreboard in this `file`, of -aa runs of the server against itself and half as many of slower ones")
	if err := flags.Parse(args); err != nil || flags.NArg() > 0 {
		return 2
	}
	if *tally != "" {
		if err := keepScore(ctx, a, *tally, stdout, stderr); err != nil {
			fmt.Fprintln(stderr, "aabench:", err)
			return 1
		}
		return 0
	}
	ok, err := measureAll(ctx, a, stdout, stderr)
	if err != nil {
		fmt.Fprintln(stderr, "aabench:", err)
		return 1
	}
	if !ok {
		fmt.Fprintln(stdout, "\na bar was missed")
		return 1
	}
	fmt.Fprintln(stdout, "\nall bars met")
	return 0
}

// measure makes one run of the server against one that is slower by a share.
func (a asked) measure(ctx context.Context, l *lab.Lab, share string, seed int64) (*compare.Comparison, error) {
	scenario, err := scenarios.Builtin(a.scenario)
	if err != nil {
		return nil, err
	}
	docs, err := l.Measure(ctx, lab.Run{
		Scenario: scenario, Users: a.users, Pairs: a.pairs, Duration: a.duration, Warmup: a.warmup, Seed: seed, Pin: a.pin, InSlots: a.slots,
		Candidate: lab.Side{Flags: "--slow " + share},
	})
	if err != nil {
		return nil, err
	}
	return compare.New(docs, lineup.Options{})
}

// lab is what runs are made with; end closes it.
func (a asked) lab(ctx context.Context) (l *lab.Lab, end func(), err error) {
	if l, err = lab.New(); err != nil {
		return nil, nil, err
	}
	end = l.Close
	switch {
	case a.k6:
		err = a.throughK6(l)
	case a.hosts > 0:
		var fleet *hosts.Fleet
		if fleet, err = hosts.Open(ctx, lab.Processes(a.hosts)); err == nil {
			l.Through(fleet.Generate, nil)
			end = func() { fleet.Close(); l.Close() }
		}
	}
	if err != nil {
		l.Close()
	}
	return l, end, err
}

func (a asked) throughK6(l *lab.Lab) error {
	found, err := k6.Find("")
	if err != nil {
		return err
	}
	engine := k6.Engine{K6: found, Processes: max(1, a.hosts)}
	l.Through(engine.Generate, func(s *scenarios.Scenario, o lua.Options) (bench.Script, error) {
		text, command, err := k6.Script(s, o)
		return bench.Script{Text: text, Ext: ".js", Command: command}, err
	})
	return nil
}

// measureAll makes all runs and prints their tables.
func measureAll(ctx context.Context, a asked, stdout, stderr io.Writer) (ok bool, err error) {
	l, end, err := a.lab(ctx)
	if err != nil {
		return false, err
	}
	defer end()
	same, slow := newTally(), newTally()
	for i := range a.same + a.slow {
		into, share := same, "0%"
		if i >= a.same {
			into, share = slow, a.share
		}
		comparison, err := a.measure(ctx, l, share, a.seed+int64(i))
		if err != nil {
			return false, err
		}
		into.add(comparison)
		fmt.Fprintf(stderr, "run %d of %d (%s slower): %s\n", i+1, a.same+a.slow, share, into.last)
	}
	fmt.Fprintln(stdout, a.setting())
	same.print(stdout, fmt.Sprintf("the same server twice, %d runs", a.same))
	slow.print(stdout, fmt.Sprintf("%s more CPU time for the same work, %d runs", a.share, a.slow))
	return bars(stdout, same, slow), nil
}
