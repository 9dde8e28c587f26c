// Command verdictbench measures how often the verdicts of compare/stats are
// wrong: it simulates runs with known truth, puts them through the code that
// judges real runs, and prints the rates beside the bars they are held to. It
// exits 1 when a bar is missed.
//
//	go run ./internal/cmd/verdictbench -n 100000
//
// It measures no server and reads nothing but its flags; the same seed prints
// the same table.
package main

import (
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"sync"
	"time"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("verdictbench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	n := flags.Int("n", 30000, "simulated runs")
	seed := flags.Uint64("seed", 1, "of the simulation")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if *n < 1 || flags.NArg() > 0 {
		fmt.Fprintln(stderr, "verdictbench: -n takes a number of runs above 0, and nothing else is taken")
		return 2
	}
	start := time.Now()
	all, usual := simulate(*n, *seed, runtime.GOMAXPROCS(0))
	fmt.Fprintf(stdout, "%d simulated runs, seed %d, %.0f s; rates in %%, ± one standard error of the simulation\n", *n, *seed, time.Since(start).Seconds())
	printCells(stdout, all)
	usual.print(stdout)
	if !printBars(stdout, all) {
		fmt.Fprintln(stdout, "\na bar was missed")
		return 1
	}
	fmt.Fprintln(stdout, "\nall bars met")
	return 0
}

// simulate runs n paths on so many workers. Every path has its own seed, so
// the result does not depend on the number of workers.
func simulate(n int, seed uint64, workers int) ([]*cell, *tally) {
	total, usual := cells(), newTally()
	var mu sync.Mutex
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			mine, alarms := cells(), newTally()
			for path := w; path < n; path += workers {
				r := rand.New(rand.NewPCG(seed, uint64(path)))
				now, before := draw(r), draw(r)
				for _, c := range mine {
					c.simulate(now, before)
				}
				alarms.simulate(now, drawBlocks(r))
			}
			mu.Lock()
			defer mu.Unlock()
			for i, c := range mine {
				total[i].add(c)
			}
			usual.add(alarms)
		})
	}
	wg.Wait()
	return total, usual
}
